//! Contacts and their tags.

use std::collections::{BTreeMap, HashMap};

use kelisim::{
    domain::{
        contact::{AddressState, Contact, Profile},
        id::ContactId,
        language::Language,
    },
    store,
};

use crate::support::{
    database::{execute, on_both},
    scene::Scene,
};

on_both!(
    a_contact_comes_back_as_it_went_in,
    a_blocked_contact_stays_blocked_when_it_is_brought_in,
    an_address_is_there_once,
    an_erased_address_makes_room_for_a_new_contact,
    an_external_id_is_one_contacts_own,
    more_contacts_than_one_statement_bears_are_brought_in_together,
    the_living_are_found_by_their_hashes,
    a_merged_profile_replaces_the_old_one,
    tags_are_added_once_and_read_in_order,
    hashes_and_tags_of_several_are_read_together,
    the_owners_of_external_ids_are_told,
    a_block_is_set_and_lifted,
    only_good_addresses_are_marked_bad,
    the_erased_are_not_counted,
);

fn all_known() -> Profile {
    Profile {
        name: Some("Айгүл Сейтқали".to_owned()),
        given_name: Some("Айгүл".to_owned()),
        family_name: Some("Сейтқали".to_owned()),
        patronymic: Some("Ерланқызы".to_owned()),
        language: Some(Language::KK),
        attributes: BTreeMap::from([
            ("region".to_owned(), "Астана".to_owned()),
            ("quote\"'$1".to_owned(), "\\ \u{1f600}".to_owned()),
        ]),
        external_id: Some("hr-17".to_owned()),
    }
}

async fn find(scene: &Scene, id: ContactId) -> Contact {
    let mut reader = scene.store.read().await.unwrap();
    store::contact::find(reader.conn(), id).await.unwrap().unwrap()
}

async fn a_contact_comes_back_as_it_went_in(scene: Scene) {
    let contact = scene.a_contact_known_as("aigul@example.kz", all_known()).await;
    assert_eq!(find(&scene, contact.id).await, contact);
    let mut reader = scene.store.read().await.unwrap();
    let nobody = store::contact::find(reader.conn(), ContactId(scene.id())).await.unwrap();
    assert_eq!(nobody, None);
}

