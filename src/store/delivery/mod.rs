//! Deliveries: the queue, and what became of each message.

mod claim;
mod report;
mod settle;

pub use claim::{Candidate, Reaped, candidates, claim, mark_handing, reap, repin, skip};
pub use report::{Delivery, attempts, find, is_open, next_due, tally};
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
    conn: Conn<'_>,
    campaign: CampaignId,
    deliveries: &[NewDelivery],
    now: DateTime<Utc>,
) -> Result<()> {
    match conn {
        Conn::Sqlite(db) => insert_sqlite(db, campaign, deliveries, now).await,
        Conn::Postgres(db) => insert_postgres(db, campaign, deliveries, now).await,
    }
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
) -> Result<()> {
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
        query.execute(&mut *db).await?;
    }
    Ok(())
}

async fn insert_postgres(
    db: &mut PgConnection,
    campaign: CampaignId,
    deliveries: &[NewDelivery],
    now: DateTime<Utc>,
) -> Result<()> {
    let fates = column(deliveries, |delivery| delivery.fate.columns());
    sqlx::query(concat!(
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
    Ok(())
}
