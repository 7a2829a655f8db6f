//! Moves a campaign from one state to the next: start, schedule, pause, resume, finish, cancel.

use crate::{
    app::{App, Error, Result},
    domain::{
        campaign::{Campaign, Deed, State},
        id::CampaignId,
    },
    store::{self, campaign::HistoryLine},
};

/// Deliveries of a cancelled campaign that are skipped in one transaction.
const SKIPPED_PER_CHUNK: i64 = 5_000;

/// Does `deed` if the campaign's state allows it, and writes it into the campaign's history.
/// `actor` is a token's name, `cli`, `schedule` or `engine`.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when the state does not allow it or somebody else was
/// first; the database's.
pub async fn change(app: &App, id: CampaignId, deed: &Deed, actor: &str) -> Result<Campaign> {
    change_noting(app, id, deed, actor, None).await
}

/// The same, with something that the history is to say of it besides.
pub(super) async fn change_noting(
    app: &App,
    id: CampaignId,
    deed: &Deed,
    actor: &str,
    note: Option<&str>,
) -> Result<Campaign> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let campaign =
        store::campaign::lock(tx.conn(), id).await?.ok_or(Error::NotFound("such campaign"))?;
    let state = campaign.state.after(deed, now)?;
    if !store::campaign::set_state(tx.conn(), id, campaign.state.phase(), &state, now).await? {
        return Err(Error::Conflict(
            "the campaign was changed by somebody else; look again".into(),
        ));
    }
    let mut line = HistoryLine::of(deed, actor, now);
    if let Some(note) = note {
        line.detail = Some(line.detail.map_or(note.to_owned(), |said| format!("{said}, {note}")));
    }
    store::campaign::insert_history(tx.conn(), app.entropy.uuid(now), id, &line).await?;
    tx.commit().await?;
    tracing::info!(campaign = %id, deed = deed.as_str(), actor, "campaign changed");
    if matches!(state, State::Cancelled { .. }) {
        skip_queued(app, id).await?;
    }
    app.work.notify_one();
    Ok(Campaign { state, ..campaign })
}

/// Skips what a cancelled campaign has queued. The engine does it again for what comes back later.
///
/// # Errors
/// The database's.
pub async fn skip_queued(app: &App, id: CampaignId) -> Result<()> {
    loop {
        let mut tx = app.store.begin().await?;
        let skipped =
            store::delivery::cancel_queued(tx.conn(), id, app.now(), SKIPPED_PER_CHUNK).await?;
        tx.commit().await?;
        if skipped == 0 {
            return Ok(());
        }
    }
}
