//! No misfortune at all.

use kelisim::domain::delivery::State;

use crate::{office::Office, relay::TestRelay, support::database::on_both};

on_both!(everyone_gets_it_once, who_has_no_consent_is_passed_over);

async fn everyone_gets_it_once(office: Office) {
    let relay = TestRelay::good().await;
    let (campaign, people) = office.campaign_to(50).await;
    let engine = office.engine([relay.over(2)]);
    let status = office.finished(&campaign).await;
    assert!((engine.is_fresh)());
    engine.stop().await;
    assert_eq!((status.count(State::Sent), status.total()), (50, 50));
    let sent = office.in_state(&campaign, State::Sent).await;
    assert_eq!(relay.arrived(), sent);
    for delivery in office.deliveries(&campaign).await {
        assert!(delivery.consent_seq.is_some());
        assert_eq!(delivery.attempts, 1);
        let attempts = office.attempts(delivery.id).await;
        assert_eq!(attempts.len(), 1);
        assert_eq!((attempts[0].number, attempts[0].verdict.as_str()), (1, "sent"));
        assert_eq!(attempts[0].code, Some(250));
        assert!(attempts[0].body_sha256.is_some());
    }
    for person in &people {
        let address = person.address.as_ref().unwrap().as_str();
        assert_eq!(relay.times_named(address), 1);
    }
}

async fn who_has_no_consent_is_passed_over(office: Office) {
    let relay = TestRelay::good().await;
    office.scene.a_contact("nobody@example.kz").await;
    let (campaign, _) = office.campaign_to(3).await;
    let engine = office.engine([relay.over(2)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!((status.count(State::Sent), status.count(State::Skipped)), (3, 1));
    assert_eq!(status.reasons, [(State::Skipped, "no_consent".to_owned(), 1)]);
    assert_eq!(relay.times_named("nobody@example.kz"), 0);
}
