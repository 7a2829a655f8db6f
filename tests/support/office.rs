//! A database with people in it, and engines that send to them, in process.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use chrono::TimeDelta;
use kelisim::{
    app::{
        App, Clock, Entropy,
        campaign::{self, Status},
        consent::{self, Scope, Withdrawal, Withdrawn},
    },
    domain::{
        audience::Audience,
        campaign::{Campaign, Content, Deed, Phase, Sender, State},
        consent::{Actor, Channel, Evidence, State as ConsentState},
        contact::{AddressState, Contact, Profile},
        delivery::State as Delivered,
        id::{CampaignId, ContactId, DeliveryId},
        language::Language,
        party::PartyKey,
        suppression::Reason,
        token::Keyring,
    },
    engine::{self, Engine, EngineSettings, MailSettings, RelaySettings},
    store::{
        self, Store,
        consent::Consent,
        delivery::{Attempt, Delivery},
    },
};
use tokio::{
    task::JoinHandle,
    time::{error::Elapsed, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    relay::LONG,
    support::{
        database::{Database, Given, Place},
        scene::{Scene, address, consent as consented, institution, purpose},
    },
};

/// Time between two looks at the database.
const LOOK: Duration = Duration::from_millis(10);
/// After so long without a sign of life another node takes over.
pub(crate) const NODE_TIMEOUT: Duration = Duration::from_secs(30);

/// A scene with the App on top of it.
pub(crate) struct Office {
    pub(crate) scene: Scene,
    pub(crate) app: Arc<App>,
    pub(crate) place: Place,
}

impl Given for Office {
    async fn given(database: &Database) -> Self {
        Self::of(Scene::given(database).await, Place::given(database).await).await
    }
}

/// The App of a process.
pub(crate) fn app(store: Store, clock: Clock) -> Arc<App> {
    let keys = Keyring::new([9; 32], []).expect("a secret");
    let url = "https://mail.example.kz";
    let app = App::new(store, clock, Entropy, keys, institution(), url);
    Arc::new(app.expect("an App"))
}

impl Office {
    pub(crate) async fn of(scene: Scene, place: Place) -> Self {
        let app = app(scene.store.clone(), scene.clock.clone());
        app.prepare().await.expect("the App's own");
        Self { scene, app, place }
    }

    /// Another process on the same database.
    pub(crate) async fn another_app(&self) -> Arc<App> {
        app(self.place.connect().await, self.scene.clock.clone())
    }

    /// People with consent, and a campaign to everyone that is running.
    pub(crate) async fn campaign_to(&self, people: usize) -> (Campaign, Vec<Contact>) {
        let people = self.people(people).await;
        (self.running_campaign(None).await, people)
    }

    /// People who said yes to news, at `p0@example.kz` and so on.
    pub(crate) async fn people(&self, n: usize) -> Vec<Contact> {
        let scene = &self.scene;
        let people: Vec<Contact> =
            (0..n).map(|n| self.person(&format!("p{n}@example.kz"))).collect();
        let given = |one| scene.an_event(one, "news", ConsentState::Given, scene.now());
        let events = people.iter().map(given).collect();
        let mut tx = scene.store.begin().await.expect("a transaction");
        store::contact::insert(tx.conn(), &people, scene.now()).await.expect("new contacts");
        let entries = scene.append_all(&mut tx, events).await;
        let consents: Vec<Consent> = entries.iter().map(consented).collect();
        store::consent::upsert(tx.conn(), &consents).await.expect("consents");
        tx.commit().await.expect("commit");
        people
    }

    fn person(&self, text: &str) -> Contact {
        Contact {
            id: ContactId(self.scene.id()),
            address_hash: self.app.address_hash(&address(text)),
            address: Some(address(text)),
            address_state: AddressState::Ok,
            profile: Profile::default(),
            blocked_reason: None,
        }
    }

    pub(crate) async fn running_campaign(&self, pace: Option<&str>) -> Campaign {
        let campaign = self.draft(pace).await;
        self.change(&campaign, Deed::Start).await;
        self.scene.campaign(campaign.id).await
    }

    pub(crate) async fn draft(&self, pace: Option<&str>) -> Campaign {
        self.draft_saying(content(), pace).await
    }

    pub(crate) async fn draft_saying(&self, said: Content, pace: Option<&str>) -> Campaign {
        let campaign = Campaign {
            id: CampaignId(self.scene.id()),
            name: "Көктем".to_owned(),
            purpose: purpose("news"),
            party: PartyKey::institution(),
            sender: Sender {
                address: address("news@example.kz"),
                reply_to: None,
                name: BTreeMap::from([(Language::KK, "Мектеп".to_owned())]),
            },
            audience: Audience::default(),
            pace: pace.map(|rate| rate.parse().expect("a rate")),
            planned_at: None,
            source: "{}".to_owned(),
            content_sha256: [3; 32],
            state: State::Draft,
            started_at: None,
            expand_after: None,
            expanded_at: None,
            created_at: self.scene.now(),
        };
        let mut tx = self.scene.store.begin().await.expect("a transaction");
        store::campaign::insert(tx.conn(), &campaign, &[said]).await.expect("a campaign");
        tx.commit().await.expect("commit");
        campaign
    }

    pub(crate) async fn change(&self, campaign: &Campaign, deed: Deed) {
        campaign::change(&self.app, campaign.id, &deed, "test").await.expect("the deed is allowed");
    }

    /// An engine of this process.
    pub(crate) fn engine(&self, relays: impl IntoIterator<Item = RelaySettings>) -> RunningEngine {
        RunningEngine::start(&self.app, settings(relays))
    }

    pub(crate) async fn status(&self, campaign: &Campaign) -> Status {
        campaign::status(&self.app, campaign.id).await.expect("a status")
    }

    /// Waits until the campaign has come to `what`.
    pub(crate) async fn until(
        &self,
        campaign: &Campaign,
        what: impl Fn(&Status) -> bool,
    ) -> Status {
        let mut looks = tokio::time::interval(LOOK);
        let reached = timeout(LONG, async {
            loop {
                looks.tick().await;
                let status = self.status(campaign).await;
                if what(&status) {
                    return status;
                }
            }
        });
        match reached.await {
            Ok(status) => status,
            Err(Elapsed { .. }) => {
                panic!("it did not come to that: {:#?}", self.status(campaign).await)
            }
        }
    }

    pub(crate) async fn finished(&self, campaign: &Campaign) -> Status {
        self.until(campaign, |status| status.campaign.state.phase() == Phase::Finished).await
    }

    /// Waits until an attempt stands in the database.
    pub(crate) async fn tried(&self, campaign: &Campaign) {
        let mut looks = tokio::time::interval(LOOK);
        let tried = timeout(LONG, async {
            while self.deliveries(campaign).await.iter().all(|one| one.attempts == 0) {
                looks.tick().await;
            }
        });
        tried.await.expect("it is tried");
    }

    /// Waits until the campaign is finished, with the clock moved to the next try whenever there is nothing to do before.
    pub(crate) async fn finished_in_time(&self, campaign: &Campaign) -> Status {
        let mut looks = tokio::time::interval(LOOK);
        let finished = timeout(LONG, async {
            loop {
                looks.tick().await;
                let status = self.status(campaign).await;
                if status.campaign.state.phase() == Phase::Finished {
                    return status;
                }
                if held(&status) == 0 && status.campaign.expanded_at.is_some() {
                    self.skip_to_next_try(campaign).await;
                }
            }
        });
        finished.await.expect("it ends")
    }

    async fn skip_to_next_try(&self, campaign: &Campaign) {
        let mut reader = self.scene.store.read().await.expect("a reader");
        let due = store::delivery::next_due(reader.conn(), campaign.id).await.expect("a time");
        if let Some(wait) =
            due.map(|due| due - self.scene.now()).filter(|wait| *wait > TimeDelta::zero())
        {
            self.scene.wait(wait);
        }
    }

    /// The delivery of a campaign to somebody.
    pub(crate) async fn delivery_to(&self, campaign: &Campaign, contact: &Contact) -> Delivery {
        let all = self.deliveries(campaign).await;
        all.into_iter().find(|one| one.contact_id == contact.id).expect("a delivery to them")
    }

    /// All deliveries of a campaign, by id.
    pub(crate) async fn deliveries(&self, campaign: &Campaign) -> Vec<Delivery> {
        let text = "SELECT id FROM delivery WHERE campaign_id = $1 ORDER BY id";
        let mut reader = self.scene.store.read().await.expect("a reader");
        let id = campaign.id.0;
        let rows: Result<Vec<(uuid::Uuid,)>, _> = match reader.conn() {
            store::Conn::Sqlite(db) => sqlx::query_as(text).bind(id).fetch_all(db).await,
            store::Conn::Postgres(db) => sqlx::query_as(text).bind(id).fetch_all(db).await,
        };
        drop(reader);
        let mut deliveries = Vec::new();
        for (id,) in rows.expect("deliveries") {
            deliveries.push(self.scene.delivery(DeliveryId(id)).await);
        }
        deliveries.sort_by_key(|one| one.id);
        deliveries
    }

    /// The deliveries of a campaign that stand so, by id.
    pub(crate) async fn in_state(&self, campaign: &Campaign, state: Delivered) -> Vec<DeliveryId> {
        let all = self.deliveries(campaign).await;
        all.iter().filter(|one| one.state == state).map(|one| one.id).collect()
    }

    pub(crate) async fn attempts(&self, id: DeliveryId) -> Vec<Attempt> {
        let mut reader = self.scene.store.read().await.expect("a reader");
        store::delivery::attempts(reader.conn(), id).await.expect("attempts")
    }

    /// Why the address of somebody is suppressed.
    pub(crate) async fn suppressions(&self, contact: &Contact) -> Vec<Reason> {
        let mut reader = self.scene.store.read().await.expect("a reader");
        let hashes = [contact.address_hash];
        let found = store::suppression::among(reader.conn(), &hashes, self.scene.now()).await;
        found.expect("suppressions").iter().map(|one| one.reason).collect()
    }
}

/// Deliveries that a node holds.
pub(crate) fn held(status: &Status) -> i64 {
    status.count(Delivered::Claimed) + status.count(Delivered::Handing)
}

/// Somebody leaves, by a link in a mail.
pub(crate) async fn withdraw(app: &App, contact: &Contact) {
    let wish = Withdrawal {
        contact_id: contact.id,
        scope: Scope::Purpose(purpose("news"), PartyKey::institution()),
        occurred_at: app.now(),
        actor: Actor::Subject,
        channel: Channel::OneClick,
        evidence: Evidence::default(),
    };
    let withdrawn = consent::withdraw(app, wish).await.expect("a withdrawal");
    assert_eq!(withdrawn, Withdrawn::Now);
}

/// What a campaign says here: short, with all that invariant 8 asks for.
pub(crate) fn content() -> Content {
    let footer = "{{policy_url}} {{institution.support}}";
    Content {
        language: Language::KK,
        subject: "Сәлем".to_owned(),
        preheader: None,
        html: Some(format!(
            "<p>Сәлем, {{{{name}}}}</p><p><a href=\"{{{{unsubscribe_url}}}}\">Бас тарту</a> {footer}</p>"
        )),
        plain: format!("Сәлем, {{{{name}}}}\n\n{{{{unsubscribe_url}}}}\n{footer}\n"),
        fields_used: ["name".to_owned()].into(),
        fields: serde_json::Map::new(),
    }
}

pub(crate) fn settings(relays: impl IntoIterator<Item = RelaySettings>) -> EngineSettings {
    EngineSettings {
        relays: relays.into_iter().collect(),
        mail: MailSettings {
            bounce_domain: "bounces.example.kz".to_owned(),
            list_domain: "lists.example.kz".to_owned(),
            sender_id: "kelisimtest".to_owned(),
            list_name: "Mektep".to_owned(),
            complaints: None,
            signing: Vec::new(),
        },
        node_timeout: NODE_TIMEOUT,
        start_late_max: Duration::from_hours(1),
        shutdown: Duration::from_secs(10),
    }
}

/// An engine at work; it breaks off when dropped.
pub(crate) struct RunningEngine {
    stop: CancellationToken,
    task: Option<JoinHandle<Result<(), engine::Error>>>,
    pub(crate) is_fresh: Box<dyn Fn() -> bool>,
}

impl RunningEngine {
    pub(crate) fn start(app: &Arc<App>, settings: EngineSettings) -> Self {
        let engine = Engine::new(Arc::clone(app), settings);
        let (stop, pulse) = (CancellationToken::new(), engine.pulse());
        let task = Some(tokio::spawn(engine.run(stop.clone())));
        Self { stop, task, is_fresh: Box::new(move || pulse.is_fresh()) }
    }

    /// As at SIGTERM.
    pub(crate) async fn stop(mut self) {
        self.stop.cancel();
        let task = self.task.take().expect("it was not stopped before");
        let ended = timeout(LONG, task).await.expect("it stops within its bound");
        ended.expect("no panic").expect("no error");
    }
}

impl Drop for RunningEngine {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
