//! Audiences: the database chooses the same people as plain reasoning does, and tells the gate the
//! same of them.

mod neighbour;
mod town;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use kelisim::{
    domain::{
        audience::Audience,
        campaign::Campaign,
        consent::State as ConsentState,
        contact::Profile,
        gate::{Facts, Refusal, Verdict, decide},
        id::{CampaignId, ContactId},
        language::Language,
        party::PartyKey,
    },
    store::{
        Tx,
        audience::{Behind, Person, Question, behind, count_by_facts, people_after, step},
    },
};
use proptest::{
    collection::vec,
    test_runner::{Config, TestRunner},
};

use self::{
    neighbour::{CAMPAIGNS, Neighbour, a_neighbour, an_audience},
    town::Town,
};
use crate::support::{
    database::{Database, execute, on_both},
    scene::{Scene, purpose},
};

on_both!(people_come_in_the_order_of_their_ids_a_page_at_a_time, contacts_are_walked_in_steps,);

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

async fn contacts_are_walked_in_steps(scene: Scene) {
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(scene.a_contact(&format!("p{n}@example.kz")).await.id);
    }
    let mut reader = scene.store.read().await.unwrap();
    let start = ContactId(uuid::Uuid::nil());
    assert_eq!(step(reader.conn(), start, 3).await.unwrap(), Some(ids[2]));
    assert_eq!(step(reader.conn(), ids[2], 2).await.unwrap(), Some(ids[4]));
    assert_eq!(step(reader.conn(), ids[2], 3).await.unwrap(), None);
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

    let numbers = Refusal::ALL.iter().copied().map(Behind::Refused);
    for number in std::iter::once(Behind::Allowed).chain(numbers) {
        let whose = |person: &&Person| match decide(&person.facts, now) {
            Verdict::Allowed { .. } => number == Behind::Allowed,
            Verdict::Refused(refusal) => number == Behind::Refused(refusal),
        };
        let expected: Vec<_> = people.iter().filter(whose).map(|one| one.contact_id).collect();
        let start = ContactId(uuid::Uuid::nil());
        let found = behind(place.tx.conn(), question, number, start, None, 1_000).await.unwrap();
        assert_eq!(found, expected, "{number:?}");
    }
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
