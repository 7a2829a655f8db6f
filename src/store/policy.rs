//! Editions of the privacy policy and the wordings of consent: written once, never changed.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    consent::WordingPin,
    id::{PolicyVersionId, WordingId},
    language::Language,
    policy::{PolicyText, PolicyVersion},
};

use super::{
    Conn, Result, on,
    row::{hash, parsed, word},
};

type VersionRow = (Uuid, i64, String, DateTime<Utc>);

/// Stores an edition with its texts.
///
/// # Errors
/// The database's; a unique violation when the number is taken.
pub async fn insert(
    mut conn: Conn<'_>,
    version: &PolicyVersion,
    texts: &[PolicyText],
) -> Result<()> {
    on!(conn.again(), db => {
        sqlx::query("INSERT INTO policy_version (id, number, kind, published_at) VALUES ($1, $2, $3, $4)")
            .bind(version.id.0)
            .bind(version.number)
            .bind(version.kind.as_str())
            .bind(version.published_at)
            .execute(db)
            .await
            .map(drop)
    })?;
    for text in texts {
        on!(conn.again(), db => {
            sqlx::query("INSERT INTO policy_text (version_id, language, body, sha256) VALUES ($1, $2, $3, $4)")
                .bind(version.id.0)
                .bind(text.language.as_str())
                .bind(&text.body)
                .bind(text.sha256.as_slice())
                .execute(db)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}

/// All editions, oldest first.
///
/// # Errors
/// The database's.
pub async fn versions(conn: Conn<'_>) -> Result<Vec<PolicyVersion>> {
    let rows: Vec<VersionRow> = on!(conn, db => {
        sqlx::query_as("SELECT id, number, kind, published_at FROM policy_version ORDER BY number")
            .fetch_all(db)
            .await
    })?;
    rows.into_iter()
        .map(|(id, number, kind, published_at)| {
            let kind = word("policy_version", &kind)?;
            Ok(PolicyVersion { id: PolicyVersionId(id), number, kind, published_at })
        })
        .collect()
}

/// The number of the newest edition.
///
/// # Errors
/// The database's.
pub async fn newest(conn: Conn<'_>) -> Result<Option<i64>> {
    let (number,): (Option<i64>,) = on!(conn, db => {
        sqlx::query_as("SELECT max(number) FROM policy_version").fetch_one(db).await
    })?;
    Ok(number)
}

/// The texts of one edition, by language.
///
/// # Errors
/// The database's.
pub async fn texts(conn: Conn<'_>, id: PolicyVersionId) -> Result<Vec<PolicyText>> {
    let rows: Vec<(String, String, Vec<u8>)> = on!(conn, db => {
        sqlx::query_as("SELECT language, body, sha256 FROM policy_text WHERE version_id = $1 ORDER BY language")
            .bind(id.0)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter()
        .map(|(language, body, sha256)| {
            let language = parsed("policy_text", &language)?;
            Ok(PolicyText { language, body, sha256: hash("policy_text", &sha256)? })
        })
        .collect()
}

/// The stored wording with this text, if any.
///
/// # Errors
/// The database's.
pub async fn find_wording(
    conn: Conn<'_>,
    sha256: &[u8; 32],
    language: Language,
) -> Result<Option<WordingPin>> {
    let row: Option<(Uuid,)> = on!(conn, db => {
        sqlx::query_as("SELECT id FROM wording WHERE sha256 = $1 AND language = $2")
            .bind(sha256.as_slice())
            .bind(language.as_str())
            .fetch_optional(db)
            .await
    })?;
    Ok(row.map(|(id,)| WordingPin { id: WordingId(id), sha256: *sha256 }))
}

/// The text of a stored wording.
///
/// # Errors
/// The database's.
pub async fn wording(conn: Conn<'_>, id: WordingId) -> Result<Option<String>> {
    let row: Option<(String,)> = on!(conn, db => {
        sqlx::query_as("SELECT body FROM wording WHERE id = $1").bind(id.0).fetch_optional(db).await
    })?;
    Ok(row.map(|(body,)| body))
}

/// Stores a wording.
///
/// # Errors
/// The database's; a unique violation when the same text is there already.
pub async fn insert_wording(
    conn: Conn<'_>,
    pin: WordingPin,
    language: Language,
    body: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query("INSERT INTO wording (id, language, body, sha256, created_at) VALUES ($1, $2, $3, $4, $5)")
            .bind(pin.id.0)
            .bind(language.as_str())
            .bind(body)
            .bind(pin.sha256.as_slice())
            .bind(now)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}
