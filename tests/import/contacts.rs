//! People: found again by their address, merged without losing anything.

use kelisim::{
    app::{
        contacts,
        import_contacts::{ImportOptions, Reason, Remark},
    },
    domain::{
        contact::Profile,
        language::Language,
        ledger::sha256,
        suppression::{self, Suppression},
    },
    store,
};

use crate::{
    desk::{Desk, HEAD, consented, file, person},
    support::{database::on_both, scene::address},
};

on_both!(
    a_file_brings_people_in_with_all_that_it_tells,
    doing_it_again_changes_nothing,
    rows_of_one_person_are_merged_whatever_the_spelling,
    a_later_file_adds_and_takes_nothing_away,
    an_external_id_belongs_to_one_contact,
    more_rows_than_a_batch_are_counted_once_each,
    a_blocked_contact_is_left_as_it_is,
    who_had_the_data_deleted_is_not_stored_again,
    a_file_that_breaks_off_leaves_what_was_before_and_is_completed_by_doing_it_again,
    a_run_is_noted_with_the_hash_of_its_file,
    two_imports_of_one_file_at_once_store_it_once,
    a_long_file_is_told_of_in_its_own_order_and_the_last_row_of_a_person_wins,
);

async fn a_file_brings_people_in_with_all_that_it_tells(desk: Desk) {
    let row = "Aigul@Example.kz,Айгүл Сейтқали,kk,teachers;physics,T-1,Ақмола,,,,,,".to_owned();
    let heard = desk.import(&[row]).await;
    assert_eq!((heard.tally.new, heard.tally.rows()), (1, 1));
    let contact = contacts::by_address(&desk.app, &address("aigul@example.kz")).await.unwrap();
    assert_eq!(contact.address, Some(address("Aigul@example.kz")));
    let profile = Profile {
        name: Some("Айгүл Сейтқали".to_owned()),
        language: Some(Language::KK),
        attributes: [("region".to_owned(), "Ақмола".to_owned())].into(),
        external_id: Some("T-1".to_owned()),
        ..Profile::default()
    };
    assert_eq!(contact.profile, profile);
    let mut reader = desk.app.store.read().await.unwrap();
    let tags = store::contact::tags(reader.conn(), contact.id).await.unwrap();
    assert_eq!(tags, ["physics", "teachers"]);
}

async fn doing_it_again_changes_nothing(desk: Desk) {
    let rows = [
        "aigul@example.kz,Айгүл,kk,teachers,T-1,Ақмола,news,,Form 7,2025-03-01,1,".to_owned(),
        "asel@example.kz,,,,,,news;events,,Form 7,2025-03-01,,I want news".to_owned(),
    ];
    let first = desk.import(&rows).await.tally;
    assert_eq!((first.new, first.given), (2, 3));
    let (events, before) = (desk.events().await, desk.history("aigul@example.kz").await);
    let again = desk.import(&rows).await.tally;
    assert_eq!((again.new, again.updated, again.unchanged), (0, 0, 2));
    assert_eq!((again.given, again.renewed, again.recorded_before), (0, 0, 3));
    assert_eq!(desk.events().await, events);
    assert_eq!(desk.history("aigul@example.kz").await.consents, before.consents);
}

async fn rows_of_one_person_are_merged_whatever_the_spelling(desk: Desk) {
    let rows = [
        "Nurlan@мектеп.қаз,Нұрлан,,a,,,,,,,,".to_owned(),
        "nurlan@МЕКТЕП.ҚАЗ,,kk,b,,Алматы,,,,,,".to_owned(),
        "NURLAN@xn--e1aaogsq.xn--80ao21a,Нұрлан Ә.,,,N-1,,,,,,,".to_owned(),
    ];
    let tally = desk.import(&rows).await.tally;
    assert_eq!((tally.new, tally.repeated), (1, 2));
    let contact = contacts::by_address(&desk.app, &address("nurlan@мектеп.қаз")).await.unwrap();
    assert_eq!(contact.profile.name.as_deref(), Some("Нұрлан Ә."));
    assert_eq!(contact.profile.language, Some(Language::KK));
    assert_eq!(contact.profile.external_id.as_deref(), Some("N-1"));
    let mut reader = desk.app.store.read().await.unwrap();
    assert_eq!(store::contact::tags(reader.conn(), contact.id).await.unwrap(), ["a", "b"]);
}

