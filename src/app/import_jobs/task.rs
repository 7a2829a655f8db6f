//! Deeds that move a file on, and the tasks that read it.

use std::{
    fs::File,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{task::JoinHandle, time::sleep};

use crate::{
    app::{
        App, Error, Result,
        import_contacts::{
            Delimiter, Field, ImportError, ImportOptions, Imported, SourceReport, TextEncoding,
            Workbook, import, is_workbook, preview,
        },
    },
    domain::id::ImportJobId,
    store::{
        self,
        import_job::{ImportJob, JobState},
    },
};

use super::{
    Found, Gathered, How, ROWS_SHOWN,
    look::Told,
    shelf::{KEPT, Shelved},
};

/// How often progress is stored.
const PROGRESS_PERIOD: Duration = Duration::from_millis(500);
/// Characters of a file's name that are kept.
const NAME_CHARS_MAX: usize = 200;

/// A file that arrived.
#[derive(Debug)]
pub struct Upload {
    /// The file, at any offset.
    pub file: File,
    /// As its owner called it.
    pub name: String,
    /// Who brought it.
    pub actor: String,
}

/// Takes a file in and begins to check it. A workbook becomes text first.
///
/// # Errors
/// [`Error::Invalid`] for a workbook that cannot be used; the database's.
pub async fn take_in(app: &Arc<App>, upload: Upload) -> Result<ImportJobId> {
    let (file, octets) = shelved(upload.file, None).await?;
    let now = app.now();
    let sheet = file.sheets.first().cloned();
    let how = How { sheet, ..How::default() };
    let job = ImportJob {
        id: ImportJobId(app.entropy.uuid(now)),
        state: JobState::Checking,
        file_name: upload.name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect(),
        octets: octets.cast_signed(),
        how: json(&how),
        found: None,
        checked: None,
        octets_read: 0,
        tally: json(&Gathered::default()),
        failure: None,
        run_id: None,
        created_by: upload.actor,
        created_at: now,
        begun_at: now,
        alive_at: now,
        ended_at: None,
    };
    let id = job.id;
    let mut tx = app.store.begin().await?;
    store::import_job::insert(tx.conn(), &job).await?;
    tx.commit().await?;
    app.imports.put(id, file);
    let forgetful = Arc::downgrade(app);
    tokio::spawn(async move {
        sleep(KEPT).await;
        if let Some(app) = forgetful.upgrade() {
            app.imports.drop(id);
        }
    });
    begin(app, job, how);
    Ok(id)
}

/// The file as it is read, and its size.
async fn shelved(original: File, sheet: Option<String>) -> Result<(Shelved, u64)> {
    let work = move || -> std::result::Result<(Shelved, u64), ImportError> {
        use std::os::unix::fs::FileExt as _;
        let mut head = [0; 4];
        let n = original.read_at(&mut head, 0).map_err(ImportError::Read)?;
        let copy = original.try_clone().map_err(ImportError::Read)?;
        if !is_workbook(&head[..n]) {
            let octets = original.metadata().map_err(ImportError::Read)?.len();
            return Ok((Shelved::new(original, copy, Vec::new()), octets));
        }
        let mut workbook = Workbook::open(copy)?;
        let (text, octets) = workbook.text(sheet.as_deref())?;
        Ok((Shelved::new(original, text, workbook.sheets()), octets))
    };
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|_| Error::Conflict("the reading of the file broke off".to_owned()))?;
    done.map_err(|error| Error::invalid("file", error.to_string()))
}

/// Checks a file again, read as `how` says.
///
/// # Errors
/// [`Error::Invalid`] for a way to read it that is none; [`Error::Conflict`] when the file is gone
/// or is being read; the database's.
pub async fn check_again(app: &Arc<App>, id: ImportJobId, how: How) -> Result<()> {
    how.options(true)?;
    let told = super::find(app, id).await?;
    let file = here(app, id)?;
    let mut job = told.job;
    if !file.sheets.is_empty() && how.sheet != told.how.sheet {
        let original = file.original.try_clone();
        let original = original.map_err(|_| Error::Conflict("the file is gone".to_owned()))?;
        let (file, octets) = shelved(original, how.sheet.clone()).await?;
        app.imports.put(id, file);
        job.octets = octets.cast_signed();
    }
    job.how = json(&how);
    restart(app, job, JobState::Checking, &[JobState::Ready, JobState::Failed], how).await
}

