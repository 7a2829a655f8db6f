//! Where each consent stands: a projection of the ledger that can be rebuilt from it.

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, SqliteConnection};
use uuid::Uuid;

use crate::domain::{
    consent::Standing,
    gate::Facts,
    id::{ConsentId, ContactId},
    party::PartyKey,
    purpose::PurposeKey,
};

use super::{
    Conn, Result,
    bulk::{self, column},
    on,
    row::{among, parsed, word},
};

/// One consent and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The record.
    pub id: ConsentId,
    /// Whose.
    pub contact_id: ContactId,
    /// For what.
    pub purpose: PurposeKey,
    /// On whose behalf.
    pub party: PartyKey,
    /// Where it stands.
    pub standing: Standing,
}

type Row = (Uuid, Uuid, String, String, String, DateTime<Utc>, Option<DateTime<Utc>>, i64);

fn read(row: Row) -> Result<Consent> {
    let (id, contact_id, purpose, party, state, since, valid_until, event_seq) = row;
    Ok(Consent {
        id: ConsentId(id),
        contact_id: ContactId(contact_id),
        purpose: parsed("consent", &purpose)?,
        party: parsed("consent", &party)?,
        standing: Standing { state: word("consent", &state)?, since, valid_until, event_seq },
    })
}

/// The standing in the columns of an outer join: nothing where there is no consent.
pub(super) fn standing(
    state: Option<String>,
    since: Option<DateTime<Utc>>,
    valid_until: Option<DateTime<Utc>>,
    event_seq: Option<i64>,
) -> Result<Option<Standing>> {
    let Some(((state, since), event_seq)) = state.zip(since).zip(event_seq) else {
        return Ok(None);
    };
    Ok(Some(Standing { state: word("consent", &state)?, since, valid_until, event_seq }))
}

/// All consents of these contacts.
///
/// # Errors
/// The database's.
pub async fn of_contacts(conn: Conn<'_>, contacts: &[ContactId]) -> Result<Vec<Consent>> {
    let ids: Vec<Uuid> = contacts.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = among!(conn, query_as, "SELECT id, contact_id, purpose, party, state, since, \
        valid_until, event_seq FROM consent WHERE contact_id", &ids, " ORDER BY purpose, party", query, db => {
        query.fetch_all(db).await
    })?;
    rows.into_iter().map(read).collect()
}

/// Up to `limit` consents in a state that permits mail, with an id after `after` and last changed
/// after event `event_seq`, in the order of ids.
///
/// # Errors
/// The database's.
pub async fn permitting_after(
    conn: Conn<'_>,
    after: Option<ConsentId>,
    event_seq: i64,
    limit: i64,
) -> Result<Vec<Consent>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let rows: Vec<Row> = on!(conn, db => {
        sqlx::query_as(
            "SELECT id, contact_id, purpose, party, state, since, valid_until, event_seq FROM consent \
             WHERE id > $1 AND event_seq > $2 AND state IN ('given', 'renewed') ORDER BY id LIMIT $3",
        )
        .bind(after)
        .bind(event_seq)
        .bind(limit)
        .fetch_all(db)
        .await
    })?;
    rows.into_iter().map(read).collect()
}

/// How many consents there are.
///
/// # Errors
/// The database's.
pub async fn count(conn: Conn<'_>) -> Result<i64> {
    let (n,): (i64,) = on!(conn, db => {
        sqlx::query_as("SELECT count(*) FROM consent").fetch_one(db).await
    })?;
    Ok(n)
}

/// Both arms of the same statement: what stands before the rows and after them.
macro_rules! upsert {
    (before) => {
        "INSERT INTO consent (id, contact_id, purpose, party, state, since, valid_until, event_seq)"
    };
    (after) => {
        " ON CONFLICT (id) DO UPDATE SET state = excluded.state, since = excluded.since, \
         valid_until = excluded.valid_until, event_seq = excluded.event_seq"
    };
}

/// Writes where consents stand.
///
/// # Errors
/// The database's.
pub async fn upsert(conn: Conn<'_>, consents: &[Consent]) -> Result<()> {
    match conn {
        Conn::Sqlite(db) => upsert_sqlite(db, consents).await,
        Conn::Postgres(db) => upsert_postgres(db, consents).await,
    }
}

