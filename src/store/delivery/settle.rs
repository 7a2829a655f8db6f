//! Recording what became of attempts.

use std::borrow::Borrow;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::domain::{
    delivery::SkipReason,
    id::{CampaignId, DeliveryId, NodeId},
};

use super::super::{
    Conn, Result,
    bulk::{self, column},
    on,
    row::among,
};

/// What became of one claimed delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The delivery.
    pub id: DeliveryId,
    /// Where it stands now.
    pub end: End,
    /// The attempt, unless none was made.
    pub attempt: Option<Attempt>,
}

/// Where a delivery stands after it was claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// The relay took it.
    Sent,
    /// Tried again at that time, or (without an attempt) given back.
    Queued {
        /// Not before.
        due_at: DateTime<Utc>,
    },
    /// Refused for good, or given up.
    Failed {
        /// The class of the failure.
        reason: String,
    },
    /// It may have been taken.
    Uncertain {
        /// What was lost.
        reason: String,
    },
    /// The gate said no at the last moment, or the campaign was cancelled.
    Skipped(SkipReason),
}

/// One attempt, as the relay saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// 1 for the first.
    pub number: i64,
    /// The relay's name.
    pub relay: String,
    /// When the gate was asked for the last time, right before `MAIL FROM`.
    pub gate_at: DateTime<Utc>,
    /// When the answer came.
    pub ended_at: DateTime<Utc>,
    /// The verdict's word.
    pub verdict: String,
    /// The SMTP stage it ended at.
    pub stage: String,
    /// The reply code.
    pub code: Option<i64>,
    /// The reply's text, at most 4 KB.
    pub reply: Option<String>,
    /// SHA-256 of the message as it was handed over.
    pub body_sha256: Option<Vec<u8>>,
}

/// Records outcomes of deliveries that `node` claimed. One that was declared uncertain when `node`
/// seemed dead is mended; one that another node holds, or lost, is left alone.
///
/// # Errors
/// The database's.
pub async fn record<O: Borrow<Outcome>>(
    mut conn: Conn<'_>,
    outcomes: &[O],
    node: NodeId,
    now: DateTime<Utc>,
) -> Result<()> {
    let outcomes = || outcomes.iter().map(Borrow::borrow);
    let sent: Vec<Uuid> =
        outcomes().filter(|one| one.end == End::Sent).map(|one| one.id.0).collect();
    if !sent.is_empty() {
        among!(conn.again(), query, "UPDATE delivery SET state = 'sent', reason = NULL, node_id = NULL, \
            state_since = $3, attempts = attempts + CASE WHEN state = 'uncertain' THEN 0 ELSE 1 END \
            WHERE node_id = $2 AND id", &sent, "", query, db => {
            query.bind(node.0).bind(now).execute(db).await.map(drop)
        })?;
    }
    for outcome in outcomes().filter(|one: &&Outcome| one.end != End::Sent) {
        settle(conn.again(), outcome, node, now).await?;
    }
    let attempts: Vec<(DeliveryId, &Attempt)> =
        outcomes().filter_map(|one| Some((one.id, one.attempt.as_ref()?))).collect();
    insert_attempts(conn, &attempts).await
}

