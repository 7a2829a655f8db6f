//! Deeds with campaigns.

mod change;
mod create;
mod funnel;
mod people;
mod start;
mod status;

pub use change::{change, skip_queued};
pub use create::{Inspected, Made, Source, StoredSource, create, inspect};
pub use funnel::{Funnel, funnel};
pub use people::{People, funnel_people};
pub use start::{moment, start};
pub use status::{Standing, Status, standing, status};

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

/// What was done with a campaign, oldest first.
///
/// # Errors
/// The database's.
pub async fn history(app: &App, id: CampaignId) -> Result<Vec<store::campaign::HistoryLine>> {
    let mut reader = app.store.read().await?;
    Ok(store::campaign::history(reader.conn(), id).await?)
}

/// Up to `limit` campaigns before `before`, newest first.
///
/// # Errors
/// The database's.
pub async fn page(app: &App, before: Option<CampaignId>, limit: i64) -> Result<Vec<Campaign>> {
    let mut reader = app.store.read().await?;
    Ok(store::campaign::page(reader.conn(), before, limit).await?)
}

/// The campaign that an operator means: by its id, or by its name if only one has it.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when several have the name; the database's.
pub async fn find_by_word(app: &App, word: &str) -> Result<Campaign> {
    if let Ok(id) = word.parse() {
        return find(app, id).await;
    }
    let mut reader = app.store.read().await?;
    let mut named = store::campaign::named(reader.conn(), word).await?;
    match named.len() {
        0 => Err(Error::NotFound("campaign with this id or name")),
        1 => Ok(named.remove(0)),
        n => Err(Error::Conflict(format!("{n} campaigns have this name; use the id"))),
    }
}
