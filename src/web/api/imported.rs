//! What became of a file, as JSON.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::import_contacts::{Imported, News, Tally};

/// Rejects, and notes, that an answer holds; the tally counts all.
const TOLD_MAX: usize = 500;

/// What became of a file.
#[derive(Serialize, ToSchema)]
pub(super) struct ImportedView {
    /// The run, to which the evidence of its consents points; missing for a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    import_id: Option<Uuid>,
    /// How the file writes its characters.
    #[schema(example = "utf-8")]
    encoding: String,
    /// What stands between its cells.
    #[schema(example = "comma")]
    delimiter: String,
    /// Columns that nothing was taken from.
    ignored_columns: Vec<String>,
    /// Counts. Each row is one of `rejected`, `new`, `updated`, `unchanged`, `repeated`, `blocked`,
    /// `erased`; each consent that a row claims one of `given`, `renewed`, `recorded_before`,
    /// `without_evidence`, `objected`, `suppressed`, `left_out`. Of the recorded consents,
    /// `expired` and `needs_reconfirmation` permit no mail; `declined` counts purposes that rows
    /// say no to.
    #[schema(value_type = Object, example = json!({"new": 1204, "given": 1180, "without_evidence": 24, "rejected": 3}))]
    tally: Tally,
    /// The first 500 rows that were not taken.
    rejects: Vec<RowView>,
    /// The first 500 remarks about rows that were taken.
    notes: Vec<RowView>,
}

/// Something about a row.
#[derive(Serialize, ToSchema)]
pub(super) struct RowView {
    /// The line of the file on which the row begins, from 1.
    #[schema(example = 17)]
    line: u64,
    /// The cell's column, or the purpose that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "email")]
    place: Option<String>,
    /// What there is to know.
    #[schema(example = "this is not an address of the form name@domain.tld")]
    message: String,
}

/// Gathers what an import tells while it goes on.
#[derive(Default)]
pub(super) struct Tidings {
    encoding: String,
    delimiter: String,
    ignored_columns: Vec<String>,
    rejects: Vec<RowView>,
    notes: Vec<RowView>,
}

impl Tidings {
    /// Keeps what an answer tells.
    pub(super) fn hear(&mut self, news: &News<'_>) {
        match news {
            News::Opened(report) => {
                self.encoding = report.encoding.to_string();
                self.delimiter = report.delimiter.to_string();
                self.ignored_columns = report.ignored().map(str::to_owned).collect();
            }
            News::Rejected(reject) => {
                let faults = reject.faults.iter().map(|fault| RowView {
                    line: reject.line,
                    place: fault.column.as_ref().map(|column| column.name.to_string()),
                    message: fault.reason.to_string(),
                });
                let room = TOLD_MAX.saturating_sub(self.rejects.len());
                self.rejects.extend(faults.take(room));
            }
            News::Noted(note) if self.notes.len() < TOLD_MAX => self.notes.push(RowView {
                line: note.line,
                place: note.of.as_ref().map(|of| of.purpose.clone()),
                message: note.remark.to_string(),
            }),
            News::Noted(_) | News::Recorded { .. } | News::Progress { .. } => {}
        }
    }

    /// The whole, when the import is over.
    pub(super) fn told(self, imported: Imported) -> ImportedView {
        ImportedView {
            import_id: imported.id.map(|id| id.0),
            encoding: self.encoding,
            delimiter: self.delimiter,
            ignored_columns: self.ignored_columns,
            tally: imported.tally,
            rejects: self.rejects,
            notes: self.notes,
        }
    }
}
