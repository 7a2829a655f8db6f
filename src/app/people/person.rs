//! All that is known of one person.

use crate::{
    app::{App, Error, Result},
    domain::{
        consent::Evidence,
        contact::Contact,
        id::{ContactId, DeliveryId},
        suppression::Suppression,
    },
    store::{self, consent::Consent, delivery::MailRow, ledger::Entry, note::Note},
};

/// Notes that a page shows.
const NOTES_MAX: i64 = 100;

/// A person.
#[derive(Debug)]
pub struct Person {
    /// Who; without an address when the person was forgotten.
    pub contact: Contact,
    /// In order.
    pub tags: Vec<String>,
    /// Where each consent stands.
    pub consents: Vec<Consent>,
    /// How it came there, in the ledger's order.
    pub history: Vec<EventTold>,
    /// Suppressions in force.
    pub suppressions: Vec<Suppression>,
    /// The newest first.
    pub notes: Vec<Note>,
}

/// An event of the ledger with its evidence as far as it is kept.
#[derive(Debug)]
pub struct EventTold {
    /// The event.
    pub entry: Entry,
    /// What proves it; `None` when it was redacted.
    pub evidence: Option<Evidence>,
    /// The words that were shown.
    pub wording: Option<String>,
    /// The number of the policy's edition.
    pub policy_number: Option<i64>,
}

/// All that is known of one person but the mail.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn person(app: &App, id: ContactId) -> Result<Person> {
    let mut reader = app.store.read().await?;
    let contact = store::contact::find(reader.conn(), id).await?;
    let contact = contact.ok_or(Error::NotFound("such contact"))?;
    let hash = contact.address_hash;
    let versions = store::policy::versions(reader.conn()).await?;
    let mut history = Vec::new();
    for entry in store::ledger::of_contact(reader.conn(), id).await? {
        let detail = entry.detail.as_ref();
        let evidence = detail.and_then(|(_, text)| serde_json::from_str(text).ok());
        let wording = match entry.event.wording {
            Some(pin) => store::policy::wording(reader.conn(), pin.id).await?,
            None => None,
        };
        let pin = entry.event.policy;
        let edition = versions.iter().find(|one| pin.is_some_and(|pin| pin.version_id == one.id));
        let policy_number = edition.map(|one| one.number);
        history.push(EventTold { entry, evidence, wording, policy_number });
    }
    Ok(Person {
        tags: store::contact::tags(reader.conn(), id).await?,
        consents: store::consent::of_contacts(reader.conn(), &[id]).await?,
        history,
        suppressions: store::suppression::among(reader.conn(), &[hash], app.now()).await?,
        notes: store::note::of_contact(reader.conn(), id, NOTES_MAX).await?,
        contact,
    })
}

/// One campaign's mail to a person.
pub type Mail = MailRow;

/// Mail to a person, the newest first: at most `limit` before `before`, and whether there is more.
///
/// # Errors
/// The database's.
pub async fn mails(
    app: &App,
    id: ContactId,
    before: Option<DeliveryId>,
    limit: usize,
) -> Result<(Vec<Mail>, bool)> {
    let mut reader = app.store.read().await?;
    let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let mut mails = store::delivery::of_contact(reader.conn(), id, before, one_more).await?;
    let has_more = mails.len() > limit;
    mails.truncate(limit);
    Ok((mails, has_more))
}
