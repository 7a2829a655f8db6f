//! Staff pause, resume and cancel a campaign while it is being sent.

use std::time::Duration;

use kelisim::{
    app::campaign::Status,
    domain::{
        campaign::{Deed, Phase},
        delivery::State,
    },
    mail::listener::{Action, Step},
};

use crate::{
    office::{Office, held},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(
    a_paused_campaign_stands_still_and_goes_on_when_resumed,
    a_cancelled_campaign_sends_nothing_more,
    a_campaign_is_paused_and_resumed_many_times,
);

async fn unhurried() -> TestRelay {
    TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(3) },
        _ => Action::Accept,
    })
    .await
}

async fn a_paused_campaign_stands_still_and_goes_on_when_resumed(office: Office) {
    let relay = unhurried().await;
    let (campaign, _) = office.campaign_to(200).await;
    let engine = office.engine([relay.over(2)]);
    relay.until(|seen| seen.mails.len() > 20).await;
    office.change(&campaign, Deed::Pause("staff".into())).await;
    let status = office.until(&campaign, |status| held(status) == 0).await;
    let sent = status.count(State::Sent);
    assert_eq!(sent + status.count(State::Queued), 200);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
    // Another campaign passes by; this one does not move.
    let other = office.running_campaign(None).await;
    office.finished(&other).await;
    let status = office.status(&campaign).await;
    assert_eq!((status.campaign.state.phase(), status.count(State::Sent)), (Phase::Paused, sent));

    office.change(&campaign, Deed::Resume).await;
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 200);
    assert_eq!(relay.see(|seen| seen.mails.len()), 400, "each campaign once to each");
}

async fn a_cancelled_campaign_sends_nothing_more(office: Office) {
    let relay = unhurried().await;
    let (campaign, _) = office.campaign_to(200).await;
    let engine = office.engine([relay.over(2)]);
    relay.until(|seen| seen.mails.len() > 20).await;
    office.change(&campaign, Deed::Cancel).await;
    let is_settled = |status: &Status| status.ended() == status.total() && held(status) == 0;
    let status = office.until(&campaign, is_settled).await;
    engine.stop().await;
    assert_eq!(status.campaign.state.phase(), Phase::Cancelled);
    let skipped = status.count(State::Skipped);
    assert!(skipped > 0 && status.count(State::Sent) + skipped == 200);
    assert_eq!(status.reasons, [(State::Skipped, "cancelled".to_owned(), skipped)]);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
}

async fn a_campaign_is_paused_and_resumed_many_times(office: Office) {
    let relay = unhurried().await;
    let (campaign, _) = office.campaign_to(200).await;
    let engine = office.engine([relay.over(2)]);
    for round in 1..10 {
        relay.until(|seen| seen.mails.len() > round * 15).await;
        office.change(&campaign, Deed::Pause("staff".into())).await;
        office.change(&campaign, Deed::Resume).await;
    }
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 200);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
}
