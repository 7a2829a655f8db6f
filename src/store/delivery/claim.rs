//! Taking deliveries off the queue, and giving them back when their node is gone.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::types::Json;
use uuid::Uuid;

use crate::domain::{
    address::Address,
    campaign::Campaign,
    contact::Profile,
    delivery::SkipReason,
    gate::Facts,
    id::{ContactId, DeliveryId, NodeId},
};

use super::super::{
    Conn, Result, consent, on,
    row::{among, parsed, row},
};

/// A delivery that could be sent now, with what the gate and the template need.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The delivery.
    pub id: DeliveryId,
    /// To whom.
    pub contact_id: ContactId,
    /// Attempts so far.
    pub attempts: i64,
    /// The ledger event that allowed it when it was queued.
    pub consent_seq: i64,
    /// When it was written out: its life is counted from here.
    pub created_at: DateTime<Utc>,
    /// The address, unless erased meanwhile.
    pub address: Option<Address>,
    /// What the template may show.
    pub profile: Profile,
    /// For the gate.
    pub facts: Facts,
}

row! {
    struct Row {
        id: Uuid,
        contact_id: Uuid,
        attempts: i64,
        consent_seq: i64,
        created_at: DateTime<Utc>,
        address: Option<String>,
        name: Option<String>,
        given_name: Option<String>,
        family_name: Option<String>,
        patronymic: Option<String>,
        language: Option<String>,
        attributes: Json<BTreeMap<String, String>>,
        address_ok: bool,
        blocked: bool,
        suppressed: bool,
        state: Option<String>,
        since: Option<DateTime<Utc>>,
        valid_until: Option<DateTime<Utc>>,
        event_seq: Option<i64>,
    }
}

/// `$1` campaign, `$2` now, `$3` limit, `$4` purpose, `$5` party. PostgreSQL plans the inner
/// query well only as an array.
macro_rules! candidates_text {
    ($open:literal, $lock:literal) => {
        concat!(
            "SELECT d.id, d.contact_id, d.attempts, d.consent_seq, d.created_at, c.address, c.name, c.given_name, \
             c.family_name, c.patronymic, c.language, c.attributes, c.address_state = 'ok' AS address_ok, \
             c.blocked_at IS NOT NULL AS blocked, EXISTS (SELECT 1 FROM suppression s \
             WHERE s.address_hash = c.address_hash AND (s.ends_at IS NULL OR s.ends_at > $2)) AS suppressed, \
             k.state, k.since, k.valid_until, k.event_seq \
             FROM delivery d JOIN contact c ON c.id = d.contact_id \
             LEFT JOIN consent k ON k.contact_id = c.id AND k.purpose = $4 AND k.party = $5 WHERE d.id ",
            $open,
            "SELECT id FROM delivery WHERE campaign_id = $1 AND state = 'queued' AND due_at <= $2 \
             ORDER BY due_at, id LIMIT $3 ",
            $lock,
            " ORDER BY d.due_at, d.id",
        )
    };
}

