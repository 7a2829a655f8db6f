//! Nodes and their signs of life; API tokens.

use chrono::TimeDelta;
use kelisim::{
    domain::id::ApiTokenId,
    store::{self, api_token::ApiToken},
};

use crate::support::{database::on_both, scene::Scene};

on_both!(
    a_node_lives_until_it_is_struck_off,
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
    let running = store::node::running(tx.conn()).await.unwrap();
    assert_eq!(running.len(), 1);
    assert_eq!((running[0].id, running[0].version.as_str()), (node, "0.1.0"));
    assert_eq!((running[0].started_at, running[0].heartbeat_at), (started_at, scene.now()));
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
