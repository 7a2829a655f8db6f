//! What the schema itself refuses: rows that cannot be, and changes of what must not change.

use kelisim::{
    domain::{
        audience::Audience,
        consent::{Event, State},
        delivery::SkipReason,
        gate::Refusal,
        ledger::GENESIS,
    },
    store::{self, delivery::Fate, ledger::Entry},
};

use crate::support::{
    database::{execute, on_both},
    scene::Scene,
};

on_both!(
    a_delivery_without_consent_can_only_be_skipped,
    a_delivery_has_what_its_state_needs,
    a_campaign_has_what_its_state_needs,
    a_yes_needs_a_text_that_was_shown_and_an_end,
    the_clause_for_other_purposes_is_never_a_purpose,
    a_contact_has_what_its_state_needs,
    an_event_is_never_changed,
    the_detail_of_an_event_may_go_and_nothing_else,
    what_was_shown_is_never_changed,
);

/// Asserts that a CHECK refuses a statement, which must name an existing row.
macro_rules! refused {
    ($scene:expr, $text:expr $(, $value:expr)*) => {{
        let mut tx = $scene.store.begin().await.unwrap();
        let error = execute!(tx.conn(), $text $(, $value)*).expect_err($text);
        let check = error.as_database_error().is_some_and(|error| error.is_check_violation());
        assert!(check, "{}: {error:?}", $text);
    }};
}

/// Asserts that a trigger refuses a statement.
macro_rules! append_only {
    ($scene:expr, $text:expr) => {{
        let mut tx = $scene.store.begin().await.unwrap();
        let error = execute!(tx.conn(), $text).expect_err($text).to_string();
        assert!(error.contains("append-only"), "{}: {error}", $text);
    }};
}

/// Asserts that a statement changes exactly one row.
macro_rules! accepted {
    ($scene:expr, $text:expr $(, $value:expr)*) => {{
        let mut tx = $scene.store.begin().await.unwrap();
        assert_eq!(execute!(tx.conn(), $text $(, $value)*).expect($text), 1, "{}", $text);
        tx.commit().await.unwrap();
    }};
}

async fn a_delivery_without_consent_can_only_be_skipped(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let id = scene.a_queued_delivery(&campaign).await.0;
    refused!(scene, "UPDATE delivery SET consent_seq = NULL WHERE id = $1", id);
    for state in ["claimed", "handing", "uncertain"] {
        let text = "UPDATE delivery SET consent_seq = NULL, state = $2, node_id = $1, reason = 'x' WHERE id = $1";
        refused!(scene, text, id, state);
    }
    for state in ["sent", "failed"] {
        let text = "UPDATE delivery SET consent_seq = NULL, state = $2, reason = 'x' WHERE id = $1";
        refused!(scene, text, id, state);
    }
    let contact = scene.a_contact("aigul@example.kz").await;
    let skipped = Fate::Skipped(SkipReason::Gate(Refusal::NoConsent));
    let skipped = scene.a_delivery(&campaign, &contact, skipped).await;
    assert_eq!(scene.delivery(skipped).await.consent_seq, None);
}

async fn a_delivery_has_what_its_state_needs(scene: Scene) {
    let campaign = scene.a_running_campaign().await;
    let id = scene.a_queued_delivery(&campaign).await.0;
    refused!(scene, "UPDATE delivery SET state = 'posted' WHERE id = $1", id);
    for state in ["claimed", "handing"] {
        refused!(scene, "UPDATE delivery SET state = $2, node_id = NULL WHERE id = $1", id, state);
    }
    for state in ["queued", "sent", "failed", "skipped"] {
        let text = "UPDATE delivery SET state = $2, node_id = id, reason = 'x' WHERE id = $1";
        refused!(scene, text, id, state);
    }
    for state in ["failed", "skipped", "uncertain"] {
        refused!(scene, "UPDATE delivery SET state = $2, reason = NULL WHERE id = $1", id, state);
    }
    accepted!(scene, "UPDATE delivery SET state = 'sent' WHERE id = $1", id);
}

async fn a_campaign_has_what_its_state_needs(scene: Scene) {
    let id = scene.a_campaign(Audience::default()).await.id.0;
    refused!(scene, "UPDATE campaign SET state = 'sleeping' WHERE id = $1", id);
    refused!(scene, "UPDATE campaign SET state = 'paused' WHERE id = $1", id);
    refused!(scene, "UPDATE campaign SET pause_reason = 'x' WHERE id = $1", id);
    refused!(scene, "UPDATE campaign SET state = 'scheduled' WHERE id = $1", id);
    refused!(scene, "UPDATE campaign SET state = 'running' WHERE id = $1", id);
    let text = "UPDATE campaign SET state = 'finished', started_at = state_since WHERE id = $1";
    refused!(scene, text, id);
    accepted!(scene, "UPDATE campaign SET state = 'paused', pause_reason = 'x' WHERE id = $1", id);
}

