//! Moving what has ended into the figures that are kept.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{CampaignId, DeliveryId};

use super::{
    super::{Conn, Result, on},
    Figures, Group, add,
};

/// An ended delivery, with what it is counted by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The delivery.
    pub id: DeliveryId,
    /// When it ended.
    pub at: DateTime<Utc>,
    /// The domain of its address; `None` once that is erased.
    pub domain: Option<String>,
    /// The language that the person asked for.
    pub language: Option<String>,
}

/// The domain is written as the index on contacts has it. `$1` campaign, `$2` state, `$3` reason, `$4` `$5` place, `$6` not later than, `$7` limit.
macro_rules! batch_text {
    ($domain:literal, $group:literal) => {
        concat!(
            "SELECT d.id, d.state_since, ",
            $domain,
            ", c.language FROM delivery d JOIN contact c ON c.id = d.contact_id WHERE d.campaign_id = $1 AND ",
            $group,
            " AND (d.state_since, d.id) > ($4, $5) AND d.state_since <= $6 ORDER BY d.state_since, d.id LIMIT $7",
        )
    };
}

const SQLITE_SENT: &str = batch_text!(
    "substr(c.address, instr(c.address, '@') + 1)",
    "d.state = 'sent' AND $2 = 'sent' AND $3 = ''"
);
const POSTGRES_SENT: &str =
    batch_text!("split_part(c.address, '@', 2)", "d.state = 'sent' AND $2 = 'sent' AND $3 = ''");
const SQLITE_APART: &str = batch_text!(
    "substr(c.address, instr(c.address, '@') + 1)",
    "d.state = $2 AND d.reason = $3 AND d.state IN ('failed', 'skipped', 'uncertain') AND d.node_id IS NULL"
);
const POSTGRES_APART: &str = batch_text!(
    "split_part(c.address, '@', 2)",
    "d.state = $2 AND d.reason = $3 AND d.state IN ('failed', 'skipped', 'uncertain') AND d.node_id IS NULL"
);

/// Up to `limit` deliveries of a group that ended after the folded ones, and not after `until`.
///
/// # Errors
/// The database's.
pub async fn batch(
    conn: Conn<'_>,
    campaign: CampaignId,
    group: &Group,
    until: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Ended>> {
    type Row = (Uuid, DateTime<Utc>, Option<String>, Option<String>);
    let (state, reason) = (group.state.as_str(), group.reason.as_deref().unwrap_or_default());
    let (since, id) = (group.upto.0, group.upto.1.0);
    let is_sent = group.reason.is_none();
    let rows: Vec<Row> = match conn {
        Conn::Sqlite(db) => {
            let query = sqlx::query_as(if is_sent { SQLITE_SENT } else { SQLITE_APART });
            let query = query.bind(campaign.0).bind(state).bind(reason).bind(since).bind(id);
            query.bind(until).bind(limit).fetch_all(db).await
        }
        Conn::Postgres(db) => {
            let query = sqlx::query_as(if is_sent { POSTGRES_SENT } else { POSTGRES_APART });
            let query = query.bind(campaign.0).bind(state).bind(reason).bind(since).bind(id);
            query.bind(until).bind(limit).fetch_all(db).await
        }
    }?;
    let ended = |(id, at, domain, language)| Ended { id: DeliveryId(id), at, domain, language };
    Ok(rows.into_iter().map(ended).collect())
}

/// Deliveries to be folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folding {
    /// How many.
    pub n: i64,
    /// The last of them.
    pub upto: (DateTime<Utc>, DeliveryId),
    /// What they add to the figures.
    pub figures: Figures,
}

/// Folds deliveries of a group. `false` when somebody else has moved the group on since it was
/// read: then nothing of it may be committed.
///
/// # Errors
/// The database's.
pub async fn fold(
    mut conn: Conn<'_>,
    campaign: CampaignId,
    group: &Group,
    folding: &Folding,
) -> Result<bool> {
    if !move_on(conn.again(), campaign, group, folding).await? {
        return Ok(false);
    }
    add(conn, campaign, &folding.figures).await?;
    Ok(true)
}

async fn move_on(
    conn: Conn<'_>,
    campaign: CampaignId,
    group: &Group,
    folding: &Folding,
) -> Result<bool> {
    const FIRST: &str = "INSERT INTO campaign_fold (campaign_id, state, reason, n, upto, upto_id) \
        SELECT $1, $2, $3, $4, $5, $6 WHERE $7 = $7 ON CONFLICT DO NOTHING";
    const NEXT: &str = "UPDATE campaign_fold SET n = n + $4, upto = $5, upto_id = $6 \
        WHERE campaign_id = $1 AND state = $2 AND reason = $3 AND upto_id = $7";
    let text = if group.folded == 0 { FIRST } else { NEXT };
    let rows = on!(conn, db => {
        sqlx::query(text)
            .bind(campaign.0)
            .bind(group.state.as_str())
            .bind(group.reason.as_deref().unwrap_or_default())
            .bind(folding.n)
            .bind(folding.upto.0)
            .bind(folding.upto.1.0)
            .bind(group.upto.1.0)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
    })?;
    Ok(rows == 1)
}
