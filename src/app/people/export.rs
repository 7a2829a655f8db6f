//! People as a file for a spreadsheet, page by page: memory does not grow with their number.

use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom},
};

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::{
    app::{App, Error, Result, import_contacts::formula_safe},
    store::audience::Cursor,
};

use super::{Row, Wanted, search};

/// People that are fetched at a time.
const ROWS_PER_PAGE: usize = 500;
/// Rows of an Excel sheet, without the first.
pub const XLSX_ROWS_MAX: i64 = 1_048_575;

/// People who are written out, one page after the other.
#[derive(Debug)]
pub struct Pages {
    wanted: Wanted,
    is_over: bool,
}

impl Pages {
    /// Those who are looked for, from the first.
    #[must_use]
    pub fn of(wanted: Wanted) -> Self {
        Self { wanted: Wanted { after: None, ..wanted }, is_over: false }
    }

    /// Some more; `None` at the end.
    ///
    /// # Errors
    /// As [`search`].
    pub async fn next(&mut self, app: &App) -> Result<Option<Vec<Row>>> {
        if self.is_over {
            return Ok(None);
        }
        let page = search(app, &self.wanted, ROWS_PER_PAGE).await?;
        let next: Option<Cursor> = page.next;
        (self.wanted.after, self.is_over) = (next, next.is_none());
        Ok(Some(page.rows))
    }
}

/// The columns: their titles in the reader's language by [`Columns::KEYS`], then one for each
/// attribute that may be kept.
#[derive(Debug, Clone)]
pub struct Columns {
    titles: Vec<String>,
    attributes: Vec<String>,
}

impl Columns {
    /// What is written of everybody, in order.
    pub const KEYS: [&'static str; 13] = [
        "address",
        "name",
        "given_name",
        "family_name",
        "patronymic",
        "language",
        "tags",
        "external_id",
        "address_state",
        "blocked_reason",
        "is_suppressed",
        "created_at",
        "consents",
    ];

    /// With what the reader calls each of [`Columns::KEYS`].
    pub fn titled(app: &App, title: impl FnMut(&'static str) -> String) -> Self {
        let attributes: Vec<String> = app.rules.attributes.iter().cloned().collect();
        let titles = Self::KEYS.into_iter().map(title).chain(attributes.iter().cloned()).collect();
        Self { titles, attributes }
    }

    fn cells(&self, app: &App, row: &Row) -> Vec<String> {
        let (contact, profile) = (&row.contact, &row.contact.profile);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let zone = app.institution.time_zone;
        let day = |time: chrono::DateTime<chrono::Utc>| {
            time.with_timezone(&zone).format("%Y-%m-%d").to_string()
        };
        let consents = row.consents.iter().map(|one| {
            let (state, since) = (one.standing.state, day(one.standing.since));
            format!("{}:{} {state} {since}", one.purpose, one.party.as_str())
        });
        let mut cells = vec![
            contact.address.as_ref().map(|address| address.as_str().to_owned()).unwrap_or_default(),
            text(&profile.name),
            text(&profile.given_name),
            text(&profile.family_name),
            text(&profile.patronymic),
            profile.language.map(String::from).unwrap_or_default(),
            row.tags.join(", "),
            text(&profile.external_id),
            contact.address_state.to_string(),
            text(&contact.blocked_reason),
            if row.is_suppressed { "1" } else { "0" }.to_owned(),
            day(row.created_at),
            consents.collect::<Vec<_>>().join("; "),
        ];
        let value = |key: &String| profile.attributes.get(key).cloned().unwrap_or_default();
        cells.extend(self.attributes.iter().map(value));
        cells
    }

    /// The first line of a CSV file: with a byte order mark, without which Excel garbles Kazakh, and
    /// with semicolons, which Excel expects in Kazakhstan.
    #[must_use]
    pub fn csv_head(&self) -> Vec<u8> {
        let mut head = "\u{feff}".as_bytes().to_vec();
        head.extend(lines(std::iter::once(self.titles.clone())));
        head
    }

    /// Lines of a CSV file. No cell is one that a spreadsheet would run.
    #[must_use]
    pub fn csv(&self, app: &App, rows: &[Row]) -> Vec<u8> {
        lines(rows.iter().map(|row| self.cells(app, row)))
    }
}

fn lines(rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut csv = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    for row in rows {
        // Into memory: it cannot fail.
        let _never = csv.write_record(row.iter().map(|cell| formula_safe(cell).into_owned()));
    }
    csv.into_inner().unwrap_or_default()
}

/// A workbook that is being written. Its cells are texts, which Excel does not run.
pub struct Sheet {
    workbook: Workbook,
    row: u32,
}

impl Sheet {
    /// With the titles.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn begin(columns: &Columns) -> Result<Self> {
        let mut workbook = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(|e| broken(&e))?;
        for (column, title) in (0..).zip(&columns.titles) {
            sheet.write_string_with_format(0, column, title, &bold).map_err(|e| broken(&e))?;
        }
        Ok(Self { workbook, row: 1 })
    }

    /// Adds people.
    ///
    /// # Errors
    /// [`Error::Conflict`] over [`XLSX_ROWS_MAX`], or when the disk is full.
    pub fn add(&mut self, app: &App, columns: &Columns, rows: &[Row]) -> Result<()> {
        let sheet = self.workbook.worksheet_from_index(0).map_err(|e| broken(&e))?;
        for row in rows {
            for (column, cell) in (0..).zip(columns.cells(app, row)) {
                sheet.write_string(self.row, column, cell).map_err(|e| broken(&e))?;
            }
            self.row += 1;
        }
        Ok(())
    }

    /// The file, without a name. Blocks.
    ///
    /// # Errors
    /// When the disk is full.
    pub fn end(mut self) -> Result<File> {
        let file = tempfile::tempfile().map_err(|error| full(&error))?;
        let mut file = io::BufWriter::new(file);
        self.workbook.save_to_writer(&mut file).map_err(|error| broken(&error))?;
        let mut file = file.into_inner().map_err(|error| full(error.error()))?;
        file.seek(SeekFrom::Start(0)).map_err(|error| full(&error))?;
        Ok(file)
    }
}

fn broken(error: &XlsxError) -> Error {
    Error::Conflict(format!("the workbook cannot be written: {error}"))
}

fn full(error: &io::Error) -> Error {
    Error::Conflict(format!("the workbook cannot be written: {error}"))
}
