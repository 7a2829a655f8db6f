//! A process is gone, or was taken for it, and holds deliveries.

use std::time::Duration;

use chrono::TimeDelta;
use kelisim::{
    domain::{campaign::Campaign, delivery::State, id::DeliveryId},
    engine::EngineSettings,
    mail::listener::{Action, Step},
    store,
};

use crate::{
    office::{Office, RunningEngine, settings},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(
    what_it_had_not_begun_is_sent_and_what_it_had_is_uncertain,
    a_node_that_was_taken_for_dead_goes_on_as_a_new_one,
);

fn watchful(relay: &TestRelay) -> EngineSettings {
    EngineSettings { node_timeout: Duration::from_secs(1), ..settings([relay.over(2)]) }
}

async fn what_it_had_not_begun_is_sent_and_what_it_had_is_uncertain(office: Office) {
    let relay = TestRelay::good().await;
    let (campaign, _) = office.campaign_to(20).await;
    expand(&office, &campaign).await;
    let dead = office.scene.a_node().await;
    let ids: Vec<DeliveryId> = office.deliveries(&campaign).await.iter().map(|d| d.id).collect();
    let (begun, claimed) = (&ids[..3], &ids[..10]);
    let mut tx = office.scene.store.begin().await.unwrap();
    store::delivery::claim(tx.conn(), claimed, dead, office.scene.now()).await.unwrap();
    store::delivery::mark_handing(tx.conn(), begun, dead, office.scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    office.scene.wait(TimeDelta::minutes(1));

    let engine = RunningEngine::start(&office.app, watchful(&relay));
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!((status.count(State::Sent), status.count(State::Uncertain)), (17, 3));
    assert_eq!(office.in_state(&campaign, State::Uncertain).await, begun);
    assert_eq!(relay.arrived(), &ids[3..]);
}

async fn expand(office: &Office, campaign: &Campaign) {
    let done = kelisim::app::sending::expand(&office.app, campaign.id).await.unwrap();
    assert_eq!(done, kelisim::app::sending::Expansion::Done);
}

async fn a_node_that_was_taken_for_dead_goes_on_as_a_new_one(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(5) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, _) = office.campaign_to(300).await;
    let engine = RunningEngine::start(&office.app, watchful(&relay));
    relay.until(|seen| seen.mails.len() > 30).await;
    let mut tx = office.scene.store.begin().await.unwrap();
    let now = office.scene.now();
    for node in store::node::running(tx.conn()).await.unwrap() {
        store::node::stop(tx.conn(), node.id, now).await.unwrap();
        let _settled = store::delivery::reap(tx.conn(), node.id, now).await.unwrap();
    }
    tx.commit().await.unwrap();
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 300, "it alone knew how its open dialogues ended");
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
}