async fn a_later_file_adds_and_takes_nothing_away(desk: Desk) {
    desk.import(&["a@example.kz,Айгүл,kk,x,A-1,Ақмола,,,,,,".to_owned()]).await;
    let rows = ["a@example.kz,,,,,Астана,,,,,,".to_owned(), "b@example.kz,,,,,,,,,,,".to_owned()];
    let tally = desk.import(&rows).await.tally;
    assert_eq!((tally.updated, tally.new), (1, 1));
    let profile = desk.history("a@example.kz").await.contact.profile;
    assert_eq!(profile.name.as_deref(), Some("Айгүл"));
    assert_eq!(profile.external_id.as_deref(), Some("A-1"));
    assert_eq!(profile.attributes["region"], "Астана");
    let tally = desk.import(&["a@example.kz,,,y,,,,,,,,".to_owned()]).await.tally;
    assert_eq!(tally.updated, 1, "a tag is something to learn");
}

async fn an_external_id_belongs_to_one_contact(desk: Desk) {
    desk.import(&["a@example.kz,,,,X-1,,,,,,,".to_owned()]).await;
    let rows = [
        "b@example.kz,,,,X-1,,,,,,,".to_owned(),
        "c@example.kz,,,,X-2,,,,,,,".to_owned(),
        "d@example.kz,,,,X-2,,,,,,,".to_owned(),
        "a@example.kz,,,,X-3,,,,,,,".to_owned(),
    ];
    let heard = desk.import(&rows).await;
    let taken = || vec![Reason::ExternalIdTaken];
    assert_eq!(heard.rejects, [(2, taken()), (4, taken())]);
    assert_eq!((heard.tally.new, heard.tally.updated, heard.tally.rejected), (1, 1, 2));
    let profile = desk.history("a@example.kz").await.contact.profile;
    assert_eq!(profile.external_id.as_deref(), Some("X-3"));
}

async fn more_rows_than_a_batch_are_counted_once_each(desk: Desk) {
    let mut rows: Vec<String> = (0..1_200)
        .map(|n| consented(&format!("p{}@example.kz", n % 1_100), "2025-03-01"))
        .collect();
    rows.insert(700, "no-at-sign,,,,,,,,,,,".to_owned());
    let heard = desk.import(&rows).await;
    let tally = heard.tally;
    assert_eq!((tally.new, tally.repeated, tally.rejected), (1_100, 100, 1));
    assert_eq!((tally.given, tally.recorded_before), (1_100, 100));
    assert_eq!(tally.rows(), 1_201);
    assert_eq!(heard.rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [702]);
    assert_eq!(desk.events().await, 1_100);
    let mut reader = desk.app.store.read().await.unwrap();
    assert_eq!(store::contact::count(reader.conn()).await.unwrap(), 1_100);
}

async fn a_blocked_contact_is_left_as_it_is(desk: Desk) {
    desk.import(&[person("a@example.kz")]).await;
    let id = desk.history("a@example.kz").await.contact.id;
    let _now = contacts::block(&desk.app, id, "court order").await.unwrap();
    let row = "a@example.kz,Айгүл,,,,,news,,Form 7,2025-03-01,1,".to_owned();
    let heard = desk.import(&[row]).await;
    assert_eq!((heard.tally.blocked, heard.tally.left_out), (1, 1));
    assert_eq!(heard.remarks(), [(2, Remark::Blocked)]);
    let history = desk.history("a@example.kz").await;
    assert_eq!(history.contact.profile, Profile::default());
    assert!(history.entries.is_empty());
}

