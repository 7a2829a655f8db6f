//! Finding people by what somebody types and by filters.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Error, Result},
    domain::{audience::Audience, contact::Contact, finding::Typed, id::ContactId},
    store::{
        self,
        audience::{Cursor, Listed, Search},
        consent::Consent,
    },
};

/// People of a page.
pub const PAGE: usize = 50;

/// Whom somebody looks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// What was typed.
    pub text: String,
    /// The filters.
    pub audience: Audience,
    /// After whom the page begins.
    pub after: Option<Cursor>,
}

/// Somebody who was found.
#[derive(Debug, Clone)]
pub struct Row {
    /// Who.
    pub contact: Contact,
    /// In order.
    pub tags: Vec<String>,
    /// Where the consents stand.
    pub consents: Vec<Consent>,
    /// Whether the address must not be mailed.
    pub is_suppressed: bool,
    /// Since when they are known.
    pub created_at: DateTime<Utc>,
}

/// Some people, and where the next page begins.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// At most as many as were asked for.
    pub rows: Vec<Row>,
    /// `None` at the end.
    pub next: Option<Cursor>,
}

/// A page of the people who are looked for. A text that holds nothing to look for finds nobody.
///
/// # Errors
/// [`Error::Invalid`] for an audience that is too large or whose segments cannot be used; the
/// database's.
pub async fn search(app: &App, wanted: &Wanted, limit: usize) -> Result<Page> {
    wanted.audience.check_size().map_err(|error| Error::invalid("audience", error.to_string()))?;
    let typed = Typed::read(&wanted.text);
    if typed.is_none() && !wanted.text.trim().is_empty() {
        return Ok(Page::default());
    }
    let search = Search { audience: &wanted.audience, typed: typed.as_ref(), now: app.now() };
    let mut reader = app.store.read().await?;
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut found = store::audience::find(reader.conn(), search, wanted.after, one_more)
        .await
        .map_err(unusable)?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|last| last.cursor);
    Ok(Page { rows: rows(app, found).await?, next })
}

async fn rows(app: &App, found: Vec<Listed>) -> Result<Vec<Row>> {
    let ids: Vec<ContactId> = found.iter().map(|one| one.contact.id).collect();
    let mut reader = app.store.read().await?;
    let mut tags: HashMap<ContactId, Vec<String>> = HashMap::new();
    for (id, tag) in store::contact::tags_of(reader.conn(), &ids).await? {
        tags.entry(id).or_default().push(tag);
    }
    let mut consents: HashMap<ContactId, Vec<Consent>> = HashMap::new();
    for consent in store::consent::of_contacts(reader.conn(), &ids).await? {
        consents.entry(consent.contact_id).or_default().push(consent);
    }
    let row = |one: Listed| {
        let mut tags = tags.remove(&one.contact.id).unwrap_or_default();
        tags.sort_unstable();
        Row {
            tags,
            consents: consents.remove(&one.contact.id).unwrap_or_default(),
            contact: one.contact,
            is_suppressed: one.is_suppressed,
            created_at: one.created_at,
        }
    };
    Ok(found.into_iter().map(row).collect())
}

/// How many an audience means now.
///
/// # Errors
/// As [`search`].
pub async fn count(app: &App, audience: &Audience) -> Result<i64> {
    audience.check_size().map_err(|error| Error::invalid("audience", error.to_string()))?;
    let mut reader = app.store.read().await?;
    store::audience::count(reader.conn(), audience, app.now()).await.map_err(unusable)
}

/// Some of those whom an audience means, the newest.
///
/// # Errors
/// As [`search`].
pub async fn sample(app: &App, audience: &Audience, limit: usize) -> Result<Vec<Row>> {
    let wanted = Wanted { audience: audience.clone(), ..Wanted::default() };
    Ok(search(app, &wanted, limit).await?.rows)
}

/// Segments that are gone or lead back to themselves are the asker's to mend.
pub(in crate::app) fn unusable(error: store::Error) -> Error {
    match error {
        store::Error::Unreadable { table: "segment", what } => Error::invalid("audience", what),
        other => other.into(),
    }
}
