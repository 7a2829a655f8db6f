//! The relay refuses a message when it has it.

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(a_554_after_the_final_dot_is_for_good_and_blames_nobody);

async fn a_554_after_the_final_dot_is_for_good_and_blames_nobody(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Message(mail) if mail.rcpt_to == ["p3@example.kz"] => {
            Action::Reply(554, "5.6.0 message refused")
        }
        _ => Action::Accept,
    })
    .await;
    let (campaign, people) = office.campaign_to(10).await;
    let engine = office.engine([relay.over(1)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!((status.count(State::Sent), status.count(State::Failed)), (9, 1));
    assert_eq!(status.reasons, [(State::Failed, "content".to_owned(), 1)]);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    assert_eq!(relay.see(|seen| seen.connections), 1);
    assert_eq!(office.suppressions(&people[3]).await, []);
}
