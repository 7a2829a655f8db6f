//! A person is forgotten, and the ledger still proves what it proved.

use kelisim::{
    app::{
        Error,
        consent::verify,
        people::{self, Wanted},
    },
    domain::{
        consent::State,
        contact::{AddressState, Profile},
        suppression::Reason,
    },
    store,
};

use crate::{
    desk::{Desk, consented, person},
    support::database::on_both,
};

on_both!(
    nothing_personal_is_left_and_the_ledger_verifies,
    the_forgotten_are_not_brought_in_again,
    nobody_is_forgotten_twice,
);

async fn nothing_personal_is_left_and_the_ledger_verifies(desk: Desk) {
    let row = "aigul@example.kz,Айгүл Сейтқали,kk,vip,hr-1,Astana,news,,Form 7,2026-01-01,1,";
    desk.import(&[row.to_owned(), consented("asel@example.kz", "2026-01-01")]).await;
    let id = desk.history("aigul@example.kz").await.contact.id;
    people::add_note(&desk.app, id, "officer", "called about the school").await.unwrap();
    let erased = people::erase(&desk.app, id).await.unwrap();
    assert_eq!(erased.withdrawn, 1);
    let person = people::person(&desk.app, id).await.unwrap();
    assert_eq!(person.contact.address_state, AddressState::Erased);
    assert_eq!((person.contact.address, person.contact.profile), (None, Profile::default()));
    assert!(person.tags.is_empty() && person.notes.is_empty());
    assert_eq!(person.consents[0].standing.state, State::Withdrawn);
    let (given, withdrawn) = (&person.history[0], &person.history[1]);
    assert!(given.evidence.is_none(), "the evidence named the person");
    assert_eq!(withdrawn.evidence.as_ref().unwrap().source, "erasure");
    let reasons: Vec<_> = person.suppressions.iter().map(|one| one.reason).collect();
    assert_eq!(reasons, [Reason::Erased]);
    let checked = verify(&desk.app, None).await.unwrap();
    assert!(checked.is_ok(), "{checked:?}");
    let everybody = people::search(&desk.app, &Wanted::default(), 9).await.unwrap().rows;
    assert_eq!(everybody.len(), 1);
    for text in ["aigul", "сейткали", "hr-1"] {
        let wanted = Wanted { text: text.to_owned(), ..Wanted::default() };
        assert!(people::search(&desk.app, &wanted, 9).await.unwrap().rows.is_empty(), "{text}");
    }
    let mut reader = desk.app.store.read().await.unwrap();
    let told = store::suppression::changed_since(reader.conn(), desk.now()).await.unwrap();
    assert_eq!(told, [id], "other nodes hear of it");
}

async fn the_forgotten_are_not_brought_in_again(desk: Desk) {
    desk.import(&[person("aigul@example.kz")]).await;
    let id = desk.history("aigul@example.kz").await.contact.id;
    let _erased = people::erase(&desk.app, id).await.unwrap();
    let heard = desk.import(&[consented("AIGUL@example.kz", "2026-03-01")]).await;
    assert_eq!((heard.tally.erased, heard.tally.new), (1, 0));
}

async fn nobody_is_forgotten_twice(desk: Desk) {
    desk.import(&[person("aigul@example.kz")]).await;
    let id = desk.history("aigul@example.kz").await.contact.id;
    let _erased = people::erase(&desk.app, id).await.unwrap();
    assert!(matches!(people::erase(&desk.app, id).await, Err(Error::NotFound(_))));
    let note = people::add_note(&desk.app, id, "officer", "again").await;
    assert!(matches!(note, Err(Error::NotFound(_))));
}
