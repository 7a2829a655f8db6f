//! Staff change what is known of a person.

use std::collections::BTreeMap;

use kelisim::app::{
    Error,
    people::{self, ProfileForm, Wanted},
};

use crate::{
    desk::{Desk, person},
    support::database::on_both,
};

on_both!(
    a_profile_is_replaced_with_its_tags,
    what_may_not_be_kept_is_refused_field_by_field,
    an_external_id_stays_one_persons,
    a_person_is_added_without_a_consent,
);

fn form() -> ProfileForm {
    ProfileForm {
        name: " Айгүл ".to_owned(),
        language: "kk".to_owned(),
        tags: "a, b; a".to_owned(),
        attributes: BTreeMap::from([("region".to_owned(), "Astana".to_owned())]),
        ..ProfileForm::default()
    }
}

async fn a_profile_is_replaced_with_its_tags(desk: Desk) {
    let row = "aigul@example.kz,Old Name,ru,gone,,,,,,,,";
    desk.import(&[row.to_owned()]).await;
    let id = desk.history("aigul@example.kz").await.contact.id;
    people::edit(&desk.app, id, &form()).await.unwrap();
    let person = people::person(&desk.app, id).await.unwrap();
    assert_eq!(person.contact.profile.name.as_deref(), Some("Айгүл"));
    assert_eq!(person.contact.profile.attributes["region"], "Astana");
    assert_eq!(person.tags, ["a", "b"]);
    for (text, n) in [("айгул", 1), ("old", 0)] {
        let wanted = Wanted { text: text.to_owned(), ..Wanted::default() };
        let page = people::search(&desk.app, &wanted, 9).await.unwrap();
        assert_eq!(page.rows.len(), n, "{text}");
    }
}

async fn what_may_not_be_kept_is_refused_field_by_field(desk: Desk) {
    let wrong = ProfileForm {
        name: "ИИН 900101300007".to_owned(),
        given_name: "a\nb".to_owned(),
        language: "қазақ".to_owned(),
        tags: "x".repeat(65),
        attributes: BTreeMap::from([("salary".to_owned(), "1".to_owned())]),
        ..ProfileForm::default()
    };
    let refused = people::add(&desk.app, "aigul", &wrong).await;
    let Err(Error::Invalid(problems)) = refused else { panic!("{refused:?}") };
    let places: Vec<_> = problems.iter().map(|one| one.place.as_str()).collect();
    assert_eq!(places, ["address", "name", "given_name", "attribute-salary", "language", "tags"]);
}

async fn an_external_id_stays_one_persons(desk: Desk) {
    let first = ProfileForm { external_id: "hr-1".to_owned(), ..form() };
    people::add(&desk.app, "aigul@example.kz", &first).await.unwrap();
    let second = people::add(&desk.app, "asel@example.kz", &form()).await.unwrap();
    let taken = people::edit(&desk.app, second.id, &first).await;
    assert!(matches!(taken, Err(Error::Invalid(problems)) if problems[0].place == "external_id"));
}

async fn a_person_is_added_without_a_consent(desk: Desk) {
    desk.import(&[person("asel@example.kz")]).await;
    let contact = people::add(&desk.app, "aigul@example.kz", &form()).await.unwrap();
    let person = people::person(&desk.app, contact.id).await.unwrap();
    assert!(person.consents.is_empty() && person.history.is_empty());
    let wanted = Wanted { text: "aigul@ex".to_owned(), ..Wanted::default() };
    assert_eq!(people::search(&desk.app, &wanted, 9).await.unwrap().rows.len(), 1);
}
