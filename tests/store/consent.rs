//! Where consents stand, and what the gate is told.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        address::Address,
        consent::{Standing, State},
        contact::Contact,
        gate::{Facts, Refusal, Verdict, decide},
        id::ContactId,
        ledger::sha256,
        party::PartyKey,
        suppression::{Reason, Suppression},
    },
    store::{self, consent::Consent},
};

use crate::support::{
    database::on_both,
    scene::{Scene, purpose},
};

on_both!(
    a_standing_comes_back_and_is_replaced,
    consents_of_several_people_are_read_together,
    more_consents_than_one_statement_bears_are_written_together,
    a_consent_is_one_per_person_purpose_and_party,
    those_that_permit_mail_are_read_in_pages,
    a_consent_without_an_event_is_removed,
    the_gate_is_told_of_the_consent_for_this_purpose_only,
    the_gate_is_told_of_a_block_and_a_bad_address,
    a_suppression_counts_until_its_end,
    nothing_is_told_of_nobody,
);

async fn of(scene: &Scene, contacts: &[ContactId]) -> Vec<Consent> {
    let mut reader = scene.store.read().await.unwrap();
    store::consent::of_contacts(reader.conn(), contacts).await.unwrap()
}

async fn facts(scene: &Scene, contact: &Contact) -> Facts {
    let mut reader = scene.store.read().await.unwrap();
    let (news, party) = (purpose("news"), PartyKey::institution());
    store::consent::facts(reader.conn(), contact.id, &news, &party, scene.now())
        .await
        .unwrap()
        .unwrap()
}

async fn a_standing_comes_back_and_is_replaced(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let given = scene.a_given_consent(&contact, "news").await;
    assert_eq!(of(&scene, &[contact.id]).await, std::slice::from_ref(&given));
    scene.wait(TimeDelta::microseconds(1));
    let withdrawn = scene.a_consent(&contact, "news", State::Withdrawn, scene.now()).await;
    assert_eq!(withdrawn.id, given.id);
    assert_eq!(of(&scene, &[contact.id]).await, [withdrawn]);
}

async fn consents_of_several_people_are_read_together(scene: Scene) {
    let aigul = scene.a_contact("aigul@example.kz").await;
    let asel = scene.a_contact("asel@example.kz").await;
    let dana = scene.a_contact("dana@example.kz").await;
    for (contact, key) in [(&aigul, "offers"), (&aigul, "events"), (&asel, "news"), (&dana, "news")]
    {
        scene.a_given_consent(contact, key).await;
    }
    let consents = of(&scene, &[aigul.id, asel.id]).await;
    let keys: Vec<&str> = consents.iter().map(|one| one.purpose.as_str()).collect();
    assert_eq!(keys, ["events", "news", "offers"]);
    assert_eq!(of(&scene, &[]).await, []);
    let mut reader = scene.store.read().await.unwrap();
    assert_eq!(store::consent::count(reader.conn()).await.unwrap(), 4);
}

async fn more_consents_than_one_statement_bears_are_written_together(scene: Scene) {
    let hash = |address: &Address| sha256(address.key().as_bytes());
    let people = scene.people_with_consent(1_001, "news", hash).await;
    let mut reader = scene.store.read().await.unwrap();
    assert_eq!(store::consent::count(reader.conn()).await.unwrap(), 1_001);
    let ids: Vec<ContactId> = people.iter().map(|contact| contact.id).collect();
    let consents = store::consent::of_contacts(reader.conn(), &ids).await.unwrap();
    assert_eq!(consents.len(), 1_001);
}

async fn a_consent_is_one_per_person_purpose_and_party(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let given = scene.a_given_consent(&contact, "news").await;
    let second = Consent { id: kelisim::domain::id::ConsentId(scene.id()), ..given };
    let mut tx = scene.store.begin().await.unwrap();
    let error = store::consent::upsert(tx.conn(), &[second]).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
}

