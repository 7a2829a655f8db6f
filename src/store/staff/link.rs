//! Links with which a person sets a password, once.

use chrono::{DateTime, Utc};

use crate::{
    domain::id::UserId,
    store::{Conn, Result, on},
};

/// Keeps a new link by the hash of its secret; earlier ones of that person end.
///
/// # Errors
/// The database's.
pub async fn replace(
    mut conn: Conn<'_>,
    hash: &[u8; 32],
    user: UserId,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    on!(conn.again(), db => {
        sqlx::query("UPDATE staff_link SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL")
            .bind(user.0)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
    })?;
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO staff_link (token_hash, user_id, created_at, expires_at) \
             VALUES ($1, $2, $3, $4)",
        )
        .bind(hash.as_slice())
        .bind(user.0)
        .bind(now)
        .bind(expires_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Whose link this is, if it may still be used.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, hash: &[u8; 32], now: DateTime<Utc>) -> Result<Option<UserId>> {
    let row: Option<(uuid::Uuid,)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT user_id FROM staff_link \
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(hash.as_slice())
        .bind(now)
        .fetch_optional(db)
        .await
    })?;
    Ok(row.map(|(id,)| UserId(id)))
}

/// Uses a link. `false` when somebody was first or it has expired.
///
/// # Errors
/// The database's.
pub async fn take(conn: Conn<'_>, hash: &[u8; 32], now: DateTime<Utc>) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE staff_link SET used_at = $2 \
             WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2",
        )
        .bind(hash.as_slice())
        .bind(now)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}
