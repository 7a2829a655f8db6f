//! The ledger: one writer at a time, nothing overwritten.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        consent::{Event, State},
        contact::Contact,
        id::PolicyVersionId,
        ledger::{GENESIS, HeadSigner, event_hash, sha256},
        policy::{ChangeKind, PolicyPin, PolicyVersion},
    },
    store::{self, ledger::Entry},
};

use crate::support::{database::on_both, scene::Scene};

on_both!(
    an_entry_comes_back_as_it_went_in,
    an_entry_with_nothing_optional_comes_back,
    the_head_is_laid_once_and_moves_with_the_last_entry,
    terms_are_kept_once,
    entries_are_read_in_pages,
    acts_of_several_people_are_read_together,
    people_of_the_ledger_are_read_in_pages,
    more_entries_than_one_statement_bears_are_added_together,
    two_writers_at_once_never_take_the_same_number,
    a_number_is_taken_once,
    what_is_rolled_back_leaves_no_gap,
    a_snapshot_does_not_move,
);

async fn written(scene: &Scene, contact: &Contact, state: State) -> Entry {
    let mut tx = scene.store.begin().await.unwrap();
    let event = scene.an_event(contact, "news", state, scene.now());
    let entry = scene.append(&mut tx, event).await;
    tx.commit().await.unwrap();
    entry
}

async fn an_entry_comes_back_as_it_went_in(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let version = PolicyVersion {
        id: PolicyVersionId(scene.id()),
        number: 1,
        kind: ChangeKind::Editorial,
        published_at: scene.now(),
    };
    let policy = Some(PolicyPin { version_id: version.id, sha256: sha256(b"policy") });
    let mut tx = scene.store.begin().await.unwrap();
    store::policy::insert(tx.conn(), &version, &[]).await.unwrap();
    let event = Event { policy, ..scene.an_event(&contact, "news", State::Given, scene.now()) };
    let entry = scene.append(&mut tx, event).await;
    let read = store::ledger::entry(tx.conn(), entry.seq).await.unwrap().unwrap();
    assert_eq!(read, entry);
    assert_eq!(event_hash(&read.prev_hash, read.seq, &read.event), entry.hash, "byte for byte");
    assert_eq!(store::ledger::entry(tx.conn(), entry.seq + 1).await.unwrap(), None);
}

async fn an_entry_with_nothing_optional_comes_back(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let event = scene.an_event(&contact, "news", State::Withdrawn, scene.now());
    let event = Event { wording: None, language: None, ..event };
    let mut tx = scene.store.begin().await.unwrap();
    let entry = scene.append(&mut tx, event).await;
    assert_eq!(store::ledger::of_contact(tx.conn(), contact.id).await.unwrap(), [entry]);
}

async fn the_head_is_laid_once_and_moves_with_the_last_entry(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let other = HeadSigner::from_seed(&[8; 32]).unwrap().sign(0, [1; 32], scene.now());
    let mut tx = scene.store.begin().await.unwrap();
    store::ledger::ensure_head(tx.conn(), &other).await.unwrap();
    assert_eq!(store::ledger::lock_head(tx.conn()).await.unwrap(), (0, GENESIS));
    tx.commit().await.unwrap();

    scene.wait(TimeDelta::microseconds(1));
    let entry = written(&scene, &contact, State::Given).await;
    let mut reader = scene.store.read().await.unwrap();
    let head = store::ledger::head(reader.conn()).await.unwrap().unwrap();
    assert_eq!((head.seq, head.hash, head.signed_at), (1, entry.hash, scene.now()));
    let signer = HeadSigner::from_seed(&[7; 32]).unwrap();
    assert!(head.is_signed_by(&[signer.public_key().to_vec()]));
}

