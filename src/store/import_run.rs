//! Runs of the import: what the `import_id` in a consent's evidence points to.

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::domain::id::ImportId;

use super::{Conn, Result, on, row::hash};

/// A run, with what it counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportRun {
    /// Its id.
    pub id: ImportId,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// SHA-256 of the file and when it was read to its end; `None` for a run that is going on or
    /// broke off.
    pub finished: Option<([u8; 32], DateTime<Utc>)>,
    /// What it counted.
    pub tally: serde_json::Value,
}

/// Notes that a run begins.
///
/// # Errors
/// The database's.
pub async fn begin(
    conn: Conn<'_>,
    id: ImportId,
    tally: &serde_json::Value,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query("INSERT INTO import_run (id, started_at, tally) VALUES ($1, $2, $3)")
            .bind(id.0)
            .bind(now)
            .bind(Json(tally))
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Notes that a run read its file to the end.
///
/// # Errors
/// The database's.
pub async fn finish(
    conn: Conn<'_>,
    id: ImportId,
    file_sha256: &[u8; 32],
    tally: &serde_json::Value,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "UPDATE import_run SET file_sha256 = $2, finished_at = $3, tally = $4 WHERE id = $1",
        )
        .bind(id.0)
        .bind(file_sha256.as_slice())
        .bind(now)
        .bind(Json(tally))
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The run with this id.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: ImportId) -> Result<Option<ImportRun>> {
    type Row = (DateTime<Utc>, Option<Vec<u8>>, Option<DateTime<Utc>>, Json<serde_json::Value>);
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as(
            "SELECT started_at, file_sha256, finished_at, tally FROM import_run WHERE id = $1",
        )
        .bind(id.0)
        .fetch_optional(db)
        .await
    })?;
    row.map(|(started_at, sha256, finished_at, tally)| {
        let sha256 = sha256.map(|bytes| hash("import_run", &bytes)).transpose()?;
        Ok(ImportRun { id, started_at, finished: sha256.zip(finished_at), tally: tally.0 })
    })
    .transpose()
}
