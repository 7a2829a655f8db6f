//! Nodes and their signs of life; runs of the import; API tokens.

use chrono::TimeDelta;
use kelisim::{
    domain::id::{ApiTokenId, ImportId},
    store::{self, api_token::ApiToken, import_run::ImportRun},
};

use crate::support::{database::on_both, scene::Scene};

on_both!(
    a_node_lives_until_it_is_struck_off,
    a_run_of_the_import_ends_with_its_file_and_tally,
    a_token_is_found_by_the_hash_of_its_secret,
    a_token_is_ended_once,
    two_tokens_cannot_have_one_secret,
);

async fn a_node_lives_until_it_is_struck_off(scene: Scene) {
    let (node, other) = (scene.a_node().await, scene.a_node().await);
    let started_at = scene.now();
    scene.wait(TimeDelta::seconds(5));
    let mut tx = scene.store.begin().await.unwrap();
    assert!(store::node::beat(tx.conn(), node, scene.now()).await.unwrap());
    store::node::stop(tx.conn(), other, scene.now()).await.unwrap();
    assert!(!store::node::beat(tx.conn(), other, scene.now()).await.unwrap());
    assert!(store::node::is_running(tx.conn(), node).await.unwrap());
    assert!(!store::node::is_running(tx.conn(), other).await.unwrap());
    let running = store::node::running(tx.conn()).await.unwrap();
    assert_eq!(running.len(), 1);
    assert_eq!((running[0].id, running[0].version.as_str()), (node, "0.1.0"));
    assert_eq!((running[0].started_at, running[0].heartbeat_at), (started_at, scene.now()));
}

async fn a_run_of_the_import_ends_with_its_file_and_tally(scene: Scene) {
    let (id, started_at) = (ImportId(scene.id()), scene.now());
    let (none, some) = (serde_json::json!({}), serde_json::json!({ "rows": 3, "why": ["ә"] }));
    let mut tx = scene.store.begin().await.unwrap();
    store::import_run::begin(tx.conn(), id, &none, started_at).await.unwrap();
    let mut run = ImportRun { id, started_at, finished: None, tally: none };
    assert_eq!(store::import_run::find(tx.conn(), id).await.unwrap(), Some(run.clone()));
    scene.wait(TimeDelta::seconds(5));
    store::import_run::finish(tx.conn(), id, &[4; 32], &some, scene.now()).await.unwrap();
    run.finished = Some(([4; 32], scene.now()));
    run.tally = some;
    assert_eq!(store::import_run::find(tx.conn(), id).await.unwrap(), Some(run));
    assert_eq!(store::import_run::find(tx.conn(), ImportId(scene.id())).await.unwrap(), None);
}

fn a_token(scene: &Scene, name: &str) -> ApiToken {
    ApiToken {
        id: ApiTokenId(scene.id()),
        name: name.to_owned(),
        created_at: scene.now(),
        expires_at: Some(scene.now() + TimeDelta::days(90)),
        revoked_at: None,
    }
}

async fn a_token_is_found_by_the_hash_of_its_secret(scene: Scene) {
    let (hr, crm) = (a_token(&scene, "hr"), a_token(&scene, "crm"));
    let mut tx = scene.store.begin().await.unwrap();
    store::api_token::insert(tx.conn(), &hr, &[1; 32]).await.unwrap();
    store::api_token::insert(tx.conn(), &crm, &[2; 32]).await.unwrap();
    assert_eq!(store::api_token::find(tx.conn(), &[1; 32]).await.unwrap(), Some(hr.clone()));
    assert_eq!(store::api_token::find(tx.conn(), &[3; 32]).await.unwrap(), None);
    assert_eq!(store::api_token::all(tx.conn()).await.unwrap(), [crm, hr], "newest first");
}

async fn a_token_is_ended_once(scene: Scene) {
    let token = a_token(&scene, "hr");
    let mut tx = scene.store.begin().await.unwrap();
    store::api_token::insert(tx.conn(), &token, &[1; 32]).await.unwrap();
    assert!(store::api_token::revoke(tx.conn(), token.id, scene.now()).await.unwrap());
    assert!(!store::api_token::revoke(tx.conn(), token.id, scene.now()).await.unwrap());
    let found = store::api_token::find(tx.conn(), &[1; 32]).await.unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(scene.now()));
}

async fn two_tokens_cannot_have_one_secret(scene: Scene) {
    let mut tx = scene.store.begin().await.unwrap();
    store::api_token::insert(tx.conn(), &a_token(&scene, "hr"), &[1; 32]).await.unwrap();
    let error = store::api_token::insert(tx.conn(), &a_token(&scene, "crm"), &[1; 32]).await;
    assert!(error.unwrap_err().is_unique_violation());
}
