//! People were asked for a consent, and what they answered permits no mail: nothing yet, or no.

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Error, Result},
    domain::{
        consent::{Actor, Channel, Evidence, State},
        id::ContactId,
        party::PartyKey,
        purpose::PurposeKey,
    },
    store,
};

use super::{NewEvent, append};

/// What a person answered when asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Nothing so far.
    Awaited,
    /// No.
    No,
}

/// A question to one person, and its answer.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who.
    pub contact_id: ContactId,
    /// For what.
    pub purpose: PurposeKey,
    /// On whose behalf.
    pub party: PartyKey,
    /// What was answered.
    pub answer: Answer,
    /// When: of the question while the answer is awaited, else of the answer.
    pub occurred_at: DateTime<Utc>,
    /// The form or mail with which it was asked.
    pub source: String,
}

/// Records answers, all or none. A no takes effect before this returns.
///
/// # Errors
/// [`Error::NotFound`] for an unknown contact; the database's.
pub async fn record_answers(app: &App, asked: &[Asked]) -> Result<()> {
    let ids: Vec<ContactId> = asked.iter().map(|one| one.contact_id).collect();
    let mut tx = app.store.begin().await?;
    // First, so that what is read next cannot be changed by another deed about the same people.
    store::ledger::lock_head(tx.conn()).await?;
    let known = store::consent::of_contacts(tx.conn(), &ids).await?;
    let hashes = store::contact::hashes_of(tx.conn(), &ids).await?;
    let mut events = Vec::with_capacity(asked.len());
    for one in asked {
        let hash = hashes.get(&one.contact_id).ok_or(Error::NotFound("such contact"))?;
        events.push(event(one, *hash));
    }
    append(app, tx.conn(), &known, events).await?;
    let now = app.now();
    let notices: Vec<_> = ids.iter().map(|id| (app.entropy.uuid(now), *id)).collect();
    store::suppression::note_change(tx.conn(), &notices, now).await?;
    tx.commit().await?;
    app.permits.revoke(&ids).await;
    Ok(())
}

fn event(asked: &Asked, address_hash: [u8; 32]) -> NewEvent {
    let (state, actor, channel) = match asked.answer {
        Answer::Awaited => (State::Requested, Actor::Operator, Channel::DoubleOptIn),
        Answer::No => (State::Refused, Actor::Subject, Channel::WebForm),
    };
    NewEvent {
        contact_id: asked.contact_id,
        address_hash,
        purpose: asked.purpose.clone(),
        party: asked.party.clone(),
        state,
        occurred_at: asked.occurred_at,
        actor,
        channel,
        policy: None,
        wording: None,
        language: None,
        valid_until: None,
        evidence: Evidence { source: asked.source.clone(), ..Evidence::default() },
    }
}
