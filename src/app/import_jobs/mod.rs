//! Files that staff bring in by hand: uploaded, looked at, checked without storing, confirmed, and
//! brought in by a task of this process, whose progress stands in the database.
//!
//! The file itself is in a nameless temporary file of the process that took it: it is gone when it
//! has been brought in, a day later, or with the process. What is kept of it are counts and which
//! lines were refused for which reason, never a cell.

mod gathered;
mod how;
mod look;
mod shelf;
mod task;

pub use gathered::{Gathered, Kind};
pub use how::How;
pub use look::{Found, Look, Told, find, list, look, rejects};
pub use shelf::Shelf;
pub use task::{Upload, cancel, check_again, confirm, take_in};

/// Refusals that are kept of one file; all are counted.
pub const REJECTS_KEPT_MAX: i64 = 50_000;
/// Rows of a file that are shown before it is brought in.
pub const ROWS_SHOWN: usize = 20;
