//! Rows of more columns than a tuple can bear, read by name from either database; and the small
//! translations that columns need.

use crate::domain::words::UnknownWord;

use super::{Error, Result};

/// Declares a struct that is read from a row of either database by its fields' names.
macro_rules! row {
    ($(#[$doc:meta])* $vis:vis struct $name:ident { $($field:ident: $type:ty),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug)]
        $vis struct $name { $($field: $type),+ }

        $crate::store::row::row!(@read $name, sqlx::sqlite::SqliteRow, $($field: $type),+);
        $crate::store::row::row!(@read $name, sqlx::postgres::PgRow, $($field: $type),+);
    };
    (@read $name:ident, $row:ty, $($field:ident: $type:ty),+) => {
        impl sqlx::FromRow<'_, $row> for $name {
            fn from_row(row: &$row) -> sqlx::Result<Self> {
                use sqlx::Row as _;
                Ok(Self { $($field: row.try_get(stringify!($field))?),+ })
            }
        }
    };
}
pub(super) use row;

/// A stable word of a column.
pub(super) fn word<T: std::str::FromStr<Err = UnknownWord>>(
    table: &'static str,
    text: &str,
) -> Result<T> {
    text.parse().map_err(|error: UnknownWord| Error::unreadable(table, error.to_string()))
}

/// A key or code of a column.
pub(super) fn parsed<T: std::str::FromStr>(table: &'static str, text: &str) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error: T::Err| Error::unreadable(table, error.to_string()))
}

/// A hash of a column.
pub(super) fn hash(table: &'static str, bytes: &[u8]) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| Error::unreadable(table, "a hash is not 32 octets long"))
}

/// Ids as SQLite's `json_each` takes them.
pub(super) fn hex_list(ids: &[uuid::Uuid]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("\"{}\"", id.simple())).collect();
    format!("[{}]", quoted.join(","))
}

/// Hashes as SQLite's `json_each` takes them.
pub(super) fn hex_hashes(hashes: &[[u8; 32]]) -> String {
    let quoted: Vec<String> =
        hashes.iter().map(|hash| format!("\"{}\"", data_encoding::HEXLOWER.encode(hash))).collect();
    format!("[{}]", quoted.join(","))
}

/// Runs a query over the rows whose column is among the UUIDs `$1`. The text is `before`, the
/// condition in the database's own words, `after`.
macro_rules! among {
    ($conn:expr, $make:ident, $before:literal, $ids:expr, $after:literal, $query:ident, $db:ident => $body:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($db) => {
                let text = concat!($before, " IN (SELECT unhex(value) FROM json_each($1))", $after);
                let $query = sqlx::$make(text).bind($crate::store::row::hex_list($ids));
                $body
            }
            $crate::store::Conn::Postgres($db) => {
                let $query =
                    sqlx::$make(concat!($before, " = ANY($1)", $after)).bind($ids.to_vec());
                $body
            }
        }
    };
}
pub(super) use among;
