//! The connection breaks after the final dot: nobody can know what became of the message.

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(a_lost_answer_to_the_final_dot_is_uncertain_and_nothing_is_sent_again);

async fn a_lost_answer_to_the_final_dot_is_uncertain_and_nothing_is_sent_again(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Message(mail) if mail.rcpt_to == ["p3@example.kz"] => Action::Close,
        _ => Action::Accept,
    })
    .await;
    let (campaign, people) = office.campaign_to(10).await;
    let engine = office.engine([relay.over(1)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!((status.count(State::Sent), status.count(State::Uncertain)), (9, 1));
    assert_eq!(status.reasons, [(State::Uncertain, "answer_lost".to_owned(), 1)]);
    assert_eq!(office.delivery_to(&campaign, &people[3]).await.state, State::Uncertain);
    assert_eq!(relay.times_named("p3@example.kz"), 1);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
}
