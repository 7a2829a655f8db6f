//! A consent ends while the message waits for its connection.

use std::time::Duration;

use chrono::TimeDelta;
use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(what_had_been_allowed_is_not_sent_after_its_end);

async fn what_had_been_allowed_is_not_sent_after_its_end(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(500) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, _) = office.campaign_to(8).await;
    let engine = office.engine([relay.over(1)]);
    relay.until(|seen| !seen.begun.is_empty()).await;
    office.scene.wait(TimeDelta::days(3 * 365));
    let begun = relay.see(|seen| seen.begun.len());
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert!(relay.see(|seen| seen.begun.len()) <= begun + 1, "nothing begins after the end");
    let skipped = status.count(State::Skipped);
    assert_eq!(status.reasons, [(State::Skipped, "expired".to_owned(), skipped)]);
    assert_eq!(status.count(State::Sent) + skipped, 8);
}
