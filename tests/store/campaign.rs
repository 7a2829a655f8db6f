//! Campaigns: what they say, where they stand, what was done with them.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        audience::{Audience, Clause},
        campaign::{Campaign, Deed, Phase, State},
        id::{CampaignId, ContactId},
        language::Language,
    },
    store::{self, campaign::HistoryLine},
};

use crate::support::{
    database::on_both,
    scene::{Scene, campaigns::content},
};

on_both!(
    a_draft_comes_back_with_its_content,
    every_state_comes_back_with_what_belongs_to_it,
    of_two_who_change_a_state_one_is_first,
    a_start_is_remembered_through_pauses,
    what_is_scheduled_is_due_at_its_time,
    campaigns_are_paged_newest_first,
    campaigns_are_listed_by_state,
    the_expansion_goes_forward_and_ends,
    the_history_is_read_in_its_order,
    a_draft_is_made_anew_and_what_has_begun_is_not,
);

async fn a_draft_comes_back_with_its_content(scene: Scene) {
    let audience = Audience {
        include: vec![Clause::Language(vec![Language::KK]), Clause::Tag(vec!["ұстаз".to_owned()])],
        exclude: vec![Clause::Not(Box::new(Clause::GotCampaign(vec![CampaignId(scene.id())])))],
    };
    let campaign = scene.a_campaign(audience).await;
    assert_eq!(scene.campaign(campaign.id).await, campaign);
    let mut tx = scene.store.begin().await.unwrap();
    assert_eq!(store::campaign::contents(tx.conn(), campaign.id).await.unwrap(), [content()]);
    let nothing = CampaignId(scene.id());
    assert_eq!(store::campaign::find(tx.conn(), nothing).await.unwrap(), None);
    assert_eq!(store::campaign::lock(tx.conn(), nothing).await.unwrap(), None);
    let locked = store::campaign::lock(tx.conn(), campaign.id).await.unwrap();
    assert_eq!(locked, Some(campaign));
}

async fn every_state_comes_back_with_what_belongs_to_it(scene: Scene) {
    let id = scene.a_campaign(Audience::default()).await.id;
    let start_at = scene.now() + TimeDelta::days(1);
    let mut phase = Phase::Draft;
    let life = [
        State::Scheduled { start_at },
        State::Running { since: scene.now() },
        State::Paused { since: scene.now(), reason: "staff".to_owned() },
        State::Running { since: scene.now() },
        State::Cancelled { at: scene.now() },
    ];
    for state in life {
        scene.put(id, phase, state.clone()).await;
        assert_eq!(scene.campaign(id).await.state, state);
        let mut reader = scene.store.read().await.unwrap();
        let running = store::campaign::is_running(reader.conn(), id).await.unwrap();
        assert_eq!(running, state.phase() == Phase::Running);
        phase = state.phase();
    }
}

async fn of_two_who_change_a_state_one_is_first(scene: Scene) {
    let id = scene.a_campaign(Audience::default()).await.id;
    let start = async || {
        let mut tx = scene.store.begin().await.unwrap();
        let running = State::Running { since: scene.now() };
        let first = store::campaign::set_state(tx.conn(), id, Phase::Draft, &running, scene.now());
        let first = first.await.unwrap();
        tx.commit().await.unwrap();
        first
    };
    let (one, other) = tokio::join!(start(), start());
    assert!(one != other, "exactly one of the two starts it");
}

async fn a_start_is_remembered_through_pauses(scene: Scene) {
    let id = scene.a_running_campaign().await.id;
    let started_at = scene.now();
    scene.wait(TimeDelta::seconds(1));
    let paused = State::Paused { since: scene.now(), reason: "staff".to_owned() };
    scene.put(id, Phase::Running, paused).await;
    scene.wait(TimeDelta::seconds(1));
    scene.put(id, Phase::Paused, State::Running { since: scene.now() }).await;
    let campaign = scene.campaign(id).await;
    assert_eq!(campaign.started_at, Some(started_at));
    assert_eq!(campaign.state, State::Running { since: scene.now() });
}

