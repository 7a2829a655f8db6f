//! Limits on everything that is asked, and one shape of what goes wrong.

use serde_json::{Value, json};

use crate::{house::House, support::database::on_both};

on_both!(
    large_bodies_addresses_and_headers_are_refused,
    every_error_is_a_problem_that_says_what_to_do,
    what_broke_inside_is_told_by_an_id_only,
    one_link_cannot_be_used_without_end,
    when_the_database_is_gone_a_person_still_learns_how_to_leave,
);

async fn problem(request: reqwest::RequestBuilder) -> (u16, Value) {
    let answer = request.send().await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["status"], status);
    for part in ["type", "title", "fix"] {
        assert!(problem[part].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
    }
    (status, problem)
}

async fn large_bodies_addresses_and_headers_are_refused(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let secret = house.a_token().await;
    let large = "x".repeat(20_000);
    let form = house.post(&format!("/u/{}", letter.token)).body(large.clone());
    assert_eq!(problem(form).await.0, 413);
    let multipart = reqwest::multipart::Form::new().text("scope", large.clone());
    let form = house.post(&format!("/u/{}", letter.token)).multipart(multipart);
    assert_eq!(problem(form).await.0, 413);
    let body = json!({"address": "x".repeat(5 << 20)});
    let json = house.post("/api/v1/contacts/lookup").bearer_auth(&secret).json(&body);
    assert_eq!(problem(json).await.0, 413);
    assert_eq!(problem(house.get(&format!("/health/live?{}", &large[..3_000]))).await.0, 414);
    assert_eq!(problem(house.get("/health/live").header("x-much", large)).await.0, 431);
}

async fn every_error_is_a_problem_that_says_what_to_do(house: House) {
    let secret = house.a_token().await;
    assert_eq!(problem(house.get("/nowhere")).await.0, 404);
    assert_eq!(problem(house.get("/api/v1/nowhere").bearer_auth(&secret)).await.0, 404);
    let wrong_method = house.client.delete(house.url("/health/live"));
    let answer = wrong_method.try_clone().unwrap().send().await.unwrap();
    assert!(answer.headers()["allow"].to_str().unwrap().contains("GET"));
    assert_eq!(problem(wrong_method).await.0, 405);
    let lookup = || house.post("/api/v1/contacts/lookup").bearer_auth(&secret);
    assert_eq!(problem(lookup().body("address=x")).await.0, 415);
    let torn = lookup().header("content-type", "application/json").body("{");
    assert_eq!(problem(torn).await.0, 400);
    assert_eq!(problem(lookup().json(&json!({}))).await.0, 422);
    let id = house.get("/api/v1/campaigns/x").bearer_auth(&secret);
    let (status, said) = problem(id).await;
    assert_eq!((status, &said["problems"][0]["field"]), (422, &json!("id")));
}

async fn what_broke_inside_is_told_by_an_id_only(house: House) {
    let secret = house.a_token().await;
    house.app.store.close().await;
    let (status, said) = problem(house.get("/api/v1/purposes").bearer_auth(secret)).await;
    assert_eq!(status, 500);
    let id = said["id"].as_str().unwrap();
    assert_eq!(said["detail"], Value::Null);
    let log = crate::house::logged();
    let line = log.lines().find(|line| line.contains(id)).unwrap();
    assert!(line.contains("the database refused or did not answer"), "{line}");
}

async fn one_link_cannot_be_used_without_end(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let other = house.a_letter("dana@example.kz").await;
    let mut refused = None;
    for _ in 0..1_000 {
        let answer = house.get(&format!("/u/{}", letter.token)).send().await.unwrap();
        if answer.status().as_u16() == 429 {
            refused = Some(answer.text().await.unwrap());
            break;
        }
    }
    assert!(refused.unwrap().contains("mailto:support@example.kz"));
    let answer = house.get(&format!("/u/{}", other.token)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
}

async fn when_the_database_is_gone_a_person_still_learns_how_to_leave(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    house.app.store.close().await;
    for request in [
        house.get(&format!("/u/{}", letter.token)),
        house.post(&format!("/u/{}", letter.token)).body("List-Unsubscribe=One-Click"),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 500, "a mail provider tries again");
        let page = answer.text().await.unwrap();
        assert!(page.contains("mailto:support@example.kz") && page.contains("tel:+7"), "{page}");
    }
}
