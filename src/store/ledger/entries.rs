//! Entries of the ledger, written many at a time.

use sqlx::{PgConnection, SqliteConnection};

use crate::store::{
    Conn, Result,
    bulk::{self, column},
};

use super::Entry;

/// The columns, in the order in which both arms give them.
macro_rules! insert {
    () => {
        "INSERT INTO consent_event (seq, id, consent_id, contact_id, purpose, party, \
         state, occurred_at, recorded_at, actor, channel, policy_version_id, \
         policy_sha256, wording_id, wording_sha256, language, valid_until, address_hash, \
         terms_sha256, detail, detail_salt, detail_hash, prev_hash, hash)"
    };
}

pub(super) async fn insert(conn: Conn<'_>, entries: &[Entry]) -> Result<()> {
    match conn {
        Conn::Sqlite(db) => insert_sqlite(db, entries).await,
        Conn::Postgres(db) => insert_postgres(db, entries).await,
    }
}

async fn insert_sqlite(db: &mut SqliteConnection, entries: &[Entry]) -> Result<()> {
    for part in bulk::parts(entries) {
        let mut query = sqlx::query(bulk::values(insert!(), 24, part.len(), ""));
        for entry in part {
            query = query
                .bind(entry.seq)
                .bind(entry.event.id.0)
                .bind(entry.event.consent_id.0)
                .bind(entry.event.contact_id.0)
                .bind(entry.event.purpose.as_str())
                .bind(entry.event.party.as_str())
                .bind(entry.event.state.as_str())
                .bind(entry.event.occurred_at)
                .bind(entry.event.recorded_at)
                .bind(entry.event.actor.as_str())
                .bind(entry.event.channel.as_str())
                .bind(entry.event.policy.map(|pin| pin.version_id.0))
                .bind(entry.event.policy.as_ref().map(|pin| pin.sha256.as_slice()))
                .bind(entry.event.wording.map(|pin| pin.id.0))
                .bind(entry.event.wording.as_ref().map(|pin| pin.sha256.as_slice()))
                .bind(entry.event.language.map(String::from))
                .bind(entry.event.valid_until)
                .bind(entry.event.address_hash.as_slice())
                .bind(entry.event.terms_sha256.as_slice())
                .bind(entry.detail.as_ref().map(|(_, text)| text.as_str()))
                .bind(entry.detail.as_ref().map(|(salt, _)| salt.as_slice()))
                .bind(entry.event.detail_hash.as_slice())
                .bind(entry.prev_hash.as_slice())
                .bind(entry.hash.as_slice());
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

async fn insert_postgres(db: &mut PgConnection, entries: &[Entry]) -> Result<()> {
    sqlx::query(concat!(
        insert!(),
        " SELECT * FROM UNNEST($1::bigint[], $2::uuid[], $3::uuid[], $4::uuid[], \
         $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[], \
         $10::text[], $11::text[], $12::uuid[], $13::bytea[], $14::uuid[], $15::bytea[], \
         $16::text[], $17::timestamptz[], $18::bytea[], $19::bytea[], $20::text[], \
         $21::bytea[], $22::bytea[], $23::bytea[], $24::bytea[])"
    ))
    .bind(column(entries, |entry| entry.seq))
    .bind(column(entries, |entry| entry.event.id.0))
    .bind(column(entries, |entry| entry.event.consent_id.0))
    .bind(column(entries, |entry| entry.event.contact_id.0))
    .bind(column(entries, |entry| entry.event.purpose.as_str()))
    .bind(column(entries, |entry| entry.event.party.as_str()))
    .bind(column(entries, |entry| entry.event.state.as_str()))
    .bind(column(entries, |entry| entry.event.occurred_at))
    .bind(column(entries, |entry| entry.event.recorded_at))
    .bind(column(entries, |entry| entry.event.actor.as_str()))
    .bind(column(entries, |entry| entry.event.channel.as_str()))
    .bind(column(entries, |entry| entry.event.policy.map(|pin| pin.version_id.0)))
    .bind(column(entries, |entry| entry.event.policy.as_ref().map(|pin| pin.sha256.as_slice())))
    .bind(column(entries, |entry| entry.event.wording.map(|pin| pin.id.0)))
    .bind(column(entries, |entry| entry.event.wording.as_ref().map(|pin| pin.sha256.as_slice())))
    .bind(column(entries, |entry| entry.event.language.map(String::from)))
    .bind(column(entries, |entry| entry.event.valid_until))
    .bind(column(entries, |entry| entry.event.address_hash.as_slice()))
    .bind(column(entries, |entry| entry.event.terms_sha256.as_slice()))
    .bind(column(entries, |entry| entry.detail.as_ref().map(|(_, text)| text.as_str())))
    .bind(column(entries, |entry| entry.detail.as_ref().map(|(salt, _)| salt.as_slice())))
    .bind(column(entries, |entry| entry.event.detail_hash.as_slice()))
    .bind(column(entries, |entry| entry.prev_hash.as_slice()))
    .bind(column(entries, |entry| entry.hash.as_slice()))
    .execute(db)
    .await?;
    Ok(())
}
