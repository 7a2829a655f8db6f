//! Contacts in: reading a file of contacts and consents, and bringing it into the database.
//!
//! A file becomes text ([`TextEncoding`]), text becomes records ([`Delimiter`]), columns become
//! fields (by their names in Kazakh, Russian or English, or by a [`MappingFile`]), and each record
//! becomes a [`ContactRow`] or a [`Reject`] that says what to mend. A consent stands in a row only
//! with its evidence. Forbidden data is refused (see [`crate::domain::forbidden`]).
//!
//! [`ContactReader`] keeps one record at a time: a file of any length needs the same memory. It
//! blocks on its source, so [`import`] runs it on a thread for blocking work.
//!
//! [`import`] takes the rows in batches. For each it looks up what is known of the people, merges
//! without losing data, decides on the consents, and writes all of it in one transaction. What a row
//! claims never revives a withdrawal, and what is recorded once is not recorded again.

mod cells;
mod claim;
mod consents;
mod decode;
mod dialect;
mod encoding;
mod error;
mod feed;
mod field;
mod given_at;
mod grounds;
mod headers;
mod import;
mod known;
mod mapping;
mod mapping_file;
mod merge;
mod plan;
mod purpose_words;
mod reader;
mod reject;
mod rejects;
mod row;
mod seen;
mod tally;
mod values;
mod workbook;
mod write;

#[cfg(test)]
mod tests;

pub use claim::{ConsentClaim, Evidence, INSTITUTION, Lack, Proof, PurposeOf};
pub use dialect::{Delimiter, NotADelimiter};
pub use encoding::{NotAnEncoding, TextEncoding};
pub use error::ImportError;
pub use field::Field;
pub use import::{ImportOptions, Imported, News, import, preview};
pub use mapping::MappedColumn;
pub use mapping_file::{Constants, MappingError, MappingFile};
pub use reader::{ContactReader, Line, ReadOptions, SourceReport};
pub use reject::{Column, Fault, Reason, Reject};
pub use rejects::{RejectsWriter, formula_safe};
pub use row::ContactRow;
pub use tally::{Note, Remark, Tally};
pub use workbook::{Workbook, is_workbook};

/// Columns of a file.
pub const COLUMNS_MAX: usize = 200;
/// Characters of a cell.
pub const CELL_CHARS_MAX: usize = 10_000;
/// Octets of a record, as UTF-8.
pub const RECORD_BYTES_MAX: usize = 100 * 1024;
/// Characters of a name, an external id or an attribute.
pub const VALUE_CHARS_MAX: usize = 200;
/// Tags of a contact.
pub const TAGS_MAX: usize = 50;
/// Characters of a tag.
pub const TAG_CHARS_MAX: usize = 64;
