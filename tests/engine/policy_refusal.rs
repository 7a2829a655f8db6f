//! The relay refuses our sender, and would for every message.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use kelisim::{
    domain::{
        campaign::{Deed, Phase, State as CampaignState},
        delivery::State,
    },
    mail::listener::{Action, Step},
};

use crate::{
    office::{Office, held},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(a_refused_sender_pauses_the_campaign_and_suppresses_nobody);

async fn a_refused_sender_pauses_the_campaign_and_suppresses_nobody(office: Office) {
    let is_mended = Arc::new(AtomicBool::new(false));
    let relay = TestRelay::that({
        let is_mended = Arc::clone(&is_mended);
        move |_, step| match step {
            Step::RcptTo(_) if !is_mended.load(Ordering::Relaxed) => {
                Action::Reply(550, "5.7.26 the sender is unauthenticated")
            }
            _ => Action::Accept,
        }
    })
    .await;
    let (campaign, people) = office.campaign_to(100).await;
    let engine = office.engine([relay.over(2)]);
    let paused = |phase| {
        move |status: &kelisim::app::campaign::Status| {
            status.campaign.state.phase() == phase && held(status) == 0
        }
    };
    let status = office.until(&campaign, paused(Phase::Paused)).await;
    let CampaignState::Paused { reason, .. } = &status.campaign.state else { panic!("paused") };
    assert!(reason.contains("5.7.26"), "{reason}");
    let failed = status.count(State::Failed);
    assert!((1..=2).contains(&failed), "one for each connection, not {failed}");
    assert_eq!(status.count(State::Queued), 100 - failed, "nothing else is touched");
    for person in &people {
        assert_eq!(office.suppressions(person).await, []);
    }

    is_mended.store(true, Ordering::Relaxed);
    office.change(&campaign, Deed::Resume).await;
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 100 - failed);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
}
