//! Who may use the API.

use chrono::TimeDelta;
use kelisim::{
    app::{
        Error,
        api_tokens::{self, Access},
    },
    web,
};
use reqwest::{Method, Response};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use crate::{house::House, support::database::on_both};

on_both!(
    no_route_of_the_description_opens_without_a_token,
    a_token_opens_until_it_is_revoked,
    a_token_opens_until_it_expires,
    a_tokens_name_and_end_are_checked,
);

/// Every route and method of the description.
fn routes() -> Vec<(Method, String)> {
    let description = serde_json::to_value(web::openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let routes = paths.iter().flat_map(|(path, item)| {
        let path = path.replace("{id}", "01938f1e-7c3e-7d00-8000-0123456789ab");
        item.as_object()
            .unwrap()
            .keys()
            .map(move |method| (method.to_uppercase().parse::<Method>().unwrap(), path.clone()))
    });
    routes.collect()
}

async fn assert_is_refused(answer: Response) {
    assert_eq!(answer.status().as_u16(), 401, "{}", answer.url().path());
    assert_eq!(answer.headers()["www-authenticate"], "Bearer realm=\"kelisim\"");
    assert_eq!(answer.headers()["content-type"], "application/problem+json");
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["type"], "urn:kelisim:problem:unauthorized");
}

async fn no_route_of_the_description_opens_without_a_token(house: House) {
    let routes = routes();
    assert!(routes.len() >= 15, "{routes:?}");
    let secret = house.a_token().await;
    let last_changed = format!("{}x", &secret[..secret.len() - 1]);
    let wrong = ["", "Bearer", "Bearer ", "Basic a2xzOg==", &format!("Bearer {last_changed}")];
    for (method, path) in routes {
        let request = || house.client.request(method.clone(), house.url(&path));
        assert_is_refused(request().send().await.unwrap()).await;
        for header in wrong {
            let answer = request().header("Authorization", header).send().await.unwrap();
            assert_is_refused(answer).await;
        }
        let status = request().bearer_auth(&secret).send().await.unwrap().status().as_u16();
        assert!(status != 401 && status != 405, "{method} {path} gave {status}");
    }
}

async fn a_token_opens_until_it_is_revoked(house: House) {
    let (token, secret) = api_tokens::create(&house.app, " registry ", None).await.unwrap();
    assert_eq!(token.name, "registry");
    assert!(secret.expose_secret().starts_with("kls_") && secret.expose_secret().len() == 56);
    assert!(!format!("{secret:?}").contains("kls_"));
    let ask = || house.get("/api/v1/purposes").bearer_auth(secret.expose_secret()).send();
    assert_eq!(ask().await.unwrap().status().as_u16(), 200);
    api_tokens::revoke(&house.app, token.id).await.unwrap();
    assert_is_refused(ask().await.unwrap()).await;
    let again = api_tokens::revoke(&house.app, token.id).await;
    assert!(matches!(again, Err(Error::NotFound(_))));
    assert!(api_tokens::list(&house.app).await.unwrap()[0].revoked_at.is_some());
}

async fn a_token_opens_until_it_expires(house: House) {
    let end = house.now() + TimeDelta::hours(1);
    let (_, secret) = api_tokens::create(&house.app, "registry", Some(end)).await.unwrap();
    let check = || api_tokens::check(&house.app, secret.expose_secret());
    assert!(matches!(check().await.unwrap(), Access::Granted(_)));
    house.app.clock.shift(TimeDelta::hours(1));
    assert_eq!(check().await.unwrap(), Access::Denied);
}

async fn a_tokens_name_and_end_are_checked(house: House) {
    for name in ["", " ", "a\nb", &"x".repeat(101)] {
        let made = api_tokens::create(&house.app, name, None).await;
        assert!(matches!(made, Err(Error::Invalid(_))), "{name:?}");
    }
    let made = api_tokens::create(&house.app, "x", Some(house.now())).await;
    assert!(matches!(made, Err(Error::Invalid(_))));
}
