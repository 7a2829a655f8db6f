//! Contacts and their tags.

mod standing;

pub use standing::{erase, mark_bad, set_blocked};

use std::{
    borrow::Borrow,
    collections::{BTreeMap, HashMap},
};

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, QueryBuilder, SqliteConnection, types::Json};
use uuid::Uuid;

use crate::domain::{
    address::Address,
    contact::{Contact, Profile},
    id::{ContactId, ImportId},
};

use super::{
    Conn, Result,
    bulk::{self, column},
    on,
    row::{among, hash, hex_hashes, parsed, row, word},
};

/// Tags per statement: well under SQLite's 32,766 and PostgreSQL's 65,535 parameters.
const ROWS_PER_INSERT: usize = 500;

row! {
    struct Row {
        id: Uuid,
        address: Option<String>,
        address_hash: Vec<u8>,
        address_state: String,
        name: Option<String>,
        given_name: Option<String>,
        family_name: Option<String>,
        patronymic: Option<String>,
        language: Option<String>,
        attributes: Json<BTreeMap<String, String>>,
        external_id: Option<String>,
        blocked_reason: Option<String>,
    }
}

fn read(row: Row) -> Result<Contact> {
    Ok(Contact {
        id: ContactId(row.id),
        address: row.address.map(|text| parsed("contact", &text)).transpose()?,
        address_hash: hash("contact", &row.address_hash)?,
        address_state: word("contact", &row.address_state)?,
        profile: Profile {
            name: row.name,
            given_name: row.given_name,
            family_name: row.family_name,
            patronymic: row.patronymic,
            language: row.language.map(|code| parsed("contact", &code)).transpose()?,
            attributes: row.attributes.0,
            external_id: row.external_id,
        },
        blocked_reason: row.blocked_reason,
    })
}

/// The contact with this id.
///
/// # Errors
/// The database's.
pub async fn find(conn: Conn<'_>, id: ContactId) -> Result<Option<Contact>> {
    let row: Option<Row> = on!(conn, db => {
        sqlx::query_as("SELECT * FROM contact WHERE id = $1").bind(id.0).fetch_optional(db).await
    })?;
    row.map(read).transpose()
}

/// The living contacts with these address hashes, in no order.
///
/// # Errors
/// The database's.
pub async fn find_by_hashes(conn: Conn<'_>, hashes: &[[u8; 32]]) -> Result<Vec<Contact>> {
    let rows: Vec<Row> = match conn {
        Conn::Sqlite(db) => {
            sqlx::query_as(
                "SELECT * FROM contact WHERE address IS NOT NULL \
                 AND address_hash IN (SELECT unhex(value) FROM json_each($1))",
            )
            .bind(hex_hashes(hashes))
            .fetch_all(db)
            .await
        }
        Conn::Postgres(db) => {
            let hashes: Vec<&[u8]> = hashes.iter().map(<[u8; 32]>::as_slice).collect();
            sqlx::query_as(
                "SELECT * FROM contact WHERE address IS NOT NULL AND address_hash = ANY($1)",
            )
            .bind(hashes)
            .fetch_all(db)
            .await
        }
    }?;
    rows.into_iter().map(read).collect()
}

/// The contacts with these ids.
///
/// # Errors
/// The database's.
pub async fn by_ids(conn: Conn<'_>, ids: &[ContactId]) -> Result<HashMap<ContactId, Contact>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<Row> = among!(conn, query_as, "SELECT * FROM contact WHERE id", &ids, "",
        query, db => query.fetch_all(db).await)?;
    rows.into_iter().map(|row| Ok((ContactId(row.id), read(row)?))).collect()
}

/// Adds contacts.
///
/// # Errors
/// The database's; a unique violation when an address or external id is there already.
pub async fn insert<C: Borrow<Contact>>(
    conn: Conn<'_>,
    contacts: &[C],
    now: DateTime<Utc>,
) -> Result<()> {
    match conn {
        Conn::Sqlite(db) => insert_sqlite(db, contacts, now).await,
        Conn::Postgres(db) => insert_postgres(db, contacts, now).await,
    }
}

