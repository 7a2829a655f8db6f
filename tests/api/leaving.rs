//! RFC 8058 as a contract, and the page that the link opens.

use kelisim::{
    app::consent,
    domain::{
        consent::{Actor, Channel, Evidence, State},
        contact::Contact,
        suppression::Reason,
    },
    store,
};
use reqwest::{Method, Response, StatusCode, header, multipart};

use crate::{
    house::{House, Letter},
    support::database::on_both,
};

const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

on_both!(
    a_hundred_gets_and_heads_change_nothing,
    one_click_as_gmail_sends_it_leaves,
    one_click_as_multipart_leaves,
    one_click_may_be_repeated,
    one_click_works_without_a_user_agent_and_for_robots,
    the_form_leaves_this_purpose_only,
    the_form_leaves_everything,
    a_withdrawal_is_in_the_ledger_with_its_evidence,
    a_post_that_says_nothing_changes_nothing_and_shows_the_button,
    the_preferences_link_opens_the_same_page,
);

async fn one_click(house: &House, letter: &Letter) -> Response {
    house
        .post(&format!("/u/{}", letter.token))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(ONE_CLICK)
        .send()
        .await
        .unwrap()
}

async fn has_left(house: &House, contact: &Contact) -> bool {
    house.consents(contact).await.iter().all(|one| one.standing.state == State::Withdrawn)
}

/// What RFC 8058 asks of the answer.
fn assert_is_a_plain_yes(answer: &Response) {
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(!answer.headers().contains_key(header::LOCATION));
    assert!(!answer.headers().contains_key(header::SET_COOKIE));
}

async fn a_hundred_gets_and_heads_change_nothing(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let path = format!("/u/{}", letter.token);
    for n in 0..100 {
        let method = if n % 2 == 0 { Method::GET } else { Method::HEAD };
        let answer = house.client.request(method, house.url(&path)).send().await.unwrap();
        assert_is_a_plain_yes(&answer);
    }
    assert!(!has_left(&house, &letter.contact).await);
    assert_eq!(house.history(&letter.contact).await.len(), 1);
}

async fn one_click_as_gmail_sends_it_leaves(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let answer = one_click(&house, &letter).await;
    assert_is_a_plain_yes(&answer);
    assert!(answer.text().await.unwrap().len() < 100);
    assert!(has_left(&house, &letter.contact).await);
}

async fn one_click_as_multipart_leaves(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let form = multipart::Form::new().text("List-Unsubscribe", "One-Click");
    let path = format!("/u/{}", letter.token);
    let answer = house.post(&path).multipart(form).send().await.unwrap();
    assert_is_a_plain_yes(&answer);
    assert!(has_left(&house, &letter.contact).await);
}

async fn one_click_may_be_repeated(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    for _ in 0..3 {
        assert_is_a_plain_yes(&one_click(&house, &letter).await);
    }
    assert_eq!(house.history(&letter.contact).await.len(), 2, "given, withdrawn once");
}

async fn one_click_works_without_a_user_agent_and_for_robots(house: House) {
    for (to, agent) in [("a@example.kz", ""), ("b@example.kz", "security-bot java/1.8 curl")] {
        let letter = house.a_letter(to).await;
        let answer = house
            .post(&format!("/u/{}", letter.token))
            .header(header::USER_AGENT, agent)
            .body(ONE_CLICK)
            .send()
            .await
            .unwrap();
        assert_is_a_plain_yes(&answer);
        assert!(has_left(&house, &letter.contact).await, "user agent {agent:?}");
    }
}

async fn the_form_leaves_this_purpose_only(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let institution = letter.campaign.party.clone();
    house.a_consent(&letter.contact, "events", &institution).await;
    let path = format!("/u/{}?lang=en", letter.token);
    let answer = house.post(&path).form(&[("scope", "purpose")]).send().await.unwrap();
    assert_is_a_plain_yes(&answer);
    let page = answer.text().await.unwrap();
    assert!(page.contains("You are unsubscribed") && page.contains("“News”"), "{page}");
    assert!(page.contains("Unsubscribe from everything"), "{page}");
    let states: Vec<(String, State)> = house
        .consents(&letter.contact)
        .await
        .into_iter()
        .map(|one| (one.purpose.to_string(), one.standing.state))
        .collect();
    let expected = [("events".to_owned(), State::Given), ("news".to_owned(), State::Withdrawn)];
    assert_eq!(states, expected);
}

async fn the_form_leaves_everything(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let institution = letter.campaign.party.clone();
    house.a_consent(&letter.contact, "events", &institution).await;
    let path = format!("/u/{}?lang=en", letter.token);
    let answer = house.post(&path).form(&[("scope", "all")]).send().await.unwrap();
    assert_is_a_plain_yes(&answer);
    assert!(!answer.text().await.unwrap().contains("<form"), "nothing is left to leave");
    assert!(has_left(&house, &letter.contact).await);
    let mut reader = house.app.store.read().await.unwrap();
    let hash = letter.contact.address_hash;
    let kept = store::suppression::among(reader.conn(), &[hash], house.now()).await.unwrap();
    assert_eq!(kept.first().map(|one| one.reason), Some(Reason::AllWithdrawn));
}

async fn a_withdrawal_is_in_the_ledger_with_its_evidence(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let long = "Mail/1.0 ".repeat(100);
    house
        .post(&format!("/u/{}", letter.token))
        .header(header::USER_AGENT, long.trim())
        .body(ONE_CLICK)
        .send()
        .await
        .unwrap();
    let history = house.history(&letter.contact).await;
    let last = history.last().unwrap();
    assert_eq!(last.event.state, State::Withdrawn);
    assert_eq!((last.event.actor, last.event.channel), (Actor::Subject, Channel::OneClick));
    assert_eq!(last.event.occurred_at, house.now());
    let (_, detail) = last.detail.as_ref().unwrap();
    let evidence: Evidence = serde_json::from_str(detail).unwrap();
    assert_eq!(evidence.delivery_id, Some(letter.delivery.0));
    assert_eq!(evidence.source, "one-click unsubscribe (RFC 8058)");
    assert!(evidence.user_agent.unwrap().chars().count() <= 200);
    let checked = consent::verify(&house.app, None).await.unwrap().unwrap();
    assert_eq!((checked.events, checked.consents), (2, 1));
}

async fn a_post_that_says_nothing_changes_nothing_and_shows_the_button(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let path = format!("/u/{}", letter.token);
    for body in ["", "scope=", "List-Unsubscribe=", "{\"List-Unsubscribe\":\"One-Click\"}"] {
        let answer = house.post(&path).body(body).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{body}");
        assert!(answer.text().await.unwrap().contains("<button"), "{body}");
    }
    assert!(!has_left(&house, &letter.contact).await);
}

async fn the_preferences_link_opens_the_same_page(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let path = format!("/p/{}", letter.token);
    let page = house.get(&path).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<button"), "{page}");
    let answer = house.post(&path).form(&[("scope", "purpose")]).send().await.unwrap();
    assert_is_a_plain_yes(&answer);
    assert!(has_left(&house, &letter.contact).await);
}
