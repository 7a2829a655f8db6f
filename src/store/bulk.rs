//! Many rows in one statement: several lists of values on SQLite, an array per column on PostgreSQL.

use sqlx::AssertSqlSafe;

/// Rows per statement on SQLite. A text is prepared once per connection and size, so sizes are
/// few. 500 rows of 24 columns are 12,000 parameters; SQLite allows 32,766.
const SIZES: [usize; 3] = [500, 100, EXACT_MAX];
/// So few rows go in one statement, whatever their number: what senders have to record at a time.
const EXACT_MAX: usize = 32;

/// The rows in parts that have one of a few sizes.
pub(super) fn parts<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len()).unwrap_or(rows.len());
        let (part, rest) = rows.split_at(size);
        rows = rest;
        (!part.is_empty()).then_some(part)
    })
}

/// `before`, a list of values for each row, `after`. The parts of the text are the program's own.
pub(super) fn values(
    before: &'static str,
    columns: usize,
    rows: usize,
    after: &'static str,
) -> AssertSqlSafe<String> {
    let row = format!("({})", vec!["?"; columns].join(","));
    AssertSqlSafe(format!("{before} VALUES {} {after}", vec![row.as_str(); rows].join(",")))
}

/// One column of the rows, as PostgreSQL's `UNNEST` takes it.
pub(super) fn column<'a, T, V>(rows: &'a [T], value: impl FnMut(&'a T) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}
