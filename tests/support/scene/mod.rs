//! The people, campaigns and nodes of a test, in the domain's words. Ids are counted, and the clock
//! stands still until it is moved.

pub(crate) mod campaigns;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::{
    app::{Clock, seed},
    domain::{
        address::Address,
        consent::{Actor, Channel, Event, Standing, State, WordingPin, term_end},
        contact::{AddressState, Contact, Profile},
        id::{ConsentId, ContactId, EventId, WordingId},
        institution::{Institution, Processing},
        language::Language,
        ledger::{GENESIS, HeadSigner, detail_hash, event_hash, sha256},
        party::PartyKey,
        purpose::PurposeKey,
    },
    store::{self, Store, consent::Consent, ledger::Entry},
};
use uuid::Uuid;

use super::database::{Database, Given};

/// When tests begin: a moment with microseconds, so that a column that loses them is seen.
pub(crate) const MORNING: DateTime<Utc> =
    DateTime::from_timestamp(1_795_312_800, 123_456_000).expect("a time");

/// How long consents of a test last, unless said otherwise.
const TERM_MONTHS: i64 = 24;

/// A seeded store, its clock, and who writes its ledger.
#[derive(Debug)]
pub(crate) struct Scene {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    signer: HeadSigner,
    wording: WordingPin,
    terms_sha256: [u8; 32],
    ids: AtomicU64,
}

impl Given for Scene {
    async fn given(database: &Database) -> Self {
        Self::on(Store::given(database).await).await
    }
}

/// The institution of the tests.
pub(crate) fn institution() -> Institution {
    let texts = |text: &str| BTreeMap::from([(Language::KK, text.to_owned())]);
    Institution {
        name: texts("Мектеп"),
        bin: "000140000002".to_owned(),
        address: texts("Астана"),
        support_email: address("support@example.kz"),
        phone: "+7 7172 000000".to_owned(),
        policy_url: "https://example.kz/policy".to_owned(),
        time_zone: chrono_tz::Tz::Asia__Almaty,
        languages: vec![Language::KK, Language::RU, Language::EN],
        processing: Processing::default(),
    }
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().expect("an address")
}

pub(crate) fn purpose(key: &str) -> PurposeKey {
    key.parse().expect("a purpose's key")
}

