//! The purpose catalogue.

use std::collections::BTreeMap;

use sqlx::types::Json;

use crate::domain::{language::Language, purpose::Purpose};

use super::{
    Conn, Result, on,
    row::{parsed, row, word},
};

row! {
    struct Row {
        key: String,
        clause: String,
        clause_group: i64,
        behalf: String,
        position: i64,
        term_months: i64,
        titles: Json<BTreeMap<Language, String>>,
    }
}

/// All purposes, by clause and place.
///
/// # Errors
/// The database's.
pub async fn all(conn: Conn<'_>) -> Result<Vec<Purpose>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM purpose ORDER BY clause_group, position, key")
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// Adds a purpose; one that exists already is left as it is.
///
/// # Errors
/// The database's.
pub async fn insert_missing(conn: Conn<'_>, purpose: &Purpose) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO purpose (key, clause, clause_group, behalf, position, term_months, titles) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(purpose.key.as_str())
        .bind(&purpose.clause)
        .bind(purpose.clause_group)
        .bind(purpose.behalf.as_str())
        .bind(purpose.position)
        .bind(purpose.term_months)
        .bind(Json(&purpose.titles))
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

fn read(row: Row) -> Result<Purpose> {
    Ok(Purpose {
        key: parsed("purpose", &row.key)?,
        clause: row.clause,
        clause_group: row.clause_group,
        behalf: word("purpose", &row.behalf)?,
        position: row.position,
        term_months: row.term_months,
        titles: row.titles.0,
    })
}
