//! What ledger events point to by hash: policies, wordings and terms, as whoever verifies needs them.

use futures_util::TryStreamExt as _;

use crate::domain::ledger::sha256;

use super::{Conn, Result, on};

/// The tables of the texts that events point to by hash.
const TEXTS: [(&str, &str); 3] = [
    ("policy_text", "SELECT sha256, body FROM policy_text"),
    ("wording", "SELECT sha256, body FROM wording"),
    ("consent_terms", "SELECT sha256, body FROM consent_terms"),
];

/// The first table that holds a text which is not what its hash says.
///
/// # Errors
/// The database's.
pub async fn changed(mut conn: Conn<'_>) -> Result<Option<&'static str>> {
    for (table, query) in TEXTS {
        let is_changed = on!(conn.again(), db => {
            let mut rows = sqlx::query_as::<_, (Vec<u8>, String)>(query).fetch(db);
            let mut is_changed = false;
            while let Some((hash, body)) = rows.try_next().await? {
                is_changed |= sha256(body.as_bytes()) != hash[..];
            }
            is_changed
        });
        if is_changed {
            return Ok(Some(table));
        }
    }
    Ok(None)
}

/// The first event that points to a text which is not there.
///
/// # Errors
/// The database's.
pub async fn missing_for(conn: Conn<'_>) -> Result<Option<i64>> {
    let (seq,): (Option<i64>,) = on!(conn, db => {
        sqlx::query_as(
            "SELECT min(e.seq) FROM consent_event e WHERE NOT EXISTS \
             (SELECT 1 FROM consent_terms t WHERE t.sha256 = e.terms_sha256) \
             OR (e.wording_id IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM wording w WHERE w.id = e.wording_id AND w.sha256 = e.wording_sha256)) \
             OR (e.policy_version_id IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM policy_text p WHERE p.version_id = e.policy_version_id \
             AND p.sha256 = e.policy_sha256))",
        )
        .fetch_one(db)
        .await
    })?;
    Ok(seq)
}
