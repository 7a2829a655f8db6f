//! Adding events to the ledger and deriving where the consents then stand.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Draws, Result},
    domain::{
        consent::{self, Act, Actor, Channel, Event, Evidence, State, WordingPin},
        id::{ConsentId, ContactId, EventId},
        language::Language,
        ledger::{self, Head},
        party::PartyKey,
        policy::PolicyPin,
        purpose::PurposeKey,
    },
    store::{self, Conn, consent::Consent, ledger::Entry},
};

/// An event before it has its place in the chain.
#[derive(Debug, Clone)]
pub(in crate::app) struct NewEvent {
    pub contact_id: ContactId,
    pub address_hash: [u8; 32],
    pub purpose: PurposeKey,
    pub party: PartyKey,
    pub state: State,
    pub occurred_at: DateTime<Utc>,
    pub actor: Actor,
    pub channel: Channel,
    pub policy: Option<PolicyPin>,
    pub wording: Option<WordingPin>,
    pub language: Option<Language>,
    pub valid_until: Option<DateTime<Utc>>,
    pub evidence: Evidence,
}

type Key = (ContactId, PurposeKey, PartyKey);

/// Adds events and writes where their consents stand afterwards, in the caller's transaction. The
/// caller has locked the ledger's head before it read `known`.
/// `known` are the consents that those contacts have already. Gives back where they stand.
pub(in crate::app) async fn append(
    app: &App,
    mut conn: Conn<'_>,
    known: &[Consent],
    events: Vec<NewEvent>,
) -> Result<Vec<Consent>> {
    if events.is_empty() {
        return Ok(Vec::new());
    }
    let end = store::ledger::lock_head(conn.again()).await?;
    record(conn, known, &Links::chained(app, end, known, events)).await
}

/// Events with their places in the chain, and the head that covers them.
pub(in crate::app) struct Links {
    entries: Vec<Entry>,
    head: Head,
}

impl Links {
    /// Puts events at the end of the chain, which is at `end` (number and hash).
    pub(in crate::app) fn chained(
        app: &App,
        end: (i64, [u8; 32]),
        known: &[Consent],
        events: Vec<NewEvent>,
    ) -> Self {
        let now = app.now();
        let mut ids: HashMap<Key, ConsentId> = known
            .iter()
            .map(|one| ((one.contact_id, one.purpose.clone(), one.party.clone()), one.id))
            .collect();
        let (mut seq, mut last) = end;
        let mut draws = app.entropy.draws();
        let mut entries = Vec::with_capacity(events.len());
        for new in events {
            let key = (new.contact_id, new.purpose.clone(), new.party.clone());
            let consent_id = *ids.entry(key).or_insert_with(|| ConsentId(draws.uuid(now)));
            seq += 1;
            let entry = link(app, &mut draws, new, consent_id, (seq, last), now);
            last = entry.hash;
            entries.push(entry);
        }
        let head = app.signer.sign(seq, last, now);
        Self { entries, head }
    }
}

/// Writes what is chained, under the lock of the head, and where the consents then stand.
pub(in crate::app) async fn record(
    mut conn: Conn<'_>,
    known: &[Consent],
    links: &Links,
) -> Result<Vec<Consent>> {
    let Links { entries, head } = links;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    store::ledger::append(conn.again(), entries, head).await?;
    let mut histories = histories(conn.again(), known, entries).await?;
    for entry in entries {
        histories.entry(entry.event.consent_id).or_default().push(act(entry));
    }
    let standing = stand(entries, histories);
    store::consent::upsert(conn, &standing).await?;
    Ok(standing)
}

fn link(
    app: &App,
    draws: &mut Draws,
    new: NewEvent,
    consent_id: ConsentId,
    (seq, prev_hash): (i64, [u8; 32]),
    now: DateTime<Utc>,
) -> Entry {
    let salt = draws.bytes::<16>().to_vec();
    let detail = ledger::detail(&new.evidence);
    let event = Event {
        id: EventId(draws.uuid(now)),
        consent_id,
        contact_id: new.contact_id,
        purpose: new.purpose,
        party: new.party,
        state: new.state,
        occurred_at: new.occurred_at,
        recorded_at: now,
        actor: new.actor,
        channel: new.channel,
        policy: new.policy,
        wording: new.wording,
        language: new.language,
        valid_until: new.valid_until,
        address_hash: new.address_hash,
        terms_sha256: app.terms.sha256,
        detail_hash: ledger::detail_hash(&salt, &detail),
    };
    let hash = ledger::event_hash(&prev_hash, seq, &event);
    Entry { seq, event, prev_hash, hash, detail: Some((salt, detail)) }
}

/// Earlier acts of the consents that exist already; most events of an import have none.
async fn histories(
    conn: Conn<'_>,
    known: &[Consent],
    entries: &[Entry],
) -> Result<HashMap<ConsentId, Vec<Act>>> {
    let mut contacts: Vec<ContactId> = known.iter().map(|one| one.contact_id).collect();
    contacts.dedup();
    if contacts.is_empty() {
        return Ok(HashMap::new());
    }
    let first = entries.first().map_or(0, |entry| entry.seq);
    let mut histories: HashMap<ConsentId, Vec<Act>> = HashMap::new();
    for one in store::ledger::acts(conn, &contacts).await? {
        if one.act.seq < first {
            histories.entry(one.consent_id).or_default().push(one.act);
        }
    }
    Ok(histories)
}

fn act(entry: &Entry) -> Act {
    let event = &entry.event;
    Act {
        seq: entry.seq,
        state: event.state,
        occurred_at: event.occurred_at,
        actor: event.actor,
        channel: event.channel,
        valid_until: event.valid_until,
    }
}

fn stand(entries: &[Entry], mut histories: HashMap<ConsentId, Vec<Act>>) -> Vec<Consent> {
    let touched = entries.iter().filter_map(|entry| {
        let event = &entry.event;
        let standing = consent::fold(histories.remove(&event.consent_id)?)?;
        Some(Consent {
            id: event.consent_id,
            contact_id: event.contact_id,
            purpose: event.purpose.clone(),
            party: event.party.clone(),
            standing,
        })
    });
    touched.collect()
}
