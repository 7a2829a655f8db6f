//! The people behind each number, page by page.

use kelisim::{
    domain::{
        campaign::Campaign,
        contact::Profile,
        delivery::{SkipReason, State},
        gate::Refusal,
        id::DeliveryId,
        language::Language,
    },
    store::{
        self,
        delivery::{End, Fate, Outcome},
        figure::{Filter, Listed, Walk},
    },
};

use super::super::delivery;
use crate::support::{database::on_both, scene::Scene};

on_both!(every_walk_lists_each_person_once_in_pages, a_filter_lists_those_that_its_number_counts,);

/// All that a walk finds, in pages of two.
async fn walk(scene: &Scene, campaign: &Campaign, filter: &Filter, walk: Walk) -> Vec<Listed> {
    let mut reader = scene.store.read().await.unwrap();
    let (mut all, mut place): (Vec<Listed>, _) = (Vec::new(), None);
    loop {
        let after = place.as_ref();
        let page = store::figure::people(reader.conn(), campaign.id, filter, walk, after, 2).await;
        let page = page.unwrap();
        let Some(last) = page.last() else { return all };
        assert!(page.len() <= 2);
        place = Some(last.place(walk));
        all.extend(page);
    }
}

async fn a_person(
    scene: &Scene,
    at: &str,
    language: Option<Language>,
) -> kelisim::domain::contact::Contact {
    let address = format!("{}@{at}", scene.id().simple());
    let profile = Profile { language, name: Some("Айгүл".to_owned()), ..Profile::default() };
    scene.a_contact_known_as(&address, profile).await
}

async fn queued(
    scene: &Scene,
    campaign: &Campaign,
    at: &str,
    language: Option<Language>,
) -> DeliveryId {
    let contact = a_person(scene, at, language).await;
    let consent = scene.a_given_consent(&contact, "news").await;
    let fate = Fate::Queued { consent_seq: consent.standing.event_seq };
    scene.a_delivery(campaign, &contact, fate).await
}

/// Two of each: waiting, sent, failed for two reasons, skipped; to two domains.
async fn a_campaign(scene: &Scene) -> Campaign {
    let (campaign, other) = (scene.a_running_campaign().await, scene.a_running_campaign().await);
    let node = scene.a_node().await;
    scene.a_queued_delivery(&other).await;
    for (at, language) in [("mail.ru", Some(Language::RU)), ("example.kz", None)] {
        let mut outcomes = Vec::new();
        for end in [End::Sent, failed("policy"), failed("hard_user")] {
            let id = queued(scene, &campaign, at, language).await;
            outcomes.push(Outcome { id, end, attempt: None });
        }
        let ids: Vec<DeliveryId> = outcomes.iter().map(|one| one.id).collect();
        delivery::claim(scene, node, &ids).await;
        delivery::record(scene, node, &outcomes).await;
        queued(scene, &campaign, at, language).await;
        let contact = a_person(scene, at, language).await;
        let fate = Fate::Skipped(SkipReason::Gate(Refusal::NoConsent));
        scene.a_delivery(&campaign, &contact, fate).await;
    }
    campaign
}

fn failed(reason: &str) -> End {
    End::Failed { reason: reason.to_owned() }
}

fn of(state: State) -> Filter {
    Filter { state: Some(state), ..Filter::default() }
}

async fn every_walk_lists_each_person_once_in_pages(scene: Scene) {
    let campaign = a_campaign(&scene).await;
    let count = async |filter: &Filter, by: Walk| {
        let mut ids: Vec<_> =
            walk(&scene, &campaign, filter, by).await.iter().map(|one| one.id).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), all, "{by:?} {filter:?}");
        all
    };
    assert_eq!(count(&Filter::default(), Walk::ByContact).await, 10);
    assert_eq!(count(&of(State::Queued), Walk::AsDue).await, 2);
    for (state, n) in [(State::Sent, 2), (State::Failed, 4), (State::Skipped, 2)] {
        assert_eq!(count(&of(state), Walk::AsEnded).await, n);
        assert_eq!(count(&of(state), Walk::ByContact).await, n);
    }
    let there = Filter { domain: Some("mail.ru".to_owned()), ..Filter::default() };
    assert_eq!(count(&there, Walk::ByDomain).await, 5);
    assert_eq!(count(&there, Walk::ByContact).await, 5);
}

async fn a_filter_lists_those_that_its_number_counts(scene: Scene) {
    let campaign = a_campaign(&scene).await;
    let filter = Filter { reason: Some("hard_user".to_owned()), ..of(State::Failed) };
    let found = walk(&scene, &campaign, &filter, Walk::AsEnded).await;
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|one| one.reason.as_deref() == Some("hard_user")));
    assert_eq!(found[0].name.as_deref(), Some("Айгүл"));
    let delivery = scene.delivery(found[0].id).await;
    assert_eq!((delivery.contact_id, delivery.state_since), (found[0].contact_id, found[0].since));
    for (language, domain) in [("", "example.kz"), ("ru", "mail.ru")] {
        let filter = Filter { language: Some(language.to_owned()), ..of(State::Sent) };
        for by in [Walk::AsEnded, Walk::ByContact] {
            let found = walk(&scene, &campaign, &filter, by).await;
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].address.as_ref().unwrap().domain(), domain);
        }
    }
}
