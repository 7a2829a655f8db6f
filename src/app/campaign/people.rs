//! The people behind a number of the funnel.

use uuid::Uuid;

use crate::{
    app::{App, Result},
    domain::{
        audience::Audience, contact::Contact, id::ContactId, party::PartyKey, purpose::PurposeKey,
    },
    store::{
        self,
        audience::{Behind, Question},
    },
};

/// Contacts that are looked through at a time.
const WINDOW: i64 = 20_000;
/// Windows that one page looks through; whoever wants more goes on from there.
const WINDOWS_MAX: usize = 10;

/// A page of people.
#[derive(Debug, Default)]
pub struct People {
    /// In the order in which they became known.
    pub people: Vec<Contact>,
    /// Where to go on; none at the end. A page may have few people, or none, and still go on: those
    /// who are rare are looked for in bounded steps.
    pub next: Option<ContactId>,
}

/// Up to `limit` people behind a number of the funnel, after `after`, as things stand now.
///
/// # Errors
/// The database's.
pub async fn funnel_people(
    app: &App,
    (audience, purpose, party): (&Audience, &PurposeKey, &PartyKey),
    number: Behind,
    after: Option<ContactId>,
    limit: usize,
) -> Result<People> {
    let question = Question { audience, purpose, party, now: app.now() };
    let mut reader = app.store.read().await?;
    let mut at = after.unwrap_or(ContactId(Uuid::nil()));
    let mut ids = Vec::new();
    let mut next = None;
    for _ in 0..WINDOWS_MAX {
        let until = store::audience::step(reader.conn(), at, WINDOW).await?;
        let room = i64::try_from(limit - ids.len()).unwrap_or(i64::MAX);
        let found =
            store::audience::behind(reader.conn(), question, number, at, until, room).await?;
        ids.extend(found);
        if ids.len() >= limit {
            next = ids.last().copied();
            break;
        }
        next = until;
        match until {
            Some(until) => at = until,
            None => break,
        }
    }
    let mut people = Vec::with_capacity(ids.len());
    for id in ids {
        people.extend(store::contact::find(reader.conn(), id).await?);
    }
    Ok(People { people, next })
}
