//! Audiences: the database chooses the same people as plain reasoning does, and tells the gate the
//! same of them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::{
    domain::{
        audience::{Audience, Clause},
        campaign::Campaign,
        consent::{Standing, State as ConsentState},
        contact::{AddressState, Contact, Profile},
        delivery::State as DeliveryState,
        gate::{Facts, Verdict, decide},
        id::{CampaignId, ConsentId, ContactId, DeliveryId},
        language::Language,
        ledger::sha256,
        party::PartyKey,
        suppression::{Reason, Suppression},
    },
    store::{
        self, Tx,
        audience::{Person, Question, count_by_facts, people_after},
        consent::Consent,
        delivery::{Fate, NewDelivery},
    },
};
use proptest::{
    collection::{btree_map, btree_set, vec},
    option,
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};

use crate::support::{
    database::{Database, execute, on_both},
    scene::{Scene, purpose},
};

on_both!(people_come_in_the_order_of_their_ids_a_page_at_a_time);

async fn people_come_in_the_order_of_their_ids_a_page_at_a_time(scene: Scene) {
    let profile = Profile { language: Some(Language::RU), ..Profile::default() };
    let aigul = scene.a_contact_known_as("aigul@example.kz", profile).await;
    let asel = scene.a_contact("asel@example.kz").await;
    let standing = scene.a_given_consent(&asel, "news").await.standing;
    let (audience, news, party) = (Audience::default(), purpose("news"), PartyKey::institution());
    let question =
        Question { audience: &audience, purpose: &news, party: &party, now: scene.now() };
    let mut reader = scene.store.read().await.unwrap();
    let first = people_after(reader.conn(), question, None, 1).await.unwrap();
    assert_eq!((first[0].contact_id, first[0].language), (aigul.id, Some(Language::RU)));
    assert_eq!(first[0].facts.consent, None);
    let rest = people_after(reader.conn(), question, Some(aigul.id), 9).await.unwrap();
    assert_eq!((rest[0].contact_id, rest[0].language), (asel.id, None));
    assert_eq!(rest[0].facts.consent, Some(standing));
    assert_eq!((first.len(), rest.len()), (1, 1));
}

/// Somebody of a small town, as proptest thinks them up.
#[derive(Debug, Clone)]
struct Neighbour {
    language: Option<Language>,
    tags: Vec<String>,
    attributes: BTreeMap<String, String>,
    /// What became of the deliveries of earlier campaigns, by the campaign's place.
    got: BTreeMap<usize, DeliveryState>,
    address: AddressState,
    blocked: bool,
    /// When a suppression ends, in microseconds from now.
    suppressed_us: Option<i64>,
    /// Where the consent stands, and when it ends, in microseconds from now.
    consent: Option<(ConsentState, i64)>,
}

/// Earlier campaigns of the town; one more is never sent to anybody.
const CAMPAIGNS: usize = 3;
const TAGS: &[&str] = &["teacher", "Teacher", "ұстаз", "o'neil", "50%", "$1", ""];
const KEYS: &[&str] = &["region", "a.b", "\"q\"", "$"];
const VALUES: &[&str] = &["Астана", "Almaty", "", "null"];

fn words(from: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    btree_set(select(from), 0..3).prop_map(|some| some.into_iter().map(str::to_owned).collect())
}

fn languages() -> impl Strategy<Value = Language> {
    select(vec![Language::KK, Language::RU, Language::EN])
}

fn a_neighbour() -> impl Strategy<Value = Neighbour> {
    let key = select(KEYS).prop_map(str::to_owned);
    let value = select(VALUES).prop_map(str::to_owned);
    let instants = || select(vec![-1_000_000, -1, 0, 1, 499_999, 1_000_000]);
    (
        option::of(languages()),
        words(TAGS),
        btree_map(key, value, 0..3),
        btree_map(0..CAMPAIGNS, select(DeliveryState::ALL), 0..3),
        select(AddressState::ALL),
        prop::bool::weighted(0.1),
        option::weighted(0.2, instants()),
        option::weighted(0.8, (select(ConsentState::ALL), instants())),
    )
        .prop_map(
            |(language, tags, attributes, got, address, blocked, suppressed_us, consent)| {
                let known = Neighbour {
                    language,
                    tags,
                    attributes,
                    got,
                    address,
                    blocked,
                    suppressed_us,
                    consent,
                };
                known
            },
        )
}

/// A clause whose campaigns are named by their places.
fn a_clause(campaigns: Vec<CampaignId>) -> impl Strategy<Value = Clause> {
    let leaf = prop_oneof![
        vec(languages(), 0..3).prop_map(Clause::Language),
        words(TAGS).prop_map(Clause::Tag),
        (select(KEYS), words(VALUES))
            .prop_map(|(key, is)| Clause::Attribute { key: key.to_owned(), is }),
        vec(select(campaigns), 0..3).prop_map(Clause::GotCampaign),
    ];
    leaf.prop_recursive(3, 12, 3, |clause| {
        prop_oneof![
            vec(clause.clone(), 0..3).prop_map(Clause::Any),
            vec(clause.clone(), 0..3).prop_map(Clause::All),
            clause.prop_map(|clause| Clause::Not(Box::new(clause))),
        ]
    })
}

