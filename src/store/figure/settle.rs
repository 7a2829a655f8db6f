//! Whose figures are still on the move, and whose are complete for good.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{campaign::Phase, id::CampaignId};

use super::super::{Conn, Result, on, row::word};

/// A campaign whose figures are not complete yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsettled {
    /// The campaign.
    pub campaign: CampaignId,
    /// Where it stands.
    pub phase: Phase,
}

/// Up to `limit` campaigns whose figures are not complete, those that changed last first. Those are
/// left out that ended before `ended_after`: of what a lost node may still mend then, nothing came.
///
/// # Errors
/// The database's.
pub async fn unsettled(
    conn: Conn<'_>,
    ended_after: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Unsettled>> {
    let rows: Vec<(Uuid, String)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT c.id, c.state FROM campaign_progress p JOIN campaign c ON c.id = p.campaign_id \
             WHERE p.settled_at IS NULL AND (c.state IN ('running', 'paused') OR c.state_since > $1) \
             ORDER BY c.state_since DESC, c.id DESC LIMIT $2",
        )
        .bind(ended_after)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    rows.into_iter()
        .map(|(id, state)| {
            Ok(Unsettled { campaign: CampaignId(id), phase: word("campaign", &state)? })
        })
        .collect()
}

/// Notes that a campaign's figures are complete.
///
/// # Errors
/// The database's.
pub async fn settle(conn: Conn<'_>, campaign: CampaignId, now: DateTime<Utc>) -> Result<()> {
    on!(conn, db => {
        sqlx::query("UPDATE campaign_progress SET settled_at = $2 WHERE campaign_id = $1")
            .bind(campaign.0)
            .bind(now)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Counts a campaign's deliveries again, one by one: an index of it is read from end to end.
///
/// # Errors
/// The database's.
pub async fn count_again(conn: Conn<'_>, campaign: CampaignId) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "UPDATE campaign_progress SET written = (SELECT count(*) FROM delivery WHERE campaign_id = $1) \
             WHERE campaign_id = $1",
        )
        .bind(campaign.0)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Forgets a campaign's figures, so that they are folded anew.
///
/// # Errors
/// The database's.
pub async fn forget(mut conn: Conn<'_>, campaign: CampaignId) -> Result<()> {
    for text in [
        "DELETE FROM campaign_figure WHERE campaign_id = $1",
        "DELETE FROM campaign_fold WHERE campaign_id = $1",
    ] {
        on!(conn.again(), db => sqlx::query(text).bind(campaign.0).execute(db).await.map(drop))?;
    }
    Ok(())
}