/// Brings a checked file in.
///
/// # Errors
/// [`Error::Conflict`] when it is not ready or the file is gone; the database's.
pub async fn confirm(app: &Arc<App>, id: ImportJobId) -> Result<()> {
    let told = super::find(app, id).await?;
    here(app, id)?;
    restart(app, told.job, JobState::Running, &[JobState::Ready], told.how).await
}

fn here(app: &App, id: ImportJobId) -> Result<Shelved> {
    let gone = "the file is no longer here: upload it again, and what is in is not doubled";
    app.imports.get(id).ok_or_else(|| Error::Conflict(gone.to_owned()))
}

async fn restart(
    app: &Arc<App>,
    job: ImportJob,
    to: JobState,
    from: &[JobState],
    how: How,
) -> Result<()> {
    let before = job.state;
    if !from.contains(&before) {
        return Err(Error::Conflict("the file is being read, or was brought in".to_owned()));
    }
    let now = app.now();
    let job = ImportJob {
        state: to,
        octets_read: 0,
        tally: json(&Gathered::default()),
        failure: None,
        begun_at: now,
        alive_at: now,
        ended_at: None,
        ..job
    };
    let mut tx = app.store.begin().await?;
    if !store::import_job::update(tx.conn(), &job, before).await? {
        return Err(Error::Conflict("somebody else has moved this import on".to_owned()));
    }
    store::import_job::forget_rejects(tx.conn(), job.id).await?;
    tx.commit().await?;
    begin(app, job, how);
    Ok(())
}

/// Stops a file, or its reading. What is in stays in.
///
/// # Errors
/// [`Error::Conflict`] when it is over; [`Error::NotFound`]; the database's.
pub async fn cancel(app: &App, id: ImportJobId) -> Result<()> {
    let told = super::find(app, id).await?;
    let from = told.job.state;
    if !matches!(from, JobState::Checking | JobState::Ready | JobState::Running) {
        return Err(Error::Conflict("this import is over".to_owned()));
    }
    let now = app.now();
    let job = ImportJob { state: JobState::Cancelled, ended_at: Some(now), ..told.job };
    let mut tx = app.store.begin().await?;
    if !store::import_job::update(tx.conn(), &job, from).await? {
        return Err(Error::Conflict("somebody else has moved this import on".to_owned()));
    }
    tx.commit().await?;
    app.imports.drop(id);
    Ok(())
}

/// Begins to read a file in the background.
fn begin(app: &Arc<App>, job: ImportJob, how: How) {
    let app = Arc::clone(app);
    tokio::spawn(async move {
        let id = job.id;
        if let Err(error) = Box::pin(read(&app, job, how)).await {
            tracing::error!(import = %id, error = &error as &dyn std::error::Error, "an import ended without a word");
        }
    });
}

async fn read(app: &Arc<App>, mut job: ImportJob, how: How) -> Result<()> {
    let file = here(app, job.id)?;
    let mut options = how.options(job.state == JobState::Checking)?;
    if !file.sheets.is_empty() {
        (options.encoding, options.delimiter) = (Some(TextEncoding::Utf8), Some(Delimiter::Comma));
    }
    if job.state == JobState::Checking {
        let opened = preview(app, file.read(), options.clone(), ROWS_SHOWN).await?;
        match opened {
            Ok((report, _)) => job.found = Some(json(&found(&report, &file))),
            Err(error) => {
                // Somebody may say which column is which, if the columns can be told apart at all.
                let bare =
                    ImportOptions { fields: Some(vec![Field::Address]), mapping: None, ..options };
                if let Ok((report, _)) = preview(app, file.read(), bare, 0).await? {
                    let mut found = found(&report, &file);
                    found
                        .columns
                        .iter_mut()
                        .for_each(|column| column.1 = Field::Ignored.to_string());
                    job.found = Some(json(&found));
                }
                return fail(app, job, error.code(), Some(&error.to_string())).await;
            }
        }
    }
    let gathered = Arc::new(Mutex::new(Gathered::default()));
    let reading = start(app, &file, options, &gathered);
    match watch(app, &job, reading, &gathered).await? {
        Some(Ok(imported)) => end(app, job, &imported, &gathered).await,
        Some(Err(error)) => {
            let job = ImportJob { tally: json(&*lock(&gathered)), ..job };
            fail(app, job, "broke_off", Some(&error.to_string())).await
        }
        None => Ok(()),
    }
}

type Reading = JoinHandle<Result<Imported>>;

