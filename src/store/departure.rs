//! Who left by the link of which message: found in the ledger, whose numbers have no gaps and are
//! seen in their order, so that a place in it is all that must be remembered.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    consent::{Channel, Evidence},
    id::{CampaignId, ContactId, DeliveryId},
};

use super::{Conn, LATEST, Result, on, row::word};

/// Departures whose times are read at once.
const TIMES_MAX: i64 = 50_000;

/// A withdrawal that came by the link of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// The message.
    pub delivery_id: DeliveryId,
    /// When.
    pub left_at: DateTime<Utc>,
    /// How it came.
    pub channel: Channel,
}

/// A stretch of the ledger that was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Its last event.
    pub upto: i64,
    /// What was found.
    pub departures: Vec<Departure>,
}

/// Up to which event the ledger was searched.
///
/// # Errors
/// The database's.
pub async fn searched(conn: Conn<'_>) -> Result<i64> {
    let (seq,): (i64,) = on!(conn, db => {
        sqlx::query_as("SELECT seq FROM departure_search WHERE id = 1").fetch_one(db).await
    })?;
    Ok(seq)
}

/// Searches up to `limit` events after `seq`; `None` when there are none.
///
/// # Errors
/// The database's.
pub async fn search(conn: Conn<'_>, seq: i64, limit: i64) -> Result<Option<Stretch>> {
    let rows: Vec<(i64, Option<String>, DateTime<Utc>, String)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT seq, CASE WHEN state = 'withdrawn' THEN detail END, occurred_at, channel \
             FROM consent_event WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(seq)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    let Some(&(upto, ..)) = rows.last() else { return Ok(None) };
    let mut departures = Vec::new();
    for (_, detail, left_at, channel) in rows {
        let evidence = detail.and_then(|text| serde_json::from_str::<Evidence>(&text).ok());
        if let Some(id) = evidence.and_then(|evidence| evidence.delivery_id) {
            let channel = word("consent_event", &channel)?;
            departures.push(Departure { delivery_id: DeliveryId(id), left_at, channel });
        }
    }
    Ok(Some(Stretch { upto, departures }))
}

/// Keeps what was found after `seq`. `false` when somebody else has searched on since: then nothing
/// of it may be committed.
///
/// # Errors
/// The database's.
pub async fn keep(mut conn: Conn<'_>, seq: i64, stretch: &Stretch) -> Result<bool> {
    let moved = on!(conn.again(), db => {
        sqlx::query("UPDATE departure_search SET seq = $2 WHERE id = 1 AND seq = $1")
            .bind(seq)
            .bind(stretch.upto)
            .execute(db)
            .await
            .map(|done| done.rows_affected())
    })?;
    if moved == 0 {
        return Ok(false);
    }
    for one in &stretch.departures {
        on!(conn.again(), db => {
            sqlx::query(
                "INSERT INTO departure (delivery_id, campaign_id, contact_id, left_at, channel) \
                 SELECT id, campaign_id, contact_id, $2, $3 FROM delivery WHERE id = $1 ON CONFLICT DO NOTHING",
            )
            .bind(one.delivery_id.0)
            .bind(one.left_at)
            .bind(one.channel.as_str())
            .execute(db)
            .await
            .map(drop)
        })?;
    }
    Ok(true)
}

/// How many left because of a campaign.
///
/// # Errors
/// The database's.
pub async fn count(conn: Conn<'_>, campaign: CampaignId) -> Result<i64> {
    let (n,): (i64,) = on!(conn, db => {
        sqlx::query_as("SELECT count(*) FROM departure WHERE campaign_id = $1")
            .bind(campaign.0)
            .fetch_one(db)
            .await
    })?;
    Ok(n)
}

/// When people left because of a campaign, up to a moment; the first 50,000.
///
/// # Errors
/// The database's.
pub async fn times(
    conn: Conn<'_>,
    campaign: CampaignId,
    until: DateTime<Utc>,
) -> Result<Vec<DateTime<Utc>>> {
    let rows: Vec<(DateTime<Utc>,)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT left_at FROM departure WHERE campaign_id = $1 AND left_at < $2 ORDER BY left_at LIMIT $3",
        )
        .bind(campaign.0)
        .bind(until)
        .bind(TIMES_MAX)
        .fetch_all(db)
        .await
    })?;
    Ok(rows.into_iter().map(|(at,)| at).collect())
}

/// Up to `limit` people who left because of a campaign, the latest first, before a place in that
/// order.
///
/// # Errors
/// The database's.
pub async fn page(
    conn: Conn<'_>,
    campaign: CampaignId,
    before: Option<(DateTime<Utc>, DeliveryId)>,
    limit: i64,
) -> Result<Vec<(Departure, ContactId)>> {
    let (at, id) = before.map_or((LATEST, Uuid::max()), |(at, id)| (at, id.0));
    let rows: Vec<(Uuid, Uuid, DateTime<Utc>, String)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT delivery_id, contact_id, left_at, channel FROM departure WHERE campaign_id = $1 \
             AND (left_at, delivery_id) < ($2, $3) ORDER BY left_at DESC, delivery_id DESC LIMIT $4",
        )
        .bind(campaign.0)
        .bind(at)
        .bind(id)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    rows.into_iter()
        .map(|(delivery, contact, left_at, channel)| {
            let channel = word("departure", &channel)?;
            let departure = Departure { delivery_id: DeliveryId(delivery), left_at, channel };
            Ok((departure, ContactId(contact)))
        })
        .collect()
}
