//! The pages of leaving, as people see and use them.

use std::collections::BTreeMap;

use kelisim::domain::{
    contact::Profile, institution::Institution, language::Language, party::PartyKey,
};
use serde_json::json;

use crate::{
    driver::{Browser, Screen},
    house::House,
    support::{
        database::{Database, Given as _},
        scene,
    },
};

const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];
const SCREENS: [(&str, Screen); 4] = [
    ("wide-light", Screen { width_px: 1280, scheme: "light" }),
    ("wide-dark", Screen { width_px: 1280, scheme: "dark" }),
    ("phone-light", Screen { width_px: 390, scheme: "light" }),
    ("phone-dark", Screen { width_px: 390, scheme: "dark" }),
];
/// WCAG 2.2, 1.4.10: no sideways scrolling down to here.
const NARROWEST: Screen = Screen { width_px: 320, scheme: "light" };

const TAB: &str = "\u{e004}";
const SPACE: &str = " ";
const ENTER: &str = "\u{e007}";
const DOWN: &str = "\u{e015}";

fn texts(kk: &str, ru: &str, en: &str) -> BTreeMap<Language, String> {
    let texts = [(Language::KK, kk), (Language::RU, ru), (Language::EN, en)];
    texts.into_iter().map(|(language, text)| (language, text.to_owned())).collect()
}

/// One with names of ordinary length.
fn institution() -> Institution {
    Institution {
        name: texts(
            "«Педагогикалық өлшеулер орталығы» ЖШС",
            "ТОО «Центр педагогических измерений»",
            "Center for Pedagogical Measurements LLP",
        ),
        address: texts(
            "010000, Астана қ., Мәңгілік Ел даңғылы, 55",
            "010000, г. Астана, проспект Мәңгілік Ел, 55",
            "55 Mangilik El Avenue, Astana 010000",
        ),
        ..scene::institution()
    }
}

/// A house with somebody's news and somebody's partner mail: paths by name.
async fn furnished(database: &Database) -> (House, Vec<(&'static str, String)>) {
    let store = kelisim::store::Store::given(database).await;
    let house = House::open(store, institution(), None).await;
    let leave = house.a_letter("aigul.seitkali@example.kz").await;
    let left = house.a_letter("dana@example.kz").await;
    let left_all = house.a_letter("ivan@example.kz").await;
    let publisher = house.a_partner("kitap", "«Кітап әлемі» баспасы").await;
    let partner = house
        .a_letter_for("asel@example.kz", "partner_offers", publisher, Profile::default())
        .await;
    for (letter, scope) in [(&left, "purpose"), (&left_all, "all")] {
        let path = format!("/u/{}", letter.token);
        house.post(&path).form(&[("scope", scope)]).send().await.unwrap();
    }
    let paths = vec![
        ("leave", format!("/u/{}", leave.token)),
        ("partner", format!("/u/{}", partner.token)),
        ("left", format!("/u/{}", left.token)),
        ("left-all", format!("/u/{}", left_all.token)),
        ("lost", "/u/1.aaaaaa.cut".to_owned()),
    ];
    (house, paths)
}

#[tokio::test]
async fn every_page_is_accessible_in_every_language_on_every_screen() {
    let (house, paths) = furnished(&Database::sqlite()).await;
    let browser = Browser::open().await;
    let mut faults = Vec::new();
    for (name, path) in &paths {
        for language in LANGUAGES {
            browser.go(&house.url(&format!("{path}?lang={language}"))).await;
            for (kind, screen) in SCREENS {
                browser.show_on(screen).await;
                browser.picture(&format!("{name}-{language}-{kind}")).await;
                let at = format!("{name} {language} {kind}");
                faults.extend(browser.faults().await.iter().map(|fault| format!("{at}: {fault}")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn nothing_needs_sideways_scrolling_and_buttons_are_large_enough() {
    let (house, paths) = furnished(&Database::sqlite()).await;
    let browser = Browser::open().await;
    browser.show_on(NARROWEST).await;
    for (name, path) in &paths {
        for language in LANGUAGES {
            browser.go(&house.url(&format!("{path}?lang={language}"))).await;
            let script = "const lows = [...document.querySelectorAll('button, .choice')] \
                .map(one => one.getBoundingClientRect().height); \
                return [document.scrollingElement.scrollWidth, Math.min(99, ...lows)]";
            let measured = browser.run(script).await;
            let (width, low) = (measured[0].as_f64().unwrap(), measured[1].as_f64().unwrap());
            assert!(width <= f64::from(NARROWEST.width_px), "{name} {language} is {width} px wide");
            assert!(low >= 44.0, "{name} {language} has a button {low} px high");
        }
    }
}

#[tokio::test]
async fn a_person_leaves_by_keyboard_and_without_scripts() {
    let (house, paths) = furnished(&Database::sqlite()).await;
    let browser = Browser::open().await;
    browser.allow_scripts(false).await;
    browser.go(&house.url(&format!("{}?lang=en", paths[0].1))).await;
    // Three languages, then the choice (one stop for both), then the button.
    for _ in 0..4 {
        browser.press(TAB).await;
    }
    browser.press(DOWN).await;
    browser.press(SPACE).await;
    browser.press(TAB).await;
    browser.press(ENTER).await;
    browser.allow_scripts(true).await;
    let text = browser.run("return document.body.innerText").await.to_string();
    assert!(text.contains("You are unsubscribed"), "{text}");
    assert!(text.contains("any news or marketing mail"), "the second choice was taken: {text}");
}

#[tokio::test]
async fn the_language_can_be_changed_on_the_page() {
    let (house, paths) = furnished(&Database::sqlite()).await;
    let browser = Browser::open().await;
    browser.go(&house.url(&paths[0].1)).await;
    browser.run("document.querySelector('a[hreflang=ru]').click()").await;
    let said = browser
        .run("return [document.documentElement.lang, document.querySelector('h1').textContent]");
    assert_eq!(said.await, json!(["ru", "Отписаться от писем"]));
    let news = PartyKey::institution();
    let english = Profile { language: Some(Language::EN), ..Profile::default() };
    let letter = house.a_letter_for("john@example.kz", "news", news, english).await;
    browser.go(&house.url(&format!("/u/{}", letter.token))).await;
    assert_eq!(browser.run("return document.documentElement.lang").await, "en");
}
