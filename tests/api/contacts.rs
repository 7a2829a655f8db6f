//! People by API: looked up, and withdrawn on their behalf.

use chrono::{SecondsFormat, TimeDelta};
use kelisim::{
    app::consent,
    domain::consent::{Channel, State},
};
use serde_json::{Value, json};

use crate::{
    house::{House, SOURCE},
    support::database::on_both,
};

on_both!(
    a_person_is_looked_up_with_the_whole_history,
    whoever_is_not_known_is_not_found,
    a_call_withdraws_a_consent,
    a_withdrawal_needs_evidence_and_a_time_that_has_come,
    a_withdrawal_may_be_repeated,
    a_withdrawal_of_everything_holds_for_later_too,
    catalogues_are_listed,
);

async fn ask(house: &House, path: &str, body: &Value) -> (u16, Value) {
    let secret = house.a_token().await;
    let request = house.post(&format!("/api/v1{path}")).bearer_auth(secret).json(body);
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn a_person_is_looked_up_with_the_whole_history(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let (status, found) =
        ask(&house, "/contacts/lookup", &json!({"address": " Aigul@EXAMPLE.kz"})).await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["id"], letter.contact.id.to_string());
    assert_eq!(found["consents"][0]["state"], "given");
    assert_eq!(found["history"][0]["evidence"]["source"], SOURCE);
    assert_eq!(found["history"][0]["number"], 1);
    assert_eq!(found["suppressions"], json!([]));
}

async fn whoever_is_not_known_is_not_found(house: House) {
    let (status, problem) =
        ask(&house, "/contacts/lookup", &json!({"address": "nobody@example.kz"})).await;
    assert_eq!((status, problem["type"].as_str()), (404, Some("urn:kelisim:problem:not-found")));
    let (status, problem) = ask(&house, "/contacts/lookup", &json!({"address": "nobody"})).await;
    assert_eq!((status, problem["problems"][0]["field"].as_str()), (422, Some("address")));
}

async fn a_call_withdraws_a_consent(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let said_at = house.now() - TimeDelta::hours(2);
    let call = json!({
        "address": "aigul@example.kz",
        "purpose": "news",
        "channel": "phone",
        "source": "ticket 4711",
        "reason": "too many letters",
        "occurred_at": said_at.to_rfc3339_opts(SecondsFormat::Nanos, true),
    });
    let (status, done) = ask(&house, "/consents/withdraw", &call).await;
    assert_eq!((status, done["outcome"].as_str()), (200, Some("withdrawn")), "{done}");
    let history = house.history(&letter.contact).await;
    let event = &history.last().unwrap().event;
    assert_eq!((event.state, event.channel), (State::Withdrawn, Channel::Phone));
    assert_eq!(event.occurred_at, said_at);
    assert_eq!(event.recorded_at, house.now());
    assert!(consent::verify(&house.app, None).await.unwrap().is_ok());
}

async fn a_withdrawal_needs_evidence_and_a_time_that_has_come(house: House) {
    house.a_letter("aigul@example.kz").await;
    let later = (house.now() + TimeDelta::seconds(1)).to_rfc3339();
    let good = json!({"address": "aigul@example.kz", "purpose": "news", "source": "ticket 4711"});
    let wrong = [
        (json!({"source": " "}), "source"),
        (json!({"source": "IIN 900101300007"}), "source"),
        (json!({"occurred_at": later}), "occurred_at"),
        (json!({"occurred_at": "yesterday"}), "occurred_at"),
        (json!({"channel": "one_click"}), "channel"),
        (json!({"all": true}), "purpose"),
        (json!({"purpose": null}), "purpose"),
        (json!({"purpose": "News!"}), "purpose"),
        (json!({"party": "A B"}), "party"),
        (json!({"adress": "x"}), "adress"),
    ];
    for (change, field) in wrong {
        let mut asked = good.clone();
        asked.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (status, problem) = ask(&house, "/consents/withdraw", &asked).await;
        assert_eq!(status, 422, "{change} {problem}");
        assert_eq!(problem["problems"][0]["field"], field, "{change} {problem}");
    }
    let mut elsewhere = good;
    elsewhere["purpose"] = json!("no_such_purpose");
    assert_eq!(ask(&house, "/consents/withdraw", &elsewhere).await.0, 404);
}

async fn a_withdrawal_may_be_repeated(house: House) {
    house.a_letter("aigul@example.kz").await;
    let asked = json!({"address": "aigul@example.kz", "purpose": "news", "source": "registry"});
    assert_eq!(ask(&house, "/consents/withdraw", &asked).await.1["outcome"], "withdrawn");
    assert_eq!(ask(&house, "/consents/withdraw", &asked).await.1["outcome"], "already");
}

async fn a_withdrawal_of_everything_holds_for_later_too(house: House) {
    house.a_letter("aigul@example.kz").await;
    let asked = json!({"address": "aigul@example.kz", "all": true, "source": "registry"});
    assert_eq!(ask(&house, "/consents/withdraw", &asked).await.0, 200);
    let (_, found) = ask(&house, "/contacts/lookup", &json!({"address": "aigul@example.kz"})).await;
    assert_eq!(found["suppressions"][0]["reason"], "all_withdrawn");
    assert_eq!(found["consents"][0]["state"], "withdrawn");
}

async fn catalogues_are_listed(house: House) {
    house.a_letter("aigul@example.kz").await;
    let secret = house.a_token().await;
    let list = async |path: &str| -> Value {
        let answer = house.get(&format!("/api/v1{path}")).bearer_auth(&secret).send().await;
        answer.unwrap().json().await.unwrap()
    };
    let purposes = list("/purposes").await;
    assert!(purposes.as_array().unwrap().iter().any(|one| one["key"] == "news"), "{purposes}");
    assert_eq!(list("/parties").await[0]["key"], "institution");
    let editions = list("/policy/versions").await;
    assert_eq!((&editions[0]["number"], &editions[0]["kind"]), (&json!(1), &json!("material")));
}
