//! Where a campaign's deliveries stand at this moment. Ask in one snapshot.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    delivery::State,
    id::{CampaignId, DeliveryId},
};

use super::super::{Conn, Result, on, row::word};

/// The deliveries of a campaign that ended one way, for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// How they ended.
    pub state: State,
    /// Why; `None` for what was sent.
    pub reason: Option<String>,
    /// How many are folded.
    pub folded: i64,
    /// The last folded one, in the order in which they ended.
    pub upto: (DateTime<Utc>, DeliveryId),
}

impl Group {
    pub(super) const fn new(state: State, reason: Option<String>) -> Self {
        let upto = (DateTime::UNIX_EPOCH, DeliveryId(Uuid::nil()));
        Self { state, reason, folded: 0, upto }
    }
}

/// All groups of a campaign, those too of which nothing is folded yet.
///
/// # Errors
/// The database's.
pub async fn groups(mut conn: Conn<'_>, campaign: CampaignId) -> Result<Vec<Group>> {
    let folded = folded_groups(conn.again(), campaign).await?;
    let mut groups = vec![Group::new(State::Sent, None)];
    for state in [State::Failed, State::Skipped, State::Uncertain] {
        let mut reason = String::new();
        while let Some(next) = next_reason(conn.again(), campaign, state, &reason).await? {
            groups.push(Group::new(state, Some(next.clone())));
            reason = next;
        }
    }
    for group in &mut groups {
        let known =
            folded.iter().find(|one| one.state == group.state && one.reason == group.reason);
        if let Some(known) = known {
            *group = known.clone();
        }
    }
    Ok(groups)
}

async fn folded_groups(conn: Conn<'_>, campaign: CampaignId) -> Result<Vec<Group>> {
    let rows: Vec<(String, String, i64, DateTime<Utc>, Uuid)> = on!(conn, db => {
        sqlx::query_as("SELECT state, reason, n, upto, upto_id FROM campaign_fold WHERE campaign_id = $1")
            .bind(campaign.0)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter()
        .map(|(state, reason, folded, upto, id)| {
            Ok(Group {
                state: word("campaign_fold", &state)?,
                reason: (!reason.is_empty()).then_some(reason),
                folded,
                upto: (upto, DeliveryId(id)),
            })
        })
        .collect()
}

/// One step along the index, over all deliveries of a group at once.
async fn next_reason(
    conn: Conn<'_>,
    campaign: CampaignId,
    state: State,
    reason: &str,
) -> Result<Option<String>> {
    let found: Option<(String,)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT reason FROM delivery WHERE campaign_id = $1 AND state = $2 AND reason > $3 \
             AND state IN ('failed', 'skipped', 'uncertain') AND node_id IS NULL \
             ORDER BY reason LIMIT 1",
        )
        .bind(campaign.0)
        .bind(state.as_str())
        .bind(reason)
        .fetch_optional(db)
        .await
    })?;
    Ok(found.map(|(reason,)| reason))
}

/// How many deliveries of a group ended after those that are folded.
///
/// # Errors
/// The database's.
pub async fn newer_than(conn: Conn<'_>, campaign: CampaignId, group: &Group) -> Result<i64> {
    // Two ranges of the index. Of one range over a pair both databases at times read the whole group.
    macro_rules! count {
        ($group:literal) => {
            concat!(
                "SELECT (SELECT count(*) FROM delivery WHERE ",
                $group,
                " AND state_since > $4) + (SELECT count(*) FROM delivery WHERE ",
                $group,
                " AND state_since = $4 AND id > $5)"
            )
        };
    }
    const SENT: &str = count!("campaign_id = $1 AND state = 'sent' AND $2 = 'sent' AND $3 = ''");
    const APART: &str = count!(
        "campaign_id = $1 AND state = $2 AND reason = $3 \
         AND state IN ('failed', 'skipped', 'uncertain') AND node_id IS NULL"
    );
    let text = if group.reason.is_none() { SENT } else { APART };
    let (n,): (i64,) = on!(conn, db => {
        sqlx::query_as(text)
            .bind(campaign.0)
            .bind(group.state.as_str())
            .bind(group.reason.as_deref().unwrap_or_default())
            .bind(group.upto.0)
            .bind(group.upto.1.0)
            .fetch_one(db)
            .await
    })?;
    Ok(n)
}

/// Deliveries that a node holds, or held when it was lost: by state, and why where they are uncertain.
///
/// # Errors
/// The database's.
pub async fn held(
    conn: Conn<'_>,
    campaign: CampaignId,
) -> Result<Vec<(State, Option<String>, i64)>> {
    let rows: Vec<(String, Option<String>, i64)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT state, reason, count(*) FROM delivery WHERE campaign_id = $1 AND node_id IS NOT NULL \
             GROUP BY state, reason ORDER BY state, coalesce(reason, '')",
        )
        .bind(campaign.0)
        .fetch_all(db)
        .await
    })?;
    rows.into_iter().map(|(state, reason, n)| Ok((word("delivery", &state)?, reason, n))).collect()
}

/// How many deliveries a campaign has.
///
/// # Errors
/// The database's.
pub async fn written(conn: Conn<'_>, campaign: CampaignId) -> Result<i64> {
    let row: Option<(i64,)> = on!(conn, db => {
        sqlx::query_as("SELECT written FROM campaign_progress WHERE campaign_id = $1")
            .bind(campaign.0)
            .fetch_optional(db)
            .await
    })?;
    Ok(row.map_or(0, |(n,)| n))
}

/// How many messages of a campaign were taken by a relay since a moment.
///
/// # Errors
/// The database's.
pub async fn sent_since(conn: Conn<'_>, campaign: CampaignId, since: DateTime<Utc>) -> Result<i64> {
    let (n,): (i64,) = on!(conn, db => {
        sqlx::query_as(
            "SELECT count(*) FROM delivery WHERE campaign_id = $1 AND state = 'sent' AND state_since > $2",
        )
        .bind(campaign.0)
        .bind(since)
        .fetch_one(db)
        .await
    })?;
    Ok(n)
}
