//! The consent ledger: events are added at the end, by one writer at a time, and never changed.

mod entries;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::{
    consent::{Act, Event, WordingPin},
    id::{ConsentId, ContactId, EventId, PolicyVersionId, WordingId},
    ledger::Head,
    party::PartyKey,
    policy::PolicyPin,
    purpose::PurposeKey,
};

use super::{
    Conn, Result, on,
    row::{among, hash, parsed, row, word},
};

/// An event with its place in the chain and its evidence, unless redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from 1, without gaps.
    pub seq: i64,
    /// What happened.
    pub event: Event,
    /// The hash of the entry before it.
    pub prev_hash: [u8; 32],
    /// Its own hash.
    pub hash: [u8; 32],
    /// The evidence's salt and text; `None` once redacted.
    pub detail: Option<(Vec<u8>, String)>,
}

/// Puts the signed beginning of an empty chain in place, if there is none.
///
/// # Errors
/// The database's.
pub async fn ensure_head(conn: Conn<'_>, genesis: &Head) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO ledger_head (id, seq, hash, signed_at, public_key, signature) \
             VALUES (1, $1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(genesis.seq)
        .bind(genesis.hash.as_slice())
        .bind(genesis.signed_at)
        .bind(&genesis.public_key)
        .bind(&genesis.signature)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The number and hash of the last entry. Until the transaction ends nobody else can add one.
///
/// # Errors
/// The database's.
pub async fn lock_head(conn: Conn<'_>) -> Result<(i64, [u8; 32])> {
    // The empty change takes PostgreSQL's row lock; SQLite's writer is already ours.
    let (seq, last): (i64, Vec<u8>) = on!(conn, db => {
        sqlx::query_as("UPDATE ledger_head SET seq = seq WHERE id = 1 RETURNING seq, hash").fetch_one(db).await
    })?;
    Ok((seq, hash("ledger_head", &last)?))
}

/// The signed head.
///
/// # Errors
/// The database's.
pub async fn head(conn: Conn<'_>) -> Result<Option<Head>> {
    type Row = (i64, Vec<u8>, DateTime<Utc>, Vec<u8>, Vec<u8>);
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as("SELECT seq, hash, signed_at, public_key, signature FROM ledger_head WHERE id = 1")
            .fetch_optional(db)
            .await
    })?;
    row.map(|(seq, last, signed_at, public_key, signature)| {
        Ok(Head { seq, hash: hash("ledger_head", &last)?, signed_at, public_key, signature })
    })
    .transpose()
}

