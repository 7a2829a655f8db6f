//! Campaigns while they are being written.

mod event;
mod list;

pub use event::{DraftEvent, EventWord, events, insert_event};
pub use list::{Line, lines};

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    draft::{Draft, Seal, Stage, StageWord, WorkingCopy},
    id::CampaignId,
};

use super::{
    Conn, Error, Result, on,
    row::{hash, row, word},
};

row! {
    struct Row {
        id: Uuid,
        body: String,
        revision: i64,
        created_at: DateTime<Utc>,
        created_by: String,
        updated_at: DateTime<Utc>,
        updated_by: String,
        stage: String,
        stage_at: Option<DateTime<Utc>>,
        stage_by: Option<String>,
        seal: Option<Vec<u8>>,
    }
}

fn read(row: Row) -> Result<WorkingCopy> {
    let draft = serde_json::from_str(&row.body)
        .map_err(|error| Error::unreadable("draft", error.to_string()))?;
    let seal = row.seal.map(|seal| hash("draft", &seal).map(Seal)).transpose()?;
    Ok(WorkingCopy {
        id: CampaignId(row.id),
        draft,
        revision: row.revision,
        created_at: row.created_at,
        created_by: row.created_by,
        updated_at: row.updated_at,
        updated_by: row.updated_by,
        stage: stage(&row.stage, row.stage_at.zip(row.stage_by), seal)?,
    })
}

fn stage(text: &str, who: Option<(DateTime<Utc>, String)>, seal: Option<Seal>) -> Result<Stage> {
    Ok(match (word("draft", text)?, who, seal) {
        (StageWord::Editing, None, None) => Stage::Editing,
        (StageWord::Submitted, Some((at, by)), Some(seal)) => Stage::Submitted { at, by, seal },
        (StageWord::Returned, Some((at, by)), None) => Stage::Returned { at, by },
        (StageWord::Approved, Some((at, by)), Some(seal)) => Stage::Approved { at, by, seal },
        _ => return Err(Error::unreadable("draft", "the stage lacks what belongs to it")),
    })
}

fn body(draft: &Draft) -> Result<String> {
    serde_json::to_string(draft).map_err(|error| Error::unreadable("draft", error.to_string()))
}

/// Stores a new draft.
///
/// # Errors
/// The database's.
pub async fn insert(conn: Conn<'_>, copy: &WorkingCopy) -> Result<()> {
    let body = body(&copy.draft)?;
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO draft (id, name, body, revision, created_at, created_by, updated_at, updated_by, \
             stage) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'editing')",
        )
        .bind(copy.id.0)
        .bind(&copy.draft.name)
        .bind(body)
        .bind(copy.revision)
        .bind(copy.created_at)
        .bind(&copy.created_by)
        .bind(copy.updated_at)
        .bind(&copy.updated_by)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The draft of a campaign.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: CampaignId) -> Result<Option<WorkingCopy>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM draft WHERE id = $1").bind(id.0).fetch_optional(db).await
    })?;
    row.map(read).transpose()
}

/// The draft of a campaign, held until the transaction ends.
///
/// # Errors
/// The database's.
pub async fn lock(conn: Conn<'_>, id: CampaignId) -> Result<Option<WorkingCopy>> {
    let row: Option<Row> = match conn {
        Conn::Sqlite(db) => {
            sqlx::query_as("SELECT * FROM draft WHERE id = $1").bind(id.0).fetch_optional(db).await
        }
        Conn::Postgres(db) => {
            sqlx::query_as("SELECT * FROM draft WHERE id = $1 FOR UPDATE")
                .bind(id.0)
                .fetch_optional(db)
                .await
        }
    }?;
    row.map(read).transpose()
}

/// Saves a draft over the revision `base`. `None` when it has another one by now.
///
/// # Errors
/// The database's.
pub async fn save(
    conn: Conn<'_>,
    id: CampaignId,
    base: i64,
    draft: &Draft,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>> {
    let body = body(draft)?;
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE draft SET name = $3, body = $4, revision = revision + 1, updated_at = $5, \
             updated_by = $6 WHERE id = $1 AND revision = $2",
        )
        .bind(id.0)
        .bind(base)
        .bind(&draft.name)
        .bind(body)
        .bind(now)
        .bind(by)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok((rows == 1).then_some(base + 1))
}

/// Puts a draft into a stage.
///
/// # Errors
/// The database's.
pub async fn set_stage(conn: Conn<'_>, id: CampaignId, stage: &Stage) -> Result<()> {
    let (at, by) = match stage {
        Stage::Editing => (None, None),
        Stage::Submitted { at, by, .. }
        | Stage::Returned { at, by }
        | Stage::Approved { at, by, .. } => (Some(*at), Some(by.as_str())),
    };
    let seal = stage.seal().map(|seal| seal.0.to_vec());
    on!(conn, db => {
        sqlx::query(
            "UPDATE draft SET stage = $2, stage_at = $3, stage_by = $4, seal = $5 WHERE id = $1",
        )
        .bind(id.0)
        .bind(stage.word().as_str())
        .bind(at)
        .bind(by)
        .bind(seal)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Notes that somebody wrote on a draft.
///
/// # Errors
/// The database's.
pub async fn note_author(
    conn: Conn<'_>,
    id: CampaignId,
    author: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO draft_author (draft_id, author, saved_at) VALUES ($1, $2, $3) \
             ON CONFLICT (draft_id, author) DO UPDATE SET saved_at = excluded.saved_at",
        )
        .bind(id.0)
        .bind(author)
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Everybody who wrote on a draft.
///
/// # Errors
/// The database's.
pub async fn authors(conn: Conn<'_>, id: CampaignId) -> Result<BTreeSet<String>> {
    let rows: Vec<(String,)> = on!(conn, db => {
        sqlx::query_as("SELECT author FROM draft_author WHERE draft_id = $1")
            .bind(id.0)
            .fetch_all(db)
            .await
    })?;
    Ok(rows.into_iter().map(|(author,)| author).collect())
}
