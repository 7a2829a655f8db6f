//! Contacts in by API.

use kelisim::domain::{consent::State, party::PartyKey};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::{
    house::House,
    support::{database::on_both, scene::address},
};

on_both!(
    a_file_brings_in_contacts_and_evidenced_consents,
    a_dry_run_stores_nothing,
    an_import_never_revives_a_withdrawal,
    what_cannot_be_used_is_told,
);

const HEAD: &str = "email;consent_purpose;consent_source;consent_given_at;policy_version\n";

async fn import(house: &House, query: &str, rows: &str) -> RequestBuilder {
    let secret = house.a_token().await;
    let path = format!("/api/v1/contacts/import?{query}");
    let request = house.post(&path).bearer_auth(secret).header("content-type", "text/csv");
    request.body(format!("{HEAD}{rows}"))
}

async fn told(request: RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A house whose policy has its first edition.
async fn with_a_policy(house: &House) {
    house.a_letter("reader@example.kz").await;
}

async fn a_file_brings_in_contacts_and_evidenced_consents(house: House) {
    with_a_policy(&house).await;
    let rows = "aigul@example.kz;news;форма;2026-11-20;1\n\
        dana@example.kz;news;;;\n\
        not-an-address;news;форма;2026-11-20;1\n";
    let (status, done) = told(import(&house, "", rows).await).await;
    assert_eq!(status, 200, "{done}");
    assert_eq!((&done["encoding"], &done["delimiter"]), (&json!("utf-8"), &json!("semicolon")));
    let count = |word: &str| done["tally"][word].as_u64().unwrap();
    assert_eq!((count("new"), count("given"), count("without_evidence")), (2, 1, 1));
    assert_eq!(
        (&done["rejects"][0]["line"], &done["rejects"][0]["place"]),
        (&json!(4), &json!("email"))
    );
    assert!(!done.to_string().contains("not-an-address"), "{done}");
    assert_eq!(done["notes"][0]["line"], 3);

    let again = told(import(&house, "", rows).await).await.1;
    assert_eq!(again["tally"]["new"], 0);
    assert_eq!(again["tally"]["recorded_before"], 1, "{again}");
}

async fn a_dry_run_stores_nothing(house: House) {
    with_a_policy(&house).await;
    let row = "aigul@example.kz;news;форма;2026-11-20;1\n";
    let (status, done) = told(import(&house, "dry_run=true", row).await).await;
    assert_eq!((status, &done["tally"]["new"]), (200, &json!(1)), "{done}");
    assert_eq!(done.get("import_id"), None);
    let found = kelisim::app::consent::show(&house.app, &address("aigul@example.kz")).await;
    assert!(found.is_err());
}

async fn an_import_never_revives_a_withdrawal(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let left = house.post(&format!("/u/{}", letter.token)).body("List-Unsubscribe=One-Click");
    left.send().await.unwrap();
    let row = "aigul@example.kz;news;форма;2026-11-20;1\n";
    let (_, done) = told(import(&house, "", row).await).await;
    assert_eq!((&done["tally"]["given"], &done["tally"]["objected"]), (&json!(0), &json!(1)));
    let consents = house.consents(&letter.contact).await;
    assert_eq!(consents[0].party, PartyKey::institution());
    assert_eq!(consents[0].standing.state, State::Withdrawn);
}

async fn what_cannot_be_used_is_told(house: House) {
    for query in ["encoding=koi8-r", "delimiter=x", "dry_run=maybe", "mode=fast"] {
        let (status, problem) = told(import(&house, query, "").await).await;
        assert_eq!((status, &problem["problems"][0]["field"]), (422, &json!("query")), "{query}");
    }
    let secret = house.a_token().await;
    let request = house.post("/api/v1/contacts/import").bearer_auth(secret).body("name\nAigul\n");
    let (status, problem) = told(request).await;
    assert_eq!((status, &problem["problems"][0]["field"]), (422, &json!("file")), "{problem}");
    assert!(!problem.to_string().contains("Aigul"));
}
