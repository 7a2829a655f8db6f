//! Reads a file on a thread of its own, a few batches ahead of the database.

use std::{
    cell::RefCell,
    io::{self, Read},
    rc::Rc,
};

use aws_lc_rs::digest::{Context, SHA256};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::domain::address::Address;

use super::{ContactReader, ImportError, Line, ReadOptions, Reject, SourceReport, known::Hashed};

/// Rows that are brought in by one transaction: some 10 ms of the database's writer.
pub(super) const BATCH_ROWS: usize = 500;
/// Rows that are put in the order of their hashes at a time, some 30 MB. Batches in that order
/// touch a part of the index each and not all of it: a quarter of the pages written.
const STRETCH_ROWS: usize = 50_000;
/// Batches read ahead.
const AHEAD: usize = 4;

/// What the thread has read.
pub(super) enum Step {
    Opened(SourceReport),
    Rows(Batch),
    /// The whole file, with its SHA-256.
    Ended([u8; 32]),
    Failed(ImportError),
}

/// Some rows of a stretch of the file. Rows of one person are in the order of the file.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) rows: Vec<Hashed>,
    /// With the last batch of a stretch: what was not taken of it.
    pub(super) rejects: Vec<Reject>,
    /// Octets of the file read so far.
    pub(super) position: u64,
    /// Whether all that comes later stands later in the file.
    pub(super) ends_stretch: bool,
}

/// Begins to read, and to hash addresses by `hash`. The thread ends with the file, or when nobody
/// listens any more.
pub(super) fn start<R: Read + Send + 'static>(
    source: R,
    options: ReadOptions,
    hash: impl Fn(&Address) -> [u8; 32] + Send + 'static,
) -> Receiver<Step> {
    let (to, steps) = channel(AHEAD);
    // The outcome comes through the channel; a panic shows as a channel that ends early.
    tokio::task::spawn_blocking(move || {
        let last = match read(source, &options, &hash, &to) {
            Ok(sha256) => Step::Ended(sha256),
            Err(error) => Step::Failed(error),
        };
        let _nobody_listens = to.blocking_send(last);
    });
    steps
}

fn read<R: Read>(
    source: R,
    options: &ReadOptions,
    hash: &dyn Fn(&Address) -> [u8; 32],
    to: &Sender<Step>,
) -> Result<[u8; 32], ImportError> {
    let digest = Rc::new(RefCell::new(Context::new(&SHA256)));
    let source = Digested { source, digest: Rc::clone(&digest) };
    let mut reader = ContactReader::open(source, options)?;
    let mut is_heard = to.blocking_send(Step::Opened(reader.report().clone())).is_ok();
    let mut position = 0;
    while is_heard {
        let (stretch, failure) = stretch(&mut reader, hash);
        if stretch.is_empty() && failure.is_none() {
            break;
        }
        for batch in stretch.into_batches(position, reader.position()) {
            is_heard = is_heard && to.blocking_send(Step::Rows(batch)).is_ok();
        }
        position = reader.position();
        failure.map_or(Ok(()), Err)?;
    }
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest.borrow().clone().finish().as_ref());
    Ok(sha256)
}

/// The rows of a part of the file.
#[derive(Default)]
struct Stretch {
    rows: Vec<Hashed>,
    rejects: Vec<Reject>,
}

/// Reads the next stretch, and what ended it before its time.
fn stretch<R: Read>(
    reader: &mut ContactReader<R>,
    hash: &dyn Fn(&Address) -> [u8; 32],
) -> (Stretch, Option<ImportError>) {
    let mut stretch = Stretch::default();
    for line in reader.take(STRETCH_ROWS) {
        match line {
            Ok(Line::Contact(row)) => {
                let hash = hash(&row.address);
                stretch.rows.push((*row, hash));
            }
            Ok(Line::Rejected(reject)) => stretch.rejects.push(reject),
            Err(error) => return (stretch, Some(error)),
        }
    }
    (stretch, None)
}

impl Stretch {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.rejects.is_empty()
    }

    /// Batches in the order of the hashes. The file's order stays where there is but one batch, and
    /// where rows name external ids: the first person to name one has it.
    fn into_batches(mut self, from: u64, to: u64) -> impl Iterator<Item = Batch> {
        let is_long = self.rows.len() > BATCH_ROWS;
        if is_long && self.rows.iter().all(|(row, _)| row.external_id.is_none()) {
            self.rows.sort_by_key(|(_, hash)| *hash);
        }
        let count = self.rows.len().div_ceil(BATCH_ROWS).max(1) as u64;
        let mut rows = self.rows.into_iter();
        (1..=count).map(move |number| Batch {
            rows: rows.by_ref().take(BATCH_ROWS).collect(),
            rejects: if number == count { std::mem::take(&mut self.rejects) } else { Vec::new() },
            position: from + (to - from) * number / count,
            ends_stretch: number == count,
        })
    }
}

/// A source that is hashed as it is read.
struct Digested<R> {
    source: R,
    digest: Rc<RefCell<Context>>,
}

impl<R: Read> Read for Digested<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(buffer)?;
        self.digest.borrow_mut().update(&buffer[..n]);
        Ok(n)
    }
}
