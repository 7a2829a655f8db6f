//! Running processes. What a node holds is its own only while its heartbeat is fresh.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::NodeId;

use super::{Conn, Result, on};

/// One engine process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its id, new at each start.
    pub id: NodeId,
    /// The program's version.
    pub version: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// Its latest sign of life.
    pub heartbeat_at: DateTime<Utc>,
}

/// Enters a node.
///
/// # Errors
/// The database's.
pub async fn insert(conn: Conn<'_>, id: NodeId, version: &str, now: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query("INSERT INTO node (id, version, started_at, heartbeat_at) VALUES ($1, $2, $3, $3)")
            .bind(id.0)
            .bind(version)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Renews the sign of life. `false` when others have declared the node dead meanwhile.
///
/// # Errors
/// The database's.
pub async fn beat(conn: Conn<'_>, id: NodeId, now: DateTime<Utc>) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query("UPDATE node SET heartbeat_at = $2 WHERE id = $1 AND stopped_at IS NULL")
            .bind(id.0)
            .bind(now)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Whether a node has not been struck off. In a transaction on PostgreSQL it then cannot be until
/// that ends, so what is claimed in it is claimed by a node that is watched.
///
/// # Errors
/// The database's.
pub async fn is_running(conn: Conn<'_>, id: NodeId) -> Result<bool> {
    let row: Option<(Uuid,)> = match conn {
        Conn::Sqlite(db) => {
            sqlx::query_as("SELECT id FROM node WHERE id = $1 AND stopped_at IS NULL")
                .bind(id.0)
                .fetch_optional(db)
                .await
        }
        Conn::Postgres(db) => {
            sqlx::query_as("SELECT id FROM node WHERE id = $1 AND stopped_at IS NULL FOR SHARE")
                .bind(id.0)
                .fetch_optional(db)
                .await
        }
    }?;
    Ok(row.is_some())
}

/// Strikes a node off.
///
/// # Errors
/// The database's.
pub async fn stop(conn: Conn<'_>, id: NodeId, now: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query("UPDATE node SET stopped_at = $2 WHERE id = $1 AND stopped_at IS NULL")
            .bind(id.0)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Nodes that have not been struck off, oldest first.
///
/// # Errors
/// The database's.
pub async fn running(conn: Conn<'_>) -> Result<Vec<Node>> {
    let rows: Vec<(Uuid, String, DateTime<Utc>, DateTime<Utc>)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT id, version, started_at, heartbeat_at FROM node \
             WHERE stopped_at IS NULL ORDER BY started_at, id",
        )
        .fetch_all(db)
        .await
    })?;
    Ok(rows
        .into_iter()
        .map(|(id, version, started_at, heartbeat_at)| Node {
            id: NodeId(id),
            version,
            started_at,
            heartbeat_at,
        })
        .collect())
}
