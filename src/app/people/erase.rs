//! A person is forgotten.

use crate::{
    app::{
        App, Error, Result,
        consent::{NewEvent, append},
    },
    domain::{
        consent::{Actor, Channel, Evidence, State},
        contact::Contact,
        id::ContactId,
        suppression::{Reason, Suppression},
    },
    store::{self, Tx, consent::Consent},
};

/// What an erasure took.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// Consents that it withdrew.
    pub withdrawn: usize,
}

/// Forgets a person (Law 94-V art. 18): address, profile, tags, notes, and the evidence of the
/// consents. What stays: that there were consents and mails, for a contact without a name, and a
/// keyed hash of the address, so that it is not brought in again. All consents are withdrawn and the
/// ledger still verifies. When this returns, no message to the person begins.
///
/// # Errors
/// [`Error::NotFound`] for a contact that is unknown or erased already; the database's.
pub async fn erase(app: &App, id: ContactId) -> Result<Erased> {
    let mut tx = app.store.begin().await?;
    // First, so that no consent is added between the look and the entry.
    store::ledger::lock_head(tx.conn()).await?;
    let contact = store::contact::find(tx.conn(), id).await?;
    let contact =
        contact.filter(|one| one.address.is_some()).ok_or(Error::NotFound("such contact"))?;
    store::ledger::redact(tx.conn(), id).await?;
    let withdrawn = withdraw_all(app, &mut tx, &contact).await?;
    let now = app.now();
    let entry =
        Suppression { address_hash: contact.address_hash, reason: Reason::Erased, ends_at: None };
    store::suppression::insert(tx.conn(), app.entropy.uuid(now), &entry, now).await?;
    store::finding::remove(tx.conn(), id).await?;
    store::contact::erase(tx.conn(), id, now).await?;
    store::suppression::note_change(tx.conn(), &[(app.entropy.uuid(now), id)], now).await?;
    tx.commit().await?;
    app.permits.revoke(&[id]).await;
    Ok(Erased { withdrawn })
}

async fn withdraw_all(app: &App, tx: &mut Tx, contact: &Contact) -> Result<usize> {
    let known = store::consent::of_contacts(tx.conn(), &[contact.id]).await?;
    let stands = |one: &&Consent| one.standing.state != State::Withdrawn;
    let events: Vec<NewEvent> =
        known.iter().filter(stands).map(|one| withdrawal(app, contact, one)).collect();
    let withdrawn = events.len();
    append(app, tx.conn(), &known, events).await?;
    Ok(withdrawn)
}

fn withdrawal(app: &App, contact: &Contact, consent: &Consent) -> NewEvent {
    NewEvent {
        contact_id: contact.id,
        address_hash: contact.address_hash,
        purpose: consent.purpose.clone(),
        party: consent.party.clone(),
        state: State::Withdrawn,
        occurred_at: app.now(),
        actor: Actor::Operator,
        channel: Channel::Staff,
        policy: None,
        wording: None,
        language: None,
        valid_until: None,
        evidence: Evidence { source: "erasure".to_owned(), ..Evidence::default() },
    }
}
