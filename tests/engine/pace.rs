//! Nothing leaves faster than it may.

use std::time::{Duration, Instant};

use kelisim::{domain::delivery::State, engine::RelaySettings};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(
    the_campaigns_pace_is_kept,
    the_relays_rate_is_kept,
    a_slow_campaign_does_not_slow_down_another,
);

const RATE: &str = "5/1s";
/// At least: ten messages at that rate, of which the first may leave at once.
const TEN_MESSAGES: Duration = Duration::from_millis(9 * 200 - 50);

async fn the_campaigns_pace_is_kept(office: Office) {
    let relay = TestRelay::good().await;
    office.people(50).await;
    office.running_campaign(Some(RATE)).await;
    let began = Instant::now();
    let engine = office.engine([relay.over(4)]);
    relay.until(|seen| seen.mails.len() == 10).await;
    assert!(began.elapsed() >= TEN_MESSAGES, "{:?}", began.elapsed());
    engine.stop().await;
}

async fn the_relays_rate_is_kept(office: Office) {
    let relay = TestRelay::good().await;
    office.people(50).await;
    // A campaign in which nobody is left must not use up the pace, nor add to it.
    let empty = office.running_campaign(None).await;
    let quick = office.engine([relay.over(4)]);
    office.finished(&empty).await;
    quick.stop().await;
    for _ in 0..2 {
        office.running_campaign(None).await;
    }
    let began = Instant::now();
    let slow = RelaySettings { rate: RATE.parse().unwrap(), ..relay.over(4) };
    let engine = office.engine([slow]);
    relay.until(|seen| seen.mails.len() == 60).await;
    assert!(began.elapsed() >= TEN_MESSAGES, "{:?}", began.elapsed());
    engine.stop().await;
}

async fn a_slow_campaign_does_not_slow_down_another(office: Office) {
    let relay = TestRelay::good().await;
    office.people(50).await;
    let slow = office.running_campaign(Some("1/1h")).await;
    let other = office.running_campaign(None).await;
    let engine = office.engine([relay.over(2)]);
    let status = office.finished(&other).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 50);
    assert_eq!(office.status(&slow).await.count(State::Sent), 1);
}
