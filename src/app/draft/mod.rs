//! Campaigns while they are being written, from the first word to the start.
//!
//! A draft is saved as often as its author pauses ([`save`]); nothing that stands in a field keeps it
//! from being saved. [`check`] says what is wrong with it. [`submit`] freezes it by its seal, a hash
//! of everything in it; [`approve`] is bound to that seal and void with the next change. [`start`]
//! makes the campaign of it and leaves a time in which [`undo`] takes it back.

mod approval;
mod check;
mod launch;
mod list;
mod source;
mod write;

pub use approval::{approve, comment, reopen, send_back, submit};
pub use check::{Checked, Found, Lack, Step, check, test_source};
pub use launch::{start, undo};
pub use list::{Chip, Listed, Wanted, list, needs};
pub use source::is_ahead_of;
pub use write::{Beginning, Change, Saved, begin, fork, save};

use std::collections::BTreeSet;

use crate::{
    domain::{
        campaign::Phase,
        draft::{Draft, Refused, Seal, WorkingCopy},
        id::CampaignId,
    },
    store::{
        self, Conn, Tx,
        draft::{DraftEvent, EventWord},
    },
};

use super::{App, Error, Result};

/// Most lines of a draft's history that are shown.
const EVENTS_MAX: i64 = 200;

/// A draft with its history.
#[derive(Debug)]
pub struct Dossier {
    /// The draft.
    pub copy: WorkingCopy,
    /// What it is sealed by now.
    pub seal: Seal,
    /// Everybody who wrote on it.
    pub authors: BTreeSet<String>,
    /// What was done with it and said about it, newest first.
    pub events: Vec<DraftEvent>,
    /// Where the campaign stands that was made of it; none as long as it was never started.
    pub phase: Option<Phase>,
}

/// The draft of a campaign, with its history.
///
/// # Errors
/// [`Error::NotFound`] when there is none: also for a campaign that came by folder or API.
pub async fn find(app: &App, id: CampaignId) -> Result<Dossier> {
    let mut reader = app.store.read().await?;
    let copy = store::draft::find(reader.conn(), id).await?.ok_or_else(unknown)?;
    let authors = store::draft::authors(reader.conn(), id).await?;
    let events = store::draft::events(reader.conn(), id, EVENTS_MAX).await?;
    let campaign = store::campaign::find(reader.conn(), id).await?;
    let phase = campaign.map(|campaign| campaign.state.phase());
    let seal = seal(reader.conn(), &copy.draft).await?;
    Ok(Dossier { copy, seal, authors, events, phase })
}

/// What a draft is sealed by as it and the segments that it names stand now.
async fn seal(conn: Conn<'_>, draft: &Draft) -> Result<Seal> {
    match store::audience::resolve(conn, &draft.audience).await {
        Ok(audience) => Ok(draft.seal(&audience)),
        // Nobody can say who is meant, and the check stops it: sealed by what it says itself.
        Err(error) if error.is_unreadable() => Ok(draft.seal(&draft.audience)),
        Err(error) => Err(error.into()),
    }
}

fn unknown() -> Error {
    Error::NotFound("such draft")
}

/// The draft, held until the transaction ends, if the campaign has not begun yet.
async fn lock(tx: &mut Tx, id: CampaignId) -> Result<WorkingCopy> {
    let copy = store::draft::lock(tx.conn(), id).await?.ok_or_else(unknown)?;
    match phase(tx.conn(), id).await? {
        None | Some(Phase::Draft) => Ok(copy),
        Some(phase) => Err(Error::Conflict(format!(
            "the campaign is {phase}: what it says can no longer be changed; copy it to write another"
        ))),
    }
}

async fn phase(conn: Conn<'_>, id: CampaignId) -> Result<Option<Phase>> {
    Ok(store::campaign::lock(conn, id).await?.map(|campaign| campaign.state.phase()))
}

async fn note(
    app: &App,
    tx: &mut Tx,
    copy: &WorkingCopy,
    deed: EventWord,
    actor: &str,
    said: Option<String>,
) -> Result<()> {
    let now = app.now();
    let event = DraftEvent {
        happened_at: now,
        deed,
        actor: actor.to_owned(),
        revision: copy.revision,
        said,
    };
    Ok(store::draft::insert_event(tx.conn(), app.entropy.uuid(now), copy.id, &event).await?)
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        Self::Conflict(refused.to_string())
    }
}
