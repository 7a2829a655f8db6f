//! Campaigns in short: for the home page, the calendar and the list of reports.

use chrono::{DateTime, NaiveDate, TimeDelta};
use kelisim::{
    app::figures::{self, What},
    domain::{
        audience::Audience,
        campaign::{Phase, State},
        id::CampaignId,
    },
    store::{self, LATEST, campaign::Brief},
};
use uuid::Uuid;

use super::app;
use crate::support::{
    database::on_both,
    scene::{Scene, purpose},
};

on_both!(
    a_campaign_in_short_tells_what_the_whole_one_tells,
    campaigns_are_found_by_where_they_stand,
    the_calendar_shows_each_day_what_belongs_to_it,
    campaigns_for_the_same_purpose_are_set_beside_one,
);

fn ids(briefs: &[Brief]) -> Vec<CampaignId> {
    briefs.iter().map(|one| one.id).collect()
}

async fn a_campaign_in_short_tells_what_the_whole_one_tells(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let mut reader = scene.store.read().await.unwrap();
    let brief = store::campaign::brief(reader.conn(), campaign.id).await.unwrap().unwrap();
    assert_eq!(
        (brief.id, &brief.name, &brief.state),
        (campaign.id, &campaign.name, &campaign.state)
    );
    assert_eq!((&brief.purpose, &brief.party), (&campaign.purpose, &campaign.party));
    assert_eq!((brief.started_at, brief.expanded_at), (campaign.started_at, campaign.expanded_at));
    let nobody = CampaignId(scene.id());
    assert_eq!(store::campaign::brief(reader.conn(), nobody).await.unwrap(), None);
}

async fn campaigns_are_found_by_where_they_stand(scene: Scene) {
    let first = scene.a_running_campaign().await.id;
    scene.wait(TimeDelta::minutes(1));
    let second = scene.a_running_campaign().await.id;
    let draft = scene.a_campaign(Audience::default()).await.id;
    let start_at = scene.now() + TimeDelta::hours(3);
    scene.put(draft, Phase::Draft, State::Scheduled { start_at }).await;
    let mut reader = scene.store.read().await.unwrap();
    let mut since = async |at, limit| {
        let found = store::campaign::standing_since(reader.conn(), Phase::Running, at, limit)
            .await
            .unwrap();
        ids(&found)
    };
    assert_eq!(since(DateTime::UNIX_EPOCH, 9).await, [second, first]);
    assert_eq!(since(DateTime::UNIX_EPOCH, 1).await, [second]);
    assert_eq!(since(scene.now(), 9).await, [second]);
    assert_eq!(ids(&store::campaign::coming(reader.conn(), 9).await.unwrap()), [draft]);
}

async fn the_calendar_shows_each_day_what_belongs_to_it(scene: Scene) {
    let app = app(&scene);
    // The scene begins on 22 November 2026 at 07:20 in Almaty.
    let zone = app.institution.time_zone;
    let today = scene.now().with_timezone(&zone).date_naive();
    let running = scene.a_running_campaign().await.id;
    let soon = scene.a_campaign(Audience::default()).await.id;
    // Still today in UTC, tomorrow in Almaty.
    let start_at = scene.now() + TimeDelta::hours(17);
    scene.put(soon, Phase::Draft, State::Scheduled { start_at }).await;
    scene.wait(TimeDelta::days(1));
    let cancelled = State::Cancelled { at: scene.now() };
    scene.put(running, Phase::Running, cancelled).await;
    scene.a_campaign(Audience::default()).await;
    let days = figures::calendar(&app, today, 7).await.unwrap();
    assert_eq!(days.len(), 7);
    let on = |n: usize| -> Vec<(What, CampaignId)> {
        days[n].entries.iter().map(|one| (one.what, one.campaign.id)).collect()
    };
    assert_eq!(on(0), [(What::Started, running)]);
    assert_eq!(on(1), [(What::Starts, soon), (What::Cancelled, running)]);
    assert_eq!(on(2), []);
    let later = NaiveDate::from_ymd_opt(2030, 1, 1).unwrap();
    let days = figures::calendar(&app, later, 2).await.unwrap();
    assert!(days.iter().all(|day| day.entries.is_empty()));
}

async fn campaigns_for_the_same_purpose_are_set_beside_one(scene: Scene) {
    let app = app(&scene);
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(scene.a_running_campaign().await.id);
        scene.wait(TimeDelta::minutes(1));
    }
    let earlier = figures::compare(&app, all[2]).await.unwrap();
    let earlier: Vec<_> = earlier.iter().map(|one| one.campaign.id).collect();
    assert_eq!(earlier, [all[1], all[0]]);
    let page = figures::page(&app, None, 2).await.unwrap();
    assert_eq!(page.iter().map(|one| one.campaign.id).collect::<Vec<_>>(), [all[2], all[1]]);
    let last = &page[1].campaign;
    let place = Some((last.started_at.unwrap(), last.id));
    let page = figures::page(&app, place, 2).await.unwrap();
    assert_eq!(page.iter().map(|one| one.campaign.id).collect::<Vec<_>>(), [all[0]]);
    let mut reader = scene.store.read().await.unwrap();
    let (place, events) = ((LATEST, CampaignId(Uuid::max())), purpose("events"));
    let none = store::campaign::started_before(reader.conn(), Some(&events), place, 9).await;
    assert_eq!(none.unwrap(), []);
}
