//! Campaigns, their content and their history.

mod brief;
mod content;
mod history;
mod replace;

pub use brief::{Brief, between, brief, coming, standing_since, started_before};
pub use content::contents;
pub use history::{HistoryLine, history, insert_history};
pub use replace::replace;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{
    audience::Audience,
    campaign::{Campaign, Content, Phase, Sender, State},
    id::{CampaignId, ContactId},
};

use super::{
    Conn, Error, Result, on,
    row::{hash, parsed, row, word},
};

row! {
    struct Row {
        id: Uuid,
        name: String,
        purpose: String,
        party: String,
        sender: Json<Sender>,
        audience: Json<Audience>,
        source: String,
        pace: Option<String>,
        planned_at: Option<DateTime<Utc>>,
        content_sha256: Vec<u8>,
        state: String,
        state_since: DateTime<Utc>,
        start_at: Option<DateTime<Utc>>,
        pause_reason: Option<String>,
        started_at: Option<DateTime<Utc>>,
        expand_after: Option<Uuid>,
        expanded_at: Option<DateTime<Utc>>,
        created_at: DateTime<Utc>,
    }
}

fn read(row: Row) -> Result<Campaign> {
    Ok(Campaign {
        state: state(&row.state, row.state_since, row.start_at, row.pause_reason)?,
        id: CampaignId(row.id),
        name: row.name,
        purpose: parsed("campaign", &row.purpose)?,
        party: parsed("campaign", &row.party)?,
        sender: row.sender.0,
        audience: row.audience.0,
        source: row.source,
        pace: row.pace.map(|text| parsed("campaign", &text)).transpose()?,
        planned_at: row.planned_at,
        content_sha256: hash("campaign", &row.content_sha256)?,
        started_at: row.started_at,
        expand_after: row.expand_after.map(ContactId),
        expanded_at: row.expanded_at,
        created_at: row.created_at,
    })
}

fn state(
    phase: &str,
    since: DateTime<Utc>,
    start_at: Option<DateTime<Utc>>,
    pause_reason: Option<String>,
) -> Result<State> {
    let torn = || Error::unreadable("campaign", "the state lacks what belongs to it");
    Ok(match word("campaign", phase)? {
        Phase::Draft => State::Draft,
        Phase::Scheduled => State::Scheduled { start_at: start_at.ok_or_else(torn)? },
        Phase::Running => State::Running { since },
        Phase::Paused => State::Paused { since, reason: pause_reason.ok_or_else(torn)? },
        Phase::Finished => State::Finished { at: since },
        Phase::Cancelled => State::Cancelled { at: since },
    })
}

/// Stores a draft with its content.
///
/// # Errors
/// The database's.
pub async fn insert(mut conn: Conn<'_>, campaign: &Campaign, contents: &[Content]) -> Result<()> {
    on!(conn.again(), db => {
        sqlx::query(
            "INSERT INTO campaign (id, name, purpose, party, sender, audience, source, pace, planned_at, \
             content_sha256, state, state_since, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'draft', $11, $11)",
        )
        .bind(campaign.id.0)
        .bind(&campaign.name)
        .bind(campaign.purpose.as_str())
        .bind(campaign.party.as_str())
        .bind(Json(&campaign.sender))
        .bind(Json(&campaign.audience))
        .bind(&campaign.source)
        .bind(campaign.pace.map(String::from))
        .bind(campaign.planned_at)
        .bind(campaign.content_sha256.as_slice())
        .bind(campaign.created_at)
        .execute(db)
        .await
        .map(drop)
    })?;
    content::insert(conn, campaign.id, contents).await
}

/// The campaign with this id.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: CampaignId) -> Result<Option<Campaign>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM campaign WHERE id = $1").bind(id.0).fetch_optional(db).await
    })?;
    row.map(read).transpose()
}

