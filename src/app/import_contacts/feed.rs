//! Reads a file on a thread of its own, a few batches ahead of the database.

use std::{
    cell::RefCell,
    io::{self, Read},
    rc::Rc,
};

use aws_lc_rs::digest::{Context, SHA256};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{ContactReader, ImportError, Line, ReadOptions, SourceReport};

/// Rows that are brought in by one transaction: some 10 ms of the database's writer.
pub(super) const BATCH_ROWS: usize = 500;
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

/// Some rows, in the order of the file.
pub(super) struct Batch {
    pub(super) lines: Vec<Line>,
    /// Octets of the file read so far.
    pub(super) position: u64,
}

/// Begins to read. The thread ends with the file, or when nobody listens any more.
pub(super) fn start<R: Read + Send + 'static>(source: R, options: ReadOptions) -> Receiver<Step> {
    let (to, steps) = channel(AHEAD);
    // The outcome comes through the channel; a panic shows as a channel that ends early.
    tokio::task::spawn_blocking(move || {
        let last = match read(source, &options, &to) {
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
    to: &Sender<Step>,
) -> Result<[u8; 32], ImportError> {
    let digest = Rc::new(RefCell::new(Context::new(&SHA256)));
    let source = Digested { source, digest: Rc::clone(&digest) };
    let mut reader = ContactReader::open(source, options)?;
    let mut is_heard = to.blocking_send(Step::Opened(reader.report().clone())).is_ok();
    while is_heard {
        let lines = reader.by_ref().take(BATCH_ROWS).collect::<Result<Vec<_>, _>>()?;
        if lines.is_empty() {
            break;
        }
        let batch = Batch { lines, position: reader.position() };
        is_heard = to.blocking_send(Step::Rows(batch)).is_ok();
    }
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(digest.borrow().clone().finish().as_ref());
    Ok(sha256)
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