impl Scene {
    /// Seeds a migrated store and begins its ledger.
    pub(crate) async fn on(store: Store) -> Self {
        let signer = HeadSigner::from_seed(&[7; 32]).expect("a key");
        let wording = WordingPin { id: WordingId(Uuid::from_u128(1)), sha256: sha256(b"Yes.") };
        let terms_sha256 = sha256(b"Terms.");
        seed::seed(&store, &institution(), MORNING).await.expect("seeding");
        let mut tx = store.begin().await.expect("a transaction");
        let genesis = signer.sign(0, GENESIS, MORNING);
        store::ledger::ensure_head(tx.conn(), &genesis).await.expect("a head");
        store::ledger::ensure_terms(tx.conn(), &terms_sha256, "Terms.", MORNING)
            .await
            .expect("terms");
        store::policy::insert_wording(tx.conn(), wording, Language::KK, "Yes.", MORNING)
            .await
            .expect("a wording");
        tx.commit().await.expect("commit");
        let clock = Clock::standing_at(MORNING);
        Self { store, clock, signer, wording, terms_sha256, ids: AtomicU64::new(1) }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Ids in the order of asking, all different.
    pub(crate) fn id(&self) -> Uuid {
        let n = self.ids.fetch_add(1, Ordering::Relaxed);
        Uuid::from_u128((0x0190_0000_0000_7000 << 64) | (0x8000 << 48) | u128::from(n))
    }

    /// Somebody whose address is known and good, and nothing else.
    pub(crate) async fn a_contact(&self, text: &str) -> Contact {
        self.a_contact_known_as(text, Profile::default()).await
    }

    pub(crate) async fn a_contact_known_as(&self, text: &str, profile: Profile) -> Contact {
        let contact = Contact {
            id: ContactId(self.id()),
            address_hash: sha256(address(text).key().as_bytes()),
            address: Some(address(text)),
            address_state: AddressState::Ok,
            profile,
            blocked_reason: None,
        };
        let mut tx = self.store.begin().await.expect("a transaction");
        store::contact::insert(tx.conn(), std::slice::from_ref(&contact), self.now())
            .await
            .expect("a new contact");
        tx.commit().await.expect("commit");
        contact
    }

    /// The person said yes now, for two years.
    pub(crate) async fn a_given_consent(&self, contact: &Contact, key: &str) -> Consent {
        self.a_consent(contact, key, State::Given, self.now()).await
    }

    /// A consent that came to stand in `state` at `since`, by an event of the ledger.
    pub(crate) async fn a_consent(
        &self,
        contact: &Contact,
        key: &str,
        state: State,
        since: DateTime<Utc>,
    ) -> Consent {
        let event = self.an_event(contact, key, state, since);
        let mut tx = self.store.begin().await.expect("a transaction");
        let known = store::consent::of_contacts(tx.conn(), &[contact.id]).await.expect("consents");
        let known = known.into_iter().find(|one| one.purpose == event.purpose);
        let consent_id = known.map_or(event.consent_id, |one| one.id);
        let event = Event { consent_id, ..event };
        let entry = self.append(&mut tx, event).await;
        let consent = consent(&entry);
        store::consent::upsert(tx.conn(), std::slice::from_ref(&consent)).await.expect("a consent");
        tx.commit().await.expect("commit");
        consent
    }

    /// An event of a new consent, not yet in the ledger.
    pub(crate) fn an_event(
        &self,
        contact: &Contact,
        key: &str,
        state: State,
        occurred_at: DateTime<Utc>,
    ) -> Event {
        Event {
            id: EventId(self.id()),
            consent_id: ConsentId(self.id()),
            contact_id: contact.id,
            purpose: purpose(key),
            party: PartyKey::institution(),
            state,
            occurred_at,
            recorded_at: self.now(),
            actor: Actor::Subject,
            channel: Channel::WebForm,
            policy: None,
            wording: Some(self.wording),
            language: Some(Language::KK),
            valid_until: state.permits_sending().then(|| term_end(occurred_at, TERM_MONTHS)),
            address_hash: contact.address_hash,
            terms_sha256: self.terms_sha256,
            detail_hash: detail_hash(b"salt", "{}"),
        }
    }

    /// Adds an event at the end of the ledger.
    pub(crate) async fn append(&self, tx: &mut store::Tx, event: Event) -> Entry {
        self.append_all(tx, vec![event]).await.remove(0)
    }

    /// The same with many.
    pub(crate) async fn append_all(&self, tx: &mut store::Tx, events: Vec<Event>) -> Vec<Entry> {
        let (mut seq, mut last) = store::ledger::lock_head(tx.conn()).await.expect("the head");
        let mut entries = Vec::with_capacity(events.len());
        for event in events {
            seq += 1;
            let (hash, detail) = (event_hash(&last, seq, &event), (b"salt".to_vec(), "{}".into()));
            entries.push(Entry { seq, event, prev_hash: last, hash, detail: Some(detail) });
            last = hash;
        }
        let head = self.signer.sign(seq, last, self.now());
        store::ledger::append(tx.conn(), &entries, &head).await.expect("entries");
        entries
    }

    /// Moves the clock.
    pub(crate) fn wait(&self, by: TimeDelta) {
        self.clock.shift(by);
    }
}

/// Where a consent stands after an event that is its latest.
pub(crate) fn consent(entry: &Entry) -> Consent {
    let event = &entry.event;
    Consent {
        id: event.consent_id,
        contact_id: event.contact_id,
        purpose: event.purpose.clone(),
        party: event.party.clone(),
        standing: Standing {
            state: event.state,
            since: event.occurred_at,
            valid_until: event.valid_until,
            event_seq: entry.seq,
        },
    }
}
