//! Purposes, parties and editions of the policy.

use std::collections::BTreeMap;

use kelisim::{
    app::seed::seed,
    domain::{
        consent::WordingPin,
        id::{PolicyVersionId, WordingId},
        language::Language,
        ledger::sha256,
        party::{Party, PartyKey},
        policy::{ChangeKind, PolicyText, PolicyVersion},
        purpose::Behalf,
    },
    store,
};

use crate::support::{
    database::on_both,
    scene::{Scene, institution},
};

on_both!(
    the_catalogue_is_seeded_by_clause_and_place,
    seeding_again_keeps_what_was_changed_and_renames_the_institution,
    parties_come_back_the_institution_first,
    an_edition_comes_back_with_its_texts,
    an_edition_number_is_given_once,
    a_wording_is_found_by_its_text_and_language,
);

async fn the_catalogue_is_seeded_by_clause_and_place(scene: Scene) {
    let mut reader = scene.store.read().await.unwrap();
    let purposes = store::purpose::all(reader.conn()).await.unwrap();
    let keys: Vec<&str> = purposes.iter().map(|purpose| purpose.key.as_str()).collect();
    assert_eq!(keys, ["offers", "news", "partner_offers", "advertising", "events", "research"]);
    assert_eq!(purposes[2].behalf, Behalf::Partner);
    assert_eq!(
        purposes[4].title(Language::EN, Language::KK).split(' ').next(),
        Some("Invitations")
    );
}

async fn seeding_again_keeps_what_was_changed_and_renames_the_institution(scene: Scene) {
    let mut tx = scene.store.begin().await.unwrap();
    let before = store::purpose::all(tx.conn()).await.unwrap();
    let mut other = before[0].clone();
    other.term_months = 6;
    store::purpose::insert_missing(tx.conn(), &other).await.unwrap();
    tx.commit().await.unwrap();

    let mut renamed = institution();
    renamed.name.insert(Language::EN, "School".to_owned());
    seed(&scene.store, &renamed, scene.now()).await.unwrap();

    let mut reader = scene.store.read().await.unwrap();
    assert_eq!(store::purpose::all(reader.conn()).await.unwrap(), before);
    let parties = store::party::all(reader.conn()).await.unwrap();
    assert_eq!(parties.len(), 1);
    assert_eq!(parties[0].names, renamed.name);
}

async fn parties_come_back_the_institution_first(scene: Scene) {
    let mut tx = scene.store.begin().await.unwrap();
    for key in ["partners", "partner_b", "a_partner"] {
        let party = Party {
            key: key.parse().unwrap(),
            kind: Behalf::Partner,
            names: BTreeMap::from([(Language::KK, "Серіктес".to_owned())]),
        };
        store::party::upsert(tx.conn(), &party, scene.now()).await.unwrap();
    }
    let parties = store::party::all(tx.conn()).await.unwrap();
    assert_eq!(parties[0].key, PartyKey::institution());
    let keys: Vec<&str> = parties.iter().map(|party| party.key.as_str()).collect();
    assert_eq!(
        keys,
        ["institution", "a_partner", "partner_b", "partners"],
        "by octets, everywhere"
    );
    assert_eq!(parties[1].names[&Language::KK], "Серіктес");
}

fn edition(scene: &Scene, number: i64) -> PolicyVersion {
    let id = PolicyVersionId(scene.id());
    PolicyVersion { id, number, kind: ChangeKind::Material, published_at: scene.now() }
}

fn text(language: Language, body: &str) -> PolicyText {
    PolicyText { language, body: body.to_owned(), sha256: sha256(body.as_bytes()) }
}

async fn an_edition_comes_back_with_its_texts(scene: Scene) {
    let texts = [text(Language::KK, "Құпиялылық саясаты"), text(Language::RU, "Политика")];
    let (first, second) = (edition(&scene, 1), edition(&scene, 2));
    let mut tx = scene.store.begin().await.unwrap();
    store::policy::insert(tx.conn(), &second, &[]).await.unwrap();
    store::policy::insert(tx.conn(), &first, &texts).await.unwrap();
    assert_eq!(store::policy::versions(tx.conn()).await.unwrap(), [first.clone(), second.clone()]);
    assert_eq!(store::policy::texts(tx.conn(), first.id).await.unwrap(), texts);
    assert_eq!(store::policy::texts(tx.conn(), second.id).await.unwrap(), []);
}

async fn an_edition_number_is_given_once(scene: Scene) {
    let mut tx = scene.store.begin().await.unwrap();
    store::policy::insert(tx.conn(), &edition(&scene, 1), &[]).await.unwrap();
    let error = store::policy::insert(tx.conn(), &edition(&scene, 1), &[]).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
}

async fn a_wording_is_found_by_its_text_and_language(scene: Scene) {
    let pin = WordingPin { id: WordingId(scene.id()), sha256: sha256("Иә".as_bytes()) };
    let (kk, ru) = (Language::KK, Language::RU);
    let mut tx = scene.store.begin().await.unwrap();
    store::policy::insert_wording(tx.conn(), pin, kk, "Иә", scene.now()).await.unwrap();
    assert_eq!(store::policy::find_wording(tx.conn(), &pin.sha256, kk).await.unwrap(), Some(pin));
    assert_eq!(store::policy::find_wording(tx.conn(), &pin.sha256, ru).await.unwrap(), None);
    let twin = WordingPin { id: WordingId(scene.id()), ..pin };
    let again = store::policy::insert_wording(tx.conn(), twin, kk, "Иә", scene.now()).await;
    assert!(again.unwrap_err().is_unique_violation());
}
