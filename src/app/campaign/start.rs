//! Starts a campaign now, or at a time.

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Error, Result},
    domain::{
        campaign::{Campaign, Deed},
        id::CampaignId,
    },
};

use super::{change, find};

/// Starts at `at`; without one, at the time that its author planned if that is still to come; else
/// now.
///
/// # Errors
/// [`Error::Invalid`] for a time that is past; else as [`change`].
pub async fn start(
    app: &App,
    id: CampaignId,
    at: Option<DateTime<Utc>>,
    actor: &str,
) -> Result<Campaign> {
    let now = app.now();
    if at.is_some_and(|at| at <= now) {
        return Err(Error::invalid("at", "this time is past; leave it out to start now"));
    }
    let planned = find(app, id).await?.planned_at.filter(|planned| *planned > now);
    let deed = at.or(planned).map_or(Deed::Start, Deed::Schedule);
    change(app, id, &deed, actor).await
}
