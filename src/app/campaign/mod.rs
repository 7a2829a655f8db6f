//! Deeds with campaigns.

mod change;
mod funnel;
mod status;

pub use change::{change, skip_queued};
pub use funnel::{Funnel, funnel};
pub use status::{Status, status};

use crate::{
    domain::{campaign::Campaign, id::CampaignId},
    store,
};

use super::{App, Error, Result};

/// The campaign with this id.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn find(app: &App, id: CampaignId) -> Result<Campaign> {
    let mut reader = app.store.read().await?;
    store::campaign::find(reader.conn(), id).await?.ok_or(Error::NotFound("such campaign"))
}

/// Up to `limit` campaigns before `before`, newest first.
///
/// # Errors
/// The database's.
pub async fn page(app: &App, before: Option<CampaignId>, limit: i64) -> Result<Vec<Campaign>> {
    let mut reader = app.store.read().await?;
    Ok(store::campaign::page(reader.conn(), before, limit).await?)
}
