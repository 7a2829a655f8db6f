//! Two processes send one campaign from one database.

use std::time::Duration;

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
};

use crate::{
    office::{Office, RunningEngine, settings},
    relay::TestRelay,
    support::database::{Database, run},
};

/// The embedded database has one engine: see `EngineLock`.
#[tokio::test]
async fn they_share_the_work_and_nobody_gets_it_twice() {
    run(Database::postgres().await, share).await;
}

async fn share(office: Office) {
    let script = |_: u64, step: &Step<'_>| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(2) },
        _ => Action::Accept,
    };
    let (here, there) = (TestRelay::that(script).await, TestRelay::that(script).await);
    let (campaign, _) = office.campaign_to(500).await;
    let first = office.engine([here.over(3)]);
    let second = RunningEngine::start(&office.another_app().await, settings([there.over(3)]));
    let status = office.finished(&campaign).await;
    first.stop().await;
    second.stop().await;
    assert_eq!(status.count(State::Sent), 500);
    let mut arrived = [here.arrived(), there.arrived()].concat();
    arrived.sort();
    assert_eq!(arrived, office.in_state(&campaign, State::Sent).await);
    assert!(!here.arrived().is_empty() && !there.arrived().is_empty());
}
