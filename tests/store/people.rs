//! Notes, mail of one person, files that are brought in, and what erasure takes.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        audience::Audience,
        consent::State,
        delivery::State as DeliveryState,
        id::{ContactId, DeliveryId, ImportJobId, NoteId},
    },
    store::{
        self,
        delivery::{Fate, NewDelivery},
        import_job::{ImportJob, JobState, StoredReject},
        note::Note,
    },
};

use crate::support::{database::on_both, scene::Scene};

on_both!(
    notes_are_kept_newest_first_and_removed_one_by_one,
    a_persons_mail_comes_newest_first_by_pages,
    tags_are_taken_away_one_by_one,
    several_contacts_are_read_by_their_ids,
    redaction_takes_the_evidence_and_nothing_else,
    a_file_moves_from_state_to_state_once,
    refusals_are_kept_in_order_and_forgotten,
);

async fn notes_are_kept_newest_first_and_removed_one_by_one(scene: Scene) {
    let contact = scene.a_contact("a@x.kz").await;
    let note = |body: &str| Note {
        id: NoteId(scene.id()),
        contact_id: contact.id,
        author: "aigul".to_owned(),
        body: body.to_owned(),
        created_at: scene.now(),
    };
    let (first, second) = (note("<b>Жұма</b>"), note("b"));
    let mut tx = scene.store.begin().await.unwrap();
    store::note::insert(tx.conn(), &first).await.unwrap();
    store::note::insert(tx.conn(), &second).await.unwrap();
    let all = store::note::of_contact(tx.conn(), contact.id, 9).await.unwrap();
    assert_eq!(all, [second.clone(), first]);
    let elsewhere = ContactId(scene.id());
    assert!(!store::note::delete(tx.conn(), elsewhere, second.id).await.unwrap());
    assert!(store::note::delete(tx.conn(), contact.id, second.id).await.unwrap());
    assert_eq!(store::note::of_contact(tx.conn(), contact.id, 9).await.unwrap().len(), 1);
}

async fn a_persons_mail_comes_newest_first_by_pages(scene: Scene) {
    let contact = scene.a_contact("a@x.kz").await;
    let consent = scene.a_given_consent(&contact, "news").await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let campaign = scene.a_campaign(Audience::default()).await;
        let id = DeliveryId(scene.id());
        let fate = Fate::Queued { consent_seq: consent.standing.event_seq };
        let delivery = NewDelivery { id, contact_id: contact.id, fate };
        let mut tx = scene.store.begin().await.unwrap();
        store::delivery::insert(tx.conn(), campaign.id, &[delivery], scene.now()).await.unwrap();
        tx.commit().await.unwrap();
        ids.push(id);
    }
    let mut reader = scene.store.read().await.unwrap();
    let page = store::delivery::of_contact(reader.conn(), contact.id, None, 2).await.unwrap();
    assert_eq!(page.iter().map(|mail| mail.id).collect::<Vec<_>>(), [ids[2], ids[1]]);
    assert_eq!((page[0].state, page[0].purpose.as_str()), (DeliveryState::Queued, "news"));
    let rest =
        store::delivery::of_contact(reader.conn(), contact.id, Some(ids[1]), 2).await.unwrap();
    assert_eq!(rest.iter().map(|mail| mail.id).collect::<Vec<_>>(), [ids[0]]);
}

