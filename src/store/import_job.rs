//! Files that staff bring in: from the upload to the tally, with what was refused on the way.

use chrono::{DateTime, Utc};
use sqlx::{QueryBuilder, types::Json};
use uuid::Uuid;

use crate::domain::{
    id::{ImportId, ImportJobId},
    words::words,
};

use super::{
    Conn, Result, on,
    row::{row, word},
};

/// Rows per INSERT.
const ROWS_PER_INSERT: usize = 500;

words! {
    /// Where a file stands.
    JobState("import job state") {
        /// It is read to see what it would bring.
        Checking = "checking",
        /// It waits for somebody to say yes.
        Ready = "ready",
        /// It is being brought in.
        Running = "running",
        /// It is in.
        Finished = "finished",
        /// It cannot be used, or its reading broke off.
        Failed = "failed",
        /// Somebody stopped it.
        Cancelled = "cancelled",
    }
}

/// A file and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportJob {
    /// Its id.
    pub id: ImportJobId,
    /// Where it stands.
    pub state: JobState,
    /// As its owner called it.
    pub file_name: String,
    /// Its size.
    pub octets: i64,
    /// How to read it, as the app writes it.
    pub how: serde_json::Value,
    /// What was found out about it, as the app writes it.
    pub found: Option<serde_json::Value>,
    /// What the check came to, as the app writes it.
    pub checked: Option<serde_json::Value>,
    /// Octets read so far in this state.
    pub octets_read: i64,
    /// Counts so far in this state.
    pub tally: serde_json::Value,
    /// Why it failed.
    pub failure: Option<String>,
    /// The run that brought it in.
    pub run_id: Option<ImportId>,
    /// Who uploaded it.
    pub created_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Since when it is checked or brought in.
    pub begun_at: DateTime<Utc>,
    /// The last sign of life of whoever reads it.
    pub alive_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
}

row! {
    struct Row {
        id: Uuid,
        state: String,
        file_name: String,
        octets: i64,
        how: Json<serde_json::Value>,
        found: Option<Json<serde_json::Value>>,
        checked: Option<Json<serde_json::Value>>,
        octets_read: i64,
        tally: Json<serde_json::Value>,
        failure: Option<String>,
        run_id: Option<Uuid>,
        created_by: String,
        created_at: DateTime<Utc>,
        begun_at: DateTime<Utc>,
        alive_at: DateTime<Utc>,
        ended_at: Option<DateTime<Utc>>,
    }
}

fn read(row: Row) -> Result<ImportJob> {
    Ok(ImportJob {
        id: ImportJobId(row.id),
        state: word("import_job", &row.state)?,
        file_name: row.file_name,
        octets: row.octets,
        how: row.how.0,
        found: row.found.map(|found| found.0),
        checked: row.checked.map(|checked| checked.0),
        octets_read: row.octets_read,
        tally: row.tally.0,
        failure: row.failure,
        run_id: row.run_id.map(ImportId),
        created_by: row.created_by,
        created_at: row.created_at,
        begun_at: row.begun_at,
        alive_at: row.alive_at,
        ended_at: row.ended_at,
    })
}

/// Stores a new one.
///
/// # Errors
/// The database's.
pub async fn insert(conn: Conn<'_>, job: &ImportJob) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO import_job (id, state, file_name, octets, how, octets_read, tally, created_by, created_at, \
             begun_at, alive_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        )
        .bind(job.id.0)
        .bind(job.state.as_str())
        .bind(&job.file_name)
        .bind(job.octets)
        .bind(Json(&job.how))
        .bind(job.octets_read)
        .bind(Json(&job.tally))
        .bind(&job.created_by)
        .bind(job.created_at)
        .bind(job.begun_at)
        .bind(job.alive_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The one with this id.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: ImportJobId) -> Result<Option<ImportJob>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM import_job WHERE id = $1").bind(id.0).fetch_optional(db).await
    })?;
    row.map(read).transpose()
}

