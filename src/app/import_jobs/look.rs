//! Where files stand, and what stands in them.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    app::{
        App, Error, Result,
        import_contacts::{Field, Line, preview},
    },
    domain::id::ImportJobId,
    store::{
        self,
        import_job::{ImportJob, JobState, StoredReject},
    },
};

use super::{Gathered, How, ROWS_SHOWN};

/// Without a sign of life for so long, whoever read it is gone.
const SILENCE_MAX: TimeDelta = TimeDelta::seconds(90);

/// What was found out about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How it writes its characters.
    pub encoding: String,
    /// What stands between its cells.
    pub delimiter: String,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// Each column's name and what it holds.
    pub columns: Vec<(String, String)>,
}

/// A file, read out of its columns.
#[derive(Debug, Clone)]
pub struct Told {
    /// As stored.
    pub job: ImportJob,
    /// How it is read.
    pub how: How,
    /// What was found out about it.
    pub found: Option<Found>,
    /// What the check came to.
    pub checked: Option<Gathered>,
    /// What the reading that goes on, or ended, came to so far.
    pub now: Gathered,
    /// Whether the file itself is still here, so that it can be brought in.
    pub is_here: bool,
}

impl Told {
    pub(super) fn read(app: &App, job: ImportJob) -> Self {
        let lost = |_| Error::Conflict("a stored import cannot be read".to_owned());
        let json = |value: &serde_json::Value| value.clone();
        Self {
            how: serde_json::from_value(json(&job.how)).map_err(lost).unwrap_or_default(),
            found: job.found.as_ref().and_then(|found| serde_json::from_value(json(found)).ok()),
            checked: job.checked.as_ref().and_then(|it| serde_json::from_value(json(it)).ok()),
            now: serde_json::from_value(json(&job.tally)).unwrap_or_default(),
            is_here: app.imports.get(job.id).is_some(),
            job,
        }
    }
}

/// Where a file stands. One whose reader is gone has failed.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn find(app: &App, id: ImportJobId) -> Result<Told> {
    let job = store::import_job::find(app.store.read().await?.conn(), id).await?;
    let job = job.ok_or(Error::NotFound("such import"))?;
    Ok(Told::read(app, settled(app, job).await?))
}

async fn settled(app: &App, job: ImportJob) -> Result<ImportJob> {
    let now = app.now();
    let from = job.state;
    let is_read = matches!(from, JobState::Checking | JobState::Running);
    if !is_read || now - job.alive_at < SILENCE_MAX {
        return Ok(job);
    }
    let lost = ImportJob {
        state: JobState::Failed,
        failure: Some("interrupted".to_owned()),
        ended_at: Some(now),
        ..job.clone()
    };
    let mut tx = app.store.begin().await?;
    let is_mine = store::import_job::update(tx.conn(), &lost, from).await?;
    tx.commit().await?;
    Ok(if is_mine { lost } else { job })
}

/// Files, the newest first: at most `limit` before `before`, and whether there are more.
///
/// # Errors
/// The database's.
pub async fn list(
    app: &App,
    before: Option<ImportJobId>,
    limit: usize,
) -> Result<(Vec<Told>, bool)> {
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut reader = app.store.read().await?;
    let jobs = store::import_job::newest(reader.conn(), before, one_more).await?;
    drop(reader);
    let has_more = jobs.len() > limit;
    let mut told = Vec::new();
    for job in jobs.into_iter().take(limit) {
        told.push(Told::read(app, settled(app, job).await?));
    }
    Ok((told, has_more))
}

/// The beginning of a file as it would be read.
#[derive(Debug)]
pub struct Look {
    /// What each column holds.
    pub fields: Vec<Field>,
    /// The first rows.
    pub lines: Vec<Line>,
}

/// The beginning of a file as it would be read; `None` when the file is gone or cannot be read.
///
/// # Errors
/// The database's.
pub async fn look(app: &App, told: &Told) -> Result<Option<Look>> {
    let Some(file) = app.imports.get(told.job.id) else { return Ok(None) };
    let options = told.how.options(true)?;
    let Ok((report, lines)) = preview(app, file.read(), options, ROWS_SHOWN).await? else {
        return Ok(None);
    };
    let fields = report.columns.into_iter().map(|column| column.field).collect();
    Ok(Some(Look { fields, lines }))
}

/// Refusals of a file after number `after`, at most `limit`.
///
/// # Errors
/// The database's.
pub async fn rejects(
    app: &App,
    id: ImportJobId,
    after: i64,
    limit: i64,
) -> Result<Vec<StoredReject>> {
    let mut reader = app.store.read().await?;
    Ok(store::import_job::rejects_after(reader.conn(), id, after, limit).await?)
}

/// How long a reading has taken until `now`, in seconds.
#[must_use]
pub fn seconds(job: &ImportJob, now: DateTime<Utc>) -> f64 {
    let until = job.ended_at.unwrap_or(now);
    (until - job.begun_at).as_seconds_f64().max(0.001)
}
