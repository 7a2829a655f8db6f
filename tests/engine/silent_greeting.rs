//! The relay accepts the connection and says nothing.

use std::time::Duration;

use kelisim::{
    domain::delivery::State,
    mail::{
        listener::{Action, Step},
        transport::Timeouts,
    },
};

use crate::{
    office::Office,
    relay::{LONG, TestRelay, all, over},
    support::database::on_both,
};

on_both!(a_hang_at_the_greeting_ends_and_the_next_relay_takes_over);

async fn a_hang_at_the_greeting_ends_and_the_next_relay_takes_over(office: Office) {
    let silent = TestRelay::that(|_, step| match step {
        Step::Connect => Action::Hang,
        _ => Action::Accept,
    })
    .await;
    let good = TestRelay::good().await;
    let impatient = Timeouts { greeting: Duration::from_millis(100), ..all(LONG) };
    let url = format!("smtp://{}?tls=none", silent.address);
    let (campaign, _) = office.campaign_to(20).await;
    let engine = office.engine([over(&url, 2, impatient), good.over(2)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 20);
    assert_eq!(good.arrived(), office.in_state(&campaign, State::Sent).await);
    let attempts = office.deliveries(&campaign).await.iter().map(|one| one.attempts).sum::<i64>();
    assert!((21..=22).contains(&attempts), "{attempts}");
}
