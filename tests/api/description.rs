//! The description of the API that is committed is the one that the code gives.

use kelisim::web;
use serde_json::Value;

use crate::{house::House, support::database::on_both};

on_both!(the_description_is_public);

#[test]
fn the_committed_description_is_the_codes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/openapi.json");
    let text = web::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os("KELISIM_WRITE_OPENAPI").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let hint = "run KELISIM_WRITE_OPENAPI=1 cargo test --test api description, look at the change \
        and commit it";
    assert!(committed == text, "docs/openapi.json is not what the code says: {hint}");
}

#[test]
fn every_operation_says_what_it_does_and_what_can_go_wrong() {
    let description = serde_json::to_value(web::openapi()).unwrap();
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let at = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{at}");
            let responses = operation["responses"].as_object().unwrap();
            let wrong = &responses["401"]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(wrong, "#/components/schemas/Problem", "{at}");
            assert!(responses.keys().any(|status| status.starts_with('2')), "{at}");
        }
    }
}

async fn the_description_is_public(house: House) {
    let answer = house.get("/api/v1/openapi.json").send().await.unwrap();
    assert_eq!(answer.headers()["content-type"], "application/json");
    let description: Value = answer.json().await.unwrap();
    assert_eq!(description["components"]["securitySchemes"]["token"]["scheme"], "bearer");
}