/// Up to `limit` deliveries that are due, the longest due first. On PostgreSQL they are locked until the transaction
/// ends, and those that another node has locked are passed over.
///
/// # Errors
/// The database's.
pub async fn candidates(
    conn: Conn<'_>,
    campaign: &Campaign,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<Candidate>> {
    let rows: Vec<Row> = match conn {
        Conn::Sqlite(db) => {
            sqlx::query_as(candidates_text!("IN (", ")"))
                .bind(campaign.id.0)
                .bind(now)
                .bind(limit)
                .bind(campaign.purpose.as_str())
                .bind(campaign.party.as_str())
                .fetch_all(db)
                .await
        }
        Conn::Postgres(db) => {
            sqlx::query_as(candidates_text!("= ANY(ARRAY(", "FOR UPDATE SKIP LOCKED))"))
                .bind(campaign.id.0)
                .bind(now)
                .bind(limit)
                .bind(campaign.purpose.as_str())
                .bind(campaign.party.as_str())
                .fetch_all(db)
                .await
        }
    }?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<Candidate> {
    let consent = consent::standing(row.state, row.since, row.valid_until, row.event_seq)?;
    Ok(Candidate {
        id: DeliveryId(row.id),
        contact_id: ContactId(row.contact_id),
        attempts: row.attempts,
        consent_seq: row.consent_seq,
        created_at: row.created_at,
        address: row.address.map(|text| parsed("contact", &text)).transpose()?,
        profile: Profile {
            name: row.name,
            given_name: row.given_name,
            family_name: row.family_name,
            patronymic: row.patronymic,
            language: row.language.map(|code| parsed("contact", &code)).transpose()?,
            attributes: row.attributes.0,
            external_id: None,
        },
        facts: Facts {
            address_ok: row.address_ok,
            blocked: row.blocked,
            suppressed: row.suppressed,
            consent,
        },
    })
}

/// Gives queued deliveries to a node, noting that the gate was asked at `now`.
///
/// # Errors
/// The database's.
pub async fn claim(
    conn: Conn<'_>,
    ids: &[DeliveryId],
    node: NodeId,
    now: DateTime<Utc>,
) -> Result<()> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    among!(conn, query, "UPDATE delivery SET state = 'claimed', node_id = $2, gate_at = $3, state_since = $3 \
        WHERE state = 'queued' AND id", &ids, "", query, db => {
        query.bind(node.0).bind(now).execute(db).await.map(drop)
    })?;
    Ok(())
}

/// Notes that another ledger event now allows a delivery than when it was queued. Of what was
/// handed over the proof stays as it is.
///
/// # Errors
/// The database's.
pub async fn repin(conn: Conn<'_>, id: DeliveryId, consent_seq: i64) -> Result<()> {
    on!(conn, db => {
        sqlx::query("UPDATE delivery SET consent_seq = $2 WHERE id = $1 AND state IN ('queued', 'claimed')")
            .bind(id.0)
            .bind(consent_seq)
            .execute(db)
            .await
            .map(drop)
    })?;
    Ok(())
}

/// Takes a queued delivery off the queue for good.
///
/// # Errors
/// The database's.
pub async fn skip(
    conn: Conn<'_>,
    id: DeliveryId,
    reason: SkipReason,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "UPDATE delivery SET state = 'skipped', reason = $2, gate_at = $3, state_since = $3 \
             WHERE id = $1 AND state = 'queued'",
        )
        .bind(id.0)
        .bind(reason.as_str())
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Marks claimed deliveries as being handed over. Only those given back may be: the others were
/// taken from this node meanwhile, or their campaign is no longer running.
///
/// # Errors
/// The database's; then none may be handed over.
pub async fn mark_handing(
    conn: Conn<'_>,
    ids: &[DeliveryId],
    node: NodeId,
    now: DateTime<Utc>,
) -> Result<Vec<DeliveryId>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid,)> = among!(conn, query_as, "UPDATE delivery SET state = 'handing', state_since = $3 \
        WHERE state = 'claimed' AND node_id = $2 \
        AND campaign_id IN (SELECT id FROM campaign WHERE state = 'running') AND id", &ids, " RETURNING id", query, db => {
        query.bind(node.0).bind(now).fetch_all(db).await
    })?;
    Ok(rows.into_iter().map(|(id,)| DeliveryId(id)).collect())
}

/// What [`reap`] found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reaped {
    /// Had not begun: queued again.
    pub queued: u64,
    /// May have been taken by the relay.
    pub uncertain: u64,
}

/// Settles what a node held that is gone: what had not begun is queued again, what was being
/// handed over is uncertain, and keeps the node's id so that it alone may mend it.
///
/// # Errors
/// The database's.
pub async fn reap(mut conn: Conn<'_>, node: NodeId, now: DateTime<Utc>) -> Result<Reaped> {
    let uncertain = on!(conn.again(), db => {
        sqlx::query(
            "UPDATE delivery SET state = 'uncertain', reason = 'node_lost', state_since = $2, \
             attempts = attempts + 1 WHERE state = 'handing' AND node_id = $1",
        )
        .bind(node.0)
        .bind(now)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    let queued = on!(conn, db => {
        sqlx::query(
            "UPDATE delivery SET state = 'queued', node_id = NULL, state_since = $2 \
             WHERE state = 'claimed' AND node_id = $1",
        )
        .bind(node.0)
        .bind(now)
        .execute(db)
        .await
        .map(|done| done.rows_affected())
    })?;
    Ok(Reaped { queued, uncertain })
}