/// The columns of a new contact, in the order in which both arms give them.
macro_rules! insert {
    () => {
        "INSERT INTO contact (id, address, address_hash, address_state, name, given_name, \
         family_name, patronymic, language, attributes, external_id, blocked_at, blocked_reason, \
         created_at, updated_at)"
    };
}

async fn insert_sqlite<C: Borrow<Contact>>(
    db: &mut SqliteConnection,
    contacts: &[C],
    now: DateTime<Utc>,
) -> Result<()> {
    for part in bulk::parts(contacts) {
        let mut query = sqlx::query(bulk::values(insert!(), 15, part.len(), ""));
        for contact in part {
            let contact = contact.borrow();
            let profile = &contact.profile;
            query = query
                .bind(contact.id.0)
                .bind(contact.address.as_ref().map(Address::as_str))
                .bind(contact.address_hash.as_slice())
                .bind(contact.address_state.as_str())
                .bind(profile.name.as_deref())
                .bind(profile.given_name.as_deref())
                .bind(profile.family_name.as_deref())
                .bind(profile.patronymic.as_deref())
                .bind(profile.language.map(String::from))
                .bind(Json(&profile.attributes))
                .bind(profile.external_id.as_deref())
                .bind(contact.blocked_reason.as_ref().map(|_| now))
                .bind(contact.blocked_reason.as_deref())
                .bind(now)
                .bind(now);
        }
        query.execute(&mut *db).await?;
    }
    Ok(())
}

