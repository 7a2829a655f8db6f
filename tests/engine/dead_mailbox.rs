//! There is no such mailbox.

use kelisim::{
    domain::{delivery::State, suppression::Reason},
    mail::listener::{Action, Step},
};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(a_550_at_rcpt_suppresses_the_address_and_the_connection_lives_on);

async fn a_550_at_rcpt_suppresses_the_address_and_the_connection_lives_on(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::RcptTo("p3@example.kz") => Action::Reply(550, "5.1.1 no such user"),
        _ => Action::Accept,
    })
    .await;
    let (campaign, people) = office.campaign_to(10).await;
    let engine = office.engine([relay.over(1)]);
    let status = office.finished(&campaign).await;
    assert_eq!((status.count(State::Sent), status.count(State::Failed)), (9, 1));
    assert_eq!(status.reasons, [(State::Failed, "hard_user".to_owned(), 1)]);
    assert_eq!(relay.see(|seen| seen.connections), 1);
    assert_eq!(office.suppressions(&people[3]).await, [Reason::HardBounce]);
    assert_eq!(office.suppressions(&people[4]).await, []);

    let next = office.running_campaign(None).await;
    let status = office.finished(&next).await;
    engine.stop().await;
    assert_eq!((status.count(State::Sent), status.count(State::Skipped)), (9, 1));
    assert_eq!(relay.times_named("p3@example.kz"), 1, "nobody asks for it again");
}
