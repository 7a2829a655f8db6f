//! Wrong passwords and codes in a row.

use chrono::{DateTime, Utc};

use crate::store::{Conn, Result, on};

/// Wrong attempts in a row at an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the latest was.
    pub last_at: DateTime<Utc>,
}

/// The wrong attempts at an account; `None` when the latest was right.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, account: &[u8; 32]) -> Result<Option<Failures>> {
    let row: Option<(i64, DateTime<Utc>)> = on!(conn, db => {
        sqlx::query_as("SELECT failures, last_at FROM sign_in_failure WHERE account_hash = $1")
            .bind(account.as_slice())
            .fetch_optional(db)
            .await
    })?;
    Ok(row.map(|(count, last_at)| Failures {
        count: u32::try_from(count).unwrap_or(u32::MAX),
        last_at,
    }))
}

/// Counts a wrong attempt.
///
/// # Errors
/// The database's.
pub async fn count(conn: Conn<'_>, account: &[u8; 32], now: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO sign_in_failure (account_hash, failures, last_at) VALUES ($1, 1, $2) \
             ON CONFLICT (account_hash) DO UPDATE \
             SET failures = sign_in_failure.failures + 1, last_at = excluded.last_at",
        )
        .bind(account.as_slice())
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Forgets the wrong attempts at an account: the latest was right.
///
/// # Errors
/// The database's.
pub async fn forget(conn: Conn<'_>, account: &[u8; 32]) -> Result<()> {
    on!(conn, db => {
        sqlx::query("DELETE FROM sign_in_failure WHERE account_hash = $1")
            .bind(account.as_slice())
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Forgets attempts before a time, so that guesses at accounts do not fill the disk.
///
/// # Errors
/// The database's.
pub async fn forget_before(conn: Conn<'_>, before: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query("DELETE FROM sign_in_failure WHERE last_at < $1")
            .bind(before)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}
