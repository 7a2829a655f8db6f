//! Deeds of staff with people: finding them, seeing all that is known of one, changing it.

mod consent_on_paper;
mod erase;
mod export;
mod notes;
mod person;
mod profile;
mod search;

pub use consent_on_paper::{OnPaper, PaperDetails, record_paper};
pub use erase::{Erased, erase};
pub use export::{Columns, Pages, Sheet, XLSX_ROWS_MAX};
pub use notes::{NOTE_CHARS_MAX, add_note, delete_note};
pub use person::{EventTold, Mail, Person, mails, person};
pub use profile::{ProfileForm, add, edit};
pub(in crate::app) use search::unusable;
pub use search::{PAGE, Page, Row, Wanted, count, sample, search};
