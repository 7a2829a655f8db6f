//! Deliveries: the queue, and what became of each message.

mod claim;
mod of_contact;
mod report;
mod settle;

pub use claim::{Candidate, Reaped, candidates, claim, mark_handing, reap, repin, skip};
pub use of_contact::{MailRow, of_contact};
pub use report::{Delivery, Reply, attempts, find, is_open, latest_replies, next_due};
pub use settle::{Attempt, End, Outcome, cancel_queued, record};

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;

use crate::domain::{
    delivery::{SkipReason, State},
    id::{CampaignId, ContactId, DeliveryId},
};

use super::{Conn, Result, on};

/// Rows per INSERT.
const ROWS_PER_INSERT: usize = 500;

/// A delivery to be written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewDelivery {
    /// Its id.
    pub id: DeliveryId,
    /// To whom.
    pub contact_id: ContactId,
    /// What the gate said.
    pub fate: Fate,
}

/// What the gate said when the audience was written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It may go, by this ledger event.
    Queued {
        /// The event's number.
        consent_seq: i64,
    },
    /// It may not.
    Skipped(SkipReason),
}

/// Writes deliveries out; a contact that has one for this campaign already keeps it.
///
/// # Errors
/// The database's.
pub async fn insert(
    mut conn: Conn<'_>,
    campaign: CampaignId,
    deliveries: &[NewDelivery],
    now: DateTime<Utc>,
) -> Result<()> {
    let mut written = 0;
    for chunk in deliveries.chunks(ROWS_PER_INSERT) {
        written += on!(conn.again(), db => {
            let mut insert = QueryBuilder::new(
                "INSERT INTO delivery (id, campaign_id, contact_id, state, reason, consent_seq, due_at, attempts, \
                 gate_at, state_since, created_at) ",
            );
            insert.push_values(chunk, |mut row, delivery| {
                let (state, reason, consent_seq) = match delivery.fate {
                    Fate::Queued { consent_seq } => (State::Queued, None, Some(consent_seq)),
                    Fate::Skipped(reason) => (State::Skipped, Some(reason.as_str()), None),
                };
                row.push_bind(delivery.id.0)
                    .push_bind(campaign.0)
                    .push_bind(delivery.contact_id.0)
                    .push_bind(state.as_str())
                    .push_bind(reason)
                    .push_bind(consent_seq)
                    .push_bind(now)
                    .push_bind(0_i64)
                    .push_bind(now)
                    .push_bind(now)
                    .push_bind(now);
            });
            insert.push(" ON CONFLICT DO NOTHING");
            insert.build().execute(db).await.map(|done| done.rows_affected())
        })?;
    }
    count(conn, campaign, written).await
}

/// A campaign has so many deliveries more.
async fn count(conn: Conn<'_>, campaign: CampaignId, written: u64) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO campaign_progress (campaign_id, written) VALUES ($1, $2) \
             ON CONFLICT (campaign_id) DO UPDATE SET written = campaign_progress.written + $2, settled_at = NULL",
        )
        .bind(campaign.0)
        .bind(i64::try_from(written).unwrap_or(i64::MAX))
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}
