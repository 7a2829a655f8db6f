//! People leave while the campaign is on its way to them.

use std::{collections::HashMap, time::Duration};

use kelisim::{
    domain::{campaign::Campaign, contact::Contact, delivery::State, id::ContactId},
    mail::listener::{Action, Step},
};

use crate::{
    office::{Office, withdraw},
    relay::{Seen, TestRelay},
    support::database::on_both,
};

on_both!(
    no_message_begins_after_a_withdrawal_was_acknowledged,
    what_waits_for_its_connection_is_stopped,
);

async fn no_message_begins_after_a_withdrawal_was_acknowledged(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(2) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, people) = office.campaign_to(400).await;
    let engine = office.engine([relay.over(4)]);
    let mut left = Vec::new();
    // Every third, from the end: they are met at every distance from being sent.
    for person in people.iter().step_by(3).rev() {
        withdraw(&office.app, person).await;
        left.push((person.id, relay.see(|seen| seen.begun.len())));
    }
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert!(status.count(State::Skipped) > 20, "{:?}", status.states);
    assert_eq!(status.count(State::Sent) + status.count(State::Skipped), 400);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    let names = return_paths(&office, &campaign).await;
    for (person, acknowledged) in left {
        relay.see(|seen| assert_not_begun(seen, &names[&person], acknowledged));
    }
}

async fn what_waits_for_its_connection_is_stopped(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(300) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, people) = office.campaign_to(8).await;
    let engine = office.engine([relay.over(1)]);
    // All are claimed, one after the other is sent.
    relay.until(|seen| !seen.begun.is_empty()).await;
    let mut left = Vec::new();
    for person in &people {
        if office.delivery_to(&campaign, person).await.state == State::Claimed {
            withdraw(&office.app, person).await;
            left.push((person, relay.see(|seen| seen.begun.len())));
        }
    }
    assert!(!left.is_empty());
    office.finished(&campaign).await;
    engine.stop().await;
    let names = return_paths(&office, &campaign).await;
    for (person, acknowledged) in left {
        relay.see(|seen| assert_not_begun(seen, &names[&person.id], acknowledged));
        if relay.times_named(address(person)) == 0 {
            let delivery = office.delivery_to(&campaign, person).await;
            assert_eq!(
                (delivery.state, delivery.reason.as_deref()),
                (State::Skipped, Some("withdrawn"))
            );
        }
    }
}

fn address(person: &Contact) -> &str {
    person.address.as_ref().unwrap().as_str()
}

/// The return path by which the relay knows each person.
async fn return_paths(office: &Office, campaign: &Campaign) -> HashMap<ContactId, String> {
    let keys = &office.app.keys;
    let path = |id: kelisim::domain::id::DeliveryId| {
        format!("{}@bounces.example.kz", keys.bounce_local_part(id.0))
    };
    let all = office.deliveries(campaign).await;
    all.iter().map(|one| (one.contact_id, path(one.id))).collect()
}

/// The relay had read so many beginnings when the withdrawal was acknowledged. What each connection
/// says next may have been written before; what it says after that was not.
fn assert_not_begun(seen: &Seen, return_path: &str, acknowledged: usize) {
    let mut said = Vec::new();
    for (connection, from) in &seen.begun[acknowledged..] {
        let may_be_older = !said.contains(connection);
        assert!(from != return_path || may_be_older, "begun after the withdrawal");
        said.push(*connection);
    }
}
