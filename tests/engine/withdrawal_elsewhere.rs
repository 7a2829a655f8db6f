//! People leave by way of another process: another node, or the command line.

use std::{future::pending, time::Duration};

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
};
use tokio::time::timeout;

use crate::{
    office::{Office, withdraw},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(it_is_heard_within_a_second);

async fn it_is_heard_within_a_second(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(500) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, people) = office.campaign_to(8).await;
    let engine = office.engine([relay.over(1)]);
    relay.until(|seen| !seen.begun.is_empty()).await;
    let elsewhere = office.another_app().await;
    let mut left = Vec::new();
    for person in &people {
        if office.delivery_to(&campaign, person).await.state == State::Claimed {
            withdraw(&elsewhere, person).await;
            left.push(person);
        }
    }
    assert!(!left.is_empty());
    timeout(Duration::from_secs(1), pending::<()>()).await.unwrap_err();
    let begun_by_then = relay.see(|seen| seen.begun.len());
    office.finished(&campaign).await;
    engine.stop().await;
    // What is begun over one connection was written after what was begun before it was read.
    let later =
        relay.see(|seen| seen.named.iter().skip(begun_by_then + 1).cloned().collect::<Vec<_>>());
    for person in left {
        assert!(!later.contains(&person.address.as_ref().unwrap().as_str().to_owned()));
    }
}
