//! Why a whole file cannot be read. A single bad row is a [`super::Reject`] instead.

use std::io;

use super::{
    COLUMNS_MAX, RECORD_BYTES_MAX, TextEncoding, decode::Stop, mapping_file::MappingError,
};
use crate::domain::forbidden::ForbiddenKind;

/// Why a file was refused or its reading ended. The text says how to mend it; it names columns and
/// lines and never shows a cell.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source failed.
    #[error("the file cannot be read")]
    Read(#[source] io::Error),
    /// A workbook or another binary file.
    #[error("this is {what}, not a text file: save it as \"CSV UTF-8\" and import that")]
    NotText {
        /// What it seems to be.
        what: &'static str,
    },
    /// A workbook that cannot be read, or is larger inside than it may be.
    #[error(
        "this workbook cannot be used: {what}. Save the sheet as \"CSV UTF-8\" and import that"
    )]
    Workbook {
        /// What is wrong.
        what: &'static str,
    },
    /// Bytes that are no character in the encoding that the file began with.
    #[error(
        "the file is not {encoding} at byte {offset} (line {line}): it is damaged there, or in another \
         encoding; for a file from an older Windows program try --encoding windows-1251"
    )]
    Undecodable {
        /// The encoding told or found.
        encoding: TextEncoding,
        /// Bytes from the beginning of the file.
        offset: u64,
        /// From 1.
        line: u64,
    },
    /// No line at all.
    #[error("the file is empty: its first line must name the columns")]
    Empty,
    /// The first line holds an address or long numbers.
    #[error("the first line looks like data: put a line with the names of the columns above it")]
    NoHeader,
    /// More columns than [`COLUMNS_MAX`].
    #[error("the file has {columns} columns, more than {COLUMNS_MAX}: delete those not needed")]
    TooManyColumns {
        /// How many there are.
        columns: usize,
    },
    /// A column that this service must not take in.
    #[error(
        "column {number} \"{name}\" holds {kind}, which must not be brought in: \
         delete the column from the file and import it again"
    )]
    ForbiddenColumn {
        /// From 1.
        number: usize,
        /// As in the first line.
        name: String,
        /// What it holds by its name.
        kind: ForbiddenKind,
    },
    /// No column has the addresses.
    #[error(
        "no column holds the e-mail address. The columns are: {}. Name one of them {accepted}, or \
         say which it is in a mapping file: [columns] address = \"…\"",
        .columns.join(", ")
    )]
    NoAddressColumn {
        /// The names seen, at most thirty.
        columns: Vec<String>,
        /// Some names that would do.
        accepted: &'static str,
    },
    /// Two columns for one field.
    #[error(
        "the columns {} all look like {field}: say in a mapping file which one it is, \
         or list the others under ignore", .columns.join(", ")
    )]
    Ambiguous {
        /// The field, as in a mapping file.
        field: String,
        /// Their names.
        columns: Vec<String>,
    },
    /// A consent column for a purpose that is not in the catalogue.
    #[error("column \"{column}\" is for a purpose that is not in the catalogue ({})", .known.join(", "))]
    UnknownPurpose {
        /// Its name.
        column: String,
        /// The catalogue.
        known: Vec<String>,
    },
    /// The mapping file does not fit.
    #[error(transparent)]
    Mapping(#[from] MappingError),
    /// A record that does not end, mostly a quote that is never closed.
    #[error(
        "the record that begins at line {line} is longer than {RECORD_BYTES_MAX} bytes: \
         a quotation mark is probably not closed"
    )]
    RecordTooLong {
        /// From 1.
        line: u64,
    },
}

impl ImportError {
    /// A stable word for pages.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Read(_) => "read",
            Self::NotText { .. } => "not_text",
            Self::Workbook { .. } => "workbook",
            Self::Undecodable { .. } => "undecodable",
            Self::Empty => "empty",
            Self::NoHeader => "no_header",
            Self::TooManyColumns { .. } => "too_many_columns",
            Self::ForbiddenColumn { .. } => "forbidden_column",
            Self::NoAddressColumn { .. } => "no_address_column",
            Self::Ambiguous { .. } => "ambiguous",
            Self::UnknownPurpose { .. } => "unknown_purpose",
            Self::Mapping(_) => "mapping",
            Self::RecordTooLong { .. } => "record_too_long",
        }
    }

    /// What ended the reading of the record that begins at `line`.
    pub(super) fn at(line: u64, error: csv::Error) -> Self {
        let error = match error.into_kind() {
            csv::ErrorKind::Io(error) => error,
            other => io::Error::other(format!("{other:?}")),
        };
        Self::from_io(line, error)
    }

    pub(super) fn from_io(line: u64, error: io::Error) -> Self {
        match error.downcast::<Stop>() {
            Ok(Stop::Undecodable { encoding, offset, line }) => {
                Self::Undecodable { encoding, offset, line }
            }
            Ok(Stop::RecordTooLong) => Self::RecordTooLong { line },
            Err(error) => Self::Read(error),
        }
    }
}
