//! People by what somebody typed and by an audience: a page at a time.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use crate::{
    domain::{
        audience::Audience,
        contact::Contact,
        finding::{BEGINNINGS, Typed},
        id::ContactId,
    },
    store::{Conn, Result, contact, on, row::row},
};

use super::{
    condition::{Condition, Value, bind_all},
    resolve,
};

/// Whom somebody looks for.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// Who is meant.
    pub audience: &'a Audience,
    /// What was typed.
    pub typed: Option<&'a Typed>,
    /// When it is asked.
    pub now: DateTime<Utc>,
}

/// After whom a page begins. As text it names no person but by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cursor {
    /// Of all, the newest first: before this one.
    Newest(ContactId),
    /// Of SQLite's full-text index: before this row.
    Row(i64),
    /// Of PostgreSQL's ranges of beginnings: in this one, after this person.
    Range(usize, ContactId),
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newest(id) => write!(f, "n{id}"),
            Self::Row(number) => write!(f, "r{number}"),
            Self::Range(range, id) => write!(f, "{range}{id}"),
        }
    }
}

/// Not a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a place in a list")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let kind = text.chars().next().ok_or(NotACursor)?;
        let rest = text.get(kind.len_utf8()..).ok_or(NotACursor)?;
        let id = || rest.parse().map_err(|_| NotACursor);
        match kind {
            'n' => Ok(Self::Newest(id()?)),
            'r' => rest.parse().map(Self::Row).map_err(|_| NotACursor),
            digit => {
                let range = digit.to_digit(10).ok_or(NotACursor)? as usize;
                if range < RANGES { Ok(Self::Range(range, id()?)) } else { Err(NotACursor) }
            }
        }
    }
}

/// Somebody who was found.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Who.
    pub contact: Contact,
    /// Whether the address must not be mailed.
    pub is_suppressed: bool,
    /// Since when they are known.
    pub created_at: DateTime<Utc>,
    /// After whom the next page begins, if this is the last of a page.
    pub cursor: Cursor,
}

row! {
    struct ListedRow {
        id: Uuid,
        suppressed: bool,
        created_at: DateTime<Utc>,
        place: i64,
    }
}

/// Up to `limit` people, in an order of the index that is used.
///
/// # Errors
/// As [`resolve`]; the database's.
pub async fn find(
    mut conn: Conn<'_>,
    search: Search<'_>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let audience = resolve(conn.again(), search.audience).await?;
    let search = Search { audience: &audience, ..search };
    match (&conn, search.typed) {
        (_, None) => {
            let before = match after {
                Some(Cursor::Newest(id)) => Some(id),
                _ => None,
            };
            newest(conn, search, before, limit).await
        }
        (Conn::Sqlite(_), Some(typed)) => {
            let before = match after {
                Some(Cursor::Row(number)) => number,
                _ => i64::MAX,
            };
            by_words(conn, search, typed, before, limit).await
        }
        (Conn::Postgres(_), Some(typed)) => by_beginnings(conn, search, typed, after, limit).await,
    }
}

/// How many are meant.
///
/// # Errors
/// As [`resolve`]; the database's.
pub async fn count(mut conn: Conn<'_>, audience: &Audience, now: DateTime<Utc>) -> Result<i64> {
    let audience = resolve(conn.again(), audience).await?;
    let mut condition = Condition::new(matches!(conn, Conn::Sqlite(_)), now, Vec::new());
    condition.audience(&audience);
    let text = format!("SELECT count(*) FROM contact c WHERE {}", condition.text);
    let (n,): (i64,) = on!(conn, db => {
        bind_all!(sqlx::query_as(AssertSqlSafe(text)), condition.values).fetch_one(db).await
    })?;
    Ok(n)
}

const COLUMNS: &str = "c.id, c.created_at, EXISTS (SELECT 1 FROM suppression s \
    WHERE s.address_hash = c.address_hash AND (s.ends_at IS NULL OR s.ends_at > $1)) AS suppressed";

/// A query that begins with `$1` now.
fn begin(conn: &Conn<'_>, now: DateTime<Utc>, place: &str, from: &str) -> Condition {
    let mut query = Condition::new(matches!(conn, Conn::Sqlite(_)), now, vec![Value::Time(now)]);
    query.push(&format!("SELECT {COLUMNS}, {place} AS place FROM {from} WHERE "));
    query
}

async fn newest(
    conn: Conn<'_>,
    search: Search<'_>,
    before: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let mut query = begin(&conn, search.now, "CAST(0 AS BIGINT)", "contact c");
    query.audience(search.audience);
    if let Some(before) = before {
        query.push(" AND c.id < ");
        query.bind(Value::Id(before.0));
    }
    query.push(" ORDER BY c.id DESC LIMIT ");
    query.bind(Value::Number(limit));
    fetch(conn, query, |row| Cursor::Newest(ContactId(row.id))).await
}

