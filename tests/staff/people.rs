//! Contacts: found, shown, changed, forgotten, exported.

use kelisim::{
    app::{consent::verify, people},
    domain::{
        contact::{Contact, Profile},
        language::Language,
        staff::Role,
    },
    store,
};
use reqwest::{StatusCode, header};

use crate::{
    desk::{Colleague, Desk},
    support::{database::on_both, scene::address},
};

on_both!(
    people_are_listed_searched_and_filtered,
    a_filter_that_is_not_understood_shows_nobody,
    what_people_are_called_is_shown_and_never_run,
    a_profile_is_changed_and_what_is_wrong_is_told_at_its_field,
    a_person_is_blocked_noted_and_withdrawn_on_their_page,
    a_paper_is_recorded_with_its_proof,
    a_person_is_forgotten_only_when_their_address_is_typed,
    an_export_asks_for_a_proof_and_is_written_down,
);

/// Every text that somebody could type.
const HOSTILE: &str = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{77777*7}}";

async fn a_person(desk: &Desk, email: &str, name: &str) -> Contact {
    let profile =
        Profile { name: Some(name.to_owned()), language: Some(Language::KK), ..Profile::default() };
    let tags = vec!["vip".to_owned()];
    let upserted =
        kelisim::app::contacts::upsert(&desk.0.app, &address(email), &profile, &tags).await;
    let (kelisim::app::contacts::Upserted::New(contact)
    | kelisim::app::contacts::Upserted::Updated(contact)
    | kelisim::app::contacts::Upserted::Unchanged(contact)) = upserted.unwrap();
    contact
}

async fn people_are_listed_searched_and_filtered(desk: Desk) {
    a_person(&desk, "aigul@example.kz", "Айгүл Сейтқали").await;
    a_person(&desk, "ivan@example.kz", "Иван Петров").await;
    let colleague = desk.signed_in(&[Role::Approver]).await;
    let page = colleague.page("/contacts").await;
    assert!(page.contains("aigul@example.kz") && page.contains("ivan@example.kz"));
    for query in ["q=%D0%B0%D0%B9%D0%B3%D1%83%D0%BB", "q=aigul%40ex", "language=kk&q=aig"] {
        let page = colleague.page(&format!("/contacts?{query}")).await;
        assert!(page.contains("aigul@example.kz") && !page.contains("ivan@example.kz"), "{query}");
    }
    let page = colleague.page("/contacts?tag=nobody").await;
    assert!(page.contains("Nobody found"));
    let page = colleague.page("/contacts?tag=vip&state=ok&consent=none&purpose=news").await;
    assert!(page.contains("aigul@example.kz"));
}

