//! The machine's clock is set while a campaign is being sent.

use std::time::Duration;

use chrono::TimeDelta;
use kelisim::{
    domain::delivery::State,
    engine::EngineSettings,
    mail::listener::{Action, Step},
};

use crate::{
    office::{Office, RunningEngine, settings},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(it_jumps_ahead, it_jumps_back, it_jumps_so_far_that_nodes_look_dead);

async fn unhurried() -> TestRelay {
    TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(3) },
        _ => Action::Accept,
    })
    .await
}

async fn it_jumps_ahead(office: Office) {
    jump(office, TimeDelta::hours(1)).await;
}

async fn it_jumps_back(office: Office) {
    jump(office, TimeDelta::hours(-1)).await;
}

async fn jump(office: Office, by: TimeDelta) {
    let relay = unhurried().await;
    let (campaign, _) = office.campaign_to(100).await;
    let engine = office.engine([relay.over(2)]);
    relay.until(|seen| seen.mails.len() > 20).await;
    office.scene.wait(by);
    // After a jump back nothing is due until the clock has come to where it was.
    let status = office.finished_in_time(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 100);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
}

async fn it_jumps_so_far_that_nodes_look_dead(office: Office) {
    let relay = unhurried().await;
    let (campaign, _) = office.campaign_to(400).await;
    let hasty = |relay: &TestRelay| EngineSettings {
        node_timeout: Duration::from_millis(900),
        ..settings([relay.over(2)])
    };
    let mut engines = vec![RunningEngine::start(&office.app, hasty(&relay))];
    if !office.app.store.is_embedded() {
        engines.push(RunningEngine::start(&office.another_app().await, hasty(&relay)));
    }
    for round in 1..=5 {
        relay.until(|seen| seen.mails.len() > round * 60).await;
        office.scene.wait(TimeDelta::minutes(5));
    }
    let status = office.finished_in_time(&campaign).await;
    for engine in engines {
        engine.stop().await;
    }
    let mut arrived = relay.arrived();
    arrived.dedup();
    assert_eq!(arrived.len(), relay.see(|seen| seen.mails.len()), "nobody twice");
    assert_eq!(status.count(State::Sent) + status.count(State::Uncertain), 400);
    let sent = office.in_state(&campaign, State::Sent).await;
    assert!(sent.iter().all(|id| arrived.contains(id)), "nothing is called sent that was not");
}
