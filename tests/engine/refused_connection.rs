//! Nobody listens where the relay should be.

use kelisim::domain::delivery::State;

use crate::{
    office::Office,
    relay::{LONG, TestRelay, all, over},
    support::database::on_both,
};

on_both!(the_next_relay_takes_over, without_another_relay_the_messages_wait);

async fn the_next_relay_takes_over(office: Office) {
    let nowhere = format!("smtp://{}?tls=none", TestRelay::nowhere().await);
    let second = TestRelay::good().await;
    let (campaign, _) = office.campaign_to(40).await;
    let engine = office.engine([over(&nowhere, 2, all(LONG)), second.over(2)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 40);
    assert_eq!(second.arrived(), office.in_state(&campaign, State::Sent).await);
    let mut failed = 0;
    for delivery in office.deliveries(&campaign).await {
        let attempts = office.attempts(delivery.id).await;
        let (last, before) = attempts.split_last().unwrap();
        assert_eq!((last.verdict.as_str(), last.code), ("sent", Some(250)));
        for attempt in before {
            assert_eq!((attempt.verdict.as_str(), attempt.stage.as_str()), ("retry", "connect"));
        }
        failed += before.len();
    }
    assert!((1..=2).contains(&failed), "one for each connection, not {failed}");
}

async fn without_another_relay_the_messages_wait(office: Office) {
    let nowhere = format!("smtp://{}?tls=none", TestRelay::nowhere().await);
    let (campaign, _) = office.campaign_to(20).await;
    let engine = office.engine([over(&nowhere, 1, all(LONG))]);
    office.tried(&campaign).await;
    office.until(&campaign, |status| status.count(State::Queued) == 20).await;
    engine.stop().await;
    let mut attempts = 0;
    for delivery in office.deliveries(&campaign).await {
        assert_eq!(delivery.state, State::Queued);
        attempts += delivery.attempts;
    }
    assert_eq!(attempts, 1, "while the relay rests nothing is tried");
}
