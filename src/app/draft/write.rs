//! Drafts are begun and saved.

use serde::Deserialize;
use serde_json::Value;

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

/// One part of a draft that was changed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Which part, as a JSON pointer (RFC 6901): `/name`, `/letter/editions/kk`.
    pub at: String,
    /// What stood there when the author began; nothing for what is new.
    #[serde(default)]
    pub was: Value,
    /// What is to stand there; nothing takes it out.
    #[serde(default)]
    pub now: Value,
}

/// What became of a save.
#[must_use]
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// It is stored.
    Now {
        /// How often the draft was saved by now.
        revision: i64,
        /// The changed parts as they are stored, in the order of the changes.
        parts: Vec<Value>,
        /// An approval, or the wish for one, became void by it.
        voided: bool,
    },
    /// Somebody else changed the same parts meanwhile. Nothing was stored.
    Elsewhere {
        /// Which of the changes.
        at: Vec<String>,
        /// What stands there now, and who saved it when.
        copy: Box<WorkingCopy>,
    },
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

/// Saves changes of parts. Parts that nobody else changed meanwhile are put into what stands there
/// now; if one was, nothing is stored and the author is told. The same save may be repeated.
///
/// # Errors
/// [`Error::Invalid`] for parts that there are not, that make no draft, or are too large;
/// [`Error::Conflict`] once the campaign has begun; [`Error::NotFound`]; the database's.
pub async fn save(app: &App, id: CampaignId, changes: &[Change], by: &str) -> Result<Saved> {
    let mut tx = app.store.begin().await?;
    let copy = lock(&mut tx, id).await?;
    let amended = match amended(&copy.draft, changes)? {
        Ok(draft) => draft,
        Err(at) => return Ok(Saved::Elsewhere { at, copy: Box::new(copy) }),
    };
    let parts = parts(&amended, changes);
    if amended == copy.draft {
        return Ok(Saved::Now { revision: copy.revision, parts, voided: false });
    }
    bounded(&amended)?;
    let now = app.now();
    let saved = store::draft::save(tx.conn(), id, copy.revision, &amended, by, now).await?;
    let revision = saved.ok_or_else(|| Error::Conflict("it is being saved already".into()))?;
    store::draft::note_author(tx.conn(), id, by, now).await?;
    let seal = seal(tx.conn(), &amended).await?;
    let stage = copy.stage.after(&Act::Change(seal), now)?;
    let voided = stage != copy.stage;
    if voided {
        store::draft::set_stage(tx.conn(), id, &stage).await?;
        let copy = WorkingCopy { revision, ..copy };
        note(app, &mut tx, &copy, EventWord::Void, by, None).await?;
    }
    tx.commit().await?;
    Ok(Saved::Now { revision, parts, voided })
}

/// The draft with the changes, or which of them meet somebody else's.
fn amended(draft: &Draft, changes: &[Change]) -> Result<Result<Draft, Vec<String>>> {
    let unreadable = |error: serde_json::Error| Error::invalid("draft", error.to_string());
    let mut value = serde_json::to_value(draft).map_err(unreadable)?;
    let mut met = Vec::new();
    for change in changes {
        let stands = value.pointer(&change.at).cloned().unwrap_or_default();
        if stands == change.now {
            continue;
        }
        if stands == change.was {
            put(&mut value, &change.at, change.now.clone())?;
        } else {
            met.push(change.at.clone());
        }
    }
    if !met.is_empty() {
        return Ok(Err(met));
    }
    serde_json::from_value(value).map(Ok).map_err(unreadable)
}

fn put(value: &mut Value, at: &str, part: Value) -> Result<()> {
    let unknown = || Error::invalid(at, "there is no such part");
    let (parent, name) = at.rsplit_once('/').ok_or_else(unknown)?;
    let name = name.replace("~1", "/").replace("~0", "~");
    let members = value.pointer_mut(parent).and_then(Value::as_object_mut).ok_or_else(unknown)?;
    if part.is_null() {
        members.remove(&name);
    } else {
        members.insert(name, part);
    }
    Ok(())
}

fn parts(draft: &Draft, changes: &[Change]) -> Vec<Value> {
    let value = serde_json::to_value(draft).unwrap_or_default();
    changes.iter().map(|one| value.pointer(&one.at).cloned().unwrap_or_default()).collect()
}

/// Keeps somebody's changes that met another's: a new draft of what stands there now, with theirs in
/// it. Nothing of either is lost.
///
/// # Errors
/// As [`begin`] and [`save`].
pub async fn fork(
    app: &App,
    id: CampaignId,
    name: &str,
    changes: &[Change],
    by: &str,
) -> Result<CampaignId> {
    let fork = begin(app, name, Beginning::CopyOf(id), by).await?;
    let stands = serde_json::to_value(&super::find(app, fork).await?.copy.draft)
        .map_err(|error| Error::invalid("draft", error.to_string()))?;
    let mine = changes.iter().filter(|one| one.at != "/name" && one.at != "/start");
    let mine: Vec<Change> = mine
        .map(|one| Change {
            was: stands.pointer(&one.at).cloned().unwrap_or_default(),
            ..one.clone()
        })
        .collect();
    match save(app, fork, &mine, by).await? {
        Saved::Now { .. } => Ok(fork),
        Saved::Elsewhere { .. } => Err(Error::Conflict("the copy was changed already".into())),
    }
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
