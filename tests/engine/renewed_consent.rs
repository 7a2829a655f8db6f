//! Somebody leaves and comes back while the message waits for its connection.

use std::time::Duration;

use chrono::TimeDelta;
use kelisim::{
    domain::{consent::State as ConsentState, delivery::State},
    mail::listener::{Action, Step},
};

use crate::{
    office::{Office, withdraw},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(it_is_sent_and_names_the_consent_that_stands);

async fn it_is_sent_and_names_the_consent_that_stands(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(300) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, people) = office.campaign_to(8).await;
    let engine = office.engine([relay.over(1)]);
    relay.until(|seen| !seen.begun.is_empty()).await;
    // The last in the order of sending.
    let waits = office.in_state(&campaign, State::Claimed).await.pop().expect("one that waits");
    let waits = office.scene.delivery(waits).await;
    let person = people.iter().find(|one| one.id == waits.contact_id).unwrap();
    withdraw(&office.app, person).await;
    office.scene.wait(TimeDelta::seconds(1));
    let now = office.scene.now();
    let renewed = office.scene.a_consent(person, "news", ConsentState::Given, now).await;
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 8);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    let delivery = office.delivery_to(&campaign, person).await;
    assert_eq!(delivery.consent_seq, Some(renewed.standing.event_seq));
}
