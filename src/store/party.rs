//! The institution and its partners.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;

use crate::domain::{language::Language, party::Party};

use super::{
    Conn, Result, on,
    row::{parsed, word},
};

type Names = Json<BTreeMap<Language, String>>;

/// All parties, the institution first.
///
/// # Errors
/// The database's.
pub async fn all(conn: Conn<'_>) -> Result<Vec<Party>> {
    let rows: Vec<(String, String, Names)> = on!(conn, db => {
        sqlx::query_as("SELECT key, kind, names FROM party ORDER BY kind, key").fetch_all(db).await
    })?;
    rows.into_iter()
        .map(|(key, kind, names)| {
            Ok(Party { key: parsed("party", &key)?, kind: word("party", &kind)?, names: names.0 })
        })
        .collect()
}

/// Adds a party or gives it new names.
///
/// # Errors
/// The database's.
pub async fn upsert(conn: Conn<'_>, party: &Party, now: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO party (key, kind, names, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (key) DO UPDATE SET names = excluded.names",
        )
        .bind(party.key.as_str())
        .bind(party.kind.as_str())
        .bind(Json(&party.names))
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}
