//! The people, campaigns and nodes of a test, in the domain's words. Ids are counted, and the clock
//! stands still until it is moved.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::{
    app::{Clock, seed},
    domain::{
        address::Address,
        audience::Audience,
        campaign::{Campaign, Content, Phase, Sender, State as CampaignState},
        consent::{Actor, Channel, Event, Standing, State, WordingPin, term_end},
        contact::{AddressState, Contact, Profile},
        delivery::State as DeliveryState,
        id::{CampaignId, ConsentId, ContactId, DeliveryId, EventId, NodeId, WordingId},
        institution::{Institution, Processing},
        language::Language,
        ledger::{GENESIS, HeadSigner, detail_hash, event_hash, sha256},
        party::PartyKey,
        purpose::PurposeKey,
    },
    store::{
        self, Store,
        consent::Consent,
        delivery::{Delivery, Fate, NewDelivery},
        ledger::Entry,
    },
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

    async fn append_all(&self, tx: &mut store::Tx, events: Vec<Event>) -> Vec<Entry> {
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

    /// Many who said yes, at `p0@example.kz` and so on, in one transaction.
    pub(crate) async fn people_with_consent(
        &self,
        n: usize,
        key: &str,
        address_hash: impl Fn(&Address) -> [u8; 32],
    ) -> Vec<Contact> {
        let person = |n: usize| {
            let address = address(&format!("p{n}@example.kz"));
            Contact {
                id: ContactId(self.id()),
                address_hash: address_hash(&address),
                address: Some(address),
                address_state: AddressState::Ok,
                profile: Profile::default(),
                blocked_reason: None,
            }
        };
        let people: Vec<Contact> = (0..n).map(person).collect();
        let given = |one| self.an_event(one, key, State::Given, self.now());
        let events: Vec<Event> = people.iter().map(given).collect();
        let mut tx = self.store.begin().await.expect("a transaction");
        store::contact::insert(tx.conn(), &people, self.now()).await.expect("new contacts");
        let entries = self.append_all(&mut tx, events).await;
        let consents: Vec<Consent> = entries.iter().map(consent).collect();
        store::consent::upsert(tx.conn(), &consents).await.expect("consents");
        tx.commit().await.expect("commit");
        people
    }

    /// A draft for the institution's news.
    pub(crate) async fn a_campaign(&self, audience: Audience) -> Campaign {
        let campaign = Campaign {
            id: CampaignId(self.id()),
            name: "Көктем".to_owned(),
            purpose: purpose("news"),
            party: PartyKey::institution(),
            sender: Sender {
                address: address("news@example.kz"),
                reply_to: Some(address("office@example.kz")),
                name: BTreeMap::from([(Language::KK, "Мектеп".to_owned())]),
            },
            audience,
            pace: Some("100/1m".parse().expect("a rate")),
            planned_at: Some(self.now()),
            source: "name = \"Көктем\"".to_owned(),
            content_sha256: [3; 32],
            state: CampaignState::Draft,
            started_at: None,
            expand_after: None,
            expanded_at: None,
            created_at: self.now(),
        };
        let mut tx = self.store.begin().await.expect("a transaction");
        store::campaign::insert(tx.conn(), &campaign, &[content()]).await.expect("a new campaign");
        tx.commit().await.expect("commit");
        campaign
    }

    /// A campaign that is being sent.
    pub(crate) async fn a_running_campaign(&self) -> Campaign {
        let campaign = self.a_campaign(Audience::default()).await;
        self.put(campaign.id, Phase::Draft, CampaignState::Running { since: self.now() }).await;
        self.campaign(campaign.id).await
    }

    /// Moves a campaign from one state into another.
    pub(crate) async fn put(&self, id: CampaignId, from: Phase, state: CampaignState) {
        let mut tx = self.store.begin().await.expect("a transaction");
        let moved = store::campaign::set_state(tx.conn(), id, from, &state, self.now()).await;
        assert!(moved.expect("a state"), "the campaign was not {from}");
        tx.commit().await.expect("commit");
    }

    pub(crate) async fn campaign(&self, id: CampaignId) -> Campaign {
        let mut reader = self.store.read().await.expect("a reader");
        store::campaign::find(reader.conn(), id).await.expect("a row").expect("the campaign")
    }

    /// Somebody new with a consent, and the delivery to them, due now.
    pub(crate) async fn a_queued_delivery(&self, campaign: &Campaign) -> DeliveryId {
        let contact = self.a_contact(&format!("{}@example.kz", self.id().simple())).await;
        let consent = self.a_given_consent(&contact, campaign.purpose.as_str()).await;
        let fate = Fate::Queued { consent_seq: consent.standing.event_seq };
        self.a_delivery(campaign, &contact, fate).await
    }

    pub(crate) async fn a_delivery(
        &self,
        campaign: &Campaign,
        contact: &Contact,
        fate: Fate,
    ) -> DeliveryId {
        let id = DeliveryId(self.id());
        let delivery = NewDelivery { id, contact_id: contact.id, fate };
        let mut tx = self.store.begin().await.expect("a transaction");
        store::delivery::insert(tx.conn(), campaign.id, &[delivery], self.now())
            .await
            .expect("a new delivery");
        tx.commit().await.expect("commit");
        id
    }

    pub(crate) async fn delivery(&self, id: DeliveryId) -> Delivery {
        let mut reader = self.store.read().await.expect("a reader");
        store::delivery::find(reader.conn(), id).await.expect("a row").expect("the delivery")
    }

    /// Where deliveries stand.
    pub(crate) async fn states(&self, ids: &[DeliveryId]) -> Vec<DeliveryState> {
        let mut states = Vec::new();
        for &id in ids {
            states.push(self.delivery(id).await.state);
        }
        states
    }

    /// A process that has just started.
    pub(crate) async fn a_node(&self) -> NodeId {
        let id = NodeId(self.id());
        let mut tx = self.store.begin().await.expect("a transaction");
        store::node::insert(tx.conn(), id, "0.1.0", self.now()).await.expect("a new node");
        tx.commit().await.expect("commit");
        id
    }

    /// Moves the clock.
    pub(crate) fn wait(&self, by: TimeDelta) {
        self.clock.shift(by);
    }
}

/// Where a consent stands after an event that is its latest.
fn consent(entry: &Entry) -> Consent {
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

/// What a campaign of the tests says.
pub(crate) fn content() -> Content {
    let fields =
        serde_json::json!({ "region": "Астана", "seats": 40, "price": 1500.5, "talks": [{}] });
    Content {
        language: Language::KK,
        subject: "Сәлем, {{name}}".to_owned(),
        preheader: Some("Жаңалық".to_owned()),
        html: Some("<p>Сәлем</p>".to_owned()),
        plain: "Сәлем".to_owned(),
        fields_used: BTreeSet::from(["name".to_owned(), "region".to_owned()]),
        fields: fields.as_object().cloned().expect("an object"),
    }
}
