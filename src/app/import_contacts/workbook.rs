//! A sheet of a workbook (XLSX) as the text that the import reads: one line per row, so that the
//! number of a line is that of the row.

use std::{
    fs::File,
    io::{self, BufWriter, Read, Seek, SeekFrom, Write},
};

use calamine::{DataRef, ExcelDateTime, Reader as _, Xlsx};

use super::{COLUMNS_MAX, ImportError};

/// Parts of a workbook.
const PARTS_MAX: usize = 2_000;
/// Octets of all parts, unpacked.
const UNPACKED_OCTETS_MAX: u64 = 2 << 30;
/// Octets of the table of texts, which is held in memory.
const TEXTS_OCTETS_MAX: u64 = 128 << 20;
/// How many times larger a part may become when it is unpacked; a sheet of numbers grows tenfold.
const GROWTH_MAX: u64 = 200;
/// Octets of the text that a sheet becomes.
const TEXT_OCTETS_MAX: u64 = 1 << 30;

/// Whether a file begins as a workbook does.
#[must_use]
pub fn is_workbook(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// An opened workbook.
pub struct Workbook {
    inner: Xlsx<io::BufReader<File>>,
}

impl Workbook {
    /// Opens a workbook after it was looked into: what would unpack to more than its limits is
    /// refused before it is held in memory (ASVS 5.2.3). Blocks.
    ///
    /// # Errors
    /// [`ImportError::Workbook`]; [`ImportError::Read`].
    pub fn open(file: File) -> Result<Self, ImportError> {
        let mut file = io::BufReader::new(file);
        look_into(&mut file)?;
        file.seek(SeekFrom::Start(0)).map_err(ImportError::Read)?;
        let inner = Xlsx::new(file).map_err(|_| unusable("it is damaged, or not an XLSX file"))?;
        Ok(Self { inner })
    }

    /// The names of the sheets, in order.
    #[must_use]
    pub fn sheets(&self) -> Vec<String> {
        self.inner.sheet_names()
    }

    /// A sheet, by default the first, as UTF-8 with commas, in a file without a name. Blocks.
    ///
    /// # Errors
    /// [`ImportError::Workbook`] for a sheet that is not there or damaged or too large;
    /// [`ImportError::TooManyColumns`]; [`ImportError::Read`].
    pub fn text(&mut self, sheet: Option<&str>) -> Result<(File, u64), ImportError> {
        let name = match sheet {
            Some(name) => name.to_owned(),
            None => self.sheets().into_iter().next().ok_or_else(|| unusable("it has no sheet"))?,
        };
        let mut cells = self
            .inner
            .worksheet_cells_reader(&name)
            .map_err(|_| unusable("it has no such sheet of rows and columns"))?;
        let file = tempfile::tempfile().map_err(ImportError::Read)?;
        let mut lines = Lines::new(BufWriter::new(file));
        let damaged = || unusable("the sheet is damaged");
        while let Some(cell) = cells.next_cell().map_err(|_| damaged())? {
            let text = text(cell.get_value());
            if !text.is_empty() {
                lines.put(cell.get_position(), &text)?;
            }
        }
        lines.finish()
    }
}

const fn unusable(what: &'static str) -> ImportError {
    ImportError::Workbook { what }
}

/// Unpacks every part into nothing, counting.
fn look_into(file: &mut (impl Read + Seek)) -> Result<(), ImportError> {
    let damaged = "it is damaged, or not an XLSX file";
    let mut archive = zip::ZipArchive::new(file).map_err(|_| unusable(damaged))?;
    if archive.len() > PARTS_MAX {
        return Err(unusable("it has too many parts"));
    }
    let mut left = UNPACKED_OCTETS_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| unusable(damaged))?;
        let name = part.name().map_err(|_| unusable(damaged))?.to_ascii_lowercase();
        let holds_texts = name.ends_with("sharedstrings.xml");
        let grown = part.compressed_size().saturating_mul(GROWTH_MAX).max(1 << 20);
        let most = if holds_texts { TEXTS_OCTETS_MAX } else { left }.min(grown).min(left);
        let octets =
            io::copy(&mut part.take(most + 1), &mut io::sink()).map_err(|_| unusable(damaged))?;
        if octets > most {
            return Err(unusable("it is much larger inside than it looks"));
        }
        left -= octets;
    }
    Ok(())
}

/// A cell as it would stand in a text file.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            on_one_line(text)
        }
        DataRef::SharedString(text) => on_one_line(text),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::Bool(is) => if *is { "1" } else { "0" }.to_owned(),
        DataRef::DateTime(time) if time.is_datetime() => date(*time),
        DataRef::DateTime(time) => time.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
    }
}