async fn a_filter_that_is_not_understood_shows_nobody(desk: Desk) {
    a_person(&desk, "aigul@example.kz", "Айгүл").await;
    let colleague = desk.signed_in(&[Role::Author]).await;
    for query in ["state=x", "after=zzz", "segment=1", "language=klingon"] {
        let answer = colleague.get(&format!("/contacts?{query}")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(!answer.text().await.unwrap().contains("aigul@"), "{query}");
    }
}

fn is_harmless(page: &str, at: &str) {
    assert!(!page.contains("<img src=x") && !page.contains("<script>alert"), "{at}: {page}");
    assert!(!page.contains("544439"), "{at}: a template ran what somebody typed");
}

async fn what_people_are_called_is_shown_and_never_run(desk: Desk) {
    let officer = desk.signed_in(&[Role::Officer, Role::Author]).await;
    let name = HOSTILE;
    let fields = [
        ("address", "aigul@example.kz"),
        ("name", name),
        ("given_name", name),
        ("family_name", name),
        ("patronymic", name),
        ("external_id", name),
        ("tags", "<img src=x>,{{77777*7}}"),
    ];
    let to = officer.send("/contacts/new", &fields).await;
    let person = to.split('?').next().unwrap().to_owned();
    officer.send(&format!("{person}/notes"), &[("body", HOSTILE)]).await;
    officer.send(&format!("{person}/block"), &[("reason", HOSTILE)]).await;
    officer.send(&format!("{person}/unblock"), &[]).await;
    let withdrawal =
        [("of", "news:institution"), ("channel", "mail"), ("source", HOSTILE), ("why", HOSTILE)];
    officer.send(&format!("{person}/withdraw"), &withdrawal).await;
    let pages = [person.clone(), format!("{person}/edit"), format!("{person}/erase")];
    for path in pages.iter().map(String::as_str).chain(["/contacts", "/contacts?q=%3Cimg"]) {
        is_harmless(&officer.page(path).await, path);
    }
    assert!(officer.page(&person).await.contains("&lt;img src&#x3D;x"), "it is shown as text");
    let query = "/contacts?q=%3Cscript%3Ealert(2)%3C/script%3E&tag=%22%3E%3Cimg+src%3Dx%3E";
    is_harmless(&officer.page(query).await, query);
    let answer = officer.post("/contacts/new").form(&[("address", HOSTILE), ("name", HOSTILE)]);
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    is_harmless(&answer.text().await.unwrap(), "a form to be mended");
}

async fn a_profile_is_changed_and_what_is_wrong_is_told_at_its_field(desk: Desk) {
    let contact = a_person(&desk, "aigul@example.kz", "Айгүл").await;
    let author = desk.signed_in(&[Role::Author]).await;
    let path = format!("/contacts/{}/edit", contact.id);
    assert!(author.page(&path).await.contains("value=\"Айгүл\""));
    let to = author.send(&path, &[("name", "Әсел"), ("language", "ru"), ("tags", "a, b")]).await;
    assert_eq!(to, format!("/contacts/{}?said=said-people-saved", contact.id));
    assert!(author.page(&to).await.contains("Әсел"));
    let wrong = author.post(&path).form(&[("name", "IIN 900101300007"), ("tags", "kept")]);
    let answer = wrong.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert!(page.contains("id=\"name-error\"") && page.contains("value=\"kept\""), "{page}");
    let person = people::person(&desk.0.app, contact.id).await.unwrap();
    assert_eq!(person.contact.profile.name.as_deref(), Some("Әсел"));
}

async fn a_person_is_blocked_noted_and_withdrawn_on_their_page(desk: Desk) {
    let contact = a_person(&desk, "aigul@example.kz", "Айгүл").await;
    let author = desk.signed_in(&[Role::Author]).await;
    let path = |deed: &str| format!("/contacts/{}/{deed}", contact.id);
    author.send(&path("notes"), &[("body", "Called back.")]).await;
    let page = author.page(&format!("/contacts/{}", contact.id)).await;
    assert!(page.contains("Called back.") && page.contains(&author.user.name));
    let note = people::person(&desk.0.app, contact.id).await.unwrap().notes[0].id;
    author.send(&path(&format!("notes/{note}/delete")), &[]).await;
    let withdrawal = [("of", "all"), ("channel", "phone"), ("source", "call of 1 May")];
    author.send(&path("withdraw"), &withdrawal).await;
    let page = author.page(&format!("/contacts/{}", contact.id)).await;
    assert!(
        page.contains("the person wants no marketing at all") && !page.contains("Called back.")
    );
    let empty = author.post(&path("block")).form(&[("reason", " ")]).send().await.unwrap();
    assert_eq!(empty.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.text().await.unwrap().contains("id=\"reason-error\""));
    author.send(&path("block"), &[("reason", "a claim")]).await;
    assert!(author.page(&format!("/contacts/{}", contact.id)).await.contains("a claim"));
    author.send(&path("unblock"), &[]).await;
    let log = kelisim::app::staff::actions::page(&desk.0.app, None, None).await.unwrap();
    let deeds: Vec<&str> = log.iter().map(|one| one.deed.as_str()).collect();
    for told in ["contact.note.delete", "consent.withdraw", "contact.block", "contact.unblock"] {
        assert!(deeds.contains(&told), "{deeds:?}");
    }
}

async fn a_paper_is_recorded_with_its_proof(desk: Desk) {
    let contact = a_person(&desk, "aigul@example.kz", "Айгүл").await;
    let author = desk.signed_in(&[Role::Author]).await;
    let path = format!("/contacts/{}/consent", contact.id);
    assert!(author.page(&path).await.contains("news:institution"));
    let paper = [
        ("purpose", "news:institution"),
        ("given_at", "2026-01-05"),
        ("source", "Form 12"),
        ("policy_version", ""),
        ("wording", "Келісемін."),
    ];
    author.send(&path, &paper).await;
    let page = author.page(&format!("/contacts/{}", contact.id)).await;
    assert!(page.contains("Form 12") && page.contains("Келісемін."), "{page}");
    let again = author.post(&path).form(&paper).send().await.unwrap();
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let without = [("purpose", "news:institution"), ("given_at", "2026-02-05"), ("source", "x")];
    let answer = author.post(&path).form(&without).send().await.unwrap();
    assert!(answer.text().await.unwrap().contains("Give the edition"));
}

async fn a_person_is_forgotten_only_when_their_address_is_typed(desk: Desk) {
    let contact = a_person(&desk, "aigul@example.kz", "Айгүл").await;
    let officer = desk.signed_in(&[Role::Officer]).await;
    let path = format!("/contacts/{}/erase", contact.id);
    assert!(officer.page(&path).await.contains("This cannot be undone."));
    let wrong = officer.post(&path).form(&[("address", "asel@example.kz")]).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    officer.send(&path, &[("address", " Aigul@example.kz")]).await;
    let page = officer.page(&format!("/contacts/{}", contact.id)).await;
    assert!(page.contains("Erased person") && !page.contains("Айгүл"), "{page}");
    assert!(!officer.page("/contacts").await.contains("aigul@"));
    assert!(verify(&desk.0.app, None).await.unwrap().is_ok());
    let gone = officer.get(&path).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::NOT_FOUND);
}

