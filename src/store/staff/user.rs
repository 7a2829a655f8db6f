//! People who work here.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::{
    domain::{
        id::UserId,
        staff::{Role, User},
    },
    store::{
        Conn, Result, on,
        row::{parsed, row},
    },
};

row! {
    struct Row {
        id: uuid::Uuid,
        address: String,
        name: String,
        language: String,
        roles: Json<BTreeSet<Role>>,
        has_password: bool,
        has_second_factor: bool,
        disabled_at: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
    }
}

impl TryFrom<Row> for User {
    type Error = crate::store::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: UserId(row.id),
            address: parsed("staff_user", &row.address)?,
            name: row.name,
            language: parsed("staff_user", &row.language)?,
            roles: row.roles.0,
            has_password: row.has_password,
            has_second_factor: row.has_second_factor,
            disabled_at: row.disabled_at,
            created_at: row.created_at,
        })
    }
}

macro_rules! select {
    ($after:literal) => {
        concat!(
            "SELECT id, address, name, language, roles, password_hash IS NOT NULL AS has_password, ",
            "totp_secret IS NOT NULL AS has_second_factor, disabled_at, created_at FROM staff_user ",
            $after
        )
    };
}

/// Adds somebody, without a password.
///
/// # Errors
/// The database's; a unique violation when the address is known.
pub async fn insert(conn: Conn<'_>, user: &User) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO staff_user (id, address, address_key, name, language, roles, created_at, \
             updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)",
        )
        .bind(user.id.0)
        .bind(user.address.as_str())
        .bind(user.address.key())
        .bind(&user.name)
        .bind(user.language.as_str())
        .bind(Json(&user.roles))
        .bind(user.created_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Keeps name, language, roles and whether they may sign in. `false` when there is no such user.
///
/// # Errors
/// The database's.
pub async fn update(conn: Conn<'_>, user: &User, now: DateTime<Utc>) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE staff_user SET name = $2, language = $3, roles = $4, disabled_at = $5, \
             updated_at = $6 WHERE id = $1",
        )
        .bind(user.id.0)
        .bind(&user.name)
        .bind(user.language.as_str())
        .bind(Json(&user.roles))
        .bind(user.disabled_at)
        .bind(now)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// The user with this id.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: UserId) -> Result<Option<User>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as(select!("WHERE id = $1")).bind(id.0).fetch_optional(db).await
    })?;
    row.map(User::try_from).transpose()
}

/// The user with this [`key`](crate::domain::address::Address::key) of an address.
///
/// # Errors
/// The database's.
pub async fn find_by_address(conn: Conn<'_>, key: &str) -> Result<Option<User>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as(select!("WHERE address_key = $1")).bind(key).fetch_optional(db).await
    })?;
    row.map(User::try_from).transpose()
}

/// Everybody, by name: an institution's staff fits on a page.
///
/// # Errors
/// The database's.
pub async fn all(conn: Conn<'_>) -> Result<Vec<User>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(select!("ORDER BY name, id")).fetch_all(db).await
    })?;
    rows.into_iter().map(User::try_from).collect()
}

/// The hash of somebody's password.
///
/// # Errors
/// The database's.
pub async fn password_hash(conn: Conn<'_>, id: UserId) -> Result<Option<String>> {
    let row: Option<(Option<String>,)> = on!(conn, db => {
        sqlx::query_as("SELECT password_hash FROM staff_user WHERE id = $1")
            .bind(id.0)
            .fetch_optional(db)
            .await
    })?;
    Ok(row.and_then(|(hash,)| hash))
}

/// Keeps the hash of a new password.
///
/// # Errors
/// The database's.
pub async fn set_password_hash(
    conn: Conn<'_>,
    id: UserId,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query("UPDATE staff_user SET password_hash = $2, updated_at = $3 WHERE id = $1")
            .bind(id.0)
            .bind(hash)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// A second factor as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// The step of the latest code that was taken: no code works twice (ASVS 5.0, 6.5.1).
    pub step: i64,
}

/// Somebody's second factor.
///
/// # Errors
/// The database's.
pub async fn second_factor(conn: Conn<'_>, id: UserId) -> Result<Option<SecondFactor>> {
    let row: Option<(Option<Vec<u8>>, Option<i64>)> = on!(conn, db => {
        sqlx::query_as("SELECT totp_secret, totp_step FROM staff_user WHERE id = $1")
            .bind(id.0)
            .fetch_optional(db)
            .await
    })?;
    Ok(row.and_then(|(sealed, step)| Some(SecondFactor { sealed: sealed?, step: step? })))
}

/// Keeps somebody's second factor, or that there is none any more.
///
/// # Errors
/// The database's.
pub async fn set_second_factor(
    conn: Conn<'_>,
    id: UserId,
    factor: Option<&SecondFactor>,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "UPDATE staff_user SET totp_secret = $2, totp_step = $3, updated_at = $4 WHERE id = $1",
        )
        .bind(id.0)
        .bind(factor.map(|factor| factor.sealed.as_slice()))
        .bind(factor.map(|factor| factor.step))
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Takes the code of a step. `false` when it or a later one was taken before.
///
/// # Errors
/// The database's.
pub async fn take_step(conn: Conn<'_>, id: UserId, step: i64) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query("UPDATE staff_user SET totp_step = $2 WHERE id = $1 AND totp_step < $2")
            .bind(id.0)
            .bind(step)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}
