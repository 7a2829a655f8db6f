//! The letter editor, as authors use it: by mouse and by keyboard, in three languages.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use kelisim::{
    app::staff::users::{self, By, NewUser},
    domain::{
        id::SessionId,
        language::Language,
        ledger::sha256,
        staff::{Role, Session, SessionState},
    },
    store::{self, Store},
};
use serde_json::{Value, json};

use crate::{
    driver::{Browser, Screen},
    house::House,
    support::{
        database::{Database, Given as _},
        scene::{address, institution},
    },
};

const WIDE: Screen = Screen { width_px: 1280, scheme: "light" };
const PHONE: Screen = Screen { width_px: 390, scheme: "dark" };
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const CONTROL: &str = "\u{e009}";
const SHIFT: &str = "\u{e008}";
/// Long enough for a slow machine that does other things too.
const PATIENCE: Duration = Duration::from_mins(1);
const LOOK: Duration = Duration::from_millis(100);

/// An author with an open letter.
struct Author {
    house: House,
    browser: Browser,
    /// The file's folder lives as long as this.
    _database: Database,
}

impl Author {
    async fn with(path: &str) -> Self {
        let database = Database::sqlite();
        let store = Store::given(&database).await;
        let house = House::open(store, institution(), None).await;
        let token = sign_in(&house).await;
        let browser = Browser::open().await;
        browser.show_on(WIDE).await;
        browser.keep_cookie(&house.base, "__Host-sid", &token).await;
        let author = Self { house, browser, _database: database };
        author.go(path).await;
        author
    }

    async fn go(&self, path: &str) {
        self.browser.go(&self.house.url(path)).await;
        self.until("return Boolean(document.querySelector('.editor-desk'))").await;
    }

    async fn run(&self, script: &str) -> Value {
        self.browser.run(script).await
    }

    /// Waits for what lasts once it is there.
    async fn until(&self, script: &str) {
        let (begun, mut looks) = (Instant::now(), tokio::time::interval(LOOK));
        while self.run(script).await != json!(true) {
            assert!(begun.elapsed() < PATIENCE, "never: {script}");
            looks.tick().await;
        }
    }

    async fn press(&self, keys: &[&str]) {
        for key in keys {
            self.browser.press(key).await;
        }
    }

    async fn type_in(&self, text: &str) {
        for letter in text.chars() {
            self.browser.press(&letter.to_string()).await;
        }
    }

    async fn chord(&self, held: &[&str], key: &str) {
        self.browser.chord(held, key).await;
    }

    async fn click(&self, words: &str) {
        let script = format!(
            "[...document.querySelectorAll('button')].find(one => !one.disabled && \
             (one.textContent === {words} || one.getAttribute('aria-label') === {words})).click()",
            words = json!(words)
        );
        self.run(&script).await;
    }

    /// The letter as the form around the editor would send it.
    async fn letter(&self) -> Value {
        let text = self.run("return document.querySelector('textarea[name=letter]').value").await;
        serde_json::from_str(text.as_str().unwrap()).unwrap()
    }

    async fn blocks(&self, language: &str) -> Value {
        self.letter().await["editions"][language]["body"]["blocks"].clone()
    }
}

async fn sign_in(house: &House) -> String {
    let new = NewUser {
        address: address("author@example.kz"),
        name: "Автор".to_owned(),
        language: Language::EN,
        roles: BTreeSet::from([Role::Author]),
    };
    let user = users::create(&house.app, new, By::Operator).await.unwrap();
    let now = house.now();
    let session = Session {
        id: SessionId(house.id()),
        user_id: user.id,
        state: SessionState::Open,
        agent: "a test".to_owned(),
        created_at: now,
        seen_at: now,
        proved_at: now,
    };
    let token = house.id().simple().to_string();
    let mut tx = house.app.store.begin().await.unwrap();
    let hash = sha256(token.as_bytes());
    store::staff::session::insert(tx.conn(), &session, &hash).await.unwrap();
    tx.commit().await.unwrap();
    token
}

const FOCUS: &str = "document.activeElement";

#[tokio::test]
async fn a_letter_is_written_by_keyboard_alone() {
    let author = Author::with("/letters/blank").await;
    author.run("[...document.querySelectorAll('button')].find(one => one.textContent === 'Begin blank').focus()").await;
    author.press(&[ENTER]).await;
    author.run("document.querySelector('[data-key=\"blocks.add\"]').focus()").await;
    author.press(&[ENTER]).await;
    author.type_in("Бір").await;
    author.press(&[ENTER]).await;
    author.type_in("екі ").await;
    author.chord(&[CONTROL], "b").await;
    author.type_in("үш").await;
    let text = author.blocks("kk").await[0]["text"].clone();
    assert_eq!(text[0], json!({ "words": [{ "type": "text", "text": "Бір" }] }));
    let bold = json!({ "type": "text", "text": "үш", "marks": { "bold": true } });
    assert_eq!(text[1]["words"][1], bold, "{text}");
    // A second block, moved up and back by the same button.
    author.run("document.querySelector('[data-key=\"blocks.add\"]').focus()").await;
    author.press(&[ENTER]).await;
    author.type_in("Соңғы").await;
    author.run("document.querySelector('[data-key=\"blocks.1.up\"]').focus()").await;
    author.press(&[ENTER]).await;
    assert_eq!(author.blocks("kk").await[0]["text"][0]["words"][0]["text"], "Соңғы");
    let held = author
        .run(&format!("return {FOCUS}.dataset.key ?? {FOCUS}.closest('li').dataset.block"))
        .await;
    assert!(
        held.as_str().unwrap().starts_with("blocks.0"),
        "the keyboard stays with the block: {held}"
    );
    author.press(&[TAB]).await;
    author.chord(&[CONTROL], "z").await;
    assert_eq!(author.blocks("kk").await[0]["text"][0]["words"][0]["text"], "Бір");
    author.chord(&[CONTROL, SHIFT], "Z").await;
    assert_eq!(author.blocks("kk").await[0]["text"][0]["words"][0]["text"], "Соңғы");
}

