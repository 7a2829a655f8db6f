//! The relay says 421 and closes, at every stage.

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(
    in_the_greeting,
    after_ehlo,
    after_mail_from,
    after_rcpt_to,
    after_data,
    after_the_final_dot,
    one_connection_too_many,
);

async fn in_the_greeting(office: Office) {
    closed_at(office, |step| matches!(step, Step::Connect)).await;
}

async fn after_ehlo(office: Office) {
    closed_at(office, |step| matches!(step, Step::Hello(_))).await;
}

async fn after_mail_from(office: Office) {
    closed_at(office, |step| matches!(step, Step::MailFrom(_))).await;
}

async fn after_rcpt_to(office: Office) {
    closed_at(office, |step| matches!(step, Step::RcptTo(_))).await;
}

async fn after_data(office: Office) {
    closed_at(office, |step| matches!(step, Step::Data)).await;
}

async fn after_the_final_dot(office: Office) {
    closed_at(office, |step| matches!(step, Step::Message(_))).await;
}

async fn closed_at(office: Office, is_there: fn(&Step<'_>) -> bool) {
    let busy = TestRelay::that(move |_, step| {
        if is_there(step) { Action::ReplyAndClose(421, "4.3.2 closing") } else { Action::Accept }
    })
    .await;
    let good = TestRelay::good().await;
    let (campaign, _) = office.campaign_to(10).await;
    let engine = office.engine([busy.over(2), good.over(2)]);
    let status = office.finished_in_time(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 10);
    assert_eq!(good.arrived(), office.in_state(&campaign, State::Sent).await);
    assert!(busy.arrived().is_empty());
    assert!((1..=2).contains(&busy.see(|seen| seen.connections)), "it is left alone then");
}

/// A relay that takes fewer connections than configured is not down.
async fn one_connection_too_many(office: Office) {
    let relay = TestRelay::that(|connection, step| match step {
        Step::Connect if connection > 0 => Action::ReplyAndClose(421, "4.7.0 too many"),
        _ => Action::Accept,
    })
    .await;
    let (campaign, _) = office.campaign_to(100).await;
    let engine = office.engine([relay.over(3)]);
    office.finished_in_time(&campaign).await;
    engine.stop().await;
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    assert_eq!(relay.arrived().len(), 100);
    // One may be refused before the good one is open: it tries once more.
    let connections = relay.see(|seen| seen.connections);
    assert!(connections <= 5, "one that was refused rests, not {connections}");
}
