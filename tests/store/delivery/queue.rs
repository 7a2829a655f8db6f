//! Writing deliveries out and finding those that could be sent now.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use kelisim::{
    domain::{
        address::Address,
        consent::State as ConsentState,
        contact::Profile,
        delivery::{SkipReason, State},
        gate::{Refusal, Verdict, decide},
        id::DeliveryId,
        language::Language,
        ledger::sha256,
    },
    store::{
        self, Conn,
        delivery::{Delivery, End, Fate, NewDelivery, Outcome},
    },
};

use super::{candidates, claim, ids, record};
use crate::support::{
    database::{Database, Given as _, execute, on_both},
    scene::Scene,
};

on_both!(
    what_is_written_out_comes_back,
    somebody_gets_one_delivery_of_a_campaign,
    more_deliveries_than_one_statement_bears_are_written_together,
    the_longest_due_come_first_and_no_more_than_asked,
    what_is_not_due_yet_waits_to_the_microsecond,
    a_campaign_sees_its_own_deliveries_only,
    a_candidate_brings_what_the_template_may_show,
    a_candidate_brings_what_the_gate_must_know,
    two_claims_at_once_take_disjoint_sets,
);

async fn what_is_written_out_comes_back(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let contact = scene.a_contact("aigul@example.kz").await;
    let consent_seq = scene.a_given_consent(&contact, "news").await.standing.event_seq;
    let queued = scene.a_delivery(&campaign, &contact, Fate::Queued { consent_seq }).await;
    let expected = Delivery {
        id: queued,
        campaign_id: campaign.id,
        contact_id: contact.id,
        state: State::Queued,
        reason: None,
        consent_seq: Some(consent_seq),
        due_at: scene.now(),
        attempts: 0,
        gate_at: scene.now(),
        state_since: scene.now(),
        created_at: scene.now(),
    };
    assert_eq!(scene.delivery(queued).await, expected);

    let other = scene.a_contact("asel@example.kz").await;
    let fate = Fate::Skipped(SkipReason::Gate(Refusal::Withdrawn));
    let skipped = scene.delivery(scene.a_delivery(&campaign, &other, fate).await).await;
    assert_eq!(skipped.state, State::Skipped);
    assert_eq!(skipped.reason.as_deref(), Some("withdrawn"));
    let mut reader = scene.store.read().await.unwrap();
    let nothing = store::delivery::find(reader.conn(), DeliveryId(scene.id())).await.unwrap();
    assert_eq!(nothing, None);
}

async fn somebody_gets_one_delivery_of_a_campaign(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let contact = scene.a_contact("aigul@example.kz").await;
    let fate = Fate::Skipped(SkipReason::Gate(Refusal::NoConsent));
    let first = scene.a_delivery(&campaign, &contact, fate).await;
    let consent_seq = scene.a_given_consent(&contact, "news").await.standing.event_seq;
    let second = scene.a_delivery(&campaign, &contact, Fate::Queued { consent_seq }).await;
    assert_eq!(scene.delivery(first).await.state, State::Skipped);
    let mut reader = scene.store.read().await.unwrap();
    assert_eq!(store::delivery::find(reader.conn(), second).await.unwrap(), None);
}

async fn more_deliveries_than_one_statement_bears_are_written_together(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let hash = |address: &Address| sha256(address.key().as_bytes());
    let people = scene.people_with_consent(1_001, "news", hash).await;
    let fate = Fate::Skipped(SkipReason::Gate(Refusal::NoConsent));
    let deliveries: Vec<NewDelivery> = people
        .iter()
        .map(|one| NewDelivery { id: DeliveryId(scene.id()), contact_id: one.id, fate })
        .collect();
    let mut tx = scene.store.begin().await.unwrap();
    store::delivery::insert(tx.conn(), campaign.id, &deliveries, scene.now()).await.unwrap();
    let standing = kelisim::app::campaign::standing(tx.conn(), campaign.id).await.unwrap();
    assert_eq!(standing.reasons, [(State::Skipped, "no_consent".to_owned(), 1_001)]);
}

async fn the_longest_due_come_first_and_no_more_than_asked(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(scene.a_queued_delivery(&campaign).await);
    }
    let late = End::Queued { due_at: scene.now() + TimeDelta::microseconds(1) };
    claim(&scene, node, &all[..1]).await;
    record(&scene, node, &[Outcome { id: all[0], end: late, attempt: None }]).await;
    scene.wait(TimeDelta::seconds(1));
    assert_eq!(candidates(&scene, &campaign, 9).await, [all[1], all[2], all[3], all[0]]);
    assert_eq!(candidates(&scene, &campaign, 2).await, [all[1], all[2]]);
}

async fn what_is_not_due_yet_waits_to_the_microsecond(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    let due_at = scene.now() + TimeDelta::minutes(5);
    claim(&scene, node, &[id]).await;
    record(&scene, node, &[Outcome { id, end: End::Queued { due_at }, attempt: None }]).await;
    scene.wait(TimeDelta::minutes(5) - TimeDelta::microseconds(1));
    assert_eq!(candidates(&scene, &campaign, 9).await, []);
    scene.wait(TimeDelta::microseconds(1));
    assert_eq!(candidates(&scene, &campaign, 9).await, [id]);
}

async fn a_campaign_sees_its_own_deliveries_only(scene: Scene) {
    let (campaign, other) = (scene.a_running_campaign().await, scene.a_running_campaign().await);
    let id = scene.a_queued_delivery(&campaign).await;
    scene.a_queued_delivery(&other).await;
    assert_eq!(candidates(&scene, &campaign, 9).await, [id]);
}

