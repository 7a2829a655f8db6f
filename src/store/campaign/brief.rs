//! Campaigns without what they say and to whom: enough for lists, calendars and comparisons.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    campaign::{Phase, State},
    id::CampaignId,
    party::PartyKey,
    purpose::PurposeKey,
};

use super::super::{
    Conn, Result, on,
    row::{parsed, row},
};

/// A campaign in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Its id.
    pub id: CampaignId,
    /// What staff call it.
    pub name: String,
    /// For what.
    pub purpose: PurposeKey,
    /// On whose behalf.
    pub party: PartyKey,
    /// Where it stands.
    pub state: State,
    /// When it was first started.
    pub started_at: Option<DateTime<Utc>>,
    /// When the whole audience had been written out.
    pub expanded_at: Option<DateTime<Utc>>,
}

row! {
    struct Row {
        id: Uuid,
        name: String,
        purpose: String,
        party: String,
        state: String,
        state_since: DateTime<Utc>,
        start_at: Option<DateTime<Utc>>,
        pause_reason: Option<String>,
        started_at: Option<DateTime<Utc>>,
        expanded_at: Option<DateTime<Utc>>,
    }
}

fn read(row: Row) -> Result<Brief> {
    let Row { state, state_since, start_at, pause_reason, .. } = row;
    Ok(Brief {
        id: CampaignId(row.id),
        name: row.name,
        purpose: parsed("campaign", &row.purpose)?,
        party: parsed("campaign", &row.party)?,
        state: super::state(&state, state_since, start_at, pause_reason)?,
        started_at: row.started_at,
        expanded_at: row.expanded_at,
    })
}

macro_rules! briefs {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, purpose, party, state, state_since, start_at, pause_reason, started_at, expanded_at \
             FROM campaign ",
            $rest
        )
    };
}

/// The campaign with this id.
///
/// # Errors
/// The database's.
pub async fn brief(conn: Conn<'_>, id: CampaignId) -> Result<Option<Brief>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as(briefs!("WHERE id = $1")).bind(id.0).fetch_optional(db).await
    })?;
    row.map(read).transpose()
}

/// Up to `limit` campaigns that stand so since a moment, those that changed last first.
///
/// # Errors
/// The database's.
pub async fn standing_since(
    conn: Conn<'_>,
    phase: Phase,
    since: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Brief>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(briefs!("WHERE state = $1 AND state_since >= $2 ORDER BY state_since DESC, id DESC LIMIT $3"))
            .bind(phase.as_str())
            .bind(since)
            .bind(limit)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// Up to `limit` campaigns that are to start by themselves, the next first.
///
/// # Errors
/// The database's.
pub async fn coming(conn: Conn<'_>, limit: i64) -> Result<Vec<Brief>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(briefs!("WHERE state = 'scheduled' ORDER BY start_at, id LIMIT $1"))
            .bind(limit)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// Up to `limit` campaigns that start, were started, or came to stand where they stand, from one
/// moment to another; each once.
///
/// # Errors
/// The database's.
pub async fn between(
    conn: Conn<'_>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Brief>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(briefs!(
            "WHERE id IN (SELECT id FROM campaign WHERE state = 'scheduled' AND start_at >= $1 AND start_at < $2 \
             UNION SELECT id FROM campaign WHERE started_at >= $1 AND started_at < $2 \
             UNION SELECT id FROM campaign WHERE state = 'finished' AND state_since >= $1 AND state_since < $2 \
             UNION SELECT id FROM campaign WHERE state = 'cancelled' AND state_since >= $1 AND state_since < $2) \
             ORDER BY id LIMIT $3"
        ))
        .bind(from)
        .bind(to)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    rows.into_iter().map(read).collect()
}

/// Up to `limit` campaigns that were started before a moment, the latest first; for one purpose, or
/// for all.
///
/// # Errors
/// The database's.
pub async fn started_before(
    conn: Conn<'_>,
    purpose: Option<&PurposeKey>,
    (before, id): (DateTime<Utc>, CampaignId),
    limit: i64,
) -> Result<Vec<Brief>> {
    const ALL: &str = briefs!(
        "WHERE started_at IS NOT NULL AND (started_at, id) < ($1, $2) AND $4 = '' \
         ORDER BY started_at DESC, id DESC LIMIT $3"
    );
    const OF_PURPOSE: &str = briefs!(
        "WHERE started_at IS NOT NULL AND purpose = $4 AND (started_at, id) < ($1, $2) \
         ORDER BY started_at DESC, id DESC LIMIT $3"
    );
    let text = if purpose.is_some() { OF_PURPOSE } else { ALL };
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(text)
            .bind(before)
            .bind(id.0)
            .bind(limit)
            .bind(purpose.map(PurposeKey::as_str).unwrap_or_default())
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}
