//! Reading deliveries: for progress, for the report, for proof.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    delivery::State,
    id::{CampaignId, ContactId, DeliveryId},
};

use super::{
    super::{
        Conn, Result, on,
        row::{among, row, word},
    },
    Attempt,
};

/// A delivery as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// To whom.
    pub contact_id: ContactId,
    /// Where it stands.
    pub state: State,
    /// Why, where the state needs a reason.
    pub reason: Option<String>,
    /// The ledger event that allowed it.
    pub consent_seq: Option<i64>,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// Attempts so far.
    pub attempts: i64,
    /// When the gate was last asked in a claim, or at the beginning.
    pub gate_at: DateTime<Utc>,
    /// Since when it stands so.
    pub state_since: DateTime<Utc>,
    /// When it was written out.
    pub created_at: DateTime<Utc>,
}

row! {
    struct Row {
        id: Uuid,
        campaign_id: Uuid,
        contact_id: Uuid,
        state: String,
        reason: Option<String>,
        consent_seq: Option<i64>,
        due_at: DateTime<Utc>,
        attempts: i64,
        gate_at: DateTime<Utc>,
        state_since: DateTime<Utc>,
        created_at: DateTime<Utc>,
    }
}

/// What a relay answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// To the attempt of which delivery.
    pub delivery_id: DeliveryId,
    /// The reply code.
    pub code: Option<i64>,
    /// The reply's text.
    pub text: Option<String>,
}

/// The delivery with this id.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: DeliveryId) -> Result<Option<Delivery>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM delivery WHERE id = $1").bind(id.0).fetch_optional(db).await
    })?;
    row.map(|row| {
        Ok(Delivery {
            id: DeliveryId(row.id),
            campaign_id: CampaignId(row.campaign_id),
            contact_id: ContactId(row.contact_id),
            state: word("delivery", &row.state)?,
            reason: row.reason,
            consent_seq: row.consent_seq,
            due_at: row.due_at,
            attempts: row.attempts,
            gate_at: row.gate_at,
            state_since: row.state_since,
            created_at: row.created_at,
        })
    })
    .transpose()
}

row! {
    struct AttemptRow {
        number: i64,
        relay: String,
        gate_at: DateTime<Utc>,
        ended_at: DateTime<Utc>,
        verdict: String,
        stage: String,
        code: Option<i64>,
        reply: Option<String>,
        body_sha256: Option<Vec<u8>>,
    }
}

/// The attempts of one delivery, in order.
///
/// # Errors
/// The database's.
pub async fn attempts(conn: Conn<'_>, id: DeliveryId) -> Result<Vec<Attempt>> {
    let rows: Vec<AttemptRow> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM attempt WHERE delivery_id = $1 ORDER BY number")
            .bind(id.0)
            .fetch_all(db)
            .await
    })?;
    Ok(rows
        .into_iter()
        .map(|row| Attempt {
            number: row.number,
            relay: row.relay,
            gate_at: row.gate_at,
            ended_at: row.ended_at,
            verdict: row.verdict,
            stage: row.stage,
            code: row.code,
            reply: row.reply,
            body_sha256: row.body_sha256,
        })
        .collect())
}

/// What was answered at the latest attempt of each of these deliveries, where there was one.
///
/// # Errors
/// The database's.
pub async fn latest_replies(conn: Conn<'_>, ids: &[DeliveryId]) -> Result<Vec<Reply>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, Option<i64>, Option<String>)> = among!(conn, query_as,
        "SELECT delivery_id, code, reply FROM attempt WHERE delivery_id", &ids, " ORDER BY delivery_id, number DESC",
        query, db => query.fetch_all(db).await)?;
    let mut replies: Vec<Reply> = rows
        .into_iter()
        .map(|(id, code, text)| Reply { delivery_id: DeliveryId(id), code, text })
        .collect();
    replies.dedup_by_key(|reply| reply.delivery_id);
    Ok(replies)
}

/// When the next queued delivery is due; `None` when none is queued.
///
/// # Errors
/// The database's.
pub async fn next_due(conn: Conn<'_>, campaign: CampaignId) -> Result<Option<DateTime<Utc>>> {
    let (due,): (Option<DateTime<Utc>>,) = on!(conn, db => {
        sqlx::query_as("SELECT min(due_at) FROM delivery WHERE campaign_id = $1 AND state = 'queued'")
            .bind(campaign.0)
            .fetch_one(db)
            .await
    })?;
    Ok(due)
}

/// Whether a campaign still has deliveries that wait or are held by a node.
///
/// # Errors
/// The database's.
pub async fn is_open(conn: Conn<'_>, campaign: CampaignId) -> Result<bool> {
    // In order, and one: for a mere EXISTS PostgreSQL would rather walk over what was sent.
    let (open,): (bool,) = on!(conn, db => {
        sqlx::query_as(
            "SELECT (SELECT due_at FROM delivery WHERE campaign_id = $1 AND state = 'queued' \
             ORDER BY due_at, id LIMIT 1) IS NOT NULL \
             OR (SELECT node_id FROM delivery WHERE campaign_id = $1 AND node_id IS NOT NULL \
             AND state IN ('claimed', 'handing') ORDER BY node_id LIMIT 1) IS NOT NULL",
        )
        .bind(campaign.0)
        .fetch_one(db)
        .await
    })?;
    Ok(open)
}
