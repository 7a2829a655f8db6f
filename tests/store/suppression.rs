//! Addresses that must not be mailed, and notices of permissions that shrank.

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::{
    domain::{
        id::ContactId,
        suppression::{Reason, Suppression},
    },
    store,
};

use crate::support::{database::on_both, scene::Scene};

on_both!(
    an_entry_holds_until_its_end,
    of_two_ends_for_one_reason_the_later_stays,
    reasons_stand_side_by_side,
    notices_are_read_once_per_person_and_forgotten_when_old,
    more_notices_than_one_statement_bears_are_written_together,
);

const ADDRESS: [u8; 32] = [5; 32];

async fn suppress(scene: &Scene, reason: Reason, ends_at: Option<DateTime<Utc>>) {
    let entry = Suppression { address_hash: ADDRESS, reason, ends_at };
    let mut tx = scene.store.begin().await.unwrap();
    store::suppression::insert(tx.conn(), scene.id(), &entry, scene.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// What holds now.
async fn holding(scene: &Scene) -> Vec<Suppression> {
    let mut reader = scene.store.read().await.unwrap();
    let asked = [ADDRESS, [6; 32]];
    let mut there = store::suppression::among(reader.conn(), &asked, scene.now()).await.unwrap();
    there.sort_by_key(|entry| entry.reason);
    there
}

async fn an_entry_holds_until_its_end(scene: Scene) {
    let ends_at = Some(scene.now() + TimeDelta::days(30));
    suppress(&scene, Reason::SoftBounces, ends_at).await;
    scene.wait(TimeDelta::days(30) - TimeDelta::microseconds(1));
    let entry = Suppression { address_hash: ADDRESS, reason: Reason::SoftBounces, ends_at };
    assert_eq!(holding(&scene).await, [entry]);
    scene.wait(TimeDelta::microseconds(1));
    assert_eq!(holding(&scene).await, []);
}

async fn of_two_ends_for_one_reason_the_later_stays(scene: Scene) {
    let near = Some(scene.now() + TimeDelta::microseconds(500_000));
    let far = Some(scene.now() + TimeDelta::microseconds(500_001));
    let ends = [(near, near), (far, far), (near, far), (None, None), (far, None)];
    for (new, stays) in ends {
        suppress(&scene, Reason::Staff, new).await;
        let there = holding(&scene).await;
        assert_eq!(there.len(), 1);
        assert_eq!(there[0].ends_at, stays);
    }
}

async fn reasons_stand_side_by_side(scene: Scene) {
    suppress(&scene, Reason::HardBounce, None).await;
    suppress(&scene, Reason::Complaint, None).await;
    let reasons: Vec<Reason> = holding(&scene).await.iter().map(|entry| entry.reason).collect();
    assert_eq!(reasons, [Reason::HardBounce, Reason::Complaint]);
}

async fn notices_are_read_once_per_person_and_forgotten_when_old(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await.id;
    let start = scene.now();
    let mut tx = scene.store.begin().await.unwrap();
    for _ in 0..2 {
        let notice = [(scene.id(), contact)];
        store::suppression::note_change(tx.conn(), &notice, scene.now()).await.unwrap();
        scene.wait(TimeDelta::seconds(1));
    }
    let since = |seconds| start + TimeDelta::seconds(seconds);
    assert_eq!(store::suppression::changed_since(tx.conn(), start).await.unwrap(), [contact]);
    assert_eq!(store::suppression::changed_since(tx.conn(), since(1)).await.unwrap(), [contact]);
    assert_eq!(store::suppression::changed_since(tx.conn(), since(2)).await.unwrap(), []);
    store::suppression::forget_changes(tx.conn(), since(1)).await.unwrap();
    assert_eq!(store::suppression::changed_since(tx.conn(), start).await.unwrap(), [contact]);
    store::suppression::forget_changes(tx.conn(), since(2)).await.unwrap();
    assert_eq!(store::suppression::changed_since(tx.conn(), start).await.unwrap(), []);
}

async fn more_notices_than_one_statement_bears_are_written_together(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await.id;
    let notices: Vec<(uuid::Uuid, ContactId)> =
        (0..25_000).map(|_| (scene.id(), contact)).collect();
    let mut tx = scene.store.begin().await.unwrap();
    store::suppression::note_change(tx.conn(), &notices, scene.now()).await.unwrap();
    store::suppression::note_change(tx.conn(), &[], scene.now()).await.unwrap();
    let since = store::suppression::changed_since(tx.conn(), scene.now()).await.unwrap();
    assert_eq!(since, [contact]);
}