fn start(
    app: &Arc<App>,
    file: &Shelved,
    options: ImportOptions,
    gathered: &Arc<Mutex<Gathered>>,
) -> Reading {
    let (app, source, gathered) = (Arc::clone(app), file.read(), Arc::clone(gathered));
    tokio::spawn(async move {
        let gone = |_| Error::Conflict("the service is stopping".to_owned());
        let _turn = app.imports.turns.acquire().await.map_err(gone)?;
        Box::pin(import(&app, source, options, |news| lock(&gathered).hear(&news))).await
    })
}

/// Stores progress until the reading ends. `None` when somebody stopped it: what is half done is
/// rolled back.
async fn watch(
    app: &App,
    job: &ImportJob,
    mut reading: Reading,
    gathered: &Mutex<Gathered>,
) -> Result<Option<Result<Imported>>> {
    loop {
        tokio::select! {
            ended = &mut reading => {
                store_rejects(app, job, gathered).await?;
                let lost = |_| Error::Conflict("the reading of the file broke off".to_owned());
                return Ok(Some(ended.map_err(lost).and_then(|imported| imported)));
            }
            () = sleep(PROGRESS_PERIOD) => {
                if !store_rejects(app, job, gathered).await? {
                    reading.abort();
                    return Ok(None);
                }
            }
        }
    }
}

/// Stores how far it is. False when it is not to go on.
async fn store_rejects(app: &App, job: &ImportJob, gathered: &Mutex<Gathered>) -> Result<bool> {
    let (octets, tally, rejects) = {
        let mut gathered = lock(gathered);
        let rejects = std::mem::take(&mut gathered.unstored);
        (gathered.octets.cast_signed(), json(&*gathered), rejects)
    };
    let mut tx = app.store.begin().await?;
    let (id, state, now) = (job.id, job.state, app.now());
    let is_on = store::import_job::progress(tx.conn(), id, state, octets, &tally, now).await?;
    if is_on {
        store::import_job::add_rejects(tx.conn(), id, &rejects).await?;
    }
    tx.commit().await?;
    Ok(is_on)
}

async fn end(
    app: &App,
    job: ImportJob,
    imported: &Imported,
    gathered: &Mutex<Gathered>,
) -> Result<()> {
    let from = job.state;
    let result = {
        let mut gathered = lock(gathered);
        gathered.tally = imported.tally;
        json(&*gathered)
    };
    let is_check = from == JobState::Checking;
    let now = app.now();
    let job = ImportJob {
        state: if is_check { JobState::Ready } else { JobState::Finished },
        octets_read: job.octets,
        checked: if is_check { Some(result.clone()) } else { job.checked },
        tally: result,
        run_id: imported.id,
        alive_at: now,
        ended_at: (!is_check).then_some(now),
        ..job
    };
    let mut tx = app.store.begin().await?;
    store::import_job::update(tx.conn(), &job, from).await?;
    tx.commit().await?;
    if !is_check {
        app.imports.drop(job.id);
    }
    Ok(())
}

/// Notes why a file cannot be used. It stays for a day, so that it can be read in another way.
async fn fail(app: &App, job: ImportJob, code: &str, why: Option<&str>) -> Result<()> {
    let from = job.state;
    let failure = match why {
        Some(why) => format!("{code}: {why}"),
        None => code.to_owned(),
    };
    let (failure, ended_at) = (Some(failure), Some(app.now()));
    let job = ImportJob { state: JobState::Failed, failure, ended_at, ..job };
    let mut tx = app.store.begin().await?;
    store::import_job::update(tx.conn(), &job, from).await?;
    tx.commit().await?;
    Ok(())
}

fn found(report: &SourceReport, file: &Shelved) -> Found {
    let columns = report.columns.iter();
    Found {
        encoding: report.encoding.to_string(),
        delimiter: report.delimiter.to_string(),
        sheets: file.sheets.clone(),
        columns: columns
            .map(|column| (column.column.name.to_string(), column.field.to_string()))
            .collect(),
    }
}

fn lock(gathered: &Mutex<Gathered>) -> std::sync::MutexGuard<'_, Gathered> {
    gathered.lock().unwrap_or_else(PoisonError::into_inner)
}

fn json<T: serde::Serialize>(value: &T) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}

impl Told {
    /// Seconds that the reading has taken until now.
    #[must_use]
    pub fn seconds(&self, app: &App) -> f64 {
        super::look::seconds(&self.job, app.now())
    }
}
