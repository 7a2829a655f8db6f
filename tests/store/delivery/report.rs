//! Reading where a campaign's deliveries stand.

use chrono::TimeDelta;
use kelisim::store::{
    self,
    delivery::{End, Outcome},
};

use super::{claim, mark_handing, reap, record, tried};
use crate::support::{database::on_both, scene::Scene};

on_both!(the_next_one_due_is_told, a_campaign_is_open_until_nothing_waits_or_is_held,);

async fn the_next_one_due_is_told(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let next_due = async || {
        let mut reader = scene.store.read().await.unwrap();
        store::delivery::next_due(reader.conn(), campaign.id).await.unwrap()
    };
    assert_eq!(next_due().await, None);
    let (one, other) =
        (scene.a_queued_delivery(&campaign).await, scene.a_queued_delivery(&campaign).await);
    assert_eq!(next_due().await, Some(scene.now()));
    claim(&scene, node, &[one, other]).await;
    assert_eq!(next_due().await, None);
    let after = |us| scene.now() + TimeDelta::microseconds(us);
    let outcome = |id, due_at| Outcome { id, end: End::Queued { due_at }, attempt: None };
    record(&scene, node, &[outcome(one, after(876_544)), outcome(other, after(900_000))]).await;
    assert_eq!(next_due().await, Some(after(876_544)), "a whole second before one with a fraction");
}

async fn a_campaign_is_open_until_nothing_waits_or_is_held(scene: Scene) {
    let (campaign, other) = (scene.a_running_campaign().await, scene.a_running_campaign().await);
    let node = scene.a_node().await;
    let foreign = scene.a_queued_delivery(&other).await;
    claim(&scene, node, &[foreign]).await;
    let is_open = async || {
        let mut reader = scene.store.read().await.unwrap();
        store::delivery::is_open(reader.conn(), campaign.id).await.unwrap()
    };
    assert!(!is_open().await);
    let id = scene.a_queued_delivery(&campaign).await;
    assert!(is_open().await, "queued");
    claim(&scene, node, &[id]).await;
    assert!(is_open().await, "claimed");
    mark_handing(&scene, node, &[id]).await;
    assert!(is_open().await, "being handed over");
    reap(&scene, node).await;
    assert!(!is_open().await, "uncertain");
    record(&scene, node, &[tried(&scene, id, 1, End::Sent)]).await;
    assert!(!is_open().await, "sent");
}