fn on_one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

fn date(time: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    if (hour, minute, second) == (0, 0, 0) {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Writes cells, row by row.
struct Lines<W: Write> {
    target: W,
    row: u32,
    column: usize,
    octets: u64,
}

impl Lines<BufWriter<File>> {
    const fn new(target: BufWriter<File>) -> Self {
        Self { target, row: 0, column: 0, octets: 0 }
    }

    fn finish(mut self) -> Result<(File, u64), ImportError> {
        self.write("\n")?;
        let mut file =
            self.target.into_inner().map_err(|error| ImportError::Read(error.into_error()))?;
        file.seek(SeekFrom::Start(0)).map_err(ImportError::Read)?;
        Ok((file, self.octets))
    }
}

impl<W: Write> Lines<W> {
    fn put(&mut self, (row, column): (u32, u32), text: &str) -> Result<(), ImportError> {
        let column = column as usize;
        if row < self.row || (row == self.row && column < self.column) {
            return Err(unusable("the cells of the sheet are in no order"));
        }
        if column >= COLUMNS_MAX {
            return Err(ImportError::TooManyColumns { columns: column + 1 });
        }
        while self.row < row {
            self.write("\n")?;
            (self.row, self.column) = (self.row + 1, 0);
        }
        while self.column < column {
            self.write(",")?;
            self.column += 1;
        }
        if text.contains([',', '"']) {
            self.write(&format!("\"{}\"", text.replace('"', "\"\"")))
        } else {
            self.write(text)
        }
    }

    fn write(&mut self, text: &str) -> Result<(), ImportError> {
        self.octets += text.len() as u64;
        if self.octets > TEXT_OCTETS_MAX {
            return Err(unusable("the sheet is too large"));
        }
        self.target.write_all(text.as_bytes()).map_err(ImportError::Read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use rust_xlsxwriter::{ExcelDateTime as Date, Format, Workbook as Writer};

    use super::*;

    fn saved(writer: &mut Writer) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&writer.save_to_buffer().unwrap()).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        file
    }

    fn read(file: File, sheet: Option<&str>) -> String {
        let (mut file, octets) = Workbook::open(file).unwrap().text(sheet).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text.len() as u64, octets);
        text
    }

    #[test]
    fn a_sheet_is_read_row_by_row_with_dates_and_whole_numbers() {
        let mut writer = Writer::new();
        let dates = Format::new().set_num_format("dd.mm.yyyy");
        let sheet = writer.add_worksheet();
        for (column, name) in ["email", "name", "consent_given_at", "id"].iter().enumerate() {
            sheet.write(0, u16::try_from(column).unwrap(), *name).unwrap();
        }
        sheet.write(2, 0, "aigul@example.kz").unwrap();
        sheet.write(2, 1, "Сейтқали, \"Айгүл\"\nА.").unwrap();
        let day = Date::from_ymd(2025, 3, 1).unwrap();
        sheet.write_with_format(2, 2, day, &dates).unwrap();
        sheet.write(2, 3, 17).unwrap();
        writer.add_worksheet().set_name("Екінші").unwrap().write(0, 0, "b").unwrap();
        let file = saved(&mut writer);
        let again = file.try_clone().unwrap();
        assert_eq!(
            read(file, None),
            "email,name,consent_given_at,id\n\n\
             aigul@example.kz,\"Сейтқали, \"\"Айгүл\"\" А.\",2025-03-01,17\n"
        );
        assert_eq!(read(again, Some("Екінші")), "b\n");
    }

    #[test]
    fn what_is_much_larger_inside_than_it_looks_is_refused() {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default();
        archive.start_file("xl/worksheets/sheet1.xml", packed).unwrap();
        archive.write_all(&vec![b' '; 64 << 20]).unwrap();
        let mut bomb = archive.finish().unwrap();
        bomb.set_position(0);
        let error = look_into(&mut bomb).unwrap_err();
        assert!(matches!(error, ImportError::Workbook { what } if what.contains("larger inside")));
    }

    #[test]
    fn too_many_columns_and_damaged_files_are_refused() {
        let mut writer = Writer::new();
        writer.add_worksheet().write(0, 300, "x").unwrap();
        let error = Workbook::open(saved(&mut writer)).unwrap().text(None).unwrap_err();
        assert!(matches!(error, ImportError::TooManyColumns { columns: 301 }));
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"PK\x03\x04 and then nothing").unwrap();
        assert!(matches!(Workbook::open(file), Err(ImportError::Workbook { .. })));
    }
}
