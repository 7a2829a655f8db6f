//! A person leaves. It takes effect before it is acknowledged.

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Error, Result},
    domain::{
        consent::{Actor, Channel, Evidence, State},
        contact::Contact,
        id::ContactId,
        party::PartyKey,
        purpose::PurposeKey,
        suppression::{Reason, Suppression},
    },
    store::{self, Tx, consent::Consent},
};

use super::{NewEvent, append};

/// What a person leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// One purpose on behalf of one party.
    Purpose(PurposeKey, PartyKey),
    /// All marketing, now and later, until the person comes back.
    All,
}

/// A person's wish to leave.
#[derive(Debug, Clone)]
pub struct Withdrawal {
    /// Who.
    pub contact_id: ContactId,
    /// What.
    pub scope: Scope,
    /// When the person said so; never later than now.
    pub occurred_at: DateTime<Utc>,
    /// Who entered it.
    pub actor: Actor,
    /// How it came.
    pub channel: Channel,
    /// What proves it.
    pub evidence: Evidence,
}

/// What a withdrawal changed.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawn {
    /// It took effect now.
    Now,
    /// The person had left before; nothing was added.
    Already,
}

/// Records that a person leaves and stops what is on its way to them. When this returns, no
/// message begins that it forbids.
///
/// # Errors
/// [`Error::NotFound`] for an unknown contact; the database's, and then nothing changed.
pub async fn withdraw(app: &App, wish: Withdrawal) -> Result<Withdrawn> {
    let mut tx = app.store.begin().await?;
    // First, so that what is read next cannot be changed by another deed about the same person.
    store::ledger::lock_head(tx.conn()).await?;
    let contact = store::contact::find(tx.conn(), wish.contact_id)
        .await?
        .ok_or(Error::NotFound("such contact"))?;
    let people = living(&mut tx, contact).await?;
    let mut changed = Vec::new();
    for person in &people {
        if withdraw_one(app, &mut tx, person, &wish).await? {
            changed.push(person.id);
        }
    }
    if changed.is_empty() {
        return Ok(Withdrawn::Already);
    }
    let now = app.now();
    let notices: Vec<_> = changed.iter().map(|id| (app.entropy.uuid(now), *id)).collect();
    store::suppression::note_change(tx.conn(), &notices, now).await?;
    tx.commit().await?;
    app.permits.revoke(&changed).await;
    Ok(Withdrawn::Now)
}

/// A link may be older than an erasure: then it speaks for whoever has the address today.
async fn living(tx: &mut Tx, contact: Contact) -> Result<Vec<Contact>> {
    if contact.address.is_some() {
        return Ok(vec![contact]);
    }
    let mut people = store::contact::find_by_hashes(tx.conn(), &[contact.address_hash]).await?;
    people.push(contact);
    Ok(people)
}

async fn withdraw_one(app: &App, tx: &mut Tx, person: &Contact, wish: &Withdrawal) -> Result<bool> {
    let known = store::consent::of_contacts(tx.conn(), &[person.id]).await?;
    let mut changed = false;
    if wish.scope == Scope::All {
        changed = suppress(app, tx, person).await?;
    }
    let events: Vec<NewEvent> = targets(&known, &wish.scope)
        .into_iter()
        .map(|(purpose, party)| event(person, purpose, party, wish))
        .collect();
    changed |= !events.is_empty();
    append(app, tx.conn(), &known, events).await?;
    Ok(changed)
}

/// The consents to withdraw. An objection to a purpose that was never consented to is kept too.
fn targets(known: &[Consent], scope: &Scope) -> Vec<(PurposeKey, PartyKey)> {
    let stands = |one: &&Consent| one.standing.state != State::Withdrawn;
    match scope {
        Scope::All => known
            .iter()
            .filter(stands)
            .map(|one| (one.purpose.clone(), one.party.clone()))
            .collect(),
        Scope::Purpose(purpose, party) => {
            let left = known
                .iter()
                .any(|one| one.purpose == *purpose && one.party == *party && !stands(&one));
            if left { Vec::new() } else { vec![(purpose.clone(), party.clone())] }
        }
    }
}

async fn suppress(app: &App, tx: &mut Tx, person: &Contact) -> Result<bool> {
    let now = app.now();
    let there = store::suppression::among(tx.conn(), &[person.address_hash], now).await?;
    if there.iter().any(|entry| entry.reason == Reason::AllWithdrawn) {
        return Ok(false);
    }
    let entry = Suppression {
        address_hash: person.address_hash,
        reason: Reason::AllWithdrawn,
        ends_at: None,
    };
    store::suppression::insert(tx.conn(), app.entropy.uuid(now), &entry, now).await?;
    Ok(true)
}

fn event(person: &Contact, purpose: PurposeKey, party: PartyKey, wish: &Withdrawal) -> NewEvent {
    NewEvent {
        contact_id: person.id,
        address_hash: person.address_hash,
        purpose,
        party,
        state: State::Withdrawn,
        occurred_at: wish.occurred_at,
        actor: wish.actor,
        channel: wish.channel,
        policy: None,
        wording: None,
        language: None,
        valid_until: None,
        evidence: wish.evidence.clone(),
    }
}
