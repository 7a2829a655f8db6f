//! What a contact must be spared: erased, blocked, an address that does not exist.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use crate::{
    domain::id::ContactId,
    store::{Conn, Result, on, row::among},
};

/// Forgets everything of a contact but the hash of the address: profile, tags, notes, block, and
/// what relays answered, which may repeat the address. What it is found by goes with
/// [`crate::store::finding::remove`], the evidence with [`crate::store::ledger::redact`].
///
/// # Errors
/// The database's.
pub async fn erase(mut conn: Conn<'_>, id: ContactId, now: DateTime<Utc>) -> Result<()> {
    on!(conn.again(), db => {
        sqlx::query(
            "UPDATE contact SET address = NULL, address_state = 'erased', name = NULL, given_name = NULL, \
             family_name = NULL, patronymic = NULL, language = NULL, attributes = $2, external_id = NULL, \
             blocked_at = NULL, blocked_reason = NULL, updated_at = $3 WHERE id = $1",
        )
        .bind(id.0)
        .bind(Json(BTreeMap::<String, String>::new()))
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    for text in [
        "DELETE FROM contact_tag WHERE contact_id = $1",
        "DELETE FROM contact_note WHERE contact_id = $1",
        "UPDATE attempt SET reply = NULL WHERE delivery_id IN \
         (SELECT id FROM delivery WHERE contact_id = $1)",
    ] {
        on!(conn.again(), db => sqlx::query(text).bind(id.0).execute(db).await.map(drop))?;
    }
    Ok(())
}

/// Stops all processing of a contact, or lets it go on (`None`).
///
/// # Errors
/// The database's.
pub async fn set_blocked(
    conn: Conn<'_>,
    id: ContactId,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "UPDATE contact SET blocked_reason = $2, blocked_at = $3, updated_at = $4 WHERE id = $1",
        )
        .bind(id.0)
        .bind(reason)
        .bind(reason.map(|_| now))
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Notes that providers say these addresses do not exist.
///
/// # Errors
/// The database's.
pub async fn mark_bad(conn: Conn<'_>, ids: &[ContactId], now: DateTime<Utc>) -> Result<()> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    among!(conn, query, "UPDATE contact SET address_state = 'bad', updated_at = $2 \
        WHERE address_state = 'ok' AND id", &ids, "", query, db => {
        query.bind(now).execute(db).await.map(drop)
    })?;
    Ok(())
}