async fn settle(conn: Conn<'_>, outcome: &Outcome, node: NodeId, now: DateTime<Utc>) -> Result<()> {
    let (state, reason, due_at) = match &outcome.end {
        End::Sent => ("sent", None, None),
        End::Queued { due_at } => ("queued", None, Some(*due_at)),
        End::Failed { reason } => ("failed", Some(reason.as_str()), None),
        End::Uncertain { reason } => ("uncertain", Some(reason.as_str()), None),
        End::Skipped(reason) => ("skipped", Some(reason.as_str()), None),
    };
    // Who declared it uncertain has counted an attempt already: it is taken back if there was none.
    on!(conn, db => {
        sqlx::query(
            "UPDATE delivery SET state = $3, reason = $4, due_at = coalesce($5, due_at), node_id = NULL, \
             state_since = $6, attempts = attempts + $7 - CASE WHEN state = 'uncertain' THEN 1 ELSE 0 END \
             WHERE id = $1 AND node_id = $2",
        )
        .bind(outcome.id.0)
        .bind(node.0)
        .bind(state)
        .bind(reason)
        .bind(due_at)
        .bind(now)
        .bind(i64::from(outcome.attempt.is_some()))
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// What stands before the rows of attempts in both arms.
macro_rules! insert {
    () => {
        "INSERT INTO attempt (delivery_id, number, relay, gate_at, ended_at, verdict, stage, code, \
         reply, body_sha256)"
    };
}

async fn insert_attempts(conn: Conn<'_>, attempts: &[(DeliveryId, &Attempt)]) -> Result<()> {
    match conn {
        Conn::Sqlite(db) => insert_sqlite(db, attempts).await,
        Conn::Postgres(db) if !attempts.is_empty() => insert_postgres(db, attempts).await,
        Conn::Postgres(_) => Ok(()),
    }
}

async fn insert_sqlite(
    db: &mut SqliteConnection,
    attempts: &[(DeliveryId, &Attempt)],
) -> Result<()> {
    for part in bulk::parts(attempts) {
        let mut query =
            sqlx::query(bulk::values(insert!(), 10, part.len(), "ON CONFLICT DO NOTHING"));
        for (id, attempt) in part {
            query = query
                .bind(id.0)
                .bind(attempt.number)
                .bind(attempt.relay.as_str())
                .bind(attempt.gate_at)
                .bind(attempt.ended_at)
                .bind(attempt.verdict.as_str())
                .bind(attempt.stage.as_str())
                .bind(attempt.code)
                .bind(attempt.reply.as_deref())
                .bind(attempt.body_sha256.as_deref());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

async fn insert_postgres(db: &mut PgConnection, attempts: &[(DeliveryId, &Attempt)]) -> Result<()> {
    sqlx::query(concat!(
        insert!(),
        " SELECT * FROM UNNEST($1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[], \
         $5::timestamptz[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::bytea[]) \
         ON CONFLICT DO NOTHING"
    ))
    .bind(column(attempts, |(id, _)| id.0))
    .bind(column(attempts, |(_, attempt)| attempt.number))
    .bind(column(attempts, |(_, attempt)| attempt.relay.as_str()))
    .bind(column(attempts, |(_, attempt)| attempt.gate_at))
    .bind(column(attempts, |(_, attempt)| attempt.ended_at))
    .bind(column(attempts, |(_, attempt)| attempt.verdict.as_str()))
    .bind(column(attempts, |(_, attempt)| attempt.stage.as_str()))
    .bind(column(attempts, |(_, attempt)| attempt.code))
    .bind(column(attempts, |(_, attempt)| attempt.reply.as_deref()))
    .bind(column(attempts, |(_, attempt)| attempt.body_sha256.as_deref()))
    .execute(db)
    .await?;
    Ok(())
}

/// `$1` campaign, `$2` now, `$3` limit. PostgreSQL plans the inner query well only as an array.
macro_rules! cancel_text {
    ($open:literal, $close:literal) => {
        concat!(
            "UPDATE delivery SET state = 'skipped', reason = 'cancelled', state_since = $2 WHERE id ",
            $open,
            "SELECT id FROM delivery WHERE campaign_id = $1 AND state = 'queued' ORDER BY due_at, id LIMIT $3",
            $close,
            " AND state = 'queued'",
        )
    };
}

/// Skips what a cancelled campaign still has queued, up to `limit` at a time; how many there were.
///
/// # Errors
/// The database's.
pub async fn cancel_queued(
    conn: Conn<'_>,
    campaign: CampaignId,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<u64> {
    let rows = match conn {
        Conn::Sqlite(db) => {
            let query = sqlx::query(cancel_text!("IN (", ")"));
            query.bind(campaign.0).bind(now).bind(limit).execute(db).await?.rows_affected()
        }
        Conn::Postgres(db) => {
            let query = sqlx::query(cancel_text!("= ANY(ARRAY(", "))"));
            query.bind(campaign.0).bind(now).bind(limit).execute(db).await?.rows_affected()
        }
    };
    Ok(rows)
}