async fn what_is_scheduled_is_due_at_its_time(scene: Scene) {
    scene.a_campaign(Audience::default()).await;
    let late = scene.a_campaign(Audience::default()).await.id;
    let soon = scene.a_campaign(Audience::default()).await.id;
    for (id, hours) in [(late, 2), (soon, 1)] {
        let start_at = scene.now() + TimeDelta::hours(hours);
        scene.put(id, Phase::Draft, State::Scheduled { start_at }).await;
    }
    let due = async || {
        let mut reader = scene.store.read().await.unwrap();
        store::campaign::due(reader.conn(), scene.now()).await.unwrap()
    };
    scene.wait(TimeDelta::hours(1) - TimeDelta::microseconds(1));
    assert_eq!(due().await, []);
    scene.wait(TimeDelta::microseconds(1));
    assert_eq!(due().await, [soon]);
    scene.wait(TimeDelta::hours(1));
    assert_eq!(due().await, [soon, late]);
}

fn ids(campaigns: &[Campaign]) -> Vec<CampaignId> {
    campaigns.iter().map(|campaign| campaign.id).collect()
}

async fn campaigns_are_paged_newest_first(scene: Scene) {
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(scene.a_campaign(Audience::default()).await.id);
    }
    let mut reader = scene.store.read().await.unwrap();
    let first = store::campaign::page(reader.conn(), None, 2).await.unwrap();
    assert_eq!(ids(&first), [all[2], all[1]]);
    let rest = store::campaign::page(reader.conn(), Some(all[1]), 2).await.unwrap();
    assert_eq!(ids(&rest), [all[0]]);
}

async fn campaigns_are_listed_by_state(scene: Scene) {
    let draft = scene.a_campaign(Audience::default()).await.id;
    let running = scene.a_running_campaign().await.id;
    let mut reader = scene.store.read().await.unwrap();
    for (phase, expected) in [(Phase::Draft, vec![draft]), (Phase::Running, vec![running])] {
        let listed = store::campaign::in_phase(reader.conn(), phase).await.unwrap();
        assert_eq!(ids(&listed), expected);
    }
    assert_eq!(store::campaign::in_phase(reader.conn(), Phase::Paused).await.unwrap(), []);
}

async fn the_expansion_goes_forward_and_ends(scene: Scene) {
    let id = scene.a_running_campaign().await.id;
    let reached = ContactId(scene.id());
    let steps = [(Some(reached), None), (None, Some(scene.now()))];
    for (after, done) in steps {
        let mut tx = scene.store.begin().await.unwrap();
        store::campaign::set_expanded(tx.conn(), id, after, done).await.unwrap();
        tx.commit().await.unwrap();
        let campaign = scene.campaign(id).await;
        assert_eq!((campaign.expand_after, campaign.expanded_at), (Some(reached), done));
    }
    scene.put(id, Phase::Running, State::Finished { at: scene.now() }).await;
    assert_eq!(scene.campaign(id).await.state, State::Finished { at: scene.now() });
}

async fn the_history_is_read_in_its_order(scene: Scene) {
    let id = scene.a_campaign(Audience::default()).await.id;
    let deeds = [
        Deed::Schedule(scene.now() + TimeDelta::days(1)),
        Deed::Pause("staff".to_owned()),
        Deed::Resume,
    ];
    let mut lines = Vec::new();
    let mut tx = scene.store.begin().await.unwrap();
    for deed in deeds {
        scene.wait(TimeDelta::microseconds(1));
        let line = HistoryLine::of(&deed, "cli", scene.now());
        store::campaign::insert_history(tx.conn(), scene.id(), id, &line).await.unwrap();
        lines.push(line);
    }
    assert_eq!(store::campaign::history(tx.conn(), id).await.unwrap(), lines);
    assert_eq!(lines[1].detail.as_deref(), Some("staff"));
}

async fn a_draft_is_made_anew_and_what_has_begun_is_not(scene: Scene) {
    let campaign = scene.a_campaign(Audience::default()).await;
    let anew = Campaign { name: "Күз".to_owned(), content_sha256: [4; 32], ..campaign.clone() };
    let mut russian = content();
    russian.language = Language::RU;
    let mut tx = scene.store.begin().await.unwrap();
    assert!(store::campaign::replace(tx.conn(), &anew, &[russian.clone()]).await.unwrap());
    assert_eq!(store::campaign::contents(tx.conn(), campaign.id).await.unwrap(), [russian.clone()]);
    tx.commit().await.unwrap();
    assert_eq!(scene.campaign(campaign.id).await, anew);
    scene.put(campaign.id, Phase::Draft, State::Running { since: scene.now() }).await;
    let mut tx = scene.store.begin().await.unwrap();
    assert!(!store::campaign::replace(tx.conn(), &campaign, &[content()]).await.unwrap());
    assert_eq!(store::campaign::contents(tx.conn(), campaign.id).await.unwrap(), [russian]);
}