/// Somebody who proved who they are long ago.
async fn long_ago<'a>(desk: &'a Desk, roles: &[Role]) -> Colleague<'a> {
    let colleague = desk.signed_in(roles).await;
    desk.0.app.clock.shift(chrono::TimeDelta::minutes(11));
    colleague
}

async fn an_export_asks_for_a_proof_and_is_written_down(desk: Desk) {
    a_person(&desk, "aigul@example.kz", "=HYPERLINK(\"http://x\")").await;
    a_person(&desk, "ivan@example.kz", "Иван").await;
    let late = long_ago(&desk, &[Role::Officer]).await;
    let answer = late.get("/contacts/export?tag=vip&q=aig").send().await.unwrap();
    let to = answer.headers()[header::LOCATION].to_str().unwrap();
    assert!(to.starts_with("/prove?next=") && to.contains("tag%3Dvip"), "{to}");
    let answer = late.post("/contacts/export").form(&[("format", "csv")]).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    let officer = desk.signed_in(&[Role::Officer]).await;
    assert!(
        officer.page("/contacts/export?tag=vip").await.contains("2 contacts will be exported.")
    );
    let form = [("format", "csv"), ("q", "aigul"), ("tag", "vip")];
    let answer = officer.post("/contacts/export").form(&form).send().await.unwrap();
    assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let text = answer.text().await.unwrap();
    assert!(text.contains("aigul@example.kz;\"'=HYPERLINK(") && !text.contains("ivan@"), "{text}");
    let answer = officer.post("/contacts/export").form(&[("format", "xlsx")]).send().await.unwrap();
    let bytes = answer.bytes().await.unwrap();
    assert!(bytes.starts_with(b"PK\x03\x04"));
    let wrong = [("format", "csv"), ("state", "unknown")];
    let answer = officer.post("/contacts/export").form(&wrong).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let mut reader = desk.0.app.store.read().await.unwrap();
    let log = store::staff::action::page(reader.conn(), None, None, 9).await.unwrap();
    let exports: Vec<_> = log.iter().filter(|one| one.deed == "contacts.export").collect();
    assert_eq!(exports.len(), 2);
    for export in exports {
        assert!(!export.detail.as_ref().unwrap().to_string().contains("aigul"));
    }
}
