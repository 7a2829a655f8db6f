//! Starts a campaign now, or at a time.

use chrono::{DateTime, LocalResult, TimeZone as _, Utc};

use crate::{
    app::{App, Error, Result, draft},
    domain::{
        campaign::{Campaign, Deed},
        draft::Policy,
        id::CampaignId,
    },
    mail::render::StartAt,
};

use super::{change::change_noting, find};

/// What the history says of a start by an operator, past the staff app's approval.
const UNAPPROVED: &str = "by an operator, without the staff app's approval";

/// Starts at `at`; without one, at the time that its author planned if that is still to come; else
/// now.
///
/// # Errors
/// [`Error::Invalid`] for a time that is past; else as [`change`](super::change).
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
    let campaign = find(app, id).await?;
    if draft::is_ahead_of(app, &campaign).await? {
        let message = "it was changed in the staff app since it was put together: start it there";
        return Err(Error::Conflict(message.to_owned()));
    }
    let planned = campaign.planned_at.filter(|planned| *planned > now);
    let deed = at.or(planned).map_or(Deed::Start, Deed::Schedule);
    let is_required = matches!(app.rules.approval, Policy::Required { .. });
    change_noting(app, id, &deed, actor, is_required.then_some(UNAPPROVED)).await
}

/// The moment that was written: without an offset it is one on the institution's clock.
///
/// # Errors
/// [`Error::Invalid`] for one that the clock skips or shows twice: it must not be guessed.
pub fn moment(app: &App, at: StartAt) -> Result<DateTime<Utc>> {
    let local = match at {
        StartAt::Instant(at) => return Ok(at),
        StartAt::Local(local) => local,
    };
    let zone = app.institution.time_zone;
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => Ok(at.to_utc()),
        _ => Err(Error::invalid(
            "at",
            format!(
                "{local} does not exist, or exists twice, on the clock of {zone}; write it with its offset"
            ),
        )),
    }
}
