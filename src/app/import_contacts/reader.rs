//! A file as a run of contacts, one record in memory at a time.

use std::io::Read;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    Delimiter, ImportError, MappedColumn, MappingFile, RECORD_BYTES_MAX, Reject, TextEncoding,
    decode::Decoded, field::Field, mapping, plan::RowReader, row::ContactRow,
};

/// Bytes of text that the parser takes at a time.
const PARSER_BUFFER_BYTES: usize = 64 * 1024;

/// What is known before a file is read.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// None: found out.
    pub encoding: Option<TextEncoding>,
    /// None: found out.
    pub delimiter: Option<Delimiter>,
    /// None: columns are known by their names only.
    pub mapping: Option<MappingFile>,
    /// What each column holds, one after the other; None: by mapping and names.
    pub fields: Option<Vec<Field>>,
    /// Keys of the attributes that may be brought in (R14).
    pub attributes: Vec<String>,
    /// Keys of the purpose catalogue.
    pub purposes: Vec<String>,
    /// The zone of times without one.
    pub zone: Tz,
    /// No consent is later than this.
    pub now: DateTime<Utc>,
}

/// What was found out about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceReport {
    /// How it writes its characters.
    pub encoding: TextEncoding,
    /// What stands between its cells.
    pub delimiter: Delimiter,
    /// Every column in order, with what is taken from it.
    pub columns: Vec<MappedColumn>,
}

impl SourceReport {
    /// The names of the columns that nothing is taken from.
    pub fn ignored(&self) -> impl Iterator<Item = &str> {
        let ignored = self.columns.iter().filter(|column| column.field == Field::Ignored);
        ignored.map(|column| &*column.column.name)
    }
}

/// One row of a file.
#[derive(Debug)]
pub enum Line {
    /// A contact to be brought in.
    Contact(Box<ContactRow>),
    /// A row that is not taken.
    Rejected(Reject),
}

/// Reads contacts from a file; see the [module](super).
///
/// An iterator over [`Line`]s that ends at the end of the file or after the first error.
pub struct ContactReader<R: Read> {
    csv: csv::Reader<Decoded<R>>,
    record: csv::StringRecord,
    rows: RowReader,
    report: SourceReport,
    ended: bool,
}

impl<R: Read> ContactReader<R> {
    /// Finds out encoding and delimiter, reads the first line and settles what each column holds.
    ///
    /// # Errors
    /// Whatever makes the whole file unusable: see [`ImportError`].
    pub fn open(source: R, options: &ReadOptions) -> Result<Self, ImportError> {
        let mut decoded = Decoded::open(source, options.encoding)?;
        let encoding = decoded.encoding();
        let head = decoded.peek().map_err(|error| ImportError::from_io(1, error))?;
        let delimiter = options.delimiter.unwrap_or_else(|| Delimiter::of(head));
        decoded.allow(RECORD_BYTES_MAX);
        let mut csv = csv::ReaderBuilder::new()
            .delimiter(delimiter.byte())
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(PARSER_BUFFER_BYTES)
            .from_reader(decoded);
        let mut record = csv::StringRecord::new();
        if !csv.read_record(&mut record).map_err(|error| ImportError::at(1, error))? {
            return Err(ImportError::Empty);
        }
        let columns = mapping::columns(&record, options)?;
        let rows = RowReader::new(&columns, options)?;
        let report = SourceReport { encoding, delimiter, columns };
        Ok(Self { csv, record, rows, report, ended: false })
    }

    /// What was found out about the file.
    pub const fn report(&self) -> &SourceReport {
        &self.report
    }

    /// Bytes of the source read so far, up to some 64 KB ahead of the last row: for a bar.
    pub fn position(&self) -> u64 {
        self.csv.get_ref().position()
    }

    /// The next record that is not blank, and the line on which it begins.
    fn next_record(&mut self) -> Result<Option<u64>, ImportError> {
        loop {
            self.csv.get_mut().allow(RECORD_BYTES_MAX);
            let from = self.csv.position().line();
            let more = self.csv.read_record(&mut self.record);
            if !more.map_err(|error| ImportError::at(from, error))? {
                return Ok(None);
            }
            if self.record.iter().any(|cell| !cell.trim().is_empty()) {
                return Ok(Some(self.line()));
            }
        }
    }

    /// The line on which the record begins. The parser's own figure counts the blank lines before
    /// it; every record ends with a line end (the decoder sees to it), so count back from there.
    fn line(&self) -> u64 {
        let within = self.record.as_slice().bytes().filter(|byte| *byte == b'\n').count() as u64;
        self.csv.position().line().saturating_sub(within + 1)
    }
}

impl<R: Read> Iterator for ContactReader<R> {
    type Item = Result<Line, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.next_record();
        self.ended = !matches!(record, Ok(Some(_)));
        let line = match record {
            Ok(line) => line?,
            Err(error) => return Some(Err(error)),
        };
        Some(Ok(match self.rows.read(line, &self.record) {
            Ok(row) => Line::Contact(Box::new(row)),
            Err(reject) => Line::Rejected(reject),
        }))
    }
}