async fn who_had_the_data_deleted_is_not_stored_again(desk: Desk) {
    let hash = desk.app.address_hash(&address("gone@example.kz"));
    let reason = suppression::Reason::Erased;
    let entry = Suppression { address_hash: hash, reason, ends_at: None };
    let mut tx = desk.app.store.begin().await.unwrap();
    let id = desk.app.entropy.uuid(desk.now());
    store::suppression::insert(tx.conn(), id, &entry, desk.now()).await.unwrap();
    tx.commit().await.unwrap();
    let heard = desk.import(&[consented("Gone@Example.kz", "2025-03-01")]).await;
    assert_eq!((heard.tally.erased, heard.tally.left_out, heard.tally.new), (1, 1, 0));
    assert_eq!(heard.remarks(), [(2, Remark::Erased)]);
    assert!(contacts::by_address(&desk.app, &address("gone@example.kz")).await.is_err());
}

async fn a_file_that_breaks_off_leaves_what_was_before_and_is_completed_by_doing_it_again(
    desk: Desk,
) {
    let rows: Vec<String> =
        (0..700).map(|n| consented(&format!("p{n}@example.kz"), "2025-03-01")).collect();
    let broken = format!("{}\"never closed {}", file(&rows[..600]), "x".repeat(200_000));
    let error = desk.try_import(&broken, ImportOptions::default()).await.err().unwrap().to_string();
    assert!(error.contains("line 602") && error.contains("import it again"), "{error}");
    let events = desk.events().await;
    assert_eq!(events, 600, "the rows before stay");
    let whole = file(&rows);
    let tally = desk.try_import(&whole, ImportOptions::default()).await.unwrap().tally;
    assert_eq!((tally.new, tally.unchanged, tally.given), (100, 600, 100));
    assert_eq!(desk.events().await, 700);
}

async fn a_run_is_noted_with_the_hash_of_its_file(desk: Desk) {
    let text = format!("{HEAD}\n{}\n", consented("a@example.kz", "2025-03-01"));
    let heard = desk.try_import(&text, ImportOptions::default()).await.unwrap();
    let id = heard.imported.id.unwrap();
    let mut reader = desk.app.store.read().await.unwrap();
    let run = store::import_run::find(reader.conn(), id).await.unwrap().unwrap();
    assert_eq!(run.started_at, desk.now());
    assert_eq!(run.finished, Some((sha256(text.as_bytes()), desk.now())));
    assert_eq!(run.tally, serde_json::to_value(heard.tally).unwrap());
}

async fn two_imports_of_one_file_at_once_store_it_once(desk: Desk) {
    let rows: Vec<String> =
        (0..1_500).map(|n| consented(&format!("p{n}@example.kz"), "2025-03-01")).collect();
    let (one, other) = tokio::join!(desk.import(&rows), desk.import(&rows));
    assert_eq!(one.tally.new + other.tally.new, 1_500);
    assert_eq!(one.tally.given + other.tally.given, 1_500);
    assert_eq!(desk.events().await, 1_500);
}

async fn a_long_file_is_told_of_in_its_own_order_and_the_last_row_of_a_person_wins(desk: Desk) {
    let row = |n: u32| match n % 100 {
        0 => person("nobody"),
        _ => format!("p{}@example.kz,name {n},,,,,,,,,,", n % 900),
    };
    let heard = desk.import(&(0..1_500).map(row).collect::<Vec<_>>()).await;
    let lines: Vec<u64> = heard.rejects.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, (0..15).map(|n| n * 100 + 2).collect::<Vec<_>>());
    assert_eq!((heard.tally.new, heard.tally.repeated), (891, 594));
    let contact = contacts::by_address(&desk.app, &address("p1@example.kz")).await.unwrap();
    assert_eq!(contact.profile.name.as_deref(), Some("name 901"));
}
