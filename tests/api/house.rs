//! A running service with people in it.

use std::{
    collections::BTreeMap,
    io::Write,
    sync::{Arc, Mutex, Once, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::{
    app::{App, Clock, Entropy, Rules, api_tokens},
    domain::{
        audience::Audience,
        campaign::{Campaign, Sender, State as CampaignState},
        consent::{Actor, Channel, Event, Evidence, Standing, State, term_end},
        contact::{AddressState, Contact, Profile},
        delivery::State as DeliveryState,
        id::{CampaignId, ConsentId, ContactId, DeliveryId, EventId, PolicyVersionId},
        institution::Institution,
        language::Language,
        ledger::{HeadSigner, detail, detail_hash, event_hash, sha256},
        party::{Party, PartyKey},
        policy::{ChangeKind, PolicyPin, PolicyText, PolicyVersion},
        purpose::Behalf,
        token::{Keyring, TokenKind},
    },
    store::{
        self, Store,
        consent::Consent,
        delivery::{Fate, NewDelivery},
        ledger::Entry,
    },
    web::{EngineStatus, Outgoing, WebState, router},
};
use reqwest::{Client, RequestBuilder, redirect::Policy};
use secrecy::ExposeSecret as _;
use uuid::Uuid;

use crate::support::{
    database::{Database, Given},
    scene::{MORNING, address, institution, purpose},
};

/// What a consent of these tests says of its source.
pub(crate) const SOURCE: &str = "Тіркеу формасы, example.kz";

/// A service on a loopback port.
pub(crate) struct House {
    pub(crate) app: Arc<App>,
    pub(crate) base: String,
    pub(crate) client: Client,
}

impl Given for House {
    async fn given(database: &Database) -> Self {
        Self::open(Store::given(database).await, institution(), None).await
    }
}

/// A message that somebody got.
pub(crate) struct Letter {
    pub(crate) contact: Contact,
    pub(crate) campaign: Campaign,
    pub(crate) delivery: DeliveryId,
    pub(crate) token: String,
}

impl House {
    /// Begins to serve; nobody is in it yet.
    pub(crate) async fn open(
        store: Store,
        institution: Institution,
        engine: Option<EngineStatus>,
    ) -> Self {
        listen_to_the_log();
        let keys = Keyring::new([9; 32], []).expect("a key");
        let clock = Clock::standing_at(MORNING);
        let app = App::new(store, clock, Entropy, keys, institution, "https://news.example.kz");
        let app = app.expect("a ledger key").with_rules(rules());
        app.prepare().await.expect("a prepared database");
        let app = Arc::new(app);
        let state = WebState::new(Arc::clone(&app), engine, Outgoing::default())
            .expect("pages that compile");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("a port"));
        tokio::spawn(async move { axum::serve(listener, router(state)).await });
        let client = Client::builder().redirect(Policy::none()).no_proxy().build();
        Self { app, base, client: client.expect("a client") }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request as a mail client or a browser makes it.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(self.url(path))
    }

    /// The secret of a fresh token.
    pub(crate) async fn a_token(&self) -> String {
        let (_, secret) =
            api_tokens::create(&self.app, "registry", None).await.expect("a new token");
        secret.expose_secret().to_owned()
    }

    /// News that somebody consented to, handed over a day later.
    pub(crate) async fn a_letter(&self, to: &str) -> Letter {
        self.a_letter_for(to, "news", PartyKey::institution(), Profile::default()).await
    }

    pub(crate) async fn a_letter_for(
        &self,
        to: &str,
        key: &str,
        party: PartyKey,
        profile: Profile,
    ) -> Letter {
        let contact = self.a_contact(to, profile).await;
        let consent = self.a_consent(&contact, key, &party).await;
        let campaign = self.a_campaign(key, party).await;
        let delivery = DeliveryId(self.id());
        let fate = Fate::Queued { consent_seq: consent.standing.event_seq };
        let new = NewDelivery { id: delivery, contact_id: contact.id, fate };
        let mut tx = self.app.store.begin().await.expect("a transaction");
        store::delivery::insert(tx.conn(), campaign.id, &[new], self.app.now())
            .await
            .expect("a new delivery");
        tx.commit().await.expect("commit");
        let token = self.app.keys.link_token(TokenKind::Unsubscribe, delivery.0);
        Letter { contact, campaign, delivery, token }
    }

    pub(crate) async fn a_contact(&self, text: &str, profile: Profile) -> Contact {
        let contact = Contact {
            id: ContactId(self.id()),
            address_hash: self.app.address_hash(&address(text)),
            address: Some(address(text)),
            address_state: AddressState::Ok,
            profile,
            blocked_reason: None,
        };
        let mut tx = self.app.store.begin().await.expect("a transaction");
        store::contact::insert(tx.conn(), std::slice::from_ref(&contact), self.app.now())
            .await
            .expect("a new contact");
        tx.commit().await.expect("commit");
        contact
    }

    /// A consent given a day ago under the first edition of the policy.
    pub(crate) async fn a_consent(
        &self,
        contact: &Contact,
        key: &str,
        party: &PartyKey,
    ) -> Consent {
        let policy = self.a_policy().await;
        let occurred_at = self.app.now() - TimeDelta::days(1);
        let evidence = Evidence { source: SOURCE.to_owned(), ..Evidence::default() };
        let event = Event {
            id: EventId(self.id()),
            consent_id: ConsentId(self.id()),
            contact_id: contact.id,
            purpose: purpose(key),
            party: party.clone(),
            state: State::Given,
            occurred_at,
            recorded_at: self.app.now(),
            actor: Actor::Subject,
            channel: Channel::WebForm,
            policy: Some(policy),
            wording: None,
            language: Some(Language::KK),
            valid_until: Some(term_end(occurred_at, 24)),
            address_hash: contact.address_hash,
            terms_sha256: self.terms().await,
            detail_hash: detail_hash(b"salt", &detail(&evidence)),
        };
        self.append(event, &evidence).await
    }

    async fn append(&self, event: Event, evidence: &Evidence) -> Consent {
        let mut tx = self.app.store.begin().await.expect("a transaction");
        let (last, prev_hash) = store::ledger::lock_head(tx.conn()).await.expect("the head");
        let seq = last + 1;
        let hash = event_hash(&prev_hash, seq, &event);
        let consent = Consent {
            id: event.consent_id,
            contact_id: event.contact_id,
            purpose: event.purpose.clone(),
            party: event.party.clone(),
            standing: Standing {
                state: event.state,
                since: event.occurred_at,
                valid_until: event.valid_until,
                event_seq: seq,
            },
        };
        let detail = Some((b"salt".to_vec(), detail(evidence)));
        let entry = Entry { seq, event, prev_hash, hash, detail };
        let signer = HeadSigner::from_seed(&self.app.keys.ledger_key()).expect("a key");
        let head = signer.sign(seq, hash, self.app.now());
        store::ledger::append(tx.conn(), &[entry], &head).await.expect("an entry");
        store::consent::upsert(tx.conn(), std::slice::from_ref(&consent)).await.expect("a consent");
        tx.commit().await.expect("commit");
        consent
    }

    /// The terms that [`App::prepare`] stored.
    async fn terms(&self) -> [u8; 32] {
        let wording = b"Terms of a test.";
        let mut tx = self.app.store.begin().await.expect("a transaction");
        let body = String::from_utf8_lossy(wording).into_owned();
        store::ledger::ensure_terms(tx.conn(), &sha256(wording), &body, self.app.now())
            .await
            .expect("terms");
        tx.commit().await.expect("commit");
        sha256(wording)
    }

    /// The first edition of the policy, published if it is not there yet.
    async fn a_policy(&self) -> PolicyPin {
        let body = "Саясат".to_owned();
        let sha = sha256(body.as_bytes());
        let mut tx = self.app.store.begin().await.expect("a transaction");
        let known = store::policy::versions(tx.conn()).await.expect("editions");
        if let Some(first) = known.first() {
            return PolicyPin { version_id: first.id, sha256: sha };
        }
        let version = PolicyVersion {
            id: PolicyVersionId(self.id()),
            number: 1,
            kind: ChangeKind::Material,
            published_at: self.app.now() - TimeDelta::days(30),
        };
        let text = PolicyText { language: Language::KK, body, sha256: sha };
        store::policy::insert(tx.conn(), &version, &[text]).await.expect("an edition");
        tx.commit().await.expect("commit");
        PolicyPin { version_id: version.id, sha256: sha }
    }

    pub(crate) async fn a_campaign(&self, key: &str, party: PartyKey) -> Campaign {
        let campaign = Campaign {
            id: CampaignId(self.id()),
            name: "Күзгі жаңалықтар".to_owned(),
            purpose: purpose(key),
            party,
            sender: sender(),
            audience: Audience::default(),
            pace: Some("100/1m".parse().expect("a rate")),
            planned_at: None,
            source: "{}".to_owned(),
            content_sha256: sha256(b"{}"),
            state: CampaignState::Draft,
            started_at: None,
            expand_after: None,
            expanded_at: None,
            created_at: self.app.now(),
        };
        let mut tx = self.app.store.begin().await.expect("a transaction");
        store::campaign::insert(tx.conn(), &campaign, &[]).await.expect("a new campaign");
        tx.commit().await.expect("commit");
        campaign
    }

    /// A partner on whose behalf mail may be sent.
    pub(crate) async fn a_partner(&self, key: &str, name: &str) -> PartyKey {
        let key: PartyKey = key.parse().expect("a key");
        let names = BTreeMap::from([(Language::KK, name.to_owned())]);
        let party = Party { key: key.clone(), kind: Behalf::Partner, names };
        let mut tx = self.app.store.begin().await.expect("a transaction");
        store::party::upsert(tx.conn(), &party, self.app.now()).await.expect("a party");
        tx.commit().await.expect("commit");
        key
    }

    /// What the ledger says of somebody, in its order.
    pub(crate) async fn history(&self, contact: &Contact) -> Vec<Entry> {
        let mut reader = self.app.store.read().await.expect("a reader");
        store::ledger::of_contact(reader.conn(), contact.id).await.expect("entries")
    }

    pub(crate) async fn consents(&self, contact: &Contact) -> Vec<Consent> {
        let mut reader = self.app.store.read().await.expect("a reader");
        store::consent::of_contacts(reader.conn(), &[contact.id]).await.expect("consents")
    }

    pub(crate) async fn delivery_state(&self, id: DeliveryId) -> DeliveryState {
        let mut reader = self.app.store.read().await.expect("a reader");
        let found = store::delivery::find(reader.conn(), id).await.expect("a row");
        found.expect("the delivery").state
    }

    pub(crate) fn id(&self) -> Uuid {
        self.app.entropy.uuid(self.app.now())
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.app.now()
    }
}

fn rules() -> Rules {
    Rules {
        senders: vec![sender()],
        relay_rates: vec!["100/1m".parse().expect("a rate")],
        undo: std::time::Duration::from_secs(30),
        test_addresses: vec![address("proofs@example.kz")],
        ..Rules::default()
    }
}

fn sender() -> Sender {
    Sender {
        address: address("news@example.kz"),
        reply_to: None,
        name: BTreeMap::from([(Language::KK, "Мектеп".to_owned())]),
    }
}

static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Ear;

impl Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Collects what this process logs, down to the last detail of this crate.
fn listen_to_the_log() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .with_env_filter("debug,kelisim=trace")
            .with_ansi(false)
            .with_writer(|| Ear)
            .init();
    });
}

/// What was logged so far, by all tests of this process.
pub(crate) fn logged() -> String {
    String::from_utf8_lossy(&LOG.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}