#[tokio::test]
async fn three_languages_share_a_structure_and_say_what_is_missing() {
    let author = Author::with("/letters/event").await;
    author
        .run(
            "const store = document.querySelector('textarea[name=letter]'); \
        document.querySelectorAll('[role=tab]')[1].click()",
        )
        .await;
    assert_eq!(author.run("return document.querySelectorAll('[role=tab] .badge').length").await, 0);
    let text = author.run("return document.querySelector('.editor-panel').innerText").await;
    let text = text.as_str().unwrap();
    assert!(text.contains("Приглашаем вас на встречу"), "{text}");
    assert!(text.contains("Сізді кездесуге шақырамыз"), "the Kazakh words stand beside: {text}");

    author.go("/letters/blank").await;
    author.click("Begin blank").await;
    author.click("Add block").await;
    author.type_in("Мәтін").await;
    assert_eq!(author.run("return document.querySelectorAll('[role=tab] .badge').length").await, 2);
    author.run("document.querySelectorAll('[role=tab]')[2].click()").await;
    author.click("Copy the structure from the first language").await;
    assert_eq!(author.blocks("en").await, json!([{ "type": "text", "text": [], "align": "left" }]));
    assert_eq!(author.run("return document.querySelectorAll('[role=tab] .badge').length").await, 1);
}

#[tokio::test]
async fn what_is_pasted_is_cleaned_and_a_field_has_its_fallback() {
    let author = Author::with("/letters/blank").await;
    author.click("Begin blank").await;
    author.click("Add block").await;
    author
        .run(
            "const given = new DataTransfer(); \
             given.setData('text/html', '<p onclick=x>А <b>Ә</b><script>x</'+'script><a href=\"javascript:x\">Б</a> \
             <a href=\"https://example.kz/\">В</a></p><ul><li>Г</li></ul>'); \
             document.querySelector('.editor-rich').dispatchEvent(new ClipboardEvent('paste', \
             {clipboardData: given, bubbles: true, cancelable: true}))",
        )
        .await;
    let link = json!({ "link": { "url": "https://example.kz/" } });
    assert_eq!(
        author.blocks("kk").await[0]["text"],
        json!([
            { "words": [
                { "type": "text", "text": "А " },
                { "type": "text", "text": "Ә", "marks": { "bold": true } },
                { "type": "text", "text": "Б " },
                { "type": "text", "text": "В", "marks": link },
            ] },
            { "bullets": [[{ "type": "text", "text": "Г" }]] },
        ])
    );
    author.run("document.querySelector('[data-key=subject]').focus()").await;
    author.type_in("Сәлем, ").await;
    author.run("document.querySelector('[data-key=subject]').parentElement.querySelector('.editor-tool.field').click()").await;
    author.press(&[TAB]).await;
    author.type_in("әріптес").await;
    author.press(&[ENTER]).await;
    author.until("return !document.querySelector('dialog')").await;
    let subject = author.letter().await["editions"]["kk"]["subject"].clone();
    assert_eq!(subject, json!(["Сәлем, ", { "field": "given_name", "fallback": "әріптес" }]));
}

#[tokio::test]
async fn the_preview_shows_what_is_written_and_remarks_lead_to_their_block() {
    let author = Author::with("/letters/blank").await;
    author.click("Begin blank").await;
    author.click("Add block").await;
    author.type_in("Көрінсін").await;
    author
        .until("return document.querySelector('.editor-plain').textContent.includes('Көрінсін')")
        .await;
    author.run("document.querySelector('.editor-add select').value = 'button'").await;
    author.click("Add block").await;
    author.until("return document.querySelector('[data-block=\"blocks.1\"] .editor-found').innerText.includes('leads nowhere')").await;
    author.run("[...document.querySelectorAll('.editor-preview .editor-found button')].find(one => one.textContent.includes('leads nowhere')).click()").await;
    let inside =
        format!("return document.querySelector('[data-block=\"blocks.1\"]').contains({FOCUS})");
    assert_eq!(author.run(&inside).await, true);
    author.click("Plain text").await;
    assert_eq!(author.run("return document.querySelector('.editor-frame').hidden").await, true);
}

#[tokio::test]
async fn the_editor_is_accessible_and_fits_a_phone() {
    let author = Author::with("/letters/offer").await;
    for screen in [WIDE, PHONE] {
        author.browser.show_on(screen).await;
        for path in ["/letters/offer", "/letters/news"] {
            author.go(path).await;
            author.until("return document.querySelector('.editor-plain').textContent !== ''").await;
            author.browser.picture(&format!("editor-{}-{}", &path[9..], screen.width_px)).await;
            assert_eq!(author.browser.faults().await, Vec::<String>::new(), "{path}");
            let width = author.run("return document.scrollingElement.scrollWidth").await;
            assert!(width.as_f64().unwrap() <= f64::from(screen.width_px), "{path}: {width}");
        }
    }
}
