//! For any message: which consent allowed it, and what became of it.

use kelisim::{
    app::explain,
    cli,
    domain::{
        delivery::{State, message_id},
        id::NodeId,
    },
    store::{
        self,
        delivery::{Attempt, End, Outcome},
    },
};
use serde_json::Value;

use crate::{
    house::{House, Letter, SOURCE},
    support::database::{execute, on_both},
};

on_both!(
    the_whole_chain_is_told,
    a_changed_event_is_found,
    a_message_id_does_as_well_and_others_are_not_found,
);

/// Sends a letter, as the engine would record it.
async fn sent(house: &House, letter: &Letter) {
    let node = NodeId(house.id());
    let mut tx = house.app.store.begin().await.unwrap();
    store::node::insert(tx.conn(), node, "0.1.0", house.now()).await.unwrap();
    store::delivery::claim(tx.conn(), &[letter.delivery], node, house.now()).await.unwrap();
    store::delivery::mark_handing(tx.conn(), &[letter.delivery], node, house.now()).await.unwrap();
    let attempt = Attempt {
        number: 1,
        relay: "main".to_owned(),
        gate_at: house.now(),
        ended_at: house.now(),
        verdict: "sent".to_owned(),
        stage: "message".to_owned(),
        code: Some(250),
        reply: Some("250 2.0.0 Ok: queued as 4Xy\u{1b}[2J".to_owned()),
        body_sha256: Some(vec![7; 32]),
    };
    let outcome = Outcome { id: letter.delivery, end: End::Sent, attempt: Some(attempt) };
    store::delivery::record(tx.conn(), &[outcome], node, house.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.delivery_state(letter.delivery).await, State::Sent);
}

async fn ask(house: &House, id: &str) -> (u16, Value) {
    let secret = house.a_token().await;
    let request = house.get(&format!("/api/v1/deliveries/{id}/explain")).bearer_auth(secret);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn the_whole_chain_is_told(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    sent(&house, &letter).await;
    house
        .post(&format!("/u/{}", letter.token))
        .body("List-Unsubscribe=One-Click")
        .send()
        .await
        .unwrap();
    let (status, told) = ask(&house, &letter.delivery.to_string()).await;
    assert_eq!(status, 200, "{told}");
    assert_eq!(told["state"], "sent");
    assert_eq!(told["address"], "aigul@example.kz");
    assert_eq!(told["consent"]["event"]["evidence"]["source"], SOURCE);
    assert_eq!(told["consent"]["policy_number"], 1);
    assert_eq!(told["consent"]["intact"], true);
    assert_eq!(told["attempts"][0]["code"], 250);
    assert_eq!(told["gate_asked"][0]["moment"], "expansion");
    assert_eq!(told["gate_now"], "withdrawn", "the proof stands although she left since");

    let text = cli::explain::render(&explain::explain(&house.app, letter.delivery).await.unwrap());
    for said in ["aigul@example.kz", SOURCE, "edition 1", "250 2.0.0 Ok", "refused: withdrawn"] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
    assert!(!text.contains('\u{1b}'), "a relay's reply cannot move the cursor");
}

async fn a_changed_event_is_found(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let mut tx = house.app.store.begin().await.unwrap();
    let dropped = match tx.conn() {
        sqlite @ store::Conn::Sqlite(_) => {
            execute!(sqlite, "DROP TRIGGER consent_event_is_immutable")
        }
        postgres => execute!(postgres, "ALTER TABLE consent_event DISABLE TRIGGER USER"),
    };
    dropped.unwrap();
    execute!(tx.conn(), "UPDATE consent_event SET channel = 'staff' WHERE seq = 1").unwrap();
    tx.commit().await.unwrap();
    let (_, told) = ask(&house, &letter.delivery.to_string()).await;
    assert_eq!(told["consent"]["intact"], false);
    assert_eq!(told["consent"]["broken"], "event 1 was changed after it was recorded");
}

async fn a_message_id_does_as_well_and_others_are_not_found(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let known = message_id(letter.delivery, "news.example.kz");
    assert_eq!(ask(&house, &known).await.0, 200);
    assert_eq!(ask(&house, &house.id().to_string()).await.0, 404);
    assert_eq!(ask(&house, "someone-else@example.org").await.0, 422);
}