fn an_audience(campaigns: Vec<CampaignId>) -> impl Strategy<Value = Audience> {
    (vec(a_clause(campaigns.clone()), 0..3), vec(a_clause(campaigns), 0..2))
        .prop_map(|(include, exclude)| Audience { include, exclude })
}

impl Neighbour {
    /// The rule of `domain::audience`, in plain words.
    fn is_meant(&self, clause: &Clause, campaigns: &[CampaignId]) -> bool {
        match clause {
            Clause::Language(any) => self.language.is_some_and(|language| any.contains(&language)),
            Clause::Tag(any) => any.iter().any(|tag| self.tags.contains(tag)),
            Clause::Attribute { key, is } => {
                let value = self.attributes.get(key).map_or("", String::as_str);
                if is.is_empty() { !value.is_empty() } else { is.iter().any(|one| one == value) }
            }
            Clause::GotCampaign(any) => any.iter().any(|id| {
                let place = campaigns.iter().position(|one| one == id);
                let state = place.and_then(|place| self.got.get(&place));
                matches!(state, Some(DeliveryState::Sent | DeliveryState::Uncertain))
            }),
            Clause::Any(any) => any.iter().any(|clause| self.is_meant(clause, campaigns)),
            Clause::All(all) => all.iter().all(|clause| self.is_meant(clause, campaigns)),
            Clause::Not(clause) => !self.is_meant(clause, campaigns),
        }
    }

    fn belongs(&self, audience: &Audience, campaigns: &[CampaignId]) -> bool {
        self.address != AddressState::Erased
            && audience.include.iter().all(|clause| self.is_meant(clause, campaigns))
            && !audience.exclude.iter().any(|clause| self.is_meant(clause, campaigns))
    }

    fn facts(&self, now: DateTime<Utc>) -> Facts {
        Facts {
            address_ok: self.address == AddressState::Ok,
            blocked: self.blocked,
            suppressed: self.suppressed_us.is_some_and(|us| us > 0),
            consent: self.standing(now),
        }
    }

    fn standing(&self, now: DateTime<Utc>) -> Option<Standing> {
        self.consent.map(|(state, us)| Standing {
            state,
            since: now,
            valid_until: Some(now + TimeDelta::microseconds(us)),
            event_seq: 1,
        })
    }
}

/// A town in an open transaction, which is rolled back when the question has been answered.
struct Town<'a> {
    scene: &'a Scene,
    tx: Tx,
    /// Somebody's ledger entry: deliveries and consents must name one.
    campaigns: &'a [Campaign],
}

impl Town<'_> {
    async fn settle(&mut self, neighbour: &Neighbour) -> ContactId {
        let id = ContactId(self.scene.id());
        let address = format!("{}@example.kz", id.0.simple());
        let contact = Contact {
            id,
            address_hash: sha256(address.as_bytes()),
            address: (neighbour.address != AddressState::Erased)
                .then(|| address.parse().expect("an address")),
            address_state: neighbour.address,
            profile: Profile {
                language: neighbour.language,
                attributes: neighbour.attributes.clone(),
                ..Profile::default()
            },
            blocked_reason: neighbour.blocked.then(|| "request".to_owned()),
        };
        let now = self.scene.now();
        let tags: Vec<_> = neighbour.tags.iter().map(|tag| (id, tag.as_str())).collect();
        store::contact::insert(self.tx.conn(), std::slice::from_ref(&contact), now).await.unwrap();
        store::contact::add_tags(self.tx.conn(), &tags).await.unwrap();
        self.suppress(neighbour, &contact).await;
        self.consent(neighbour, id).await;
        self.deliver(neighbour, id).await;
        id
    }

    async fn suppress(&mut self, neighbour: &Neighbour, contact: &Contact) {
        let Some(us) = neighbour.suppressed_us else { return };
        let now = self.scene.now();
        let entry = Suppression {
            address_hash: contact.address_hash,
            reason: Reason::Staff,
            ends_at: Some(now + TimeDelta::microseconds(us)),
        };
        store::suppression::insert(self.tx.conn(), self.scene.id(), &entry, now).await.unwrap();
    }

    async fn consent(&mut self, neighbour: &Neighbour, contact_id: ContactId) {
        let Some(standing) = neighbour.standing(self.scene.now()) else { return };
        let consent = Consent {
            id: ConsentId(self.scene.id()),
            contact_id,
            purpose: purpose("news"),
            party: PartyKey::institution(),
            standing,
        };
        store::consent::upsert(self.tx.conn(), &[consent]).await.unwrap();
    }

    async fn deliver(&mut self, neighbour: &Neighbour, contact_id: ContactId) {
        for (&place, state) in &neighbour.got {
            let (id, now) = (DeliveryId(self.scene.id()), self.scene.now());
            let delivery = NewDelivery { id, contact_id, fate: Fate::Queued { consent_seq: 1 } };
            let campaign = self.campaigns[place].id;
            store::delivery::insert(self.tx.conn(), campaign, &[delivery], now).await.unwrap();
            let held = matches!(state, DeliveryState::Claimed | DeliveryState::Handing);
            let node = held.then_some(id.0);
            let text = "UPDATE delivery SET state = $2, node_id = $3, reason = 'x' WHERE id = $1";
            execute!(self.tx.conn(), text, id.0, state.as_str(), node).unwrap();
        }
    }
}

