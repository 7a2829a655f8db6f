//! Probes of an operator's platform.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use kelisim::{store::Store, web::EngineStatus};
use serde_json::{Value, json};

use crate::{
    house::House,
    support::{database::on_both, scene::institution},
};

on_both!(
    it_lives_and_is_ready,
    without_a_database_it_lives_but_is_not_ready,
    without_a_heartbeat_it_is_not_ready,
);

async fn ready(house: &House) -> (u16, Value) {
    let answer = house.get("/health/ready").send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn it_lives_and_is_ready(house: House) {
    assert_eq!(house.get("/health/live").send().await.unwrap().status().as_u16(), 200);
    let expected = json!({"ready": true, "database": "ok", "engine": "not here"});
    assert_eq!(ready(&house).await, (200, expected));
}

async fn without_a_database_it_lives_but_is_not_ready(house: House) {
    house.app.store.close().await;
    assert_eq!(house.get("/health/live").send().await.unwrap().status().as_u16(), 200);
    let expected = json!({"ready": false, "database": "failed", "engine": "not here"});
    assert_eq!(ready(&house).await, (503, expected));
}

async fn without_a_heartbeat_it_is_not_ready(store: Store) {
    let fresh = Arc::new(AtomicBool::new(true));
    let asked = Arc::clone(&fresh);
    let engine = EngineStatus::new(move || asked.load(Ordering::Relaxed));
    let house = House::open(store, institution(), Some(engine)).await;
    assert_eq!(ready(&house).await.0, 200);
    fresh.store(false, Ordering::Relaxed);
    let expected = json!({"ready": false, "database": "ok", "engine": "no heartbeat"});
    assert_eq!(ready(&house).await, (503, expected));
}