async fn a_yes_needs_a_text_that_was_shown_and_an_end(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    for state in [State::Given, State::Renewed] {
        let event = scene.an_event(&contact, "news", state, scene.now());
        let unpinned = Event { wording: None, ..event.clone() };
        let endless = Event { valid_until: None, ..event };
        for event in [unpinned, endless] {
            let mut tx = scene.store.begin().await.unwrap();
            let head = store::ledger::head(tx.conn()).await.unwrap().unwrap();
            let entry = Entry { seq: 1, event, prev_hash: GENESIS, hash: [1; 32], detail: None };
            let error = store::ledger::append(tx.conn(), &[entry], &head).await.unwrap_err();
            let store::Error::Sql(sqlx::Error::Database(error)) = error else {
                panic!("{error:?}")
            };
            assert!(error.is_check_violation(), "{error:?}");
        }
    }
    let id = scene.a_given_consent(&contact, "news").await.id.0;
    refused!(scene, "UPDATE consent SET valid_until = NULL WHERE id = $1", id);
}

async fn the_clause_for_other_purposes_is_never_a_purpose(scene: Scene) {
    refused!(scene, "UPDATE purpose SET clause = '3.1.11' WHERE key = 'news'");
    let mut tx = scene.store.begin().await.unwrap();
    let mut other = store::purpose::all(tx.conn()).await.unwrap().remove(0);
    other.key = "anything".parse().unwrap();
    "3.1.11".clone_into(&mut other.clause);
    assert!(store::purpose::insert_missing(tx.conn(), &other).await.is_err());
}

async fn a_contact_has_what_its_state_needs(scene: Scene) {
    let id = scene.a_contact("aigul@example.kz").await.id.0;
    refused!(scene, "UPDATE contact SET address = NULL WHERE id = $1", id);
    refused!(scene, "UPDATE contact SET address_state = 'erased' WHERE id = $1", id);
    refused!(scene, "UPDATE contact SET blocked_reason = 'x' WHERE id = $1", id);
    refused!(scene, "UPDATE contact SET blocked_at = created_at WHERE id = $1", id);
    refused!(scene, "UPDATE contact SET address_hash = $2 WHERE id = $1", id, vec![1_u8; 31]);
}

/// A ledger with one event in it.
async fn with_an_event(scene: &Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    scene.a_given_consent(&contact, "news").await;
}

async fn an_event_is_never_changed(scene: Scene) {
    with_an_event(&scene).await;
    append_only!(scene, "DELETE FROM consent_event");
    append_only!(scene, "UPDATE consent_event SET state = 'withdrawn'");
    append_only!(scene, "UPDATE consent_event SET hash = prev_hash");
    append_only!(scene, "UPDATE consent_event SET detail = 'other'");
    append_only!(scene, "UPDATE consent_event SET valid_until = NULL, state = 'withdrawn'");
    append_only!(scene, "UPDATE consent_event SET wording_id = NULL, wording_sha256 = NULL");
}

async fn the_detail_of_an_event_may_go_and_nothing_else(scene: Scene) {
    with_an_event(&scene).await;
    let gone = "UPDATE consent_event SET detail = NULL, detail_salt = NULL";
    append_only!(
        scene,
        "UPDATE consent_event SET detail = NULL, detail_salt = NULL, state = 'refused'"
    );
    append_only!(scene, "UPDATE consent_event SET detail = NULL, detail_salt = NULL, seq = 2");
    append_only!(
        scene,
        "UPDATE consent_event SET detail = NULL, detail_salt = NULL, language = NULL"
    );
    accepted!(scene, gone);
    append_only!(scene, "UPDATE consent_event SET state = 'refused'");
    append_only!(scene, "UPDATE consent_event SET detail = 'back', detail_salt = hash");
    let mut reader = scene.store.read().await.unwrap();
    let entry = store::ledger::entry(reader.conn(), 1).await.unwrap().unwrap();
    assert_eq!(entry.detail, None);
    assert_eq!(entry.event.state, State::Given);
}

async fn what_was_shown_is_never_changed(scene: Scene) {
    accepted!(
        scene,
        "INSERT INTO policy_version (id, number, kind, published_at) \
         SELECT id, 1, 'editorial', created_at FROM wording"
    );
    accepted!(
        scene,
        "INSERT INTO policy_text (version_id, language, body, sha256) \
         SELECT id, language, body, sha256 FROM wording"
    );
    append_only!(scene, "UPDATE policy_text SET body = 'other'");
    append_only!(scene, "DELETE FROM policy_text");
    append_only!(scene, "UPDATE policy_version SET kind = 'material'");
    append_only!(scene, "DELETE FROM policy_version");
    append_only!(scene, "UPDATE wording SET body = 'other'");
    append_only!(scene, "DELETE FROM wording");
    append_only!(scene, "UPDATE consent_terms SET body = 'other'");
    append_only!(scene, "DELETE FROM consent_terms");
}
