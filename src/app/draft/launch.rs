//! A draft becomes a campaign that starts by itself, and for a while that can be taken back.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::{App, Error, Result, campaign, letters},
    domain::{
        campaign::{Campaign, Deed, State},
        draft::{Refused, Seal},
        id::CampaignId,
    },
    store::{
        self, Tx,
        campaign::HistoryLine,
        draft::{DraftEvent, EventWord},
    },
};

use super::{check::check, find, lock, note};

/// Starts a draft, or lets it start at its time. `seen` is the seal of what `by` confirmed. The first
/// mail leaves no sooner than [`crate::app::Rules::undo`] from now.
///
/// # Errors
/// [`Error::Invalid`] with all that stops it; [`Error::Conflict`] when it was changed since, lacks an
/// approval, or has begun; [`Error::NotFound`]; the database's.
pub async fn start(app: &App, id: CampaignId, seen: Seal, by: &str) -> Result<Campaign> {
    let dossier = find(app, id).await?;
    if dossier.seal != seen {
        return Err(Refused::ChangedSince.into());
    }
    let checked = check(app, &dossier.copy).await?;
    let people = checked.funnel.as_ref().map_or(0, |funnel| funnel.allowed);
    let (mut made, written) = checked.into_made()?;
    letters::publish(app, &written, by).await?;
    let mut tx = app.store.begin().await?;
    let copy = lock(&mut tx, id).await?;
    let seal = super::seal(tx.conn(), &copy.draft).await?;
    if seal != seen {
        return Err(Refused::ChangedSince.into());
    }
    if !app.rules.approval.lets_start(&copy.stage, seal, people) {
        let message = "somebody who did not write it has to approve it first";
        return Err(Error::Conflict(message.to_owned()));
    }
    // As approved, whatever becomes of a saved segment later; its people are found afresh.
    made.campaign.audience = store::audience::resolve(tx.conn(), &copy.draft.audience).await?;
    let is_known = store::campaign::replace(tx.conn(), &made.campaign, &made.contents).await?;
    if !is_known {
        store::campaign::insert(tx.conn(), &made.campaign, &made.contents).await?;
        let line = line("create", by, app.now());
        let line_id = app.entropy.uuid(app.now());
        store::campaign::insert_history(tx.conn(), line_id, id, &line).await?;
    }
    let state = set_off(app, &mut tx, &made.campaign, by).await?;
    note(app, &mut tx, &copy, EventWord::Start, by, None).await?;
    tx.commit().await?;
    tracing::info!(campaign = %id, actor = by, "campaign started from its draft");
    app.work.notify_one();
    Ok(Campaign { state, ..made.campaign })
}

async fn set_off(app: &App, tx: &mut Tx, campaign: &Campaign, by: &str) -> Result<State> {
    let now = app.now();
    let deed = first_deed(campaign.planned_at, app.rules.undo, now);
    let state = State::Draft.after(&deed, now)?;
    let from = State::Draft.phase();
    if !store::campaign::set_state(tx.conn(), campaign.id, from, &state, now).await? {
        return Err(Error::Conflict("the campaign has begun already".into()));
    }
    let line = HistoryLine::of(&deed, by, now);
    let line_id = app.entropy.uuid(now);
    store::campaign::insert_history(tx.conn(), line_id, campaign.id, &line).await?;
    Ok(state)
}

/// At its time, but not before the time to take it back is over.
fn first_deed(
    planned: Option<DateTime<Utc>>,
    undo: std::time::Duration,
    now: DateTime<Utc>,
) -> Deed {
    let soonest = now + TimeDelta::from_std(undo).unwrap_or_default();
    match planned.map_or(soonest, |planned| planned.max(soonest)) {
        at if at <= now => Deed::Start,
        at => Deed::Schedule(at),
    }
}

/// Takes a start back, as long as the campaign waits for its time. An approval stays: nothing was
/// changed.
///
/// # Errors
/// [`Error::Conflict`] once it is being sent; [`Error::NotFound`]; the database's.
pub async fn undo(app: &App, id: CampaignId, by: &str) -> Result<Campaign> {
    let campaign = campaign::change(app, id, &Deed::Undo, by).await?;
    let mut tx = app.store.begin().await?;
    if let Some(copy) = store::draft::lock(tx.conn(), id).await? {
        let event = DraftEvent {
            happened_at: app.now(),
            deed: EventWord::Undo,
            actor: by.to_owned(),
            revision: copy.revision,
            said: None,
        };
        let line_id = app.entropy.uuid(app.now());
        store::draft::insert_event(tx.conn(), line_id, id, &event).await?;
        tx.commit().await?;
    }
    Ok(campaign)
}

fn line(deed: &str, actor: &str, now: DateTime<Utc>) -> HistoryLine {
    HistoryLine { happened_at: now, deed: deed.to_owned(), actor: actor.to_owned(), detail: None }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
    const UNDO: Duration = Duration::from_secs(30);

    #[test]
    fn nothing_leaves_before_the_time_to_take_it_back_is_over() {
        let soon = NOW + TimeDelta::seconds(30);
        assert_eq!(first_deed(None, UNDO, NOW), Deed::Schedule(soon));
        assert_eq!(first_deed(Some(NOW + TimeDelta::seconds(5)), UNDO, NOW), Deed::Schedule(soon));
        let later = NOW + TimeDelta::days(1);
        assert_eq!(first_deed(Some(later), UNDO, NOW), Deed::Schedule(later));
        assert_eq!(first_deed(None, Duration::ZERO, NOW), Deed::Start);
    }
}