/// The newest, before `before`, at most `limit`.
///
/// # Errors
/// The database's.
pub async fn newest(
    conn: Conn<'_>,
    before: Option<ImportJobId>,
    limit: i64,
) -> Result<Vec<ImportJob>> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM import_job WHERE id < $1 ORDER BY id DESC LIMIT $2")
            .bind(before)
            .bind(limit)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// Takes one from state `from` to what `job` says, all but what never changes. False when it does
/// not stand in `from` any more: then somebody else has moved it.
///
/// # Errors
/// The database's.
pub async fn update(conn: Conn<'_>, job: &ImportJob, from: JobState) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE import_job SET state = $3, how = $4, found = $5, checked = $6, octets_read = $7, tally = $8, \
             failure = $9, run_id = $10, begun_at = $11, alive_at = $12, ended_at = $13 \
             WHERE id = $1 AND state = $2",
        )
        .bind(job.id.0)
        .bind(from.as_str())
        .bind(job.state.as_str())
        .bind(Json(&job.how))
        .bind(job.found.as_ref().map(Json))
        .bind(job.checked.as_ref().map(Json))
        .bind(job.octets_read)
        .bind(Json(&job.tally))
        .bind(job.failure.as_deref())
        .bind(job.run_id.map(|id| id.0))
        .bind(job.begun_at)
        .bind(job.alive_at)
        .bind(job.ended_at)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Notes how far one has come that stands in `state`. False when it does not any more.
///
/// # Errors
/// The database's.
pub async fn progress(
    conn: Conn<'_>,
    id: ImportJobId,
    state: JobState,
    octets_read: i64,
    tally: &serde_json::Value,
    now: DateTime<Utc>,
) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE import_job SET octets_read = $3, tally = $4, alive_at = $5 WHERE id = $1 AND state = $2",
        )
        .bind(id.0)
        .bind(state.as_str())
        .bind(octets_read)
        .bind(Json(tally))
        .bind(now)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// What was refused: where and why, never what stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredReject {
    /// Of the job, from 1.
    pub number: i64,
    /// Of the file, from 1.
    pub line: i64,
    /// The column's name; none for the row as a whole.
    pub place: Option<String>,
    /// The stable word of the reason.
    pub code: String,
}

/// Stores what was refused.
///
/// # Errors
/// The database's.
pub async fn add_rejects(
    mut conn: Conn<'_>,
    id: ImportJobId,
    rejects: &[StoredReject],
) -> Result<()> {
    for chunk in rejects.chunks(ROWS_PER_INSERT) {
        on!(conn.again(), db => {
            let mut insert =
                QueryBuilder::new("INSERT INTO import_reject (job_id, number, line, place, code) ");
            insert.push_values(chunk, |mut row, reject| {
                row.push_bind(id.0)
                    .push_bind(reject.number)
                    .push_bind(reject.line)
                    .push_bind(reject.place.as_deref())
                    .push_bind(reject.code.as_str());
            });
            insert.build().execute(db).await.map(drop)
        })?;
    }
    Ok(())
}

/// Up to `limit` refusals after number `after`, in the order of the file.
///
/// # Errors
/// The database's.
pub async fn rejects_after(
    conn: Conn<'_>,
    id: ImportJobId,
    after: i64,
    limit: i64,
) -> Result<Vec<StoredReject>> {
    let rows: Vec<(i64, i64, Option<String>, String)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT number, line, place, code FROM import_reject WHERE job_id = $1 AND number > $2 \
             ORDER BY number LIMIT $3",
        )
        .bind(id.0)
        .bind(after)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    let reject = |(number, line, place, code)| StoredReject { number, line, place, code };
    Ok(rows.into_iter().map(reject).collect())
}

/// Forgets what was refused of one: before it is read again.
///
/// # Errors
/// The database's.
pub async fn forget_rejects(conn: Conn<'_>, id: ImportJobId) -> Result<()> {
    on!(conn, db => {
        sqlx::query("DELETE FROM import_reject WHERE job_id = $1").bind(id.0).execute(db).await.map(drop)
    })?;
    Ok(())
}
