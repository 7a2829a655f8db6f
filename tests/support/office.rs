//! A database with people in it, and engines that send to them, in process.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use kelisim::{
    app::{
        App, Entropy,
        campaign::{self, Status},
    },
    domain::{
        audience::Audience,
        campaign::{Campaign, Content, Deed, Phase, Sender, State},
        contact::Contact,
        delivery::State as Delivered,
        id::{CampaignId, DeliveryId},
        language::Language,
        party::PartyKey,
        token::Keyring,
    },
    engine::{self, Engine, EngineSettings, MailSettings, RelaySettings},
    store::{self, Store, delivery::Attempt},
};
use tokio::{task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    relay::LONG,
    support::{
        database::{Database, Given, Place},
        scene::{Scene, address, institution, purpose},
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
        let scene = Scene::given(database).await;
        let app = app(&scene, scene.store.clone());
        app.prepare().await.expect("the App's own");
        Self { scene, app, place: Place::given(database).await }
    }
}

fn app(scene: &Scene, store: Store) -> Arc<App> {
    let keys = Keyring::new([9; 32], []).expect("a secret");
    let url = "https://mail.example.kz";
    let app = App::new(store, scene.clock.clone(), Entropy, keys, institution(), url);
    Arc::new(app.expect("an App"))
}

impl Office {
    /// Another process on the same database.
    pub(crate) async fn another_app(&self) -> Arc<App> {
        app(&self.scene, self.place.connect().await)
    }

    /// People with consent, and a campaign to everyone that is running.
    pub(crate) async fn campaign_to(&self, people: usize) -> (Campaign, Vec<Contact>) {
        let people = self.scene.people_with_consent(people, "news").await;
        (self.running_campaign(None).await, people)
    }

    pub(crate) async fn running_campaign(&self, pace: Option<&str>) -> Campaign {
        let campaign = self.draft(pace).await;
        self.change(&campaign, Deed::Start).await;
        self.scene.campaign(campaign.id).await
    }

    pub(crate) async fn draft(&self, pace: Option<&str>) -> Campaign {
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
        store::campaign::insert(tx.conn(), &campaign, &[content()]).await.expect("a campaign");
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
            Err(_) => panic!("it did not come to that: {:#?}", self.status(campaign).await),
        }
    }

    pub(crate) async fn finished(&self, campaign: &Campaign) -> Status {
        self.until(campaign, |status| status.campaign.state.phase() == Phase::Finished).await
    }

    /// The deliveries of a campaign, by contact.
    pub(crate) async fn delivery_to(&self, campaign: &Campaign, contact: &Contact) -> DeliveryId {
        let all = deliveries_of(&self.scene.store, campaign.id).await;
        let found = all.into_iter().find(|(_, to)| *to == contact.id.0);
        DeliveryId(found.expect("a delivery to them").0)
    }

    pub(crate) async fn attempts(&self, id: DeliveryId) -> Vec<Attempt> {
        let mut reader = self.scene.store.read().await.expect("a reader");
        store::delivery::attempts(reader.conn(), id).await.expect("attempts")
    }

    /// Everyone was sent it, as recorded, in one attempt, by a named consent.
    pub(crate) async fn sent(&self, campaign: &Campaign) -> Vec<DeliveryId> {
        let mut sent = Vec::new();
        for (id, _) in deliveries_of(&self.scene.store, campaign.id).await {
            let delivery = self.scene.delivery(DeliveryId(id)).await;
            if delivery.state == Delivered::Sent {
                assert!(delivery.consent_seq.is_some());
                sent.push(delivery.id);
            }
        }
        sent.sort();
        sent
    }
}

/// Delivery and contact of each row, as the database has them.
async fn deliveries_of(store: &Store, id: CampaignId) -> Vec<(uuid::Uuid, uuid::Uuid)> {
    let text = "SELECT id, contact_id FROM delivery WHERE campaign_id = $1";
    let mut reader = store.read().await.expect("a reader");
    let rows = match reader.conn() {
        store::Conn::Sqlite(db) => sqlx::query_as(text).bind(id.0).fetch_all(db).await,
        store::Conn::Postgres(db) => sqlx::query_as(text).bind(id.0).fetch_all(db).await,
    };
    rows.expect("deliveries")
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
