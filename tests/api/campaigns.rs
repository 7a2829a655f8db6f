//! Campaigns by API.

use chrono::TimeDelta;
use kelisim::domain::party::PartyKey;
use serde_json::{Value, json};

use crate::{house::House, support::database::on_both};

on_both!(
    a_campaign_goes_from_draft_to_cancelled,
    what_stops_a_campaign_is_told_and_nothing_is_saved,
    a_wrong_key_is_named_by_its_path,
    a_campaign_starts_at_a_time_that_is_to_come,
    lists_are_read_page_by_page,
);

struct Client {
    house: House,
    secret: String,
}

impl Client {
    async fn of(house: House) -> Self {
        let secret = house.a_token().await;
        Self { house, secret }
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.house.post(&format!("/api/v1{path}")).bearer_auth(&self.secret);
        let answer = request.json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        let request = self.house.get(&format!("/api/v1{path}")).bearer_auth(&self.secret);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

fn a_campaign() -> Value {
    json!({
        "campaign": {
            "name": "Autumn news",
            "purpose": "news",
            "sender": {"address": "news@example.kz"},
            "subject": {"kk": "Күзгі жаңалықтар мен өзгерістер"},
            "pace": "100/1m",
        },
        "bodies": {
            "body.kk.md.hbs": "Құрметті оқырман!\n\nБізде жаңа оқу жылы басталды, келіп көріңіз.\n",
        },
    })
}

async fn a_campaign_goes_from_draft_to_cancelled(house: House) {
    house.a_letter("aigul@example.kz").await;
    house.a_contact("nobody@example.kz", kelisim::domain::contact::Profile::default()).await;
    let client = Client::of(house).await;
    let (status, made) = client.post("/campaigns", &a_campaign()).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["campaign"]["state"], "draft");
    let path = format!("/campaigns/{}", made["campaign"]["id"].as_str().unwrap());

    let (_, checked) = client.post(&format!("{path}/check"), &json!({})).await;
    assert_eq!(checked["may_start"], true, "{checked}");
    let (_, funnel) = client.post(&format!("{path}/funnel"), &json!({})).await;
    assert_eq!(funnel, json!({"matched": 2, "refused": {"no_consent": 1}, "allowed": 1}));

    let (_, started) = client.post(&format!("{path}/start"), &json!({})).await;
    assert_eq!(started["state"], "running", "{started}");
    let (_, paused) =
        client.post(&format!("{path}/pause"), &json!({"reason": "a wrong date"})).await;
    assert_eq!(
        (&paused["state"], &paused["pause_reason"]),
        (&json!("paused"), &json!("a wrong date"))
    );
    let (status, problem) = client.post(&format!("{path}/start"), &json!({})).await;
    assert_eq!((status, problem["type"].as_str()), (409, Some("urn:kelisim:problem:conflict")));
    client.post(&format!("{path}/resume"), &json!({})).await;
    let (_, cancelled) = client.post(&format!("{path}/cancel"), &json!({})).await;
    assert_eq!(cancelled["state"], "cancelled");

    let (_, status) = client.get(&path).await;
    let deeds: Vec<&str> = status["history"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|one| one["deed"].as_str())
        .collect();
    assert_eq!(deeds.len(), 5, "{deeds:?}");
    assert!(status["history"].as_array().unwrap().iter().all(|one| one["actor"] == "registry"));
}

async fn what_stops_a_campaign_is_told_and_nothing_is_saved(house: House) {
    let client = Client::of(house).await;
    let mut asked = a_campaign();
    asked["campaign"]["purpose"] = json!("gossip");
    asked["bodies"] = json!({"body.ru.md.hbs": "{{no_such_field}}"});
    let (status, problem) = client.post("/campaigns", &asked).await;
    assert_eq!(status, 422);
    assert!(problem["problems"].as_array().unwrap().len() >= 2, "{problem}");
    assert_eq!(client.get("/campaigns").await.1, json!({"campaigns": []}));
}

async fn a_wrong_key_is_named_by_its_path(house: House) {
    let client = Client::of(house).await;
    let wrong = [
        ("/campaign/sender/address", json!("aigul"), "campaign.sender.address"),
        ("/campaign/pace", json!("0/1m"), "campaign.pace"),
        ("/campaign/subject", json!("text"), "campaign.subject"),
        ("/bodies", json!({"letter.txt": "x"}), "bodies"),
    ];
    for (at, value, field) in wrong {
        let mut asked = a_campaign();
        let slot = asked.pointer_mut(at);
        match slot {
            Some(slot) => *slot = value,
            None => panic!("{at} is no place"),
        }
        let (status, problem) = client.post("/campaigns", &asked).await;
        assert_eq!(status, 422, "{problem}");
        assert_eq!(problem["problems"][0]["field"], field, "{problem}");
    }
    let mut asked = a_campaign();
    asked["campaign"]["subjct"] = json!("x");
    let (_, problem) = client.post("/campaigns", &asked).await;
    assert!(problem["problems"][0]["problem"].as_str().unwrap().contains("unknown field `subjct`"));
}

async fn a_campaign_starts_at_a_time_that_is_to_come(house: House) {
    let campaign = house.a_campaign("news", PartyKey::institution()).await;
    let client = Client::of(house).await;
    let path = format!("/campaigns/{}/schedule", campaign.id);
    let now = client.house.now();
    let (status, problem) = client.post(&path, &json!({"at": now.to_rfc3339()})).await;
    assert_eq!((status, &problem["problems"][0]["field"]), (422, &json!("at")));
    let at = (now + TimeDelta::hours(1)).to_rfc3339();
    let (status, scheduled) = client.post(&path, &json!({"at": at})).await;
    assert_eq!((status, &scheduled["state"]), (200, &json!("scheduled")), "{scheduled}");
    assert!(scheduled["start_at"].is_string());
}

async fn lists_are_read_page_by_page(house: House) {
    let mut made = Vec::new();
    for _ in 0..3 {
        house.app.clock.shift(TimeDelta::milliseconds(1));
        made.push(house.a_campaign("news", PartyKey::institution()).await.id.to_string());
    }
    made.reverse();
    let client = Client::of(house).await;
    let (_, first) = client.get("/campaigns?limit=2").await;
    let next = first["next"].as_str().unwrap();
    let (_, second) = client.get(&format!("/campaigns?limit=2&before={next}")).await;
    let ids = |page: &Value| -> Vec<String> {
        let list = page["campaigns"].as_array().unwrap();
        list.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!([ids(&first), ids(&second)].concat(), made);
    assert_eq!(second.get("next"), None);
    for wrong in ["limit=0", "limit=201", "limit=x", "before=x", "before=&before="] {
        assert_eq!(client.get(&format!("/campaigns?{wrong}")).await.0, 422, "{wrong}");
    }
}