async fn upsert_sqlite(db: &mut SqliteConnection, consents: &[Consent]) -> Result<()> {
    for part in bulk::parts(consents) {
        let text = bulk::values(upsert!(before), 8, part.len(), upsert!(after));
        let mut query = sqlx::query(text);
        for consent in part {
            query = query
                .bind(consent.id.0)
                .bind(consent.contact_id.0)
                .bind(consent.purpose.as_str())
                .bind(consent.party.as_str())
                .bind(consent.standing.state.as_str())
                .bind(consent.standing.since)
                .bind(consent.standing.valid_until)
                .bind(consent.standing.event_seq);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

async fn upsert_postgres(db: &mut PgConnection, consents: &[Consent]) -> Result<()> {
    sqlx::query(concat!(
        upsert!(before),
        " SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], \
         $6::timestamptz[], $7::timestamptz[], $8::bigint[])",
        upsert!(after)
    ))
    .bind(column(consents, |consent| consent.id.0))
    .bind(column(consents, |consent| consent.contact_id.0))
    .bind(column(consents, |consent| consent.purpose.as_str()))
    .bind(column(consents, |consent| consent.party.as_str()))
    .bind(column(consents, |consent| consent.standing.state.as_str()))
    .bind(column(consents, |consent| consent.standing.since))
    .bind(column(consents, |consent| consent.standing.valid_until))
    .bind(column(consents, |consent| consent.standing.event_seq))
    .execute(db)
    .await?;
    Ok(())
}

/// Removes the consents of these contacts, and those with these ids whosoever they say they are.
///
/// # Errors
/// The database's.
pub async fn remove(
    mut conn: Conn<'_>,
    contacts: &[ContactId],
    consents: &[ConsentId],
) -> Result<()> {
    let contacts: Vec<Uuid> = contacts.iter().map(|id| id.0).collect();
    among!(conn.again(), query, "DELETE FROM consent WHERE contact_id", &contacts, "", query, db => {
        query.execute(db).await.map(drop)
    })?;
    let consents: Vec<Uuid> = consents.iter().map(|id| id.0).collect();
    among!(conn, query, "DELETE FROM consent WHERE id", &consents, "", query, db => {
        query.execute(db).await.map(drop)
    })?;
    Ok(())
}

/// Removes the consents that have no event. Whose they were.
///
/// # Errors
/// The database's.
pub async fn remove_invented(conn: Conn<'_>) -> Result<Vec<ContactId>> {
    let rows: Vec<(Uuid,)> = on!(conn, db => {
        sqlx::query_as(
            "DELETE FROM consent WHERE NOT EXISTS (SELECT 1 FROM consent_event e \
             WHERE e.contact_id = consent.contact_id AND e.consent_id = consent.id) RETURNING contact_id",
        )
        .fetch_all(db)
        .await
    })?;
    Ok(rows.into_iter().map(|(id,)| ContactId(id)).collect())
}

/// What the gate needs to know of one contact for one purpose and party.
///
/// # Errors
/// The database's. `None` when there is no such contact.
pub async fn facts(
    conn: Conn<'_>,
    contact: ContactId,
    purpose: &PurposeKey,
    party: &PartyKey,
    now: DateTime<Utc>,
) -> Result<Option<Facts>> {
    type FactsRow = (
        bool,
        bool,
        bool,
        Option<String>,
        Option<DateTime<Utc>>,
        Option<DateTime<Utc>>,
        Option<i64>,
    );
    let row: Option<FactsRow> = on!(conn, db => {
        sqlx::query_as(
            "SELECT c.address_state = 'ok', c.blocked_at IS NOT NULL, \
             EXISTS (SELECT 1 FROM suppression s WHERE s.address_hash = c.address_hash \
             AND (s.ends_at IS NULL OR s.ends_at > $4)), k.state, k.since, k.valid_until, k.event_seq \
             FROM contact c LEFT JOIN consent k ON k.contact_id = c.id AND k.purpose = $2 AND k.party = $3 \
             WHERE c.id = $1",
        )
        .bind(contact.0)
        .bind(purpose.as_str())
        .bind(party.as_str())
        .bind(now)
        .fetch_optional(db)
        .await
    })?;
    row.map(|(address_ok, blocked, suppressed, state, since, valid_until, event_seq)| {
        let consent = standing(state, since, valid_until, event_seq)?;
        Ok(Facts { address_ok, blocked, suppressed, consent })
    })
    .transpose()
}
