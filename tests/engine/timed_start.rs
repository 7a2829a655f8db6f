//! A campaign starts by itself, in time or too late.

use chrono::TimeDelta;
use kelisim::domain::{
    campaign::{Deed, Phase, State as CampaignState},
    delivery::State,
};

use crate::{
    office::{Office, RunningEngine, settings},
    relay::TestRelay,
    support::database::on_both,
};

on_both!(
    it_starts_on_time_and_once,
    a_start_that_was_moved_happens_at_the_new_time,
    a_start_missed_by_a_little_is_made_up_for,
    a_start_missed_by_much_is_left_to_people,
);

async fn it_starts_on_time_and_once(office: Office) {
    let relay = TestRelay::good().await;
    office.people(20).await;
    let campaign = office.draft(None).await;
    let at = office.scene.now() + TimeDelta::hours(1);
    office.change(&campaign, Deed::Schedule(at)).await;
    let mut engines = vec![office.engine([relay.over(2)])];
    if !office.app.store.is_embedded() {
        let node = office.another_app().await;
        engines.push(RunningEngine::start(&node, settings([relay.over(2)])));
    }
    // Something else is sent meanwhile: the engines are awake.
    let other = office.running_campaign(None).await;
    office.finished(&other).await;
    assert_eq!(office.status(&campaign).await.campaign.state.phase(), Phase::Scheduled);
    office.scene.wait(TimeDelta::hours(1));
    let status = office.finished(&campaign).await;
    for engine in engines {
        engine.stop().await;
    }
    assert_eq!(status.count(State::Sent), 20);
    let starts: Vec<_> = status.history.iter().filter(|line| line.deed == "start").collect();
    assert_eq!(starts.len(), 1);
    assert_eq!((starts[0].actor.as_str(), starts[0].happened_at), ("schedule", at));
    assert_eq!(relay.see(|seen| seen.mails.len()), 40);
}

async fn a_start_that_was_moved_happens_at_the_new_time(office: Office) {
    let relay = TestRelay::good().await;
    office.people(5).await;
    let campaign = office.draft(None).await;
    let (first, second) = (TimeDelta::minutes(10), TimeDelta::minutes(20));
    let morning = office.scene.now();
    office.change(&campaign, Deed::Schedule(morning + first)).await;
    office.change(&campaign, Deed::Schedule(morning + second)).await;
    let engine = office.engine([relay.over(2)]);
    office.scene.wait(first);
    let other = office.running_campaign(None).await;
    office.finished(&other).await;
    assert_eq!(office.status(&campaign).await.campaign.state.phase(), Phase::Scheduled);
    office.scene.wait(second - first);
    office.finished(&campaign).await;
    engine.stop().await;
}

async fn a_start_missed_by_a_little_is_made_up_for(office: Office) {
    let relay = TestRelay::good().await;
    office.people(5).await;
    let campaign = office.draft(None).await;
    office.change(&campaign, Deed::Schedule(office.scene.now() + TimeDelta::minutes(10))).await;
    office.scene.wait(TimeDelta::minutes(40));
    let engine = office.engine([relay.over(2)]);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 5);
}

async fn a_start_missed_by_much_is_left_to_people(office: Office) {
    let relay = TestRelay::good().await;
    office.people(5).await;
    let campaign = office.draft(None).await;
    office.change(&campaign, Deed::Schedule(office.scene.now() + TimeDelta::minutes(10))).await;
    office.scene.wait(TimeDelta::hours(3));
    let engine = office.engine([relay.over(2)]);
    let paused =
        |status: &kelisim::app::campaign::Status| status.campaign.state.phase() == Phase::Paused;
    let status = office.until(&campaign, paused).await;
    let CampaignState::Paused { reason, .. } = &status.campaign.state else { panic!("paused") };
    assert!(reason.contains("170 minutes"), "{reason}");
    assert_eq!(status.total(), 0, "nobody was even chosen");
    office.change(&campaign, Deed::Resume).await;
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 5);
}
