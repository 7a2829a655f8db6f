//! Segments are counted, saved, and saved by one at a time.

use kelisim::{app::people, domain::staff::Role};
use reqwest::{
    StatusCode,
    header::{ACCEPT, HeaderMap, HeaderValue},
};
use serde_json::{Value, json};

use crate::{
    desk::{Colleague, Desk},
    support::database::on_both,
};

on_both!(
    an_audience_is_counted_with_a_sample,
    a_segment_is_saved_shown_and_deleted,
    the_second_of_two_editors_is_told_and_loses_nothing,
);

async fn count(colleague: &Colleague<'_>, audience: &Value) -> (StatusCode, Value) {
    let as_a_script = [(ACCEPT, HeaderValue::from_static("application/json"))];
    let request = colleague.post("/segments/count").headers(HeaderMap::from_iter(as_a_script));
    let answer = request.json(audience).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn an_audience_is_counted_with_a_sample(desk: Desk) {
    let form = people::ProfileForm {
        name: "<b>Айгүл</b>".to_owned(),
        tags: "vip".to_owned(),
        ..people::ProfileForm::default()
    };
    people::add(&desk.0.app, "aigul@example.kz", &form).await.unwrap();
    let approver = desk.signed_in(&[Role::Approver]).await;
    let audience = json!({"include": [{"tag": ["vip"]}], "exclude": [{"blocked": true}]});
    let (status, told) = count(&approver, &audience).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    assert_eq!((&told["count"], &told["text"]), (&json!(1), &json!("1 person")));
    assert_eq!(told["sample"][0]["address"], "aigul@example.kz");
    for wrong in [json!({"include": [{"tga": []}]}), json!({"include": [{"segment": desk.0.id()}]})]
    {
        let (status, told) = count(&approver, &wrong).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
    }
}

const VIP: &str = r#"{"include":[{"tag":["vip"]}],"exclude":[]}"#;

async fn a_segment_is_saved_shown_and_deleted(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    assert!(author.page("/segments").await.contains("No segments yet"));
    let form = [("name", "<b>VIP</b>"), ("description", ""), ("audience", VIP)];
    let to = author.send("/segments/new", &form).await;
    let page = author.page(&to).await;
    assert!(page.contains("&lt;b&gt;VIP&lt;/b&gt;") && page.contains("data-audience-builder"));
    let list = author.page("/segments").await;
    assert!(list.contains("/contacts?segment=") && !list.contains("<b>VIP"));
    let twin = author.post("/segments/new").form(&form).send().await.unwrap();
    assert_eq!(twin.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twin.text().await.unwrap().contains("id=\"name-error\""));
    let path = to.split('?').next().unwrap();
    author.send(&format!("{path}/delete"), &[]).await;
    assert!(author.page("/segments").await.contains("No segments yet"));
}

async fn the_second_of_two_editors_is_told_and_loses_nothing(desk: Desk) {
    let author = desk.signed_in(&[Role::Author]).await;
    let to = author.send("/segments/new", &[("name", "a"), ("audience", VIP)]).await;
    let path = to.split('?').next().unwrap();
    author.send(path, &[("name", "b"), ("audience", VIP), ("revision", "1")]).await;
    let late = [("name", "mine"), ("audience", VIP), ("revision", "1")];
    let answer = author.post(path).form(&late).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.text().await.unwrap();
    assert!(page.contains("value=\"mine\"") && page.contains("Somebody else has saved"), "{page}");
    let approver = desk.signed_in(&[Role::Approver]).await;
    assert!(!approver.page(path).await.contains("type=\"submit\">Save"));
}
