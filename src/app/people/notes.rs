//! Staff notes about a person.

use crate::{
    app::{App, Error, Result},
    domain::{
        forbidden,
        id::{ContactId, NoteId},
    },
    store::{self, note::Note},
};

/// Characters of a note.
pub const NOTE_CHARS_MAX: usize = 2_000;

/// Keeps a note about a living contact.
///
/// # Errors
/// [`Error::Invalid`] for a note that is empty, longer than [`NOTE_CHARS_MAX`], or holds data that
/// nobody may keep; [`Error::NotFound`]; the database's.
pub async fn add_note(app: &App, contact_id: ContactId, author: &str, body: &str) -> Result<Note> {
    let body = body.trim();
    if body.is_empty() || body.chars().count() > NOTE_CHARS_MAX {
        return Err(Error::invalid("body", format!("write 1 to {NOTE_CHARS_MAX} characters")));
    }
    if let Some(kind) = forbidden::find_in(body) {
        return Err(Error::invalid("body", format!("holds {kind}, which may not be kept")));
    }
    let mut tx = app.store.begin().await?;
    let contact = store::contact::find(tx.conn(), contact_id).await?;
    contact.filter(|one| one.address.is_some()).ok_or(Error::NotFound("such contact"))?;
    let now = app.now();
    let note = Note {
        id: NoteId(app.entropy.uuid(now)),
        contact_id,
        author: author.to_owned(),
        body: body.to_owned(),
        created_at: now,
    };
    store::note::insert(tx.conn(), &note).await?;
    tx.commit().await?;
    Ok(note)
}

/// Removes a note.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn delete_note(app: &App, contact_id: ContactId, id: NoteId) -> Result<()> {
    let mut tx = app.store.begin().await?;
    if !store::note::delete(tx.conn(), contact_id, id).await? {
        return Err(Error::NotFound("such note"));
    }
    tx.commit().await?;
    Ok(())
}
