//! The relay reads very slowly.

use std::time::Duration;

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(a_slow_reader_is_waited_for);

async fn a_slow_reader_is_waited_for(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100, pause: Duration::from_millis(2) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, _) = office.campaign_to(20).await;
    let engine = office.engine([relay.over(2)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!((status.count(State::Sent), status.total()), (20, 20));
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    assert_eq!(relay.see(|seen| seen.begun.len()), 20);
}
