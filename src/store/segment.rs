//! Saved audiences.

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{audience::Audience, id::SegmentId};

use super::{Conn, Result, on, row::row};

/// A saved audience.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// What staff call it; each name once.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whom it means.
    pub audience: Audience,
    /// How often it was saved, from 1.
    pub revision: i64,
    /// Who made it.
    pub created_by: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was saved last.
    pub updated_at: DateTime<Utc>,
}

row! {
    struct Row {
        id: Uuid,
        name: String,
        description: String,
        audience: Json<Audience>,
        revision: i64,
        created_by: String,
        created_at: DateTime<Utc>,
        updated_at: DateTime<Utc>,
    }
}

fn read(row: Row) -> Segment {
    Segment {
        id: SegmentId(row.id),
        name: row.name,
        description: row.description,
        audience: row.audience.0,
        revision: row.revision,
        created_by: row.created_by,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

/// Stores a new segment.
///
/// # Errors
/// The database's; a unique violation when the name is taken.
pub async fn insert(conn: Conn<'_>, segment: &Segment) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO segment (id, name, description, audience, revision, created_by, created_at, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(segment.id.0)
        .bind(&segment.name)
        .bind(&segment.description)
        .bind(Json(&segment.audience))
        .bind(segment.revision)
        .bind(&segment.created_by)
        .bind(segment.created_at)
        .bind(segment.updated_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Replaces name, description and audience of a segment that stands at the revision before
/// `segment.revision`. False when somebody else has saved it meanwhile, or it is gone.
///
/// # Errors
/// The database's; a unique violation when the name is taken.
pub async fn update(conn: Conn<'_>, segment: &Segment) -> Result<bool> {
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE segment SET name = $2, description = $3, audience = $4, revision = $5, updated_at = $6 \
             WHERE id = $1 AND revision = $5 - 1",
        )
        .bind(segment.id.0)
        .bind(&segment.name)
        .bind(&segment.description)
        .bind(Json(&segment.audience))
        .bind(segment.revision)
        .bind(segment.updated_at)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Removes a segment.
///
/// # Errors
/// The database's.
pub async fn delete(conn: Conn<'_>, id: SegmentId) -> Result<()> {
    on!(conn, db => {
        sqlx::query("DELETE FROM segment WHERE id = $1").bind(id.0).execute(db).await.map(drop)
    })?;
    Ok(())
}

/// The segment with this id.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: SegmentId) -> Result<Option<Segment>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM segment WHERE id = $1").bind(id.0).fetch_optional(db).await
    })?;
    Ok(row.map(read))
}

/// All segments, by name; at most `limit`.
///
/// # Errors
/// The database's.
pub async fn all(conn: Conn<'_>, limit: i64) -> Result<Vec<Segment>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM segment ORDER BY name LIMIT $1").bind(limit).fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(read).collect())
}