async fn terms_are_kept_once(scene: Scene) {
    let mut tx = scene.store.begin().await.unwrap();
    for _ in 0..2 {
        store::ledger::ensure_terms(tx.conn(), &sha256(b"New."), "New.", scene.now())
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
}

async fn entries_are_read_in_pages(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    for state in [State::Given, State::Withdrawn, State::Renewed] {
        written(&scene, &contact, state).await;
    }
    let mut reader = scene.store.read().await.unwrap();
    let page = store::ledger::entries_after(reader.conn(), 1, 1).await.unwrap();
    assert_eq!(page.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [2]);
    let rest = store::ledger::entries_after(reader.conn(), 1, 9).await.unwrap();
    assert_eq!(rest.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(rest[1].prev_hash, rest[0].hash);
}

async fn acts_of_several_people_are_read_together(scene: Scene) {
    let aigul = scene.a_contact("aigul@example.kz").await;
    let asel = scene.a_contact("asel@example.kz").await;
    let dana = scene.a_contact("dana@example.kz").await;
    let first = written(&scene, &aigul, State::Given).await;
    let second = written(&scene, &asel, State::Refused).await;
    written(&scene, &dana, State::Given).await;
    let mut reader = scene.store.read().await.unwrap();
    let mut acts = store::ledger::acts(reader.conn(), &[aigul.id, asel.id]).await.unwrap();
    acts.sort_by_key(|one| one.act.seq);
    let seen: Vec<_> = acts.iter().map(|one| (one.consent_id, one.contact_id, one.act)).collect();
    let act = |entry: &Entry| kelisim::domain::consent::Act {
        seq: entry.seq,
        state: entry.event.state,
        occurred_at: entry.event.occurred_at,
        actor: entry.event.actor,
        channel: entry.event.channel,
        valid_until: entry.event.valid_until,
    };
    assert_eq!(
        seen,
        [
            (first.event.consent_id, aigul.id, act(&first)),
            (second.event.consent_id, asel.id, act(&second)),
        ]
    );
    assert_eq!(acts[0].purpose, first.event.purpose);
    assert_eq!(acts[0].party, first.event.party);
}

async fn people_of_the_ledger_are_read_in_pages(scene: Scene) {
    let aigul = scene.a_contact("aigul@example.kz").await;
    scene.a_contact("unknown-to-the-ledger@example.kz").await;
    let asel = scene.a_contact("asel@example.kz").await;
    for contact in [&asel, &aigul, &asel] {
        written(&scene, contact, State::Given).await;
    }
    let mut reader = scene.store.read().await.unwrap();
    let first = store::ledger::contacts_after(reader.conn(), None, 1).await.unwrap();
    assert_eq!(first, [aigul.id]);
    let rest = store::ledger::contacts_after(reader.conn(), Some(aigul.id), 9).await.unwrap();
    assert_eq!(rest, [asel.id]);
}

async fn more_entries_than_one_statement_bears_are_added_together(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let signer = HeadSigner::from_seed(&[7; 32]).unwrap();
    let mut tx = scene.store.begin().await.unwrap();
    let (_, mut last) = store::ledger::lock_head(tx.conn()).await.unwrap();
    let mut entries = Vec::new();
    for seq in 1..=1_001 {
        let event = scene.an_event(&contact, "news", State::Given, scene.now());
        let hash = event_hash(&last, seq, &event);
        entries.push(Entry { seq, event, prev_hash: last, hash, detail: None });
        last = hash;
    }
    let head = signer.sign(1_001, last, scene.now());
    store::ledger::append(tx.conn(), &entries, &head).await.unwrap();
    assert_eq!(store::ledger::entries_after(tx.conn(), 0, 2_000).await.unwrap(), entries);
    assert_eq!(store::ledger::head(tx.conn()).await.unwrap(), Some(head));
}

async fn two_writers_at_once_never_take_the_same_number(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let writer = async || {
        for _ in 0..10 {
            written(&scene, &contact, State::Renewed).await;
        }
    };
    tokio::join!(writer(), writer(), writer());
    let mut reader = scene.store.read().await.unwrap();
    let entries = store::ledger::entries_after(reader.conn(), 0, 100).await.unwrap();
    assert_eq!(entries.len(), 30);
    let mut last = GENESIS;
    for (seq, entry) in (1..).zip(&entries) {
        assert_eq!((entry.seq, entry.prev_hash), (seq, last));
        assert_eq!(entry.hash, event_hash(&last, seq, &entry.event));
        last = entry.hash;
    }
}

async fn a_number_is_taken_once(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let entry = written(&scene, &contact, State::Given).await;
    let mut tx = scene.store.begin().await.unwrap();
    let head = store::ledger::head(tx.conn()).await.unwrap().unwrap();
    let error = store::ledger::append(tx.conn(), &[entry], &head).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
}

async fn what_is_rolled_back_leaves_no_gap(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    let event = scene.an_event(&contact, "news", State::Given, scene.now());
    scene.append(&mut tx, event).await;
    drop(tx);
    assert_eq!(written(&scene, &contact, State::Given).await.seq, 1);
}

async fn a_snapshot_does_not_move(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let mut snapshot = scene.store.snapshot().await.unwrap();
    assert_eq!(store::ledger::head(snapshot.conn()).await.unwrap().unwrap().seq, 0);
    written(&scene, &contact, State::Given).await;
    assert_eq!(store::ledger::head(snapshot.conn()).await.unwrap().unwrap().seq, 0);
    assert_eq!(store::ledger::entries_after(snapshot.conn(), 0, 9).await.unwrap(), []);
}