/// Adds entries after the last, and the head that covers them.
///
/// # Errors
/// The database's.
pub async fn append(mut conn: Conn<'_>, entries: &[Entry], head: &Head) -> Result<()> {
    entries::insert(conn.again(), entries).await?;
    on!(conn, db => {
        sqlx::query(
            "UPDATE ledger_head SET seq = $1, hash = $2, signed_at = $3, public_key = $4, signature = $5 \
             WHERE id = 1",
        )
        .bind(head.seq)
        .bind(head.hash.as_slice())
        .bind(head.signed_at)
        .bind(&head.public_key)
        .bind(&head.signature)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Stores the terms that events point to, if they are new.
///
/// # Errors
/// The database's.
pub async fn ensure_terms(
    conn: Conn<'_>,
    sha256: &[u8; 32],
    body: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "INSERT INTO consent_terms (sha256, body, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(sha256.as_slice())
        .bind(body)
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// The terms with this hash, as JSON.
///
/// # Errors
/// The database's.
pub async fn terms(conn: Conn<'_>, sha256: &[u8; 32]) -> Result<Option<String>> {
    let row: Option<(String,)> = on!(conn, db => {
        sqlx::query_as("SELECT body FROM consent_terms WHERE sha256 = $1")
            .bind(sha256.as_slice())
            .fetch_optional(db)
            .await
    })?;
    Ok(row.map(|(body,)| body))
}

row! {
    struct Row {
        seq: i64,
        id: Uuid,
        consent_id: Uuid,
        contact_id: Uuid,
        purpose: String,
        party: String,
        state: String,
        occurred_at: DateTime<Utc>,
        recorded_at: DateTime<Utc>,
        actor: String,
        channel: String,
        policy_version_id: Option<Uuid>,
        policy_sha256: Option<Vec<u8>>,
        wording_id: Option<Uuid>,
        wording_sha256: Option<Vec<u8>>,
        language: Option<String>,
        valid_until: Option<DateTime<Utc>>,
        address_hash: Vec<u8>,
        terms_sha256: Vec<u8>,
        detail: Option<String>,
        detail_salt: Option<Vec<u8>>,
        detail_hash: Vec<u8>,
        prev_hash: Vec<u8>,
        hash: Vec<u8>,
    }
}

fn read(row: Row) -> Result<Entry> {
    const TABLE: &str = "consent_event";
    let pinned = |bytes: Option<Vec<u8>>| hash(TABLE, &bytes.unwrap_or_default());
    let policy = match row.policy_version_id {
        Some(id) => {
            let sha256 = pinned(row.policy_sha256)?;
            Some(PolicyPin { version_id: PolicyVersionId(id), sha256 })
        }
        None => None,
    };
    let wording = match row.wording_id {
        Some(id) => Some(WordingPin { id: WordingId(id), sha256: pinned(row.wording_sha256)? }),
        None => None,
    };
    Ok(Entry {
        seq: row.seq,
        event: Event {
            id: EventId(row.id),
            consent_id: ConsentId(row.consent_id),
            contact_id: ContactId(row.contact_id),
            purpose: parsed(TABLE, &row.purpose)?,
            party: parsed(TABLE, &row.party)?,
            state: word(TABLE, &row.state)?,
            occurred_at: row.occurred_at,
            recorded_at: row.recorded_at,
            actor: word(TABLE, &row.actor)?,
            channel: word(TABLE, &row.channel)?,
            policy,
            wording,
            language: row.language.map(|code| parsed(TABLE, &code)).transpose()?,
            valid_until: row.valid_until,
            address_hash: hash(TABLE, &row.address_hash)?,
            terms_sha256: hash(TABLE, &row.terms_sha256)?,
            detail_hash: hash(TABLE, &row.detail_hash)?,
        },
        prev_hash: hash(TABLE, &row.prev_hash)?,
        hash: hash(TABLE, &row.hash)?,
        detail: row.detail_salt.zip(row.detail),
    })
}

/// Up to `limit` entries after number `after`, in order.
///
/// # Errors
/// The database's; [`super::Error::Unreadable`] for an entry whose words make no sense.
pub async fn entries_after(conn: Conn<'_>, after: i64, limit: i64) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM consent_event WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(after)
            .bind(limit)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// The entry with this number.
///
/// # Errors
/// The database's.
pub async fn entry(conn: Conn<'_>, seq: i64) -> Result<Option<Entry>> {
    Ok(entries_after(conn, seq - 1, 1).await?.into_iter().find(|entry| entry.seq == seq))
}

/// The history of one contact, in the ledger's order.
///
/// # Errors
/// The database's.
pub async fn of_contact(conn: Conn<'_>, id: ContactId) -> Result<Vec<Entry>> {
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM consent_event WHERE contact_id = $1 ORDER BY seq")
            .bind(id.0)
            .fetch_all(db)
            .await
    })?;
    rows.into_iter().map(read).collect()
}

/// Takes the evidence from all events of a contact, which may name the person. The chain holds a
/// salted hash of it and still verifies.
///
/// # Errors
/// The database's.
pub async fn redact(conn: Conn<'_>, id: ContactId) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "UPDATE consent_event SET detail = NULL, detail_salt = NULL WHERE contact_id = $1 \
             AND detail IS NOT NULL",
        )
        .bind(id.0)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// An act with the consent it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentAct {
    /// The consent.
    pub consent_id: ConsentId,
    /// Whose.
    pub contact_id: ContactId,
    /// For what.
    pub purpose: PurposeKey,
    /// On whose behalf.
    pub party: PartyKey,
    /// What was done.
    pub act: Act,
}

row! {
    struct ActRow {
        seq: i64,
        consent_id: Uuid,
        contact_id: Uuid,
        purpose: String,
        party: String,
        state: String,
        occurred_at: DateTime<Utc>,
        actor: String,
        channel: String,
        valid_until: Option<DateTime<Utc>>,
    }
}

/// The acts of these contacts' consents: all that [`crate::domain::consent::fold`] needs.
///
/// # Errors
/// The database's.
pub async fn acts(conn: Conn<'_>, contacts: &[ContactId]) -> Result<Vec<ConsentAct>> {
    let ids: Vec<Uuid> = contacts.iter().map(|id| id.0).collect();
    let rows: Vec<ActRow> = among!(conn, query_as, "SELECT seq, consent_id, contact_id, purpose, party, state, \
        occurred_at, actor, channel, valid_until FROM consent_event WHERE contact_id", &ids, "", query, db => {
        query.fetch_all(db).await
    })?;
    rows.into_iter()
        .map(|row| {
            let act = Act {
                seq: row.seq,
                state: word("consent_event", &row.state)?,
                occurred_at: row.occurred_at,
                actor: word("consent_event", &row.actor)?,
                channel: word("consent_event", &row.channel)?,
                valid_until: row.valid_until,
            };
            Ok(ConsentAct {
                consent_id: ConsentId(row.consent_id),
                contact_id: ContactId(row.contact_id),
                purpose: parsed("consent_event", &row.purpose)?,
                party: parsed("consent_event", &row.party)?,
                act,
            })
        })
        .collect()
}

/// Up to `limit` contacts that the ledger knows, with an id after `after`, in the order of ids.
///
/// # Errors
/// The database's.
pub async fn contacts_after(
    conn: Conn<'_>,
    after: Option<ContactId>,
    limit: i64,
) -> Result<Vec<ContactId>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let rows: Vec<(Uuid,)> = on!(conn, db => {
        sqlx::query_as(
            "SELECT DISTINCT contact_id FROM consent_event WHERE contact_id > $1 ORDER BY contact_id LIMIT $2",
        )
        .bind(after)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}
