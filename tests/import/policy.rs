//! Editions of the policy and the consents given under them (R26, R27).

use std::time::Instant;

use chrono::TimeDelta;
use kelisim::{
    app::{Error, Pass, catalogue, import_contacts::Remark, policy},
    domain::{
        consent::{Actor, State},
        language::Language,
        ledger::sha256,
        policy::ChangeKind,
    },
    store,
};

use crate::{
    desk::{Desk, consented},
    support::database::on_both,
};

on_both!(
    editions_are_numbered_and_kept_byte_for_byte,
    the_same_text_is_not_published_twice,
    a_text_in_the_institutions_language_is_required,
    an_editorial_change_leaves_consents_as_they_are,
    a_material_change_makes_consents_wait_and_reaches_senders,
    more_consents_than_a_page_wait,
    evidence_from_before_a_material_change_waits_too,
    evidence_from_after_a_material_change_counts,
    an_older_paper_does_not_undo_a_newer_consent,
);

const A: &str = "a@example.kz";

async fn editions_are_numbered_and_kept_byte_for_byte(desk: Desk) {
    let texts = vec![
        (Language::RU, "Политика\r\n".to_owned()),
        (Language::KK, "\u{feff}Саясат".to_owned()),
    ];
    let version = policy::publish(&desk.app, texts, ChangeKind::Editorial).await.unwrap();
    assert_eq!((version.number, version.published_at), (2, desk.now()));
    let editions = catalogue::editions(&desk.app).await.unwrap();
    let hashes = [
        (Language::KK, sha256("\u{feff}Саясат".as_bytes())),
        (Language::RU, sha256("Политика\r\n".as_bytes())),
    ];
    assert_eq!(editions[1].texts, hashes);
    let mut reader = desk.app.store.read().await.unwrap();
    assert_eq!(store::policy::newest(reader.conn()).await.unwrap(), Some(2));
}

async fn the_same_text_is_not_published_twice(desk: Desk) {
    let texts = vec![(Language::KK, "Саясат, бірінші басылым".to_owned())];
    let error = policy::publish(&desk.app, texts, ChangeKind::Material).await.unwrap_err();
    assert_eq!(error.to_string(), "these texts are published already, as version 1");
}

async fn a_text_in_the_institutions_language_is_required(desk: Desk) {
    let wrong = [
        vec![(Language::RU, "Политика".to_owned())],
        vec![(Language::KK, " \n".to_owned())],
        vec![(Language::KK, "x".repeat(policy::POLICY_BYTES_MAX + 1))],
        vec![(Language::KK, "a".to_owned()), (Language::KK, "b".to_owned())],
    ];
    for texts in wrong {
        let refused = policy::publish(&desk.app, texts, ChangeKind::Editorial).await;
        assert!(matches!(refused, Err(Error::Invalid(_))));
    }
    assert_eq!(catalogue::editions(&desk.app).await.unwrap().len(), 1);
}

async fn an_editorial_change_leaves_consents_as_they_are(desk: Desk) {
    desk.import(&[consented(A, "2025-03-01")]).await;
    desk.publish("Саясат, 2", ChangeKind::Editorial).await;
    assert_eq!(desk.state(A, "news").await, Some(State::Given));
    assert_eq!(desk.import(&[consented(A, "2025-03-01")]).await.tally.recorded_before, 1);
}

async fn a_material_change_makes_consents_wait_and_reaches_senders(desk: Desk) {
    desk.import(&[consented(A, "2025-03-01")]).await;
    let id = desk.history(A).await.contact.id;
    let asked_at = Instant::now();
    desk.app.clock.shift(TimeDelta::hours(1));
    desk.publish("Саясат, 2", ChangeKind::Material).await;
    let standing = desk.consent(A, "news").await.unwrap().standing;
    assert_eq!((standing.state, standing.since), (State::NeedsReconfirmation, desk.now()));
    assert!(matches!(desk.app.permits.pass(id, asked_at), Pass::AskAgain));
    let mut reader = desk.app.store.read().await.unwrap();
    let told = store::suppression::changed_since(reader.conn(), desk.now()).await.unwrap();
    assert_eq!(told, [id]);
    drop(reader);
    assert_eq!(desk.history(A).await.entries[1].event.actor, Actor::System);
    assert_eq!(desk.events().await, 2);
}

async fn more_consents_than_a_page_wait(desk: Desk) {
    let rows: Vec<String> = (0..400)
        .map(|n| format!("p{n}@example.kz,,,,,,news;events,,Form 7,2025-03-01,1,"))
        .collect();
    desk.import(&rows).await;
    desk.publish("Саясат, 2", ChangeKind::Material).await;
    assert_eq!(desk.events().await, 1_600);
    let mut reader = desk.app.store.read().await.unwrap();
    let left = store::consent::permitting_after(reader.conn(), None, 0, 10).await.unwrap();
    assert_eq!(left, []);
}

async fn evidence_from_before_a_material_change_waits_too(desk: Desk) {
    desk.app.clock.shift(TimeDelta::hours(1));
    let changed_at = desk.publish("Саясат, 2", ChangeKind::Material).await.published_at;
    desk.app.clock.shift(TimeDelta::days(1));
    let rows = [
        consented(A, "2025-03-01"),
        "b@example.kz,,,,,,news,,Form 7,2025-03-01,,Send me news".to_owned(),
        consented("c@example.kz", &(desk.now() - TimeDelta::hours(1)).to_rfc3339()),
    ];
    let heard = desk.import(&rows).await;
    assert_eq!((heard.tally.given, heard.tally.needs_reconfirmation), (3, 3));
    assert!(heard.remarks().iter().all(|(_, remark)| *remark == Remark::NeedsReconfirmation));
    for email in [A, "b@example.kz", "c@example.kz"] {
        let standing = desk.consent(email, "news").await.unwrap().standing;
        assert_eq!(standing.state, State::NeedsReconfirmation, "{email}");
        assert!(standing.since >= changed_at);
    }
    let events = desk.events().await;
    assert_eq!(desk.import(&rows).await.tally.recorded_before, 3);
    assert_eq!(desk.events().await, events);
}

async fn evidence_from_after_a_material_change_counts(desk: Desk) {
    desk.import(&[consented(A, "2025-03-01")]).await;
    desk.publish("Саясат, 2", ChangeKind::Material).await;
    desk.app.clock.shift(TimeDelta::days(2));
    let yesterday = (desk.now() - TimeDelta::days(1)).to_rfc3339();
    let rows = [
        format!("{A},,,,,,news,,Form 8,{yesterday},2,"),
        format!("b@example.kz,,,,,,news,,Form 8,{yesterday},,Send me news"),
    ];
    let tally = desk.import(&rows).await.tally;
    assert_eq!((tally.renewed, tally.given, tally.needs_reconfirmation), (1, 1, 0));
    assert_eq!(desk.state(A, "news").await, Some(State::Renewed));
    assert_eq!(desk.state("b@example.kz", "news").await, Some(State::Given));
}

async fn an_older_paper_does_not_undo_a_newer_consent(desk: Desk) {
    desk.publish("Саясат, 2", ChangeKind::Material).await;
    desk.app.clock.shift(TimeDelta::days(3));
    let day = |days| (desk.now() - TimeDelta::days(days)).to_rfc3339();
    desk.import(&[format!("{A},,,,,,news,,Form 8,{},2,", day(2))]).await;
    let tally = desk.import(&[consented(A, &day(1))]).await.tally;
    assert_eq!(tally.recorded_before, 1);
    assert_eq!(desk.state(A, "news").await, Some(State::Given));
}