async fn a_candidate_brings_what_the_template_may_show(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let profile = Profile {
        name: Some("Айгүл Сейтқали".to_owned()),
        given_name: Some("Айгүл".to_owned()),
        family_name: Some("Сейтқали".to_owned()),
        patronymic: Some("Ерланқызы".to_owned()),
        language: Some(Language::RU),
        attributes: BTreeMap::from([("region".to_owned(), "Астана".to_owned())]),
        external_id: None,
    };
    let contact = scene.a_contact_known_as("aigul@example.kz", profile.clone()).await;
    let standing = scene.a_given_consent(&contact, "news").await.standing;
    let fate = Fate::Queued { consent_seq: standing.event_seq };
    let id = scene.a_delivery(&campaign, &contact, fate).await;
    let written_at = scene.now();
    scene.wait(TimeDelta::hours(1));
    let mut tx = scene.store.begin().await.unwrap();
    let found = store::delivery::candidates(tx.conn(), &campaign, scene.now(), 9).await.unwrap();
    let [candidate] = &found[..] else { panic!("one candidate, not {}", found.len()) };
    assert_eq!((candidate.id, candidate.contact_id), (id, contact.id));
    assert_eq!((candidate.attempts, candidate.consent_seq), (0, standing.event_seq));
    assert_eq!(candidate.created_at, written_at);
    assert_eq!(candidate.address, contact.address);
    assert_eq!(candidate.profile, profile);
    assert_eq!(candidate.facts.consent, Some(standing));
}

async fn a_candidate_brings_what_the_gate_must_know(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let contact = scene.a_contact("aigul@example.kz").await;
    let consent_seq = scene.a_given_consent(&contact, "news").await.standing.event_seq;
    scene.a_delivery(&campaign, &contact, Fate::Queued { consent_seq }).await;
    let verdict = async || {
        let mut tx = scene.store.begin().await.unwrap();
        let found =
            store::delivery::candidates(tx.conn(), &campaign, scene.now(), 9).await.unwrap();
        tx.commit().await.unwrap();
        decide(&found[0].facts, scene.now())
    };
    assert_eq!(verdict().await, Verdict::Allowed { consent_seq });
    scene.wait(TimeDelta::seconds(1));
    scene.a_consent(&contact, "news", ConsentState::Withdrawn, scene.now()).await;
    assert_eq!(verdict().await, Verdict::Refused(Refusal::Withdrawn));
    let mut tx = scene.store.begin().await.unwrap();
    store::contact::set_blocked(tx.conn(), contact.id, Some("x"), scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(verdict().await, Verdict::Refused(Refusal::Blocked));
    let mut tx = scene.store.begin().await.unwrap();
    let text = "UPDATE contact SET address = NULL, address_state = 'erased' WHERE id = $1";
    execute!(tx.conn(), text, contact.id.0).unwrap();
    let found = store::delivery::candidates(tx.conn(), &campaign, scene.now(), 9).await.unwrap();
    assert_eq!((&found[0].address, found[0].facts.address_ok), (&None, false));
}

async fn two_claims_at_once_take_disjoint_sets(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    for _ in 0..20 {
        scene.a_queued_delivery(&campaign).await;
    }
    let take = async |node| {
        let mut taken = Vec::new();
        for _ in 0..4 {
            let mut tx = scene.store.begin().await.unwrap();
            let now = scene.now();
            let found = store::delivery::candidates(tx.conn(), &campaign, now, 3).await.unwrap();
            let found = ids(&found);
            store::delivery::claim(tx.conn(), &found, node, now).await.unwrap();
            tx.commit().await.unwrap();
            taken.extend(found);
        }
        taken
    };
    let (one, other) = (scene.a_node().await, scene.a_node().await);
    let (mut all, more) = tokio::join!(take(one), take(other));
    all.extend(more);
    let taken = all.len();
    all.sort();
    all.dedup();
    assert_eq!((taken, all.len()), (20, 20));
}

/// SQLite has one writer, so that nothing is ever locked when it looks.
#[tokio::test]
async fn what_another_node_is_about_to_claim_is_passed_over_without_waiting() {
    let database = Database::postgres().await;
    let scene = Scene::given(&database).await;
    let campaign = scene.a_running_campaign().await;
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(scene.a_queued_delivery(&campaign).await);
    }
    let mut first = scene.store.begin().await.unwrap();
    let held = store::delivery::candidates(first.conn(), &campaign, scene.now(), 2).await.unwrap();
    assert_eq!(ids(&held), all[..2]);
    assert_eq!(candidates(&scene, &campaign, 9).await, all[2..]);
    drop(first);
    scene.store.close().await;
    database.remove().await;
}

/// The lock of a campaign must not hold up the expander, whose rows refer to it.
#[tokio::test]
async fn a_locked_campaign_still_takes_deliveries() {
    let database = Database::postgres().await;
    let scene = Scene::given(&database).await;
    let campaign = scene.a_running_campaign().await;
    let contact = scene.a_contact("aigul@example.kz").await;
    let mut first = scene.store.begin().await.unwrap();
    store::campaign::lock(first.conn(), campaign.id).await.unwrap();

    let mut second = scene.store.begin().await.unwrap();
    if let Conn::Postgres(db) = second.conn() {
        sqlx::query("SET LOCAL lock_timeout = '200ms'").execute(db).await.unwrap();
    }
    let fate = Fate::Skipped(SkipReason::Gate(Refusal::NoConsent));
    let delivery = NewDelivery { id: DeliveryId(scene.id()), contact_id: contact.id, fate };
    store::delivery::insert(second.conn(), campaign.id, &[delivery], scene.now()).await.unwrap();
    store::campaign::lock(second.conn(), campaign.id).await.expect_err("it is locked already");
    drop((first, second));
    scene.store.close().await;
    database.remove().await;
}