async fn by_words(
    conn: Conn<'_>,
    search: Search<'_>,
    typed: &Typed,
    before: i64,
    limit: i64,
) -> Result<Vec<Listed>> {
    let words: Vec<String> = typed.words.iter().map(|word| format!("\"{word}\" *")).collect();
    let from = "contact_find f JOIN contact c ON c.id = f.contact_id";
    let mut query = begin(&conn, search.now, "f.rowid", from);
    query.push("contact_find MATCH ");
    query.bind(Value::Text(words.join(" ")));
    query.push(" AND f.rowid < ");
    query.bind(Value::Number(before));
    if let Some(address) = typed.address.as_ref().filter(|_| typed.is_address) {
        query.push(" AND substr(lower(c.address), 1, length(");
        query.bind(Value::Text(address.clone()));
        query.push(")) = ");
        query.bind(Value::Text(address.clone()));
    }
    query.push(" AND ");
    query.audience(search.audience);
    query.push(" ORDER BY f.rowid DESC LIMIT ");
    query.bind(Value::Number(limit));
    fetch(conn, query, |row| Cursor::Row(row.place)).await
}

/// Columns of PostgreSQL's `contact_find`, each a range of beginnings.
const RANGE_COLUMNS: [&str; RANGES] = ["address", "find_1", "find_2", "find_3", "external"];
const RANGES: usize = BEGINNINGS + 2;

/// One range after the other until the page is full. Who stands in an earlier one is left out of
/// a later one.
async fn by_beginnings(
    mut conn: Conn<'_>,
    search: Search<'_>,
    typed: &Typed,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Listed>> {
    let (first, mut after) = match after {
        Some(Cursor::Range(range, id)) => (range, Some(id)),
        _ => (0, None),
    };
    let mut found: Vec<Listed> = Vec::new();
    for range in first..RANGES {
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        if left > 0 && beginning(typed, range).is_some() {
            found.extend(one_range(conn.again(), search, typed, (range, after), left).await?);
        }
        after = None;
    }
    Ok(found)
}

/// What the values of a range must begin with.
fn beginning(typed: &Typed, range: usize) -> Option<&str> {
    match range {
        0 => typed.address.as_deref(),
        _ if typed.is_address => None,
        4 => Some(&typed.external),
        _ => typed.words.first().map(String::as_str),
    }
}

async fn one_range(
    mut conn: Conn<'_>,
    search: Search<'_>,
    typed: &Typed,
    (range, after): (usize, Option<ContactId>),
    limit: i64,
) -> Result<Vec<Listed>> {
    let column = RANGE_COLUMNS[range];
    let from = "contact_find f JOIN contact c ON c.id = f.contact_id";
    let mut query = begin(&conn, search.now, "CAST(0 AS BIGINT)", from);
    within(&mut query, typed, range);
    for earlier in 0..range {
        if beginning(typed, earlier).is_some() {
            query.push(" AND (");
            within(&mut query, typed, earlier);
            query.push(") IS NOT TRUE");
        }
    }
    if let Some(after) = after {
        let text = format!("SELECT {column} FROM contact_find WHERE contact_id = $1");
        let key: Option<(Option<String>,)> = on!(conn.again(), db => {
            sqlx::query_as(AssertSqlSafe(text)).bind(after.0).fetch_optional(db).await
        })?;
        query.push(&format!(" AND (f.{column}, f.contact_id) > ("));
        query.bind(Value::Text(key.and_then(|(key,)| key).unwrap_or_default()));
        query.push(", ");
        query.bind(Value::Id(after.0));
        query.push(")");
    }
    query.push(" AND ");
    query.audience(search.audience);
    query.push(&format!(" ORDER BY f.{column}, f.contact_id LIMIT "));
    query.bind(Value::Number(limit));
    fetch(conn, query, |row| Cursor::Range(range, ContactId(row.id))).await
}

fn within(query: &mut Condition, typed: &Typed, range: usize) {
    let (column, text) = (RANGE_COLUMNS[range], beginning(typed, range).unwrap_or_default());
    query.push(&format!("f.{column} >= "));
    query.bind(Value::Text(text.to_owned()));
    query.push(&format!(" AND f.{column} < "));
    query.bind(Value::Text(format!("{text}\u{10ffff}")));
    if (1..=BEGINNINGS).contains(&range) {
        for word in typed.words.iter().skip(1) {
            query.push(&format!(" AND strpos(f.{column}, "));
            query.bind(Value::Text(format!(" {word}")));
            query.push(") > 0");
        }
    }
}

async fn fetch(
    mut conn: Conn<'_>,
    query: Condition,
    cursor: impl Fn(&ListedRow) -> Cursor,
) -> Result<Vec<Listed>> {
    let (text, values) = (query.text, query.values);
    let rows: Vec<ListedRow> = on!(conn.again(), db => {
        bind_all!(sqlx::query_as(AssertSqlSafe(text)), values).fetch_all(db).await
    })?;
    let ids: Vec<ContactId> = rows.iter().map(|row| ContactId(row.id)).collect();
    let mut contacts = contact::by_ids(conn, &ids).await?;
    let listed = rows.into_iter().filter_map(|row| {
        Some(Listed {
            contact: contacts.remove(&ContactId(row.id))?,
            is_suppressed: row.suppressed,
            created_at: row.created_at,
            cursor: cursor(&row),
        })
    });
    Ok(listed.collect())
}
