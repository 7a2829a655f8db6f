//! Claims and their fencing: what a node holds is its own until it is declared lost.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        campaign::{Phase, State as CampaignState},
        delivery::{SkipReason, State},
        gate::Refusal,
    },
    store::{
        self,
        delivery::{End, Reaped},
    },
};

use super::{claim, given_back, mark_handing, reap, record, tried};
use crate::support::{
    database::{execute, on_both},
    scene::Scene,
};

on_both!(
    a_claim_notes_when_the_gate_was_asked,
    what_is_no_longer_queued_is_not_claimed,
    only_the_node_that_claimed_may_begin,
    nothing_is_begun_of_a_campaign_that_is_not_running,
    a_renewed_consent_is_pinned_instead,
    the_proof_of_what_was_sent_stays,
    the_gates_no_takes_a_delivery_off_the_queue,
    a_lost_nodes_claims_are_queued_and_its_open_dialogues_uncertain,
    a_reaped_delivery_cannot_be_begun_by_its_former_node,
    an_uncertain_delivery_is_mended_by_its_former_node,
    an_uncertain_delivery_is_left_alone_by_a_node_that_had_it_before,
    what_another_node_holds_is_left_alone,
    what_a_node_itself_found_uncertain_stays_so,
);

async fn a_claim_notes_when_the_gate_was_asked(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    scene.wait(TimeDelta::seconds(1));
    claim(&scene, node, &[id]).await;
    let claimed = scene.delivery(id).await;
    assert_eq!(claimed.state, State::Claimed);
    assert_eq!((claimed.gate_at, claimed.state_since), (scene.now(), scene.now()));
}

async fn what_is_no_longer_queued_is_not_claimed(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let (node, other) = (scene.a_node().await, scene.a_node().await);
    let id = scene.a_queued_delivery(&campaign).await;
    claim(&scene, node, &[id]).await;
    claim(&scene, other, &[id]).await;
    assert_eq!(mark_handing(&scene, other, &[id]).await, []);
    assert_eq!(mark_handing(&scene, node, &[id]).await, [id]);
    claim(&scene, other, &[]).await;
}

async fn only_the_node_that_claimed_may_begin(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let (node, other) = (scene.a_node().await, scene.a_node().await);
    let mine = scene.a_queued_delivery(&campaign).await;
    let theirs = scene.a_queued_delivery(&campaign).await;
    let queued = scene.a_queued_delivery(&campaign).await;
    claim(&scene, node, &[mine]).await;
    claim(&scene, other, &[theirs]).await;
    assert_eq!(mark_handing(&scene, node, &[mine, theirs, queued]).await, [mine]);
    let states = scene.states(&[mine, theirs, queued]).await;
    assert_eq!(states, [State::Handing, State::Claimed, State::Queued]);
    assert_eq!(mark_handing(&scene, node, &[mine]).await, [], "and once only");
}

async fn nothing_is_begun_of_a_campaign_that_is_not_running(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    claim(&scene, node, &[id]).await;
    let paused = CampaignState::Paused { since: scene.now(), reason: "staff".to_owned() };
    scene.put(campaign.id, Phase::Running, paused).await;
    assert_eq!(mark_handing(&scene, node, &[id]).await, []);
    scene.put(campaign.id, Phase::Paused, CampaignState::Running { since: scene.now() }).await;
    assert_eq!(mark_handing(&scene, node, &[id]).await, [id]);
}

async fn a_renewed_consent_is_pinned_instead(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let id = scene.a_queued_delivery(&campaign).await;
    let other = scene.a_contact("aigul@example.kz").await;
    let renewed = scene.a_given_consent(&other, "news").await.standing.event_seq;
    let mut tx = scene.store.begin().await.unwrap();
    store::delivery::repin(tx.conn(), id, renewed).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(scene.delivery(id).await.consent_seq, Some(renewed));
}

async fn the_proof_of_what_was_sent_stays(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    let proof = scene.delivery(id).await.consent_seq;
    claim(&scene, node, &[id]).await;
    mark_handing(&scene, node, &[id]).await;
    record(&scene, node, &[tried(&scene, id, 1, End::Sent)]).await;
    let other = scene.a_contact("aigul@example.kz").await;
    let later = scene.a_given_consent(&other, "news").await.standing.event_seq;
    let mut tx = scene.store.begin().await.unwrap();
    store::delivery::repin(tx.conn(), id, later).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(scene.delivery(id).await.consent_seq, proof);
}