async fn insert_postgres<C: Borrow<Contact>>(
    db: &mut PgConnection,
    contacts: &[C],
    now: DateTime<Utc>,
) -> Result<()> {
    let rows: Vec<&Contact> = contacts.iter().map(Borrow::borrow).collect();
    sqlx::query(concat!(
        insert!(),
        " SELECT *, $14, $14 FROM UNNEST($1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], \
         $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[], $11::text[], \
         $12::timestamptz[], $13::text[])"
    ))
    .bind(column(&rows, |contact| contact.id.0))
    .bind(column(&rows, |contact| contact.address.as_ref().map(Address::as_str)))
    .bind(column(&rows, |contact| contact.address_hash.as_slice()))
    .bind(column(&rows, |contact| contact.address_state.as_str()))
    .bind(column(&rows, |contact| contact.profile.name.as_deref()))
    .bind(column(&rows, |contact| contact.profile.given_name.as_deref()))
    .bind(column(&rows, |contact| contact.profile.family_name.as_deref()))
    .bind(column(&rows, |contact| contact.profile.patronymic.as_deref()))
    .bind(column(&rows, |contact| contact.profile.language.map(String::from)))
    .bind(column(&rows, |contact| Json(&contact.profile.attributes)))
    .bind(column(&rows, |contact| contact.profile.external_id.as_deref()))
    .bind(column(&rows, |contact| contact.blocked_reason.as_ref().map(|_| now)))
    .bind(column(&rows, |contact| contact.blocked_reason.as_deref()))
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// Replaces what is known of a contact besides its address.
///
/// # Errors
/// The database's; a unique violation when the external id is another contact's.
pub async fn update_profile(
    conn: Conn<'_>,
    id: ContactId,
    profile: &Profile,
    now: DateTime<Utc>,
) -> Result<()> {
    on!(conn, db => {
        sqlx::query(
            "UPDATE contact SET name = $2, given_name = $3, family_name = $4, patronymic = $5, language = $6, \
             attributes = $7, external_id = $8, updated_at = $9 WHERE id = $1",
        )
        .bind(id.0)
        .bind(profile.name.as_deref())
        .bind(profile.given_name.as_deref())
        .bind(profile.family_name.as_deref())
        .bind(profile.patronymic.as_deref())
        .bind(profile.language.map(String::from))
        .bind(Json(&profile.attributes))
        .bind(profile.external_id.as_deref())
        .bind(now)
        .execute(db)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// Gives contacts tags; those they have already stay.
///
/// # Errors
/// The database's.
pub async fn add_tags(mut conn: Conn<'_>, tags: &[(ContactId, &str)]) -> Result<()> {
    for chunk in tags.chunks(ROWS_PER_INSERT) {
        on!(conn.again(), db => {
            let mut insert = QueryBuilder::new("INSERT INTO contact_tag (contact_id, tag) ");
            insert.push_values(chunk, |mut row, (id, tag)| {
                row.push_bind(id.0).push_bind(*tag);
            });
            insert.push(" ON CONFLICT DO NOTHING");
            insert.build().execute(db).await.map(drop)
        })?;
    }
    Ok(())
}

/// The tags of one contact, in order.
///
/// # Errors
/// The database's.
pub async fn tags(conn: Conn<'_>, id: ContactId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = on!(conn, db => {
        sqlx::query_as("SELECT tag FROM contact_tag WHERE contact_id = $1 ORDER BY tag")
            .bind(id.0)
            .fetch_all(db)
            .await
    })?;
    Ok(rows.into_iter().map(|(tag,)| tag).collect())
}

/// The address hashes of these contacts.
///
/// # Errors
/// The database's.
pub async fn hashes_of(conn: Conn<'_>, ids: &[ContactId]) -> Result<HashMap<ContactId, [u8; 32]>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, Vec<u8>)> = among!(conn, query_as, "SELECT id, address_hash FROM contact \
        WHERE id", &ids, "", query, db => query.fetch_all(db).await)?;
    rows.into_iter().map(|(id, bytes)| Ok((ContactId(id), hash("contact", &bytes)?))).collect()
}

/// The tags of several contacts.
///
/// # Errors
/// The database's.
pub async fn tags_of(conn: Conn<'_>, ids: &[ContactId]) -> Result<Vec<(ContactId, String)>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows: Vec<(Uuid, String)> = among!(conn, query_as, "SELECT contact_id, tag FROM contact_tag \
        WHERE contact_id", &ids, "", query, db => query.fetch_all(db).await)?;
    Ok(rows.into_iter().map(|(id, tag)| (ContactId(id), tag)).collect())
}

/// Whose these external ids are already.
///
/// # Errors
/// The database's.
pub async fn owners_of_external_ids(
    conn: Conn<'_>,
    external_ids: &[&str],
) -> Result<Vec<(String, ContactId)>> {
    let rows: Vec<(String, Uuid)> = match conn {
        Conn::Sqlite(db) => {
            sqlx::query_as(
                "SELECT external_id, id FROM contact \
                 WHERE external_id IN (SELECT value FROM json_each($1))",
            )
            .bind(Json(external_ids))
            .fetch_all(db)
            .await
        }
        Conn::Postgres(db) => {
            sqlx::query_as("SELECT external_id, id FROM contact WHERE external_id = ANY($1)")
                .bind(external_ids)
                .fetch_all(db)
                .await
        }
    }?;
    Ok(rows.into_iter().map(|(external_id, id)| (external_id, ContactId(id))).collect())
}

/// Takes tags from a contact.
///
/// # Errors
/// The database's.
pub async fn remove_tags(mut conn: Conn<'_>, id: ContactId, tags: &[String]) -> Result<()> {
    for tag in tags {
        on!(conn.again(), db => {
            sqlx::query("DELETE FROM contact_tag WHERE contact_id = $1 AND tag = $2")
                .bind(id.0)
                .bind(tag)
                .execute(db)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}

/// Notes whose rows stood in the file of a run; once is enough.
///
/// # Errors
/// The database's.
pub async fn note_import(mut conn: Conn<'_>, run: ImportId, ids: &[ContactId]) -> Result<()> {
    for chunk in ids.chunks(ROWS_PER_INSERT) {
        on!(conn.again(), db => {
            let mut insert =
                QueryBuilder::new("INSERT INTO contact_import (import_id, contact_id) ");
            insert.push_values(chunk, |mut row, id| {
                row.push_bind(run.0).push_bind(id.0);
            });
            insert.push(" ON CONFLICT DO NOTHING");
            insert.build().execute(db).await.map(drop)
        })?;
    }
    Ok(())
}

/// How many contacts there are.
///
/// # Errors
/// The database's.
pub async fn count(conn: Conn<'_>) -> Result<i64> {
    let (n,): (i64,) = on!(conn, db => {
        sqlx::query_as("SELECT count(*) FROM contact WHERE address IS NOT NULL").fetch_one(db).await
    })?;
    Ok(n)
}
