//! What people are found by. SQLite and PostgreSQL have each their own index: see migration 3.

use std::borrow::Borrow;

use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::domain::{address::Address, contact::Contact, finding, id::ContactId};

use super::{Conn, Result};

/// Rows per INSERT.
const ROWS_PER_INSERT: usize = 500;

/// Makes new contacts findable. Those without an address stay out.
///
/// # Errors
/// The database's.
pub async fn insert<C: Borrow<Contact>>(mut conn: Conn<'_>, contacts: &[C]) -> Result<()> {
    let living: Vec<&Contact> =
        contacts.iter().map(Borrow::borrow).filter(|one| one.address.is_some()).collect();
    for chunk in living.chunks(ROWS_PER_INSERT) {
        match conn.again() {
            Conn::Sqlite(db) => {
                let mut insert = QueryBuilder::new("INSERT INTO contact_find (contact_id, words) ");
                insert.push_values(chunk, |mut row, contact| {
                    let mut words = finding::words(contact);
                    words.push(contact.id.0.simple().to_string());
                    row.push_bind(contact.id.0).push_bind(words.join(" "));
                });
                insert.build().execute(db).await.map(drop)
            }
            Conn::Postgres(db) => {
                let mut insert = QueryBuilder::new(
                    "INSERT INTO contact_find (contact_id, address, external, find_1, find_2, find_3) ",
                );
                insert.push_values(chunk, |mut row, contact| {
                    let [first, second, third] = finding::beginnings(&contact.profile);
                    row.push_bind(contact.id.0)
                        .push_bind(contact.address.as_ref().map(Address::key))
                        .push_bind(contact.profile.external_id.as_deref())
                        .push_bind(first)
                        .push_bind(second)
                        .push_bind(third);
                });
                insert.build().execute(db).await.map(drop)
            }
        }?;
    }
    Ok(())
}

/// Makes a contact findable by what is known of it now.
///
/// # Errors
/// The database's.
pub async fn replace(mut conn: Conn<'_>, contact: &Contact) -> Result<()> {
    remove(conn.again(), contact.id).await?;
    insert(conn, &[contact]).await
}

/// Makes a contact unfindable.
///
/// # Errors
/// The database's.
pub async fn remove(conn: Conn<'_>, id: ContactId) -> Result<()> {
    match conn {
        Conn::Sqlite(db) => {
            let row: Option<(i64, Uuid)> = sqlx::query_as(
                "SELECT rowid, contact_id FROM contact_find WHERE contact_find MATCH $1",
            )
            .bind(format!("\"{}\"", id.0.simple()))
            .fetch_optional(&mut *db)
            .await?;
            if let Some((number, _)) = row.filter(|(_, found)| *found == id.0) {
                sqlx::query("DELETE FROM contact_find WHERE rowid = $1")
                    .bind(number)
                    .execute(db)
                    .await?;
            }
        }
        Conn::Postgres(db) => {
            sqlx::query("DELETE FROM contact_find WHERE contact_id = $1")
                .bind(id.0)
                .execute(db)
                .await?;
        }
    }
    Ok(())
}
