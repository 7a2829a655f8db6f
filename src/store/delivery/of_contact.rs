//! All mail to one person.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    delivery::State,
    id::{CampaignId, ContactId, DeliveryId},
};

use super::super::{
    Conn, Result, on,
    row::{row, word},
};

/// One campaign's mail to a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// The delivery.
    pub id: DeliveryId,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// What staff call that.
    pub campaign: String,
    /// For what it was.
    pub purpose: String,
    /// Where it stands.
    pub state: State,
    /// Why, where the state needs a reason.
    pub reason: Option<String>,
    /// Since when it stands so.
    pub state_since: DateTime<Utc>,
    /// Attempts so far.
    pub attempts: i64,
    /// What the relay answered last.
    pub reply: Option<String>,
}

row! {
    struct Row {
        id: Uuid,
        campaign_id: Uuid,
        campaign: String,
        purpose: String,
        state: String,
        reason: Option<String>,
        state_since: DateTime<Utc>,
        attempts: i64,
        reply: Option<String>,
    }
}

/// Mail to one person, the newest first: at most `limit` before `before`.
///
/// # Errors
/// The database's.
pub async fn of_contact(
    conn: Conn<'_>,
    id: ContactId,
    before: Option<DeliveryId>,
    limit: i64,
) -> Result<Vec<MailRow>> {
    let before = before.map_or(Uuid::max(), |id| id.0);
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(
            "SELECT d.id, d.campaign_id, k.name AS campaign, k.purpose, d.state, d.reason, d.state_since, \
             d.attempts, (SELECT a.reply FROM attempt a WHERE a.delivery_id = d.id \
             ORDER BY a.number DESC LIMIT 1) AS reply FROM delivery d JOIN campaign k ON k.id = d.campaign_id \
             WHERE d.contact_id = $1 AND d.id < $2 ORDER BY d.id DESC LIMIT $3",
        )
        .bind(id.0)
        .bind(before)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    rows.into_iter()
        .map(|row| {
            Ok(MailRow {
                id: DeliveryId(row.id),
                campaign_id: CampaignId(row.campaign_id),
                campaign: row.campaign,
                purpose: row.purpose,
                state: word("delivery", &row.state)?,
                reason: row.reason,
                state_since: row.state_since,
                attempts: row.attempts,
                reply: row.reply,
            })
        })
        .collect()
}
