//! Drafts are begun and saved.

use crate::{
    app::{App, Error, Result},
    domain::{
        draft::{Act, DRAFT_OCTETS_MAX, Draft, NAME_CHARS_MAX, WorkingCopy},
        id::CampaignId,
        letter::Letter,
    },
    store::{self, draft::EventWord},
};

use super::{lock, note, seal};

/// What a new draft begins with.
#[derive(Debug, Clone)]
pub enum Beginning {
    /// This letter, which may be empty or a ready-made one.
    Letter(Letter),
    /// What another draft says, without its time.
    CopyOf(CampaignId),
}

/// What became of a save.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// It is stored.
    Now {
        /// The revision to name with the next save.
        revision: i64,
        /// An approval, or the wish for one, became void by it.
        voided: bool,
    },
    /// Somebody else saved meanwhile: this is what stands there now. Nothing was stored.
    Elsewhere(Box<WorkingCopy>),
}

/// Begins a draft. Its author may not approve it.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty or too long; [`Error::NotFound`] when there is nothing
/// to copy; the database's.
pub async fn begin(app: &App, name: &str, from: Beginning, by: &str) -> Result<CampaignId> {
    let name = name.trim().to_owned();
    if name.is_empty() {
        return Err(Error::invalid("name", "a campaign needs a name"));
    }
    let mut tx = app.store.begin().await?;
    let (draft, deed) = match from {
        Beginning::Letter(letter) => (Draft::named(name, letter), EventWord::Create),
        Beginning::CopyOf(id) => {
            let other = store::draft::find(tx.conn(), id).await?;
            let other = other.ok_or(Error::NotFound("draft to copy"))?;
            (other.draft.copied(name), EventWord::Copy)
        }
    };
    bounded(&draft)?;
    let now = app.now();
    let copy = WorkingCopy {
        id: CampaignId(app.entropy.uuid(now)),
        draft,
        revision: 1,
        created_at: now,
        created_by: by.to_owned(),
        updated_at: now,
        updated_by: by.to_owned(),
        stage: crate::domain::draft::Stage::Editing,
    };
    store::draft::insert(tx.conn(), &copy).await?;
    store::draft::note_author(tx.conn(), copy.id, by, now).await?;
    note(app, &mut tx, &copy, deed, by, None).await?;
    tx.commit().await?;
    tracing::info!(campaign = %copy.id, "draft begun");
    Ok(copy.id)
}

/// Saves a draft over the revision `base`, unless somebody else saved meanwhile. Saving the same
/// again changes nothing, so that a save whose answer was lost can be repeated.
///
/// # Errors
/// [`Error::Invalid`] when it is too large; [`Error::Conflict`] once the campaign has begun;
/// [`Error::NotFound`]; the database's.
pub async fn save(app: &App, id: CampaignId, base: i64, draft: &Draft, by: &str) -> Result<Saved> {
    bounded(draft)?;
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let copy = lock(&mut tx, id).await?;
    if copy.draft == *draft {
        return Ok(Saved::Now { revision: copy.revision, voided: false });
    }
    let saved = store::draft::save(tx.conn(), id, base, draft, by, now).await?;
    let Some(revision) = saved else {
        return Ok(Saved::Elsewhere(Box::new(copy)));
    };
    store::draft::note_author(tx.conn(), id, by, now).await?;
    let seal = seal(tx.conn(), draft).await?;
    let stage = copy.stage.after(&Act::Change(seal), now)?;
    let voided = stage != copy.stage;
    if voided {
        store::draft::set_stage(tx.conn(), id, &stage).await?;
        let copy = WorkingCopy { revision, ..copy };
        note(app, &mut tx, &copy, EventWord::Void, by, None).await?;
    }
    tx.commit().await?;
    Ok(Saved::Now { revision, voided })
}

/// Names stand in lists and on recipients' pages; a draft is one row.
fn bounded(draft: &Draft) -> Result<()> {
    if draft.name.chars().count() > NAME_CHARS_MAX {
        let message = format!("a name has at most {NAME_CHARS_MAX} characters");
        return Err(Error::invalid("name", message));
    }
    draft.audience.check_size().map_err(|error| Error::invalid("audience", error.to_string()))?;
    let octets = serde_json::to_vec(draft).map_or(usize::MAX, |octets| octets.len());
    if octets > DRAFT_OCTETS_MAX {
        let message = format!("it is larger than {DRAFT_OCTETS_MAX} bytes");
        return Err(Error::invalid("letter", message));
    }
    Ok(())
}
