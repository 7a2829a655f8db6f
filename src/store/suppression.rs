//! Addresses that must not be mailed, by keyed hash: it survives erasure and re-import. And the
//! notice to running senders that a permission has shrunk.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::domain::{id::ContactId, suppression::Suppression};

use super::{
    Conn, Result, on,
    row::{hash, hex_hashes, word},
};

/// Rows per INSERT.
const ROWS_PER_INSERT: usize = 500;

/// Enters an address; one that is there for the same reason keeps the longer end.
///
/// # Errors
/// The database's.
pub async fn insert(
    conn: Conn<'_>,
    id: Uuid,
    entry: &Suppression,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO suppression (id, address_hash, reason, scope, created_at, ends_at) \
             VALUES ($1, $2, $3, 'marketing', $4, $5) \
             ON CONFLICT (address_hash, reason) DO UPDATE SET ends_at = \
             CASE WHEN suppression.ends_at IS NULL OR excluded.ends_at IS NULL THEN NULL \
             WHEN suppression.ends_at > excluded.ends_at THEN suppression.ends_at ELSE excluded.ends_at END",
        )
        .bind(id)
        .bind(entry.address_hash.as_slice())
        .bind(entry.reason.as_str())
        .bind(now)
        .bind(entry.ends_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The entries that hold at `now` for these addresses.
///
/// # Errors
/// The database's.
pub async fn among(
    conn: Conn<'_>,
    hashes: &[[u8; 32]],
    now: DateTime<Utc>,
) -> Result<Vec<Suppression>> {
    let rows: Vec<(Vec<u8>, String, Option<DateTime<Utc>>)> = match conn {
        Conn::Sqlite(db) => {
            sqlx::query_as(
                "SELECT address_hash, reason, ends_at FROM suppression \
                 WHERE (ends_at IS NULL OR ends_at > $2) \
                 AND address_hash IN (SELECT unhex(value) FROM json_each($1))",
            )
            .bind(hex_hashes(hashes))
            .bind(now)
            .fetch_all(db)
            .await
        }
        Conn::Postgres(db) => {
            let hashes: Vec<&[u8]> = hashes.iter().map(<[u8; 32]>::as_slice).collect();
            sqlx::query_as(
                "SELECT address_hash, reason, ends_at FROM suppression \
                 WHERE (ends_at IS NULL OR ends_at > $2) AND address_hash = ANY($1)",
            )
            .bind(hashes)
            .bind(now)
            .fetch_all(db)
            .await
        }
    }?;
    rows.into_iter()
        .map(|(address_hash, reason, ends_at)| {
            Ok(Suppression {
                address_hash: hash("suppression", &address_hash)?,
                reason: word("suppression", &reason)?,
                ends_at,
            })
        })
        .collect()
}

/// Tells running senders, on whichever node, to ask again before they mail these contacts.
///
/// # Errors
/// The database's.
pub async fn note_change(
    mut conn: Conn<'_>,
    changes: &[(Uuid, ContactId)],
    now: DateTime<Utc>,
) -> Result<()> {
    for chunk in changes.chunks(ROWS_PER_INSERT) {
        on!(conn.again(), db => {
            let mut insert =
                QueryBuilder::new("INSERT INTO permission_change (id, contact_id, changed_at) ");
            insert.push_values(chunk, |mut row, (id, contact)| {
                row.push_bind(*id).push_bind(contact.0).push_bind(now);
            });
            insert.build().execute(db).await.map(drop)
        })?;
    }
    Ok(())
}

/// The contacts whose permission shrank at or after `since`.
///
/// # Errors
/// The database's.
pub async fn changed_since(conn: Conn<'_>, since: DateTime<Utc>) -> Result<Vec<ContactId>> {
    let rows: Vec<(Uuid,)> = on!(conn, db => {
        sqlx::query_as("SELECT DISTINCT contact_id FROM permission_change WHERE changed_at >= $1")
            .bind(since)
            .fetch_all(db)
            .await
    })?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// Drops notices older than `before`.
///
/// # Errors
/// The database's.
pub async fn forget_changes(conn: Conn<'_>, before: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query("DELETE FROM permission_change WHERE changed_at < $1")
            .bind(before)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}
