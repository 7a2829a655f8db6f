//! What staff noted about contacts.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{ContactId, NoteId};

use super::{Conn, Result, on};

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// About whom.
    pub contact_id: ContactId,
    /// Who wrote it.
    pub author: String,
    /// What.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

/// Stores a note.
///
/// # Errors
/// The database's.
pub async fn insert(conn: Conn<'_>, note: &Note) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO contact_note (id, contact_id, author, body, created_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(note.id.0)
        .bind(note.contact_id.0)
        .bind(&note.author)
        .bind(&note.body)
        .bind(note.created_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The newest notes about a contact, at most `limit`.
///
/// # Errors
/// The database's.
pub async fn of_contact(conn: Conn<'_>, contact_id: ContactId, limit: i64) -> Result<Vec<Note>> {
    let rows: Vec<(Uuid, String, String, DateTime<Utc>)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT id, author, body, created_at FROM contact_note WHERE contact_id = $1 \
             ORDER BY id DESC LIMIT $2",
        )
        .bind(contact_id.0)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    let note = |(id, author, body, created_at)| Note {
        id: NoteId(id),
        contact_id,
        author,
        body,
        created_at,
    };
    Ok(rows.into_iter().map(note).collect())
}

/// Removes a note about a contact. False when there is none such.
///
/// # Errors
/// The database's.
pub async fn delete(conn: Conn<'_>, contact_id: ContactId, id: NoteId) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query("DELETE FROM contact_note WHERE contact_id = $1 AND id = $2")
            .bind(contact_id.0)
            .bind(id.0)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}