async fn those_that_permit_mail_are_read_in_pages(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let states = [State::Given, State::Withdrawn, State::Renewed, State::Given];
    let mut all = Vec::new();
    for (key, state) in ["news", "offers", "events", "research"].into_iter().zip(states) {
        all.push(scene.a_consent(&contact, key, state, scene.now()).await);
    }
    let mut reader = scene.store.read().await.unwrap();
    let first = store::consent::permitting_after(reader.conn(), None, 0, 2).await.unwrap();
    assert_eq!(first, [all[0].clone(), all[2].clone()]);
    let after = Some(all[2].id);
    let rest = store::consent::permitting_after(reader.conn(), after, 0, 2).await.unwrap();
    assert_eq!(rest, all[3..]);
    let since = all[2].standing.event_seq;
    let later = store::consent::permitting_after(reader.conn(), None, since, 9).await.unwrap();
    assert_eq!(later, all[3..]);
}

async fn a_consent_without_an_event_is_removed(scene: Scene) {
    let aigul = scene.a_contact("aigul@example.kz").await;
    let asel = scene.a_contact("asel@example.kz").await;
    let given = scene.a_given_consent(&aigul, "news").await;
    let mut tx = scene.store.begin().await.unwrap();
    let id = kelisim::domain::id::ConsentId(scene.id());
    let invented = Consent { id, contact_id: asel.id, ..given.clone() };
    store::consent::upsert(tx.conn(), &[invented]).await.unwrap();
    assert_eq!(store::consent::remove_invented(tx.conn()).await.unwrap(), [asel.id]);
    assert_eq!(store::consent::remove_invented(tx.conn()).await.unwrap(), []);
    let left = store::consent::of_contacts(tx.conn(), &[aigul.id, asel.id]).await.unwrap();
    assert_eq!(left, [given]);
}

async fn the_gate_is_told_of_the_consent_for_this_purpose_only(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    scene.a_given_consent(&contact, "offers").await;
    let told = facts(&scene, &contact).await;
    assert_eq!(decide(&told, scene.now()), Verdict::Refused(Refusal::NoConsent));

    let Consent { standing, .. } = scene.a_given_consent(&contact, "news").await;
    let told = facts(&scene, &contact).await;
    assert_eq!(told.consent, Some(standing));
    let Standing { event_seq, valid_until, .. } = standing;
    assert_eq!(decide(&told, scene.now()), Verdict::Allowed { consent_seq: event_seq });

    scene.wait(valid_until.unwrap() - scene.now());
    let told = facts(&scene, &contact).await;
    assert_eq!(decide(&told, scene.now()), Verdict::Refused(Refusal::Expired));
}

async fn the_gate_is_told_of_a_block_and_a_bad_address(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    scene.a_given_consent(&contact, "news").await;
    let mut tx = scene.store.begin().await.unwrap();
    store::contact::mark_bad(tx.conn(), &[contact.id], scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    let told = facts(&scene, &contact).await;
    assert_eq!((told.address_ok, told.blocked, told.suppressed), (false, false, false));

    let mut tx = scene.store.begin().await.unwrap();
    store::contact::set_blocked(tx.conn(), contact.id, Some("request 7"), scene.now())
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(facts(&scene, &contact).await.blocked);
}

async fn a_suppression_counts_until_its_end(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let ends_at = scene.now() + TimeDelta::days(1);
    let entry = Suppression {
        address_hash: contact.address_hash,
        reason: Reason::SoftBounces,
        ends_at: Some(ends_at),
    };
    let mut tx = scene.store.begin().await.unwrap();
    store::suppression::insert(tx.conn(), scene.id(), &entry, scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    scene.wait(TimeDelta::days(1) - TimeDelta::microseconds(1));
    assert!(facts(&scene, &contact).await.suppressed);
    scene.wait(TimeDelta::microseconds(1));
    assert!(!facts(&scene, &contact).await.suppressed);
}

async fn nothing_is_told_of_nobody(scene: Scene) {
    let mut reader = scene.store.read().await.unwrap();
    let (news, party) = (purpose("news"), PartyKey::institution());
    let nobody = ContactId(scene.id());
    let told = store::consent::facts(reader.conn(), nobody, &news, &party, scene.now()).await;
    assert_eq!(told.unwrap(), None);
}
