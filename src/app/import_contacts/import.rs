//! The deed: brings a file of contacts and consents into the database.

use std::{io::Read, sync::Arc};

use crate::{
    app::{App, Error, Result, address_hash},
    domain::{address::Address, id::ImportId},
    store::{self, Reader, Tx},
};

use super::{
    ContactReader, Delimiter, Evidence, Field, ImportError, Line, MappingFile, Note, PurposeOf,
    ReadOptions, Reject, SourceReport, Tally, TextEncoding,
    feed::{self, Step},
    grounds::Grounds,
    known::{Hashed, Known},
    merge::{Merge, Merged},
    seen::Seen,
    write,
};

/// How often a batch is tried that meets a contact which somebody else has just stored.
const TRIES_MAX: usize = 5;

/// How to read a file, and whether to store what it holds.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// None: found out.
    pub encoding: Option<TextEncoding>,
    /// None: found out.
    pub delimiter: Option<Delimiter>,
    /// None: columns are known by their names only.
    pub mapping: Option<MappingFile>,
    /// What each column holds, one after the other; None: by mapping and names.
    pub fields: Option<Vec<Field>>,
    /// Tells what would happen and stores nothing.
    pub is_dry_run: bool,
}

/// What an import tells while it goes on.
#[derive(Debug)]
pub enum News<'a> {
    /// The first line was read.
    Opened(&'a SourceReport),
    /// A row is not taken.
    Rejected(&'a Reject),
    /// A row was taken, and there is something to know about it.
    Noted(&'a Note),
    /// A consent is recorded, or would be.
    Recorded {
        /// Of what.
        of: &'a PurposeOf,
        /// What proves it.
        evidence: &'a Evidence,
    },
    /// This far.
    Progress {
        /// Octets of the file.
        bytes: u64,
        /// Counts so far.
        tally: &'a Tally,
    },
}

/// What an import came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// The run, to which the evidence of its consents points; `None` for a dry run.
    pub id: Option<ImportId>,
    /// Its counts.
    pub tally: Tally,
}

/// Brings in the contacts and evidenced consents of a file, in transactions of some hundred rows.
/// Doing it again changes nothing; after a crash, doing it again completes it. Memory does not
/// grow with the file but for some 20 octets per person (80 in a dry run).
///
/// Rows go in by stretches of some thousand, in the order that costs the database least; what is
/// told of a stretch is told in the order of the file.
///
/// # Errors
/// [`Error::Invalid`] when the file as a whole cannot be used or read on: the text says what to
/// mend, and the rows before that are in. The database's.
pub async fn import<R: Read + Send + 'static>(
    app: &App,
    source: R,
    options: ImportOptions,
    mut tell: impl FnMut(News<'_>),
) -> Result<Imported> {
    let is_dry_run = options.is_dry_run;
    let grounds = Grounds::load(app.store.read().await?.conn()).await?;
    let mut run = Run { app, grounds, seen: Seen::default(), tally: Tally::default(), id: None };
    let mut untold = Merged::default();
    let keys = Arc::clone(&app.keys);
    let hash = move |address: &Address| address_hash(&keys, address);
    let mut steps = feed::start(source, read_options(app, &run.grounds, options), hash);
    loop {
        match steps.recv().await {
            Some(Step::Opened(report)) => {
                tell(News::Opened(&report));
                if !is_dry_run {
                    run.begin().await?;
                }
            }
            Some(Step::Rows(batch)) => {
                let merged = run.bring_in(&batch.rows, batch.rejects).await?;
                for act in &merged.acts {
                    tell(News::Recorded { of: &act.of, evidence: &act.evidence });
                }
                untold.rejects.extend(merged.rejects);
                untold.notes.extend(merged.notes);
                if batch.ends_stretch {
                    std::mem::take(&mut untold).tell_in_order(&mut tell);
                }
                tell(News::Progress { bytes: batch.position, tally: &run.tally });
            }
            Some(Step::Ended(sha256)) => {
                run.finish(&sha256).await?;
                return Ok(Imported { id: run.id, tally: run.tally });
            }
            Some(Step::Failed(error)) => return Err(broken_off(&error, run.tally.rows())),
            None => return Err(Error::Conflict("the reading of the file broke off".to_owned())),
        }
    }
}

/// The first rows of a file as an import would read them, at most `rows`; nothing is stored.
///
/// # Errors
/// Why the file cannot be used, as told by [`ImportError`]; the database's.
pub async fn preview<R: Read + Send + 'static>(
    app: &App,
    source: R,
    options: ImportOptions,
    rows: usize,
) -> Result<Result<(SourceReport, Vec<Line>), ImportError>> {
    let grounds = Grounds::load(app.store.read().await?.conn()).await?;
    let options = read_options(app, &grounds, options);
    let read = tokio::task::spawn_blocking(move || {
        let mut reader = ContactReader::open(source, &options)?;
        let lines = reader.by_ref().take(rows).collect::<Result<Vec<_>, _>>()?;
        Ok((reader.report().clone(), lines))
    });
    read.await.map_err(|_| Error::Conflict("the reading of the file broke off".to_owned()))
}

