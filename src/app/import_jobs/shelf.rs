//! The files themselves, for as long as they are needed.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Semaphore;

use crate::domain::id::ImportJobId;

/// How long a file is kept that nobody brings in.
pub(super) const KEPT: Duration = Duration::from_hours(24);
/// Files that a process keeps.
const FILES_MAX: usize = 50;
/// Files that are read at once: they share one ledger, so more would only wait.
const TURNS: usize = 2;

/// The files of this process.
#[derive(Debug)]
pub struct Shelf {
    files: Mutex<HashMap<ImportJobId, Shelved>>,
    pub(super) turns: Semaphore,
}

impl Default for Shelf {
    fn default() -> Self {
        Self { files: Mutex::default(), turns: Semaphore::new(TURNS) }
    }
}

/// A file that was uploaded.
#[derive(Debug, Clone)]
pub(super) struct Shelved {
    /// As it was uploaded.
    pub(super) original: Arc<File>,
    /// As it is read: of a workbook, the sheet as text.
    pub(super) text: Arc<File>,
    /// The sheets of a workbook.
    pub(super) sheets: Vec<String>,
    since: Instant,
}

impl Shelved {
    pub(super) fn new(original: File, text: File, sheets: Vec<String>) -> Self {
        let (original, text) = (Arc::new(original), Arc::new(text));
        Self { original, text, sheets, since: Instant::now() }
    }

    /// The text from its beginning, whoever else reads it.
    pub(super) fn read(&self) -> Text {
        Text { file: Arc::clone(&self.text), at: 0 }
    }
}

impl Shelf {
    /// Keeps a file. The oldest goes when there are too many.
    pub(super) fn put(&self, id: ImportJobId, file: Shelved) {
        let mut files = self.lock();
        files.retain(|_, kept| kept.since.elapsed() < KEPT);
        if files.len() >= FILES_MAX
            && let Some(oldest) = files.iter().min_by_key(|(_, kept)| kept.since).map(|(id, _)| *id)
        {
            files.remove(&oldest);
        }
        files.insert(id, file);
    }

    pub(super) fn get(&self, id: ImportJobId) -> Option<Shelved> {
        self.lock().get(&id).filter(|kept| kept.since.elapsed() < KEPT).cloned()
    }

    /// Drops a file for good: it has no name, so that nothing is left of it.
    pub(super) fn drop(&self, id: ImportJobId) {
        self.lock().remove(&id);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ImportJobId, Shelved>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is read by offset, so that several can read it at once.
pub(super) struct Text {
    file: Arc<File>,
    at: u64,
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read_at(buffer, self.at)?;
        self.at += n as u64;
        Ok(n)
    }
}
