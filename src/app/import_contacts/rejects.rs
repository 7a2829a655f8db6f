//! The rejects file: what was not taken, where and why, to be mended in the source.

use std::{borrow::Cow, io::Write};

use super::reject::Reject;

/// Writes rejects as CSV with the columns `line`, `column`, `reason`, `code`: one line per fault,
/// never a cell's content. It begins with a byte order mark, without which Excel garbles Kazakh.
pub struct RejectsWriter<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> RejectsWriter<W> {
    /// Writes the first line.
    ///
    /// # Errors
    /// When the target fails.
    pub fn new(mut target: W) -> csv::Result<Self> {
        target.write_all("\u{feff}".as_bytes())?;
        let mut csv = csv::Writer::from_writer(target);
        csv.write_record(["line", "column", "reason", "code"])?;
        Ok(Self { csv })
    }

    /// Writes one row's faults.
    ///
    /// # Errors
    /// When the target fails.
    pub fn write(&mut self, reject: &Reject) -> csv::Result<()> {
        let line = reject.line.to_string();
        for fault in &reject.faults {
            let column = fault.column.as_ref().map_or("", |column| &column.name);
            let reason = fault.reason.to_string();
            let cells = [&line, column, &reason, fault.reason.code()];
            self.csv.write_record(cells.map(formula_safe).iter().map(|cell| cell.as_bytes()))?;
        }
        Ok(())
    }

    /// Writes what is still in memory and gives the target back.
    ///
    /// # Errors
    /// When the target fails.
    pub fn finish(self) -> csv::Result<W> {
        self.csv.into_inner().map_err(|error| error.into_error().into())
    }
}

/// A cell that a spreadsheet will not run: one that begins like a formula gets a `'` before it
/// (OWASP ASVS 5.0, 1.2.10).
#[must_use]
pub fn formula_safe(cell: &str) -> Cow<'_, str> {
    match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\0' | '＝' | '＋' | '－' | '＠') => {
            Cow::Owned(format!("'{cell}"))
        }
        _ => Cow::Borrowed(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Column, Fault, Reason},
        *,
    };
    use crate::domain::{address::BadAddress, forbidden::ForbiddenKind};

    #[test]
    fn a_reject_names_line_column_and_reason_per_fault() {
        let mut writer = RejectsWriter::new(Vec::new()).unwrap();
        let column = |number, name: &str| Some(Column { number, name: name.into() });
        let faults = vec![
            Fault { column: column(2, "=cmd()"), reason: Reason::Address(BadAddress::Empty) },
            Fault {
                column: column(3, "Ескерту"), reason: Reason::Forbidden(ForbiddenKind::Iin)
            },
            Fault { column: None, reason: Reason::TooManyCells },
        ];
        writer.write(&Reject { line: 7, faults }).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "\u{feff}line,column,reason,code\n\
             7,'=cmd(),the address is empty: write one address in this cell,address_missing\n\
             7,Ескерту,\"holds an individual identification number (IIN), which must not be brought \
             in: delete it from the cell\",forbidden_data\n\
             7,,the row has more cells than there are columns: put cells that hold the delimiter in \
             quotation marks,too_many_cells\n"
        );
    }

    #[test]
    fn a_cell_that_begins_like_a_formula_is_disarmed() {
        for cell in ["=1+1", "+77011234567", "-1", "@SUM", "\tx", "＝1"] {
            assert_eq!(formula_safe(cell), format!("'{cell}"));
        }
        assert_eq!(formula_safe("a=b"), "a=b");
        assert_eq!(formula_safe(""), "");
    }
}
