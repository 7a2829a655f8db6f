//! Codes for whoever has lost the second factor, each good for once.

use chrono::{DateTime, Utc};

use crate::{
    domain::id::UserId,
    store::{Conn, Result, on},
};

/// Keeps the hashes of new codes; earlier ones are gone.
///
/// # Errors
/// The database's.
pub async fn replace(mut conn: Conn<'_>, user: UserId, hashes: &[[u8; 32]]) -> Result<()> {
    on!(conn.again(), db => {
        sqlx::query("DELETE FROM recovery_code WHERE user_id = $1")
            .bind(user.0)
            .execute(db)
            .await
            .map(drop)
    })?;
    for hash in hashes {
        on!(conn.again(), db => {
            sqlx::query("INSERT INTO recovery_code (user_id, code_hash) VALUES ($1, $2)")
                .bind(user.0)
                .bind(hash.as_slice())
                .execute(db)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}

/// Uses a code. `false` when there is no such code or it was used before.
///
/// # Errors
/// The database's.
pub async fn take(
    conn: Conn<'_>,
    user: UserId,
    hash: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE recovery_code SET used_at = $3 \
             WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL",
        )
        .bind(user.0)
        .bind(hash.as_slice())
        .bind(now)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// How many codes are left.
///
/// # Errors
/// The database's.
pub async fn left(conn: Conn<'_>, user: UserId) -> Result<i64> {
    let (left,): (i64,) = on!(conn, db => {
        sqlx::query_as("SELECT count(*) FROM recovery_code WHERE user_id = $1 AND used_at IS NULL")
            .bind(user.0)
            .fetch_one(db)
            .await
    })?;
    Ok(left)
}
