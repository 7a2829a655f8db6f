//! Deliveries: the queue, claims and their fencing, outcomes, reports.

mod claim;
mod outcome;
mod queue;
mod report;

use chrono::TimeDelta;
use kelisim::{
    domain::{
        campaign::Campaign,
        id::{DeliveryId, NodeId},
    },
    store::{
        self,
        delivery::{Attempt, Candidate, End, Outcome, Reaped},
    },
};

use crate::support::scene::Scene;

/// The ids that could be sent now, in their order. Committed, because a transaction that is only
/// dropped lets go of its rows a little later.
async fn candidates(scene: &Scene, campaign: &Campaign, limit: i64) -> Vec<DeliveryId> {
    let mut tx = scene.store.begin().await.unwrap();
    let found = store::delivery::candidates(tx.conn(), campaign, scene.now(), limit).await.unwrap();
    tx.commit().await.unwrap();
    ids(&found)
}

fn ids(candidates: &[Candidate]) -> Vec<DeliveryId> {
    candidates.iter().map(|candidate| candidate.id).collect()
}

pub(crate) async fn claim(scene: &Scene, node: NodeId, ids: &[DeliveryId]) {
    let mut tx = scene.store.begin().await.unwrap();
    store::delivery::claim(tx.conn(), ids, node, scene.now()).await.unwrap();
    tx.commit().await.unwrap();
}

pub(crate) async fn mark_handing(
    scene: &Scene,
    node: NodeId,
    ids: &[DeliveryId],
) -> Vec<DeliveryId> {
    let mut tx = scene.store.begin().await.unwrap();
    let mut may = store::delivery::mark_handing(tx.conn(), ids, node, scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    may.sort();
    may
}

pub(crate) async fn reap(scene: &Scene, node: NodeId) -> Reaped {
    let mut tx = scene.store.begin().await.unwrap();
    let reaped = store::delivery::reap(tx.conn(), node, scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    reaped
}

pub(crate) async fn record(scene: &Scene, node: NodeId, outcomes: &[Outcome]) {
    let mut tx = scene.store.begin().await.unwrap();
    store::delivery::record(tx.conn(), outcomes, node, scene.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// What became of a delivery at its attempt of this number.
fn tried(scene: &Scene, id: DeliveryId, number: i64, end: End) -> Outcome {
    Outcome { id, end, attempt: Some(attempt(scene, number)) }
}

/// A delivery goes back without an attempt.
fn given_back(scene: &Scene, id: DeliveryId) -> Outcome {
    Outcome { id, end: End::Queued { due_at: scene.now() }, attempt: None }
}

fn attempt(scene: &Scene, number: i64) -> Attempt {
    Attempt {
        number,
        relay: "main".to_owned(),
        gate_at: scene.now() - TimeDelta::microseconds(1_500),
        ended_at: scene.now(),
        verdict: "sent".to_owned(),
        stage: "data".to_owned(),
        code: Some(250),
        reply: Some("2.0.0 Ok".to_owned()),
        body_sha256: Some(vec![1; 32]),
    }
}
