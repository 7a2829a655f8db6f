//! Live figures and reports.

use chrono::TimeDelta;
use kelisim::{
    app::figures::{self, Counts},
    domain::{
        campaign::{Phase, State as CampaignState},
        contact::Profile,
        delivery::State,
        id::DeliveryId,
        language::Language,
    },
    store::{
        self,
        delivery::{Attempt, End, Fate, Outcome},
        figure::Filter,
    },
};

use super::{OLD, app, collect_all};
use crate::support::{database::on_both, scene::Scene};

on_both!(
    a_report_is_the_same_before_and_after_it_was_folded,
    the_rate_is_that_of_the_last_minute_and_tells_the_end,
    the_board_shows_what_runs_is_paused_or_has_just_ended,
    the_latest_reply_stands_beside_a_person,
);

/// One was sent, one failed, one waits.
async fn a_campaign(scene: &Scene) -> (kelisim::domain::campaign::Campaign, Vec<DeliveryId>) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let mut ids = Vec::new();
    for (at, language) in
        [("mail.ru", Some(Language::RU)), ("mail.ru", None), ("example.kz", Some(Language::KK))]
    {
        let profile = Profile { language, ..Profile::default() };
        let address = format!("{}@{at}", scene.id().simple());
        let contact = scene.a_contact_known_as(&address, profile).await;
        let consent = scene.a_given_consent(&contact, "news").await;
        let fate = Fate::Queued { consent_seq: consent.standing.event_seq };
        ids.push(scene.a_delivery(&campaign, &contact, fate).await);
    }
    super::super::delivery::claim(scene, node, &ids[..2]).await;
    let attempt = |number, reply: &str| Attempt {
        number,
        relay: "main".to_owned(),
        gate_at: scene.now(),
        ended_at: scene.now(),
        verdict: "failed".to_owned(),
        stage: "rcpt_to".to_owned(),
        code: Some(550),
        reply: Some(reply.to_owned()),
        body_sha256: None,
    };
    let failed = |n| End::Failed { reason: format!("hard_{n}") };
    let outcomes = [
        Outcome { id: ids[0], end: End::Sent, attempt: None },
        Outcome { id: ids[1], end: failed("user"), attempt: Some(attempt(1, "5.1.1 first")) },
        Outcome { id: ids[1], end: failed("user"), attempt: Some(attempt(2, "5.1.1 last")) },
    ];
    super::super::delivery::record(scene, node, &outcomes).await;
    (campaign, ids)
}

async fn a_report_is_the_same_before_and_after_it_was_folded(scene: Scene) {
    let app = app(&scene);
    let (campaign, _) = a_campaign(&scene).await;
    let before = figures::report(&app, campaign.id).await.unwrap();
    let both: Counts = [(State::Sent, 1), (State::Failed, 1)].into();
    assert_eq!(before.domains, [("mail.ru".to_owned(), both.clone())]);
    assert_eq!(before.languages.len(), 2);
    assert_eq!(before.steps.iter().map(|step| step.ended.clone()).collect::<Vec<_>>(), [both]);
    assert_eq!((before.standing.count(State::Queued), before.left), (1, 0));
    scene.wait(OLD);
    collect_all(&app).await;
    let after = figures::report(&app, campaign.id).await.unwrap();
    assert_eq!((after.domains, after.languages), (before.domains, before.languages));
    assert_eq!((after.steps, after.standing), (before.steps, before.standing));
}

async fn the_rate_is_that_of_the_last_minute_and_tells_the_end(scene: Scene) {
    let app = app(&scene);
    let (campaign, _) = a_campaign(&scene).await;
    let mut tx = scene.store.begin().await.unwrap();
    let now = scene.now();
    store::campaign::set_expanded(tx.conn(), campaign.id, None, Some(now)).await.unwrap();
    tx.commit().await.unwrap();
    scene.wait(TimeDelta::seconds(30));
    let live = figures::live(&app, campaign.id).await.unwrap();
    assert_eq!(live.per_minute, 2, "one in the half minute that it ran");
    assert_eq!(live.end, Some(scene.now() + TimeDelta::seconds(30)), "one waits");
    scene.wait(TimeDelta::minutes(2));
    let live = figures::live(&app, campaign.id).await.unwrap();
    assert_eq!((live.per_minute, live.end), (0, None));
}

async fn the_board_shows_what_runs_is_paused_or_has_just_ended(scene: Scene) {
    let app = app(&scene);
    let running = scene.a_running_campaign().await.id;
    let paused = scene.a_running_campaign().await.id;
    let reason = "the relay refuses".to_owned();
    let pause = CampaignState::Paused { since: scene.now(), reason };
    scene.put(paused, Phase::Running, pause).await;
    let cancelled = scene.a_running_campaign().await.id;
    scene.put(cancelled, Phase::Running, CampaignState::Cancelled { at: scene.now() }).await;
    let board = figures::board(&app).await.unwrap();
    for id in [running, paused, cancelled] {
        assert!(board.find(id).is_some());
    }
    scene.wait(TimeDelta::hours(1));
    let board = figures::board(&app).await.unwrap();
    assert!(board.find(paused).is_some());
    assert!(board.find(cancelled).is_none());
}

async fn the_latest_reply_stands_beside_a_person(scene: Scene) {
    let app = app(&scene);
    let (campaign, ids) = a_campaign(&scene).await;
    let all = figures::people(&app, campaign.id, &Filter::default(), None, 2).await.unwrap();
    assert_eq!(all.people.len(), 2);
    let next = all.next.as_ref();
    let rest = figures::people(&app, campaign.id, &Filter::default(), next, 2).await.unwrap();
    assert_eq!((rest.people.len(), rest.next), (1, None));
    let filter = Filter { state: Some(State::Failed), ..Filter::default() };
    let failed = figures::people(&app, campaign.id, &filter, None, 9).await.unwrap();
    assert_eq!(failed.people.len(), 1);
    assert_eq!(failed.people[0].listed.id, ids[1]);
    assert_eq!(failed.people[0].reply, Some((Some(550), Some("5.1.1 last".to_owned()))));
}
