//! The media library.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{
    id::MediaId,
    language::Language,
    media::{Media, MediaKind},
};

use super::{
    Conn, Error, Result, on,
    row::{among, hash, row, word},
};

type Alts = Json<BTreeMap<Language, String>>;

row! {
    struct Row {
        id: Uuid,
        sha256: Vec<u8>,
        kind: String,
        file_name: String,
        size: i64,
        width: Option<i64>,
        height: Option<i64>,
        alts: Alts,
        created_at: DateTime<Utc>,
        created_by: String,
    }
}

/// The columns of [`Row`]: all but the bytes.
macro_rules! columns {
    () => {
        "SELECT id, sha256, kind, file_name, size, width, height, alts, created_at, created_by \
         FROM media "
    };
}

fn read(row: Row) -> Result<Media> {
    let number = |value: i64| {
        u32::try_from(value).map_err(|_| Error::unreadable("media", "a size is out of range"))
    };
    let pixels = match (row.width, row.height) {
        (Some(width), Some(height)) => Some((number(width)?, number(height)?)),
        _ => None,
    };
    Ok(Media {
        id: MediaId(row.id),
        sha256: hash("media", &row.sha256)?,
        kind: word("media", &row.kind)?,
        file_name: row.file_name,
        size: number(row.size)?,
        pixels,
        alts: row.alts.0,
        created_at: row.created_at,
        created_by: row.created_by,
    })
}

/// Which pictures a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Part of the file's name or of an alternative text, in lower case; empty for all.
    pub search: &'a str,
    /// Those older than this one.
    pub before: Option<MediaId>,
    /// How many at the most.
    pub rows_max: u32,
}

/// Pictures, the newest first. Calendar files are not among them.
///
/// # Errors
/// The database's.
pub async fn pictures(conn: Conn<'_>, wanted: &Wanted<'_>) -> Result<Vec<Media>> {
    let escaped = wanted.search.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let newest = Uuid::max();
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(concat!(
            columns!(),
            "WHERE width IS NOT NULL AND id < $1 AND search LIKE $2 ESCAPE '\\' \
             ORDER BY id DESC LIMIT $3"
        ))
        .bind(wanted.before.map_or(newest, |id| id.0))
        .bind(format!("%{escaped}%"))
        .bind(i64::from(wanted.rows_max))
        .fetch_all(db)
        .await
    })?;
    rows.into_iter().map(read).collect()
}

/// The file with this id.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: MediaId) -> Result<Option<Media>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as(concat!(columns!(), "WHERE id = $1")).bind(id.0).fetch_optional(db).await
    })?;
    row.map(read).transpose()
}

/// The file that holds this content.
///
/// # Errors
/// The database's.
pub async fn find_by_hash(conn: Conn<'_>, sha256: &[u8; 32]) -> Result<Option<Media>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as(concat!(columns!(), "WHERE sha256 = $1"))
            .bind(&sha256[..])
            .fetch_optional(db)
            .await
    })?;
    row.map(read).transpose()
}

/// Those of these that there are.
///
/// # Errors
/// The database's.
pub async fn find_all(conn: Conn<'_>, ids: &[MediaId]) -> Result<Vec<Media>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = among!(conn, query_as, "SELECT id, sha256, kind, file_name, size, width, height, alts, \
            created_at, created_by FROM media WHERE id", &ids, "", query, db => query.fetch_all(db).await)?;
    rows.into_iter().map(read).collect()
}

/// The bytes behind a public name, and what they are.
///
/// # Errors
/// The database's.
pub async fn content(conn: Conn<'_>, public_name: &str) -> Result<Option<(MediaKind, Vec<u8>)>> {
    let row: Option<(String, Vec<u8>)> = on!(conn, db => {
        sqlx::query_as("SELECT kind, content FROM media WHERE public_name = $1")
            .bind(public_name)
            .fetch_optional(db)
            .await
    })?;
    row.map(|(kind, content)| Ok((word("media", &kind)?, content))).transpose()
}

/// Keeps a file.
///
/// # Errors
/// The database's; a unique violation when its content is kept already.
pub async fn insert(conn: Conn<'_>, media: &Media, content: &[u8]) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO media (id, sha256, public_name, kind, file_name, search, size, width, height, alts, \
             created_at, created_by, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        )
        .bind(media.id.0)
        .bind(&media.sha256[..])
        .bind(media.public_name())
        .bind(media.kind.as_str())
        .bind(&media.file_name)
        .bind(searched(&media.file_name, &media.alts))
        .bind(i64::from(media.size))
        .bind(media.pixels.map(|(width, _)| i64::from(width)))
        .bind(media.pixels.map(|(_, height)| i64::from(height)))
        .bind(Json(&media.alts))
        .bind(media.created_at)
        .bind(&media.created_by)
        .bind(content)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Gives a file other alternative texts.
///
/// # Errors
/// The database's.
pub async fn describe(
    conn: Conn<'_>,
    media: &Media,
    alts: &BTreeMap<Language, String>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query("UPDATE media SET alts = $1, search = $2 WHERE id = $3")
            .bind(Json(alts))
            .bind(searched(&media.file_name, alts))
            .bind(media.id.0)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// The names of campaigns and drafts that show a file, three at the most: what was sent once must be
/// seen for as long as the mail is kept. Reads all of them, which only a deletion asks for.
///
/// # Errors
/// The database's.
pub async fn uses(conn: Conn<'_>, media: &Media) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT name FROM (SELECT id, name FROM campaign WHERE source LIKE $1 UNION \
             SELECT id, name FROM draft WHERE body LIKE $1 OR body LIKE $2) shown \
             ORDER BY id DESC LIMIT 3",
        )
        .bind(format!("%{}%", media.public_name()))
        .bind(format!("%{}%", media.id))
        .fetch_all(db)
        .await
    })?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// Forgets a file.
///
/// # Errors
/// The database's.
pub async fn delete(conn: Conn<'_>, id: MediaId) -> Result<()> {
    on!(conn, db => {
        sqlx::query("DELETE FROM media WHERE id = $1").bind(id.0).execute(db).await.map(drop)
    })?;
    Ok(())
}

/// What a search looks through: SQLite folds the case of ASCII only.
fn searched(file_name: &str, alts: &BTreeMap<Language, String>) -> String {
    let texts = std::iter::once(file_name).chain(alts.values().map(String::as_str));
    texts.map(str::to_lowercase).collect::<Vec<_>>().join("\n")
}
