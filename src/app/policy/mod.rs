//! Deeds with the privacy policy: editions are published, and consents pin the one they were given
//! under (R26, R27).

mod editions;
mod publish;

pub(in crate::app) use editions::Editions;
pub use publish::{POLICY_BYTES_MAX, publish};

use super::{App, Result};
use crate::{
    domain::policy::{PolicyText, PolicyVersion},
    store,
};

/// All editions with their texts, oldest first.
///
/// # Errors
/// The database's.
pub async fn list(app: &App) -> Result<Vec<(PolicyVersion, Vec<PolicyText>)>> {
    let mut reader = app.store.read().await?;
    let mut editions = Vec::new();
    for version in store::policy::versions(reader.conn()).await? {
        let texts = store::policy::texts(reader.conn(), version.id).await?;
        editions.push((version, texts));
    }
    Ok(editions)
}