fn read_options(app: &App, grounds: &Grounds, options: ImportOptions) -> ReadOptions {
    ReadOptions {
        encoding: options.encoding,
        delimiter: options.delimiter,
        mapping: options.mapping,
        fields: options.fields,
        attributes: app.rules.attributes.iter().cloned().collect(),
        purposes: grounds.purposes(),
        zone: app.institution.time_zone,
        now: app.now(),
    }
}

fn broken_off(error: &ImportError, rows: u64) -> Error {
    let mut message = error.to_string();
    if let Some(source) = std::error::Error::source(error) {
        message = format!("{message}: {source}");
    }
    if rows > 0 {
        message.push_str(
            ". The rows before that were taken; mend the file and import it again: what is in \
             already is not doubled",
        );
    }
    Error::invalid("file", message)
}

impl Merged {
    /// What is to be told of a stretch of the file, by line.
    fn tell_in_order(mut self, tell: &mut impl FnMut(News<'_>)) {
        self.rejects.sort_by_key(|reject| reject.line);
        self.notes.sort_by_key(|note| note.line);
        self.rejects.iter().for_each(|reject| tell(News::Rejected(reject)));
        self.notes.iter().for_each(|note| tell(News::Noted(note)));
    }
}

/// One run. Without an id nothing is stored.
struct Run<'a> {
    app: &'a App,
    grounds: Grounds,
    seen: Seen,
    tally: Tally,
    id: Option<ImportId>,
}

impl Run<'_> {
    async fn begin(&mut self) -> Result<()> {
        let now = self.app.now();
        let id = ImportId(self.app.entropy.uuid(now));
        let mut tx = self.app.store.begin().await?;
        store::import_run::begin(tx.conn(), id, &json(&self.tally), now).await?;
        tx.commit().await?;
        self.id = Some(id);
        Ok(())
    }

    async fn finish(&self, sha256: &[u8; 32]) -> Result<()> {
        let Some(id) = self.id else { return Ok(()) };
        let now = self.app.now();
        let mut tx = self.app.store.begin().await?;
        store::import_run::finish(tx.conn(), id, sha256, &json(&self.tally), now).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn bring_in(&mut self, rows: &[Hashed], rejects: Vec<Reject>) -> Result<Merged> {
        let mut merged = match self.id {
            _ if rows.is_empty() => Merged::default(),
            Some(id) => self.store(id, rows).await?,
            None => self.judge(rows).await?,
        };
        merged.tally.rejected += rejects.len() as u64;
        merged.rejects.extend(rejects);
        self.seen.remember(&merged);
        self.tally.add(&merged.tally);
        Ok(merged)
    }

    async fn judge(&mut self, rows: &[Hashed]) -> Result<Merged> {
        let mut reader: Reader = self.app.store.read().await?;
        let known = Known::load(self.app, reader.conn(), rows).await?;
        let merged = Merge::new(self.app, &self.grounds, &self.seen, &known).run(rows);
        self.seen.remember_unwritten(&merged);
        Ok(merged)
    }

    /// Tries again when somebody else has stored one of the contacts in the meantime.
    async fn store(&mut self, id: ImportId, rows: &[Hashed]) -> Result<Merged> {
        for _ in 1..TRIES_MAX {
            match self.try_to_store(id, rows).await {
                Err(Error::Store(error)) if error.is_unique_violation() => {}
                other => return other,
            }
        }
        self.try_to_store(id, rows).await
    }

    async fn try_to_store(&mut self, id: ImportId, rows: &[Hashed]) -> Result<Merged> {
        let mut tx: Tx = self.app.store.begin().await?;
        // The head first, always: imports wait for each other here and not for rows, and no edition
        // is published and no consent withdrawn between the look and the entry.
        let end = store::ledger::lock_head(tx.conn()).await?;
        self.grounds.editions.refresh(tx.conn()).await?;
        let known = Known::load(self.app, tx.conn(), rows).await?;
        let merged = Merge::new(self.app, &self.grounds, &self.seen, &known).run(rows);
        let (app, grounds) = (self.app, &self.grounds);
        let batch = write::Batch { app, grounds, import: id, end, merged: &merged };
        let wordings = batch.write(&mut tx, &known).await?;
        tx.commit().await?;
        self.grounds.remember(wordings);
        Ok(merged)
    }
}

fn json(tally: &Tally) -> serde_json::Value {
    serde_json::to_value(tally).unwrap_or_default()
}