async fn a_blocked_contact_stays_blocked_when_it_is_brought_in(scene: Scene) {
    let seen = scene.a_contact("aigul@example.kz").await;
    let blocked = Contact {
        id: ContactId(scene.id()),
        address: Some("asel@example.kz".parse().unwrap()),
        address_hash: [9; 32],
        blocked_reason: Some("request 7".to_owned()),
        ..seen
    };
    let mut tx = scene.store.begin().await.unwrap();
    store::contact::insert(tx.conn(), std::slice::from_ref(&blocked), scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(find(&scene, blocked.id).await, blocked);
}

async fn an_address_is_there_once(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let twin = Contact { id: ContactId(scene.id()), ..contact };
    let mut tx = scene.store.begin().await.unwrap();
    let error = store::contact::insert(tx.conn(), &[twin], scene.now()).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
}

async fn an_erased_address_makes_room_for_a_new_contact(scene: Scene) {
    let erased = scene.a_contact("aigul@example.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    erase(&mut tx, erased.id).await;
    tx.commit().await.unwrap();
    let back = scene.a_contact("aigul@example.kz").await;
    let mut reader = scene.store.read().await.unwrap();
    let found = store::contact::find_by_hashes(reader.conn(), &[back.address_hash]).await.unwrap();
    assert_eq!(found, [back]);
    drop(reader);
    let erased = find(&scene, erased.id).await;
    assert_eq!((erased.address, erased.address_state), (None, AddressState::Erased));
}

async fn erase(tx: &mut store::Tx, id: ContactId) {
    let text = "UPDATE contact SET address = NULL, address_state = 'erased' WHERE id = $1";
    execute!(tx.conn(), text, id.0).unwrap();
}

async fn an_external_id_is_one_contacts_own(scene: Scene) {
    scene.a_contact_known_as("aigul@example.kz", all_known()).await;
    let other = scene.a_contact("asel@example.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    let taken =
        store::contact::update_profile(tx.conn(), other.id, &all_known(), scene.now()).await;
    assert!(taken.unwrap_err().is_unique_violation());
}

async fn more_contacts_than_one_statement_bears_are_brought_in_together(scene: Scene) {
    let pattern = scene.a_contact("aigul@example.kz").await;
    let many: Vec<Contact> = (0..1_201_u32)
        .map(|n| Contact {
            id: ContactId(scene.id()),
            address: Some(format!("a{n}@example.kz").parse().unwrap()),
            address_hash: kelisim::domain::ledger::sha256(&n.to_be_bytes()),
            ..pattern.clone()
        })
        .collect();
    let tags: Vec<(ContactId, &str)> =
        many.iter().map(|contact| (contact.id, "imported")).collect();
    let hashes: Vec<[u8; 32]> = many.iter().map(|contact| contact.address_hash).collect();
    let mut tx = scene.store.begin().await.unwrap();
    store::contact::insert(tx.conn(), &many, scene.now()).await.unwrap();
    store::contact::add_tags(tx.conn(), &tags).await.unwrap();
    assert_eq!(store::contact::count(tx.conn()).await.unwrap(), 1_202);
    let mut found = store::contact::find_by_hashes(tx.conn(), &hashes).await.unwrap();
    found.sort_by_key(|contact| contact.id);
    assert_eq!(found, many);
}

async fn the_living_are_found_by_their_hashes(scene: Scene) {
    let here = scene.a_contact("aigul@example.kz").await;
    let gone = scene.a_contact("asel@example.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    erase(&mut tx, gone.id).await;
    let hashes = [here.address_hash, gone.address_hash, [0; 32]];
    assert_eq!(store::contact::find_by_hashes(tx.conn(), &hashes).await.unwrap(), [here]);
    assert_eq!(store::contact::find_by_hashes(tx.conn(), &[]).await.unwrap(), []);
}

async fn a_merged_profile_replaces_the_old_one(scene: Scene) {
    let contact = scene.a_contact_known_as("aigul@example.kz", all_known()).await;
    let newer = Profile {
        name: Some("Айгүл С.".to_owned()),
        attributes: BTreeMap::from([("subject".to_owned(), "физика".to_owned())]),
        ..Profile::default()
    };
    let merged = contact.profile.merged(&newer);
    let mut tx = scene.store.begin().await.unwrap();
    store::contact::update_profile(tx.conn(), contact.id, &merged, scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    let found = find(&scene, contact.id).await;
    assert_eq!(found.profile, merged);
    assert_eq!(found.profile.attributes.len(), 3);
    assert_eq!(found.address, contact.address);
}

async fn tags_are_added_once_and_read_in_order(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    let id = contact.id;
    let mut tx = scene.store.begin().await.unwrap();
    let tags = [(id, "ұстаз"), (id, "b_c"), (id, "Staff"), (id, "ba"), (id, "b_c")];
    store::contact::add_tags(tx.conn(), &tags).await.unwrap();
    store::contact::add_tags(tx.conn(), &[(id, "ba")]).await.unwrap();
    store::contact::add_tags(tx.conn(), &[]).await.unwrap();
    let read = store::contact::tags(tx.conn(), id).await.unwrap();
    assert_eq!(read, ["Staff", "b_c", "ba", "ұстаз"], "by octets, everywhere");
}

async fn hashes_and_tags_of_several_are_read_together(scene: Scene) {
    let aigul = scene.a_contact("aigul@example.kz").await;
    let asel = scene.a_contact("asel@example.kz").await;
    let dana = scene.a_contact("dana@example.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    let tags = [(aigul.id, "staff"), (asel.id, "staff"), (asel.id, "ұстаз"), (dana.id, "staff")];
    store::contact::add_tags(tx.conn(), &tags).await.unwrap();
    let asked = [asel.id, aigul.id, ContactId(scene.id())];
    let hashes = store::contact::hashes_of(tx.conn(), &asked).await.unwrap();
    let expected = [(aigul.id, aigul.address_hash), (asel.id, asel.address_hash)];
    assert_eq!(hashes, HashMap::from(expected));
    let mut read = store::contact::tags_of(tx.conn(), &asked).await.unwrap();
    read.sort();
    let read: Vec<(ContactId, &str)> = read.iter().map(|(id, tag)| (*id, tag.as_str())).collect();
    assert_eq!(read, tags[..3]);
}

async fn the_owners_of_external_ids_are_told(scene: Scene) {
    let contact = scene.a_contact_known_as("aigul@example.kz", all_known()).await;
    let mut tx = scene.store.begin().await.unwrap();
    let asked = ["hr-17", "HR-17", "quote\"'\\"];
    let owners = store::contact::owners_of_external_ids(tx.conn(), &asked).await.unwrap();
    assert_eq!(owners, [("hr-17".to_owned(), contact.id)]);
    let profile = Profile { external_id: Some(asked[2].to_owned()), ..Profile::default() };
    store::contact::update_profile(tx.conn(), contact.id, &profile, scene.now()).await.unwrap();
    let owners = store::contact::owners_of_external_ids(tx.conn(), &asked).await.unwrap();
    assert_eq!(owners, [(asked[2].to_owned(), contact.id)]);
    assert_eq!(store::contact::owners_of_external_ids(tx.conn(), &[]).await.unwrap(), []);
}

async fn a_block_is_set_and_lifted(scene: Scene) {
    let contact = scene.a_contact("aigul@example.kz").await;
    for reason in [Some("request 7"), None] {
        let mut tx = scene.store.begin().await.unwrap();
        store::contact::set_blocked(tx.conn(), contact.id, reason, scene.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(find(&scene, contact.id).await.blocked_reason.as_deref(), reason);
    }
}

async fn only_good_addresses_are_marked_bad(scene: Scene) {
    let bad = scene.a_contact("aigul@example.kz").await;
    let erased = scene.a_contact("asel@example.kz").await;
    let other = scene.a_contact("dana@example.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    erase(&mut tx, erased.id).await;
    store::contact::mark_bad(tx.conn(), &[bad.id, erased.id], scene.now()).await.unwrap();
    store::contact::mark_bad(tx.conn(), &[], scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(find(&scene, bad.id).await.address_state, AddressState::Bad);
    assert_eq!(find(&scene, erased.id).await.address_state, AddressState::Erased);
    assert_eq!(find(&scene, other.id).await.address_state, AddressState::Ok);
}

async fn the_erased_are_not_counted(scene: Scene) {
    scene.a_contact("aigul@example.kz").await;
    let erased = scene.a_contact("asel@example.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    erase(&mut tx, erased.id).await;
    assert_eq!(store::contact::count(tx.conn()).await.unwrap(), 1);
}