/// Up to ten campaigns with this name, newest first.
///
/// # Errors
/// The database's.
pub async fn named(conn: Conn<'_>, name: &str) -> Result<Vec<Campaign>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM campaign WHERE name = $1 ORDER BY id DESC LIMIT 10")
            .bind(name)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// The campaign with this id, held until the transaction ends, so that nobody else changes its state meanwhile.
///
/// # Errors
/// The database's.
pub async fn lock(conn: Conn<'_>, id: CampaignId) -> Result<Option<Campaign>> {
    // Not FOR UPDATE: that would also wait for every insert of a delivery that refers to it.
    let row: Option<Row> = match conn {
        Conn::Sqlite(db) => {
            sqlx::query_as("SELECT * FROM campaign WHERE id = $1")
                .bind(id.0)
                .fetch_optional(db)
                .await
        }
        Conn::Postgres(db) => {
            sqlx::query_as("SELECT * FROM campaign WHERE id = $1 FOR NO KEY UPDATE")
                .bind(id.0)
                .fetch_optional(db)
                .await
        }
    }?;
    row.map(read).transpose()
}

/// Whether a campaign is being sent.
///
/// # Errors
/// The database's.
pub async fn is_running(conn: Conn<'_>, id: CampaignId) -> Result<bool> {
    let row: Option<(Uuid,)> = on!(conn, db => {
        sqlx::query_as("SELECT id FROM campaign WHERE id = $1 AND state = 'running'")
            .bind(id.0)
            .fetch_optional(db)
            .await
    })?;
    Ok(row.is_some())
}

/// Up to `limit` campaigns older than `before` (`None`: the newest), newest first.
///
/// # Errors
/// The database's.
pub async fn page(conn: Conn<'_>, before: Option<CampaignId>, limit: i64) -> Result<Vec<Campaign>> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM campaign WHERE id < $1 ORDER BY id DESC LIMIT $2")
            .bind(before)
            .bind(limit)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// The campaigns in one state, oldest first.
///
/// # Errors
/// The database's.
pub async fn in_phase(conn: Conn<'_>, phase: Phase) -> Result<Vec<Campaign>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM campaign WHERE state = $1 ORDER BY state_since, id")
            .bind(phase.as_str())
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// Scheduled campaigns whose time has come.
///
/// # Errors
/// The database's.
pub async fn due(conn: Conn<'_>, now: DateTime<Utc>) -> Result<Vec<CampaignId>> {
    let rows: Vec<(Uuid,)> = on!(conn, db => {
        sqlx::query_as("SELECT id FROM campaign WHERE state = 'scheduled' AND start_at <= $1 ORDER BY start_at, id")
            .bind(now)
            .fetch_all(db)
            .await
    })?;
    Ok(rows.into_iter().map(|(id,)| CampaignId(id)).collect())
}

/// Campaigns that have ended, to whose queue something has come back: from a cancelled one what
/// was on its way, from a finished one what a node had that was taken for dead.
///
/// # Errors
/// The database's.
pub async fn ended_with_queue(conn: Conn<'_>) -> Result<Vec<CampaignId>> {
    // In order, and one: for a mere EXISTS PostgreSQL would rather walk over what was sent.
    let rows: Vec<(Uuid,)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT c.id FROM campaign c WHERE c.state IN ('cancelled', 'finished') AND \
             (SELECT d.due_at FROM delivery d WHERE d.campaign_id = c.id AND d.state = 'queued' \
             ORDER BY d.due_at, d.id LIMIT 1) IS NOT NULL",
        )
        .fetch_all(db)
        .await
    })?;
    Ok(rows.into_iter().map(|(id,)| CampaignId(id)).collect())
}

/// Puts a campaign that is still in `from` into `state`. `false` when somebody else was first.
///
/// # Errors
/// The database's.
pub async fn set_state(
    conn: Conn<'_>,
    id: CampaignId,
    from: Phase,
    state: &State,
    now: DateTime<Utc>,
) -> Result<bool> {
    let (start_at, reason) = match state {
        State::Scheduled { start_at } => (Some(*start_at), None),
        State::Paused { reason, .. } => (None, Some(reason.as_str())),
        _ => (None, None),
    };
    let rows = on!(conn, db => {
        sqlx::query(
            "UPDATE campaign SET state = $3, state_since = $4, start_at = coalesce($5, start_at), \
             pause_reason = $6, started_at = CASE WHEN $3 = 'running' THEN coalesce(started_at, $4) \
             ELSE started_at END WHERE id = $1 AND state = $2",
        )
        .bind(id.0)
        .bind(from.as_str())
        .bind(state.phase().as_str())
        .bind(now)
        .bind(start_at)
        .bind(reason)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}

/// Notes how far the audience has been written out; `done` when that was the end.
///
/// # Errors
/// The database's.
pub async fn set_expanded(
    conn: Conn<'_>,
    id: CampaignId,
    after: Option<ContactId>,
    done: Option<DateTime<Utc>>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "UPDATE campaign SET expand_after = coalesce($2, expand_after), expanded_at = $3 WHERE id = $1",
        )
        .bind(id.0)
        .bind(after.map(|id| id.0))
        .bind(done)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}
