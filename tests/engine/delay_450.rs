//! The relay asks to try a recipient again later.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::TimeDelta;
use kelisim::{
    domain::{campaign::Phase, delivery::State},
    mail::listener::{Action, Step},
};

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(a_450_at_rcpt_is_tried_again_later);

async fn a_450_at_rcpt_is_tried_again_later(office: Office) {
    let is_first = AtomicBool::new(true);
    let relay = TestRelay::that(move |_, step| match step {
        Step::RcptTo("p3@example.kz") if is_first.swap(false, Ordering::Relaxed) => {
            Action::Reply(450, "4.2.0 greylisted, come back later")
        }
        _ => Action::Accept,
    })
    .await;
    let (campaign, people) = office.campaign_to(10).await;
    let engine = office.engine([relay.over(1)]);
    let status = office.until(&campaign, |status| status.count(State::Sent) == 9).await;
    assert_eq!(status.campaign.state.phase(), Phase::Running, "a retry keeps it running");
    let delayed = office.delivery_to(&campaign, &people[3]).await;
    assert_eq!((delayed.state, delayed.attempts), (State::Queued, 1));
    assert!(delayed.due_at > office.scene.now());
    office.scene.wait(TimeDelta::minutes(10));
    office.finished(&campaign).await;
    engine.stop().await;
    let verdicts: Vec<_> =
        office.attempts(delayed.id).await.into_iter().map(|one| (one.verdict, one.code)).collect();
    assert_eq!(verdicts, [("retry".to_owned(), Some(450)), ("sent".to_owned(), Some(250))]);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    assert_eq!(relay.times_named("p3@example.kz"), 2);
}