async fn the_gates_no_takes_a_delivery_off_the_queue(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    let claimed = scene.a_queued_delivery(&campaign).await;
    claim(&scene, node, &[claimed]).await;
    scene.wait(TimeDelta::seconds(1));
    let withdrawn = SkipReason::Gate(Refusal::Withdrawn);
    let mut tx = scene.store.begin().await.unwrap();
    for id in [id, claimed] {
        store::delivery::skip(tx.conn(), id, withdrawn, scene.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let skipped = scene.delivery(id).await;
    assert_eq!((skipped.state, skipped.reason.as_deref()), (State::Skipped, Some("withdrawn")));
    assert_eq!(skipped.gate_at, scene.now());
    assert_eq!(scene.states(&[claimed]).await, [State::Claimed]);
}

async fn a_lost_nodes_claims_are_queued_and_its_open_dialogues_uncertain(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let (lost, alive) = (scene.a_node().await, scene.a_node().await);
    let mut all = Vec::new();
    for _ in 0..4 {
        all.push(scene.a_queued_delivery(&campaign).await);
    }
    claim(&scene, lost, &all[..3]).await;
    claim(&scene, alive, &all[3..]).await;
    mark_handing(&scene, lost, &all[..2]).await;
    record(&scene, lost, &[tried(&scene, all[0], 1, End::Sent)]).await;
    scene.wait(TimeDelta::minutes(1));
    assert_eq!(reap(&scene, lost).await, Reaped { queued: 1, uncertain: 1 });
    let states = scene.states(&all).await;
    assert_eq!(states, [State::Sent, State::Uncertain, State::Queued, State::Claimed]);
    let uncertain = scene.delivery(all[1]).await;
    assert_eq!((uncertain.reason.as_deref(), uncertain.attempts), (Some("node_lost"), 1));
    assert_eq!(scene.delivery(all[2]).await.attempts, 0);
    assert_eq!(reap(&scene, lost).await, Reaped::default(), "and once only");
}

async fn a_reaped_delivery_cannot_be_begun_by_its_former_node(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let (lost, other) = (scene.a_node().await, scene.a_node().await);
    let id = scene.a_queued_delivery(&campaign).await;
    claim(&scene, lost, &[id]).await;
    reap(&scene, lost).await;
    assert_eq!(mark_handing(&scene, lost, &[id]).await, []);
    claim(&scene, other, &[id]).await;
    assert_eq!(mark_handing(&scene, lost, &[id]).await, []);
    assert_eq!(mark_handing(&scene, other, &[id]).await, [id]);
}

async fn an_uncertain_delivery_is_mended_by_its_former_node(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let sent = scene.a_queued_delivery(&campaign).await;
    let retried = scene.a_queued_delivery(&campaign).await;
    let untried = scene.a_queued_delivery(&campaign).await;
    let all = [sent, retried, untried];
    claim(&scene, node, &all).await;
    mark_handing(&scene, node, &all).await;
    reap(&scene, node).await;
    let later = End::Queued { due_at: scene.now() + TimeDelta::minutes(1) };
    let outcomes = [
        tried(&scene, sent, 1, End::Sent),
        tried(&scene, retried, 1, later),
        given_back(&scene, untried),
    ];
    record(&scene, node, &outcomes).await;
    assert_eq!(scene.states(&all).await, [State::Sent, State::Queued, State::Queued]);
    let mut attempts = Vec::new();
    for id in all {
        let delivery = scene.delivery(id).await;
        assert_eq!(delivery.reason, None);
        attempts.push(delivery.attempts);
    }
    assert_eq!(attempts, [1, 1, 0], "each attempt is counted once");
}

async fn an_uncertain_delivery_is_left_alone_by_a_node_that_had_it_before(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let (first, second) = (scene.a_node().await, scene.a_node().await);
    let id = scene.a_queued_delivery(&campaign).await;
    claim(&scene, first, &[id]).await;
    reap(&scene, first).await;
    claim(&scene, second, &[id]).await;
    mark_handing(&scene, second, &[id]).await;
    reap(&scene, second).await;
    record(&scene, first, &[given_back(&scene, id)]).await;
    assert_eq!(scene.states(&[id]).await, [State::Uncertain], "or it would be sent twice");
    record(&scene, second, &[tried(&scene, id, 1, End::Sent)]).await;
    assert_eq!(scene.states(&[id]).await, [State::Sent]);
}

async fn what_another_node_holds_is_left_alone(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let (lost, other) = (scene.a_node().await, scene.a_node().await);
    let (one, two) =
        (scene.a_queued_delivery(&campaign).await, scene.a_queued_delivery(&campaign).await);
    claim(&scene, lost, &[one, two]).await;
    reap(&scene, lost).await;
    claim(&scene, other, &[one, two]).await;
    let failed = End::Failed { reason: "bad_address".to_owned() };
    let outcomes = [tried(&scene, one, 1, End::Sent), tried(&scene, two, 1, failed)];
    record(&scene, lost, &outcomes).await;
    assert_eq!(scene.states(&[one, two]).await, [State::Claimed, State::Claimed]);
    assert_eq!(mark_handing(&scene, other, &[one, two]).await, [one, two]);
}

async fn what_a_node_itself_found_uncertain_stays_so(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    claim(&scene, node, &[id]).await;
    mark_handing(&scene, node, &[id]).await;
    let lost = End::Uncertain { reason: "answer_lost".to_owned() };
    record(&scene, node, &[tried(&scene, id, 1, lost)]).await;
    record(&scene, node, &[given_back(&scene, id)]).await;
    assert_eq!(reap(&scene, node).await, Reaped::default());
    let delivery = scene.delivery(id).await;
    assert_eq!((delivery.state, delivery.attempts), (State::Uncertain, 1));
    let mut tx = scene.store.begin().await.unwrap();
    let text = "UPDATE delivery SET state_since = state_since WHERE id = $1 AND node_id IS NULL";
    assert_eq!(execute!(tx.conn(), text, id.0).unwrap(), 1, "it is nobody's to mend");
}
