//! The process is told to end, as by SIGTERM.

use std::time::Duration;

use kelisim::{
    domain::delivery::State,
    engine::EngineSettings,
    mail::listener::{Action, Step},
};

use crate::{
    office::{Office, RunningEngine, held, settings},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(
    what_is_under_way_ends_and_the_next_engine_goes_on,
    a_relay_that_hangs_does_not_hold_up_the_stop,
    an_idle_engine_stops_at_once,
);

async fn what_is_under_way_ends_and_the_next_engine_goes_on(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(3) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, _) = office.campaign_to(200).await;
    for round in 1..=3 {
        let engine = office.engine([relay.over(4)]);
        relay.until(|seen| seen.mails.len() > round * 30).await;
        engine.stop().await;
        let status = office.status(&campaign).await;
        assert_eq!((held(&status), status.count(State::Uncertain)), (0, 0));
        assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    }
    let engine = RunningEngine::start(&office.another_app().await, settings([relay.over(4)]));
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 200);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    assert_eq!(relay.see(|seen| seen.begun.len()), 200);
}

async fn a_relay_that_hangs_does_not_hold_up_the_stop(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Message(_) => Action::Hang,
        _ => Action::Accept,
    })
    .await;
    let (campaign, _) = office.campaign_to(50).await;
    let impatient =
        EngineSettings { shutdown: Duration::from_millis(100), ..settings([relay.over(2)]) };
    let engine = RunningEngine::start(&office.app, impatient);
    relay.until(|seen| seen.dots == 2).await;
    engine.stop().await;
    let status = office.status(&campaign).await;
    assert_eq!((held(&status), status.count(State::Uncertain)), (0, 2));
    assert_eq!(status.count(State::Queued), 48);

    let good = TestRelay::good().await;
    let engine = office.engine([good.over(2)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!((status.count(State::Sent), status.count(State::Uncertain)), (48, 2));
    assert_eq!(good.arrived(), office.in_state(&campaign, State::Sent).await);
}

async fn an_idle_engine_stops_at_once(office: Office) {
    let relay = TestRelay::good().await;
    let campaign = office.running_campaign(None).await;
    let engine = office.engine([relay.over(2)]);
    office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(relay.see(|seen| seen.connections), 0);
}
