//! Two campaigns at once.

use std::collections::HashSet;

use kelisim::{
    domain::{delivery::State, id::DeliveryId},
    engine::RelaySettings,
};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(each_gets_its_share_of_the_connections, each_gets_its_share_of_the_pace);

async fn each_gets_its_share_of_the_connections(office: Office) {
    let relay = TestRelay::good().await;
    share(office, &relay, relay.over(2), 300, 400).await;
}

async fn each_gets_its_share_of_the_pace(office: Office) {
    let relay = TestRelay::good().await;
    let slow = RelaySettings { rate: "100/1s".parse().unwrap(), ..relay.over(2) };
    share(office, &relay, slow, 100, 120).await;
}

/// Of the first messages at least a quarter belongs to each.
async fn share(
    office: Office,
    relay: &TestRelay,
    settings: RelaySettings,
    people: usize,
    first: usize,
) {
    office.people(people).await;
    let (one, other) = (office.draft(None).await, office.draft(None).await);
    for campaign in [&one, &other] {
        office.change(campaign, kelisim::domain::campaign::Deed::Start).await;
        while kelisim::app::sending::expand(&office.app, campaign.id).await.unwrap()
            == kelisim::app::sending::Expansion::More
        {}
    }
    let engine = office.engine([settings]);
    office.finished(&one).await;
    office.finished(&other).await;
    engine.stop().await;
    let of_one: HashSet<DeliveryId> =
        office.in_state(&one, State::Sent).await.into_iter().collect();
    assert_eq!(of_one.len(), people);
    relay.see(|seen| {
        let share = seen.mails[..first].iter().filter(|id| of_one.contains(id)).count();
        assert!(share >= first / 4 && share <= first * 3 / 4, "{share} of {first}");
    });
}
