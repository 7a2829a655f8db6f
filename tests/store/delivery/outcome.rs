//! Recording what became of attempts; cancelling.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        campaign::{Phase, State as CampaignState},
        delivery::{SkipReason, State},
    },
    store::{
        self, Conn,
        delivery::{Attempt, End},
    },
};

use super::{attempt, claim, given_back, mark_handing, record, tried};
use crate::support::{
    database::{Database, Given as _, on_both},
    scene::Scene,
};

on_both!(
    each_end_puts_a_delivery_where_it_belongs,
    attempts_are_kept_with_the_relays_answer,
    attempts_are_counted_over_retries_and_not_for_what_was_given_back,
    an_outcome_recorded_twice_changes_nothing,
    a_cancelled_campaign_skips_its_queue_in_steps,
    a_cancelled_campaign_with_a_queue_is_told,
);

async fn each_end_puts_a_delivery_where_it_belongs(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let due_at = scene.now() + TimeDelta::minutes(7);
    let ends = [
        (End::Sent, State::Sent, None),
        (End::Queued { due_at }, State::Queued, None),
        (End::Failed { reason: "policy".to_owned() }, State::Failed, Some("policy")),
        (End::Uncertain { reason: "cut".to_owned() }, State::Uncertain, Some("cut")),
        (End::Skipped(SkipReason::Cancelled), State::Skipped, Some("cancelled")),
    ];
    let mut all = Vec::new();
    for _ in &ends {
        all.push(scene.a_queued_delivery(&campaign).await);
    }
    claim(&scene, node, &all).await;
    mark_handing(&scene, node, &all).await;
    scene.wait(TimeDelta::seconds(1));
    let outcomes: Vec<_> =
        all.iter().zip(&ends).map(|(id, (end, ..))| tried(&scene, *id, 1, end.clone())).collect();
    record(&scene, node, &outcomes).await;
    for (id, (end, state, reason)) in all.into_iter().zip(ends) {
        let delivery = scene.delivery(id).await;
        assert_eq!((delivery.state, delivery.reason.as_deref()), (state, reason));
        assert_eq!((delivery.attempts, delivery.state_since), (1, scene.now()));
        let due = if matches!(end, End::Queued { .. }) { due_at } else { delivery.created_at };
        assert_eq!(delivery.due_at, due);
    }
}

async fn attempts_are_kept_with_the_relays_answer(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    let greylisted = Attempt {
        verdict: "retry".to_owned(),
        code: Some(450),
        reply: Some("4.7.1 Кейінірек".to_owned()),
        ..attempt(&scene, 1)
    };
    let unanswered = Attempt { code: None, reply: None, body_sha256: None, ..attempt(&scene, 2) };
    let expected = [greylisted, unanswered, attempt(&scene, 3)];
    for one in &expected {
        let end = if one.number == 3 { End::Sent } else { End::Queued { due_at: scene.now() } };
        claim(&scene, node, &[id]).await;
        mark_handing(&scene, node, &[id]).await;
        let outcome = store::delivery::Outcome { id, end, attempt: Some(one.clone()) };
        record(&scene, node, &[outcome]).await;
    }
    let mut reader = scene.store.read().await.unwrap();
    assert_eq!(store::delivery::attempts(reader.conn(), id).await.unwrap(), expected);
}

async fn attempts_are_counted_over_retries_and_not_for_what_was_given_back(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    let again = End::Queued { due_at: scene.now() };
    let steps = [
        (tried(&scene, id, 1, again.clone()), 1),
        (given_back(&scene, id), 1),
        (tried(&scene, id, 2, again), 2),
        (tried(&scene, id, 3, End::Sent), 3),
    ];
    for (outcome, attempts) in steps {
        claim(&scene, node, &[id]).await;
        mark_handing(&scene, node, &[id]).await;
        record(&scene, node, &[outcome]).await;
        assert_eq!(scene.delivery(id).await.attempts, attempts);
    }
}

async fn an_outcome_recorded_twice_changes_nothing(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    claim(&scene, node, &[id]).await;
    let outcome = [tried(&scene, id, 1, End::Sent)];
    record(&scene, node, &outcome).await;
    let once = scene.delivery(id).await;
    scene.wait(TimeDelta::seconds(1));
    record(&scene, node, &outcome).await;
    assert_eq!(scene.delivery(id).await, once);
    let mut reader = scene.store.read().await.unwrap();
    assert_eq!(store::delivery::attempts(reader.conn(), id).await.unwrap().len(), 1);
}

async fn a_cancelled_campaign_skips_its_queue_in_steps(scene: Scene) {
    let (campaign, other) = (scene.a_running_campaign().await, scene.a_running_campaign().await);
    let node = scene.a_node().await;
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(scene.a_queued_delivery(&campaign).await);
    }
    all.push(scene.a_queued_delivery(&other).await);
    claim(&scene, node, &all[..1]).await;
    for skipped in [2, 1, 0] {
        let mut tx = scene.store.begin().await.unwrap();
        let step = store::delivery::cancel_queued(tx.conn(), campaign.id, scene.now(), 2);
        assert_eq!(step.await.unwrap(), skipped);
        tx.commit().await.unwrap();
    }
    let states = scene.states(&all).await;
    let (skipped, queued) = (State::Skipped, State::Queued);
    assert_eq!(states, [State::Claimed, skipped, skipped, skipped, queued]);
    assert_eq!(scene.delivery(all[1]).await.reason.as_deref(), Some("cancelled"));
}

async fn a_cancelled_campaign_with_a_queue_is_told(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    claim(&scene, node, &[id]).await;
    let told = async || {
        let mut reader = scene.store.read().await.unwrap();
        store::campaign::ended_with_queue(reader.conn()).await.unwrap()
    };
    scene.put(campaign.id, Phase::Running, CampaignState::Cancelled { at: scene.now() }).await;
    assert_eq!(told().await, []);
    record(&scene, node, &[given_back(&scene, id)]).await;
    assert_eq!(told().await, [campaign.id]);
}

/// A claim that commits while the cancellation waits for its row keeps the row. (SQLite has one
/// writer: there the two cannot meet.)
#[tokio::test]
async fn a_cancellation_leaves_what_was_claimed_while_it_waited() {
    let database = Database::postgres().await;
    let scene = Scene::given(&database).await;
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    let mut claiming = scene.store.begin().await.unwrap();
    store::delivery::candidates(claiming.conn(), &campaign, scene.now(), 9).await.unwrap();
    store::delivery::claim(claiming.conn(), &[id], node, scene.now()).await.unwrap();

    let cancel = async {
        let mut tx = scene.store.begin().await.unwrap();
        let skipped = store::delivery::cancel_queued(tx.conn(), campaign.id, scene.now(), 9).await;
        tx.commit().await.unwrap();
        skipped.unwrap()
    };
    let claim = async {
        until_somebody_waits(&scene).await;
        claiming.commit().await.unwrap();
    };
    let (skipped, ()) = tokio::join!(cancel, claim);
    assert_eq!(skipped, 0);
    assert_eq!(scene.states(&[id]).await, [State::Claimed]);
    scene.store.close().await;
    database.remove().await;
}

/// Returns when a session of this database waits for a lock.
async fn until_somebody_waits(scene: &Scene) {
    const WAITING: &str = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity \
        WHERE datname = current_database() AND wait_event_type = 'Lock')";
    loop {
        let mut reader = scene.store.read().await.unwrap();
        let Conn::Postgres(db) = reader.conn() else { panic!("only a server has sessions") };
        if sqlx::query_scalar(WAITING).fetch_one(db).await.unwrap() {
            return;
        }
    }
}
