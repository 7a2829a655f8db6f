//! Invariant 9: no address, name, token or secret in logs or errors.

use serde_json::json;

use crate::{
    house::{House, logged},
    support::database::on_both,
};

on_both!(nothing_personal_is_logged_or_repeated);

async fn nothing_personal_is_logged_or_repeated(house: House) {
    let person = format!("quiet{}@example.kz", house.id().simple());
    let letter = house.a_letter(&person).await;
    let secret = house.a_token().await;
    let mut answers = Vec::new();

    house.get(&format!("/u/{}", letter.token)).send().await.unwrap();
    let one_click = house.post(&format!("/u/{}", letter.token)).body("List-Unsubscribe=One-Click");
    one_click.send().await.unwrap();
    let cut = &letter.token[..letter.token.len() - 2];
    answers.push(house.get(&format!("/u/{cut}?mail={person}")).send().await.unwrap());
    answers.push(house.get(&format!("/{person}?{person}")).send().await.unwrap());
    for body in [
        json!({"address": person, "more": person}),
        json!({"address": {"is": person}}),
        json!([person, person]),
        json!({"address": format!("{person} {person}")}),
    ] {
        let request = house.post("/api/v1/contacts/lookup").bearer_auth(&secret).json(&body);
        answers.push(request.send().await.unwrap());
    }
    let request = house.post("/api/v1/contacts/lookup").bearer_auth(&secret);
    let json = request.header("content-type", "application/json");
    answers.push(json.body(format!("{{\"address\": {person}}}")).send().await.unwrap());
    answers.push(
        house.get("/api/v1/purposes").bearer_auth(format!("{secret}x")).send().await.unwrap(),
    );
    answers.push(
        house
            .get(&format!("/api/v1/campaigns/{person}"))
            .bearer_auth(&secret)
            .send()
            .await
            .unwrap(),
    );
    house.app.store.close().await;
    answers.push(house.get(&format!("/u/{}", letter.token)).send().await.unwrap());
    answers.push(house.get("/api/v1/purposes").bearer_auth(&secret).send().await.unwrap());

    let private = [person.as_str(), &person[..20], &letter.token, cut, &secret];
    for answer in answers {
        assert!(!answer.status().is_success(), "{}", answer.status());
        let body = answer.text().await.unwrap();
        assert!(private.iter().all(|word| !body.contains(word)), "{body}");
    }
    let log = logged();
    let ours: Vec<&str> = log.lines().filter(|line| line.contains("kelisim::")).collect();
    assert!(ours.iter().any(|line| line.contains("/u/{token}")), "the log is not empty");
    for word in private {
        let told = ours.iter().find(|line| line.contains(word));
        assert_eq!(told, None);
    }
}