async fn tags_are_taken_away_one_by_one(scene: Scene) {
    let contact = scene.a_contact("a@x.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    let tags = [(contact.id, "a"), (contact.id, "b"), (contact.id, "c")];
    store::contact::add_tags(tx.conn(), &tags).await.unwrap();
    let gone = ["a".to_owned(), "c".to_owned(), "d".to_owned()];
    store::contact::remove_tags(tx.conn(), contact.id, &gone).await.unwrap();
    assert_eq!(store::contact::tags(tx.conn(), contact.id).await.unwrap(), ["b"]);
}

async fn several_contacts_are_read_by_their_ids(scene: Scene) {
    let (one, two) = (scene.a_contact("a@x.kz").await, scene.a_contact("b@x.kz").await);
    let mut reader = scene.store.read().await.unwrap();
    let ids = [one.id, two.id, ContactId(scene.id())];
    let found = store::contact::by_ids(reader.conn(), &ids).await.unwrap();
    assert_eq!((found.len(), &found[&one.id]), (2, &one));
}

async fn redaction_takes_the_evidence_and_nothing_else(scene: Scene) {
    let (one, other) = (scene.a_contact("a@x.kz").await, scene.a_contact("b@x.kz").await);
    scene.a_consent(&one, "news", State::Given, scene.now()).await;
    scene.a_given_consent(&other, "news").await;
    let mut tx = scene.store.begin().await.unwrap();
    let before = store::ledger::of_contact(tx.conn(), one.id).await.unwrap();
    store::ledger::redact(tx.conn(), one.id).await.unwrap();
    let after = store::ledger::of_contact(tx.conn(), one.id).await.unwrap();
    assert_eq!((&after[0].event, &after[0].hash), (&before[0].event, &before[0].hash));
    assert_eq!(after[0].detail, None);
    let others = store::ledger::of_contact(tx.conn(), other.id).await.unwrap();
    assert!(others[0].detail.is_some());
}

fn a_job(scene: &Scene) -> ImportJob {
    ImportJob {
        id: ImportJobId(scene.id()),
        state: JobState::Checking,
        file_name: "адамдар.xlsx".to_owned(),
        octets: 10,
        how: serde_json::json!({"sheet": 0}),
        found: None,
        checked: None,
        octets_read: 0,
        tally: serde_json::json!({}),
        failure: None,
        run_id: None,
        created_by: "aigul".to_owned(),
        created_at: scene.now(),
        begun_at: scene.now(),
        alive_at: scene.now(),
        ended_at: None,
    }
}

async fn a_file_moves_from_state_to_state_once(scene: Scene) {
    let job = a_job(&scene);
    let mut tx = scene.store.begin().await.unwrap();
    store::import_job::insert(tx.conn(), &job).await.unwrap();
    let later = scene.now() + TimeDelta::seconds(1);
    let tally = serde_json::json!({"new": 3});
    let checking = JobState::Checking;
    let told =
        store::import_job::progress(tx.conn(), job.id, checking, 7, &tally, later).await.unwrap();
    assert!(told);
    let ready = ImportJob {
        state: JobState::Ready,
        octets_read: 10,
        found: Some(serde_json::json!({"encoding": "utf-8"})),
        checked: Some(tally.clone()),
        tally: tally.clone(),
        alive_at: later,
        ..job.clone()
    };
    assert!(store::import_job::update(tx.conn(), &ready, checking).await.unwrap());
    assert!(!store::import_job::update(tx.conn(), &ready, checking).await.unwrap());
    let told =
        store::import_job::progress(tx.conn(), job.id, checking, 9, &tally, later).await.unwrap();
    assert!(!told, "nobody tells the progress of what is over");
    let stored = store::import_job::find(tx.conn(), job.id).await.unwrap();
    assert_eq!(stored.as_ref(), Some(&ready));
    let failed = ImportJob {
        state: JobState::Failed,
        failure: Some("damaged".to_owned()),
        ended_at: Some(later),
        ..ready
    };
    assert!(store::import_job::update(tx.conn(), &failed, JobState::Ready).await.unwrap());
    let newer = a_job(&scene);
    store::import_job::insert(tx.conn(), &newer).await.unwrap();
    let page = store::import_job::newest(tx.conn(), None, 1).await.unwrap();
    assert_eq!(page, std::slice::from_ref(&newer));
    let page = store::import_job::newest(tx.conn(), Some(newer.id), 9).await.unwrap();
    assert_eq!(page, [failed]);
}

async fn refusals_are_kept_in_order_and_forgotten(scene: Scene) {
    let job = a_job(&scene);
    let reject = |number: i64| StoredReject {
        number,
        line: number + 1,
        place: (number % 2 == 0).then(|| "Пошта".to_owned()),
        code: "address_invalid".to_owned(),
    };
    let rejects: Vec<StoredReject> = (1..=601).map(reject).collect();
    let mut tx = scene.store.begin().await.unwrap();
    store::import_job::insert(tx.conn(), &job).await.unwrap();
    store::import_job::add_rejects(tx.conn(), job.id, &rejects).await.unwrap();
    let page = store::import_job::rejects_after(tx.conn(), job.id, 599, 9).await.unwrap();
    assert_eq!(page, rejects[599..]);
    store::import_job::forget_rejects(tx.conn(), job.id).await.unwrap();
    assert!(store::import_job::rejects_after(tx.conn(), job.id, 0, 9).await.unwrap().is_empty());
}
