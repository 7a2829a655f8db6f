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
use sqlx::{PgConnection, SqliteConnection};

use crate::domain::{
    delivery::{SkipReason, State},
    id::{CampaignId, ContactId, DeliveryId},
};

use super::{
    Conn, Result,
    bulk::{self, column},
    on,
};

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

/// What stands before the rows of deliveries in both arms.
macro_rules! insert {
    () => {
        "INSERT INTO delivery (id, campaign_id, contact_id, state, reason, consent_seq, due_at, \
         attempts, gate_at, state_since, created_at)"
    };
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
    let written = match conn.again() {
        Conn::Sqlite(db) => insert_sqlite(db, campaign, deliveries, now).await?,
        Conn::Postgres(db) => insert_postgres(db, campaign, deliveries, now).await?,
    };
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

impl Fate {
    /// The columns `state`, `reason` and `consent_seq`.
    const fn columns(self) -> (State, Option<&'static str>, Option<i64>) {
        match self {
            Self::Queued { consent_seq } => (State::Queued, None, Some(consent_seq)),
            Self::Skipped(reason) => (State::Skipped, Some(reason.as_str()), None),
        }
    }
}

async fn insert_sqlite(
    db: &mut SqliteConnection,
    campaign: CampaignId,
    deliveries: &[NewDelivery],
    now: DateTime<Utc>,
) -> Result<u64> {
    let mut written = 0;
    for part in bulk::parts(deliveries) {
        let mut query =
            sqlx::query(bulk::values(insert!(), 11, part.len(), "ON CONFLICT DO NOTHING"));
        for delivery in part {
            let (state, reason, consent_seq) = delivery.fate.columns();
            query = query
                .bind(delivery.id.0)
                .bind(campaign.0)
                .bind(delivery.contact_id.0)
                .bind(state.as_str())
                .bind(reason)
                .bind(consent_seq)
                .bind(now)
                .bind(0_i64)
                .bind(now)
                .bind(now)
                .bind(now);
        }
        written += query.execute(&mut *db).await?.rows_affected();
    }
    Ok(written)
}

async fn insert_postgres(
    db: &mut PgConnection,
    campaign: CampaignId,
    deliveries: &[NewDelivery],
    now: DateTime<Utc>,
) -> Result<u64> {
    let fates = column(deliveries, |delivery| delivery.fate.columns());
    let done = sqlx::query(concat!(
        insert!(),
        " SELECT id, $6, contact_id, state, reason, consent_seq, $7, 0, $7, $7, $7 \
         FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[]) \
         AS d (id, contact_id, state, reason, consent_seq) ON CONFLICT DO NOTHING"
    ))
    .bind(column(deliveries, |delivery| delivery.id.0))
    .bind(column(deliveries, |delivery| delivery.contact_id.0))
    .bind(column(&fates, |(state, _, _)| state.as_str()))
    .bind(column(&fates, |(_, reason, _)| *reason))
    .bind(column(&fates, |(_, _, consent_seq)| *consent_seq))
    .bind(campaign.0)
    .bind(now)
    .execute(db)
    .await?;
    Ok(done.rows_affected())
}
