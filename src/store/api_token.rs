//! API tokens: only the hash of the secret is kept.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::ApiTokenId;

use super::{Conn, Result, on};

/// One token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// What it is for, in the operator's words.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was ended.
    pub revoked_at: Option<DateTime<Utc>>,
}

type Row = (Uuid, String, DateTime<Utc>, Option<DateTime<Utc>>, Option<DateTime<Utc>>);

impl From<Row> for ApiToken {
    fn from((id, name, created_at, expires_at, revoked_at): Row) -> Self {
        Self { id: ApiTokenId(id), name, created_at, expires_at, revoked_at }
    }
}

/// Stores a token by the SHA-256 of its secret.
///
/// # Errors
/// The database's.
pub async fn insert(conn: Conn<'_>, token: &ApiToken, hash: &[u8; 32]) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO api_token (id, name, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(token.id.0)
        .bind(&token.name)
        .bind(hash.as_slice())
        .bind(token.created_at)
        .bind(token.expires_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The token with this hash, whether or not it still holds.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, hash: &[u8; 32]) -> Result<Option<ApiToken>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as(
            "SELECT id, name, created_at, expires_at, revoked_at FROM api_token WHERE hash = $1",
        )
        .bind(hash.as_slice())
        .fetch_optional(db)
        .await
    })?;
    Ok(row.map(ApiToken::from))
}

/// All tokens, newest first.
///
/// # Errors
/// The database's.
pub async fn all(conn: Conn<'_>) -> Result<Vec<ApiToken>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(
            "SELECT id, name, created_at, expires_at, revoked_at FROM api_token \
             ORDER BY created_at DESC, id DESC",
        )
        .fetch_all(db)
        .await
    })?;
    Ok(rows.into_iter().map(ApiToken::from).collect())
}

/// Ends a token. `false` when there is none such that still holds.
///
/// # Errors
/// The database's.
pub async fn revoke(conn: Conn<'_>, id: ApiTokenId, now: DateTime<Utc>) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query("UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL")
            .bind(id.0)
            .bind(now)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}
