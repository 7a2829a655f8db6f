//! What the page behind a link says, and how it may be treated.

use kelisim::domain::{contact::Profile, language::Language};
use reqwest::{Response, header};

use crate::{
    house::{House, SOURCE},
    support::database::on_both,
};

on_both!(
    the_page_says_why_the_mail_came,
    the_page_speaks_the_persons_language_unless_told_otherwise,
    partner_mail_names_the_partner,
    the_page_stays_private,
    styles_are_kept_and_checked_by_their_hash,
);

async fn page(house: &House, path: &str, accept_language: &str) -> String {
    let request = house.get(path).header(header::ACCEPT_LANGUAGE, accept_language);
    request.send().await.unwrap().text().await.unwrap()
}

async fn the_page_says_why_the_mail_came(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let page = page(&house, &format!("/u/{}?lang=en", letter.token), "").await;
    let said = [
        "a•••@example.kz",
        "Күзгі жаңалықтар",
        "News",
        "clause 3.1.7",
        "by a form on a website",
        SOURCE,
        "edition 1",
        "SHA-256",
        "https://example.kz/policy",
        "mailto:support@example.kz?subject",
        "tel:+77172000000",
    ];
    // Handlebars writes = as a character reference.
    let page = page.replace("&#x3D;", "=");
    for text in said {
        assert!(page.contains(text), "{text} is missing in {page}");
    }
    assert!(!page.contains("aigul"), "{page}");
}

async fn the_page_speaks_the_persons_language_unless_told_otherwise(house: House) {
    let russian = Profile { language: Some(Language::RU), ..Profile::default() };
    let news = kelisim::domain::party::PartyKey::institution();
    let letter = house.a_letter_for("ivan@example.kz", "news", news, russian).await;
    let path = format!("/u/{}", letter.token);
    assert!(page(&house, &path, "en").await.contains("<html lang=\"ru\">"));
    let chosen = page(&house, &format!("{path}?lang=en"), "kk").await;
    assert!(chosen.contains("<html lang=\"en\">"));

    let unknown = house.a_letter("aigul@example.kz").await;
    let path = format!("/u/{}", unknown.token);
    assert!(page(&house, &path, "en-GB,ru;q=0.5").await.contains("<html lang=\"en\">"));
    assert!(page(&house, &path, "de,*;q=0.1").await.contains("<html lang=\"kk\">"));
    assert!(page(&house, &format!("{path}?lang=%00&lang=x"), "").await.contains("lang=\"kk\""));
}

async fn partner_mail_names_the_partner(house: House) {
    let partner = house.a_partner("kitap", "«Кітап» баспасы").await;
    let letter =
        house.a_letter_for("a@example.kz", "partner_offers", partner, Profile::default()).await;
    let page = page(&house, &format!("/u/{}", letter.token), "").await;
    assert!(page.contains("«Кітап» баспасы"), "{page}");
}

fn header_of<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

async fn the_page_stays_private(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let answer = house.get(&format!("/u/{}", letter.token)).send().await.unwrap();
    assert_eq!(header_of(&answer, "cache-control"), "no-store");
    assert_eq!(header_of(&answer, "referrer-policy"), "no-referrer");
    assert_eq!(header_of(&answer, "x-content-type-options"), "nosniff");
    assert_eq!(header_of(&answer, "x-robots-tag"), "noindex");
    assert!(header_of(&answer, "strict-transport-security").starts_with("max-age=31536000"));
    let policy = header_of(&answer, "content-security-policy").to_owned();
    for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("script-src"), "{policy}");
    let page = answer.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("style=") && !page.contains("<style"));
    assert!(!page.contains(&letter.token), "the address bar is the only place of the token");
}

async fn styles_are_kept_and_checked_by_their_hash(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let page = page(&house, &format!("/u/{}", letter.token), "").await;
    let (_, rest) = page.split_once("/assets/css/public.css").unwrap();
    let (query, _) = rest.split_once('"').unwrap();
    let path = format!("/assets/css/public.css{}", query.replace("&#x3D;", "="));
    let styles = house.get(&path).send().await.unwrap();
    assert_eq!(header_of(&styles, "content-type"), "text/css; charset=utf-8");
    assert!(header_of(&styles, "cache-control").contains("immutable"));
    let tag = header_of(&styles, "etag").to_owned();
    let again = house.get(&path).header(header::IF_NONE_MATCH, tag).send().await.unwrap();
    assert_eq!(again.status().as_u16(), 304);
    for missing in ["/assets/css/none.css", "/assets/../Cargo.toml", "/assets/locales/kk/web.ftl"] {
        assert_eq!(house.get(missing).send().await.unwrap().status().as_u16(), 404, "{missing}");
    }
}
