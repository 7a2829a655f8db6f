//! What was done with campaigns, and by whom.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{campaign::Deed, id::CampaignId};

use super::super::{Conn, Result, on};

/// One line of a campaign's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    /// When.
    pub happened_at: DateTime<Utc>,
    /// What was done.
    pub deed: String,
    /// By whom: a token's name, `cli`, or `engine`.
    pub actor: String,
    /// Why, or until when.
    pub detail: Option<String>,
}

/// Adds to the history.
///
/// # Errors
/// The database's.
pub async fn insert_history(
    conn: Conn<'_>,
    line_id: Uuid,
    campaign: CampaignId,
    line: &HistoryLine,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO campaign_event (id, campaign_id, happened_at, deed, actor, detail) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(line_id)
        .bind(campaign.0)
        .bind(line.happened_at)
        .bind(&line.deed)
        .bind(&line.actor)
        .bind(line.detail.as_deref())
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The history, oldest first.
///
/// # Errors
/// The database's.
pub async fn history(conn: Conn<'_>, id: CampaignId) -> Result<Vec<HistoryLine>> {
    let rows: Vec<(DateTime<Utc>, String, String, Option<String>)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT happened_at, deed, actor, detail FROM campaign_event WHERE campaign_id = $1 \
             ORDER BY happened_at, id",
        )
        .bind(id.0)
        .fetch_all(db)
        .await
    })?;
    Ok(rows
        .into_iter()
        .map(|(happened_at, deed, actor, detail)| HistoryLine { happened_at, deed, actor, detail })
        .collect())
}

impl HistoryLine {
    /// For a deed of the state machine.
    #[must_use]
    pub fn of(deed: &Deed, actor: &str, now: DateTime<Utc>) -> Self {
        let detail = match deed {
            Deed::Schedule(at) => Some(at.to_rfc3339()),
            Deed::Pause(reason) => Some(reason.clone()),
            _ => None,
        };
        Self { happened_at: now, deed: deed.as_str().to_owned(), actor: actor.to_owned(), detail }
    }
}