/// Everybody whom the question means, two at a time.
async fn everybody(tx: &mut Tx, question: Question<'_>) -> Vec<Person> {
    let mut all: Vec<Person> = Vec::new();
    loop {
        let after = all.last().map(|person| person.contact_id);
        let page = people_after(tx.conn(), question, after, 2).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// The gate's word, without the ledger's number, by which people are counted.
fn word(facts: &Facts, now: DateTime<Utc>) -> String {
    match decide(facts, now) {
        Verdict::Allowed { .. } => "allowed".to_owned(),
        Verdict::Refused(refusal) => refusal.to_string(),
    }
}

fn counted(words: impl Iterator<Item = (String, i64)>) -> BTreeMap<String, i64> {
    words.fold(BTreeMap::new(), |mut counts, (word, n)| {
        *counts.entry(word).or_default() += n;
        counts
    })
}

async fn check(scene: &Scene, campaigns: &[Campaign], town: &[Neighbour], audience: &Audience) {
    let ids: Vec<CampaignId> = campaigns.iter().map(|campaign| campaign.id).collect();
    let (now, news, party) = (scene.now(), purpose("news"), PartyKey::institution());
    let tx = scene.store.begin().await.unwrap();
    let mut place = Town { scene, tx, campaigns };
    let mut expected = Vec::new();
    for neighbour in town {
        let id = place.settle(neighbour).await;
        if neighbour.belongs(audience, &ids) {
            expected.push((id, neighbour.language, neighbour.facts(now)));
        }
    }
    let question = Question { audience, purpose: &news, party: &party, now };
    let people = everybody(&mut place.tx, question).await;
    let found: Vec<_> =
        people.iter().map(|one| (one.contact_id, one.language, one.facts)).collect();
    assert_eq!(found, expected);

    let kinds = count_by_facts(place.tx.conn(), question).await.unwrap();
    let by_kind = counted(kinds.iter().map(|(facts, n)| (word(facts, now), *n)));
    let by_person = counted(people.iter().map(|person| (word(&person.facts, now), 1)));
    assert_eq!(by_kind, by_person);
}

/// Asks about many towns. Each lives in a transaction that is rolled back.
fn ask_about_many_towns(runtime: &tokio::runtime::Runtime, scene: &Scene) {
    let campaigns: Vec<Campaign> = runtime.block_on(async {
        // Somebody's ledger entry 1, which deliveries and consents of the town can name.
        let somebody = scene.a_contact("somebody@example.kz").await;
        let event = scene.an_event(&somebody, "news", ConsentState::Given, scene.now());
        let mut tx = scene.store.begin().await.unwrap();
        scene.append(&mut tx, event).await;
        let text = "UPDATE contact SET address = NULL, address_state = 'erased'";
        execute!(tx.conn(), text).unwrap();
        tx.commit().await.unwrap();
        let mut campaigns = Vec::new();
        for _ in 0..=CAMPAIGNS {
            campaigns.push(scene.a_campaign(Audience::default()).await);
        }
        campaigns
    });
    let ids = campaigns.iter().map(|campaign| campaign.id).collect();
    let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&(vec(a_neighbour(), 0..9), an_audience(ids)), |(town, audience)| {
            runtime.block_on(check(scene, &campaigns, &town, &audience));
            Ok(())
        })
        .unwrap();
}

mod the_database_chooses_the_people_that_plain_reasoning_chooses {
    use super::{Database, Scene, ask_about_many_towns};
    use crate::support::database::Given as _;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
    }

    #[test]
    fn sqlite() {
        let runtime = runtime();
        let database = Database::sqlite();
        ask_about_many_towns(&runtime, &runtime.block_on(Scene::given(&database)));
    }

    #[test]
    fn postgres() {
        let runtime = runtime();
        let database = runtime.block_on(Database::postgres());
        ask_about_many_towns(&runtime, &runtime.block_on(Scene::given(&database)));
        runtime.block_on(database.remove());
    }
}
