//! Times keep their microseconds, come back equal, and are compared as times: SQLite keeps them as
//! text, with a fraction only where there is one.

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::{domain::id::NodeId, store};

use crate::support::{database::on_both, scene::Scene};

on_both!(
    times_come_back_equal_and_in_order,
    a_bound_includes_its_own_microsecond_and_nothing_before,
);

/// In order; each neighbour differs in how many digits its fraction needs.
fn awkward_times() -> Vec<DateTime<Utc>> {
    let second = "2026-11-22T09:59:59Z".parse::<DateTime<Utc>>().unwrap();
    let after = |us| second + TimeDelta::microseconds(us);
    vec![
        "1969-12-31T23:59:59.999999Z".parse().unwrap(),
        second,
        after(1),
        after(10),
        after(999),
        after(1_000),
        after(1_001),
        after(100_000),
        after(100_001),
        after(123_000),
        after(123_456),
        after(500_000),
        after(999_999),
        after(1_000_000),
        after(1_000_001),
        "9999-12-31T23:59:59.999999Z".parse().unwrap(),
    ]
}

async fn times_come_back_equal_and_in_order(scene: Scene) {
    let mut tx = scene.store.begin().await.unwrap();
    for time in awkward_times().into_iter().rev() {
        store::node::insert(tx.conn(), NodeId(scene.id()), "0", time).await.unwrap();
    }
    let nodes = store::node::running(tx.conn()).await.unwrap();
    let times: Vec<DateTime<Utc>> = nodes.iter().map(|node| node.started_at).collect();
    assert_eq!(times, awkward_times());
}

async fn a_bound_includes_its_own_microsecond_and_nothing_before(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let times = awkward_times();
    for (n, at) in times.iter().enumerate() {
        let mut tx = scene.store.begin().await.unwrap();
        store::suppression::note_change(tx.conn(), &[(scene.id(), contact.id)], *at).await.unwrap();
        for (m, since) in times.iter().enumerate() {
            let seen = store::suppression::changed_since(tx.conn(), *since).await.unwrap();
            assert_eq!(!seen.is_empty(), m <= n, "{at} seen since {since}");
        }
    }
}
