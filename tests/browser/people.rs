//! The staff's pages about people, as staff see and use them: contacts, the import wizard, the
//! builder of segments.

use std::io::Write as _;

use kelisim::{
    app::{
        people::{self, ProfileForm},
        segments::{self, SegmentForm},
        staff::users::{self, By},
    },
    domain::{
        audience::{Audience, Clause},
        id::ContactId,
        language::Language,
        staff::{Role, User},
    },
};

use crate::{
    desk::{Colleague, Desk},
    driver::{Browser, Screen},
    support::database::{Database, Given as _},
};

const SCREENS: [(&str, Screen); 3] = [
    ("wide-light", Screen { width_px: 1280, scheme: "light" }),
    ("wide-dark", Screen { width_px: 1280, scheme: "dark" }),
    ("phone-light", Screen { width_px: 390, scheme: "light" }),
];

const ROWS: &str = "email;name;language;purpose;consent_source;consent_given_at;wording\n\
    dana@example.kz;Дана Ахметова;kk;news;Fair 2026;2026-05-01;Келісемін\n\
    ivan@example.kz;Иван Петров;ru;news;;2026-05-01;Согласен\n\
    nobody;x;;;;;\n";

async fn a_person(desk: &Desk, n: usize) -> ContactId {
    let form = ProfileForm {
        name: format!("Айгүл Сейтқали {n}"),
        language: "kk".to_owned(),
        tags: "мұғалім, vip".to_owned(),
        ..ProfileForm::default()
    };
    people::add(&desk.0.app, &format!("aigul.seitkali{n}@example.kz"), &form).await.unwrap().id
}

async fn open(desk: &Desk) -> (Browser, Colleague<'_>) {
    let colleague = desk.signed_in(&[Role::Author, Role::Officer]).await;
    let browser = Browser::open().await;
    browser.keep_cookie(&desk.0.base, "__Host-sid", &colleague.token).await;
    (browser, colleague)
}

async fn upload(browser: &Browser, desk: &Desk) -> tempfile::NamedTempFile {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(ROWS.as_bytes()).unwrap();
    browser.go(&desk.0.url("/imports/new")).await;
    browser.choose_file("#file", file.path().to_str().unwrap()).await;
    browser.run("document.querySelector('main form').requestSubmit()").await;
    browser.wait("return location.pathname !== '/imports/new'").await;
    file
}

/// Something to see on every page: paths by name.
async fn furnished(desk: &Desk, browser: &Browser, who: &Colleague<'_>) -> Vec<(String, String)> {
    for n in 0..12 {
        a_person(desk, n).await;
    }
    let id = a_person(desk, 99).await;
    let person = format!("/contacts/{id}");
    let paper = [
        ("purpose", "news:institution"),
        ("given_at", "2026-01-05"),
        ("source", "Form 12, folder 3"),
        ("wording", "Жаңалықтарды алуға келісемін."),
    ];
    who.send(&format!("{person}/consent"), &paper).await;
    who.send(&format!("{person}/notes"), &[("body", "Келесі аптада қоңырау шалу керек.")]).await;
    let withdrawal = [("of", "news:institution"), ("channel", "phone"), ("source", "a call")];
    who.send(&format!("{person}/withdraw"), &withdrawal).await;
    let include = vec![Clause::Tag(vec!["vip".to_owned()])];
    let audience = Audience { include, exclude: vec![Clause::Blocked(true)] };
    let form =
        SegmentForm { name: "Ұстаздар".to_owned(), audience, ..SegmentForm::default() };
    let segment = segments::create(&desk.0.app, &form, "test").await.unwrap().id;
    let _file = upload(browser, desk).await;
    browser.wait("return document.querySelector('form[action$=confirm]') !== null").await;
    let import = browser.run("return location.pathname").await.as_str().unwrap().to_owned();
    let named = |name: &str, path: String| (name.to_owned(), path);
    vec![
        named("contacts", "/contacts".to_owned()),
        named("contacts-none", "/contacts?tag=nobody".to_owned()),
        named("person", person.clone()),
        named("person-edit", format!("{person}/edit")),
        named("person-paper", format!("{person}/consent")),
        named("person-erase", format!("{person}/erase")),
        named("export", "/contacts/export".to_owned()),
        named("imports", "/imports".to_owned()),
        named("import-new", "/imports/new".to_owned()),
        named("import-ready", import),
        named("segments", "/segments".to_owned()),
        named("segment", format!("/segments/{segment}")),
    ]
}

#[tokio::test]
async fn every_page_is_accessible_in_every_language_on_every_screen() {
    let database = Database::sqlite();
    let desk = Desk::given(&database).await;
    let (browser, colleague) = open(&desk).await;
    let paths = furnished(&desk, &browser, &colleague).await;
    let mut faults = Vec::new();
    for language in [Language::KK, Language::RU, Language::EN] {
        let reader = User { language, ..colleague.user.clone() };
        users::change(&desk.0.app, &reader, By::Operator).await.unwrap();
        for (name, path) in &paths {
            browser.go(&desk.0.url(path)).await;
            for (kind, screen) in SCREENS {
                browser.show_on(screen).await;
                browser.picture(&format!("staff-{name}-{language}-{kind}")).await;
                let at = format!("{name} {language} {kind}");
                faults.extend(browser.faults().await.iter().map(|fault| format!("{at}: {fault}")));
                let wide = "return document.scrollingElement.scrollWidth > innerWidth";
                if browser.run(wide).await == true {
                    faults.push(format!("{at}: needs sideways scrolling"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn a_file_is_brought_in_by_the_wizard() {
    let database = Database::sqlite();
    let desk = Desk::given(&database).await;
    let (browser, _) = open(&desk).await;
    let _file = upload(&browser, &desk).await;
    browser.wait("return document.querySelector('form[action$=confirm]') !== null").await;
    let text = browser.run("return document.querySelector('main').innerText").await.to_string();
    assert!(text.contains("dana@example.kz") && text.contains("where it was given"), "{text}");
    browser.run("document.querySelector('form[action$=confirm]').requestSubmit()").await;
    browser.wait("return document.body.innerText.includes('The file was brought in')").await;
    browser.run("document.querySelector('main a[href^=\"/contacts?import=\"]').click()").await;
    browser.wait("return document.querySelector('[data-count]')?.textContent === '2 people'").await;
}

#[tokio::test]
async fn people_are_found_as_one_types() {
    let database = Database::sqlite();
    let desk = Desk::given(&database).await;
    for n in 0..3 {
        a_person(&desk, n).await;
    }
    let (browser, _) = open(&desk).await;
    browser.go(&desk.0.url("/contacts")).await;
    let type_in = "const q = document.querySelector('#q'); q.value = 'aigul.seitkali2'; \
        q.dispatchEvent(new Event('input', {bubbles: true}))";
    browser.run(type_in).await;
    browser.wait("return document.querySelectorAll('#results tbody tr').length === 1").await;
    let here = browser.run("return location.search").await;
    assert_eq!(here, "?q=aigul.seitkali2");
}

#[tokio::test]
async fn a_segment_is_built_counted_and_saved() {
    let database = Database::sqlite();
    let desk = Desk::given(&database).await;
    for n in 0..3 {
        a_person(&desk, n).await;
    }
    let (browser, _) = open(&desk).await;
    browser.go(&desk.0.url("/segments/new")).await;
    browser
        .wait("return document.querySelector('[data-count-text]').textContent === '3 people'")
        .await;
    let choose = |list: &str, kind: &str| {
        format!(
            "const add = document.querySelector('#{list}-add'); add.value = '{kind}'; \
             add.dispatchEvent(new Event('change', {{bubbles: true}}))"
        )
    };
    browser.run(&choose("include", "tag")).await;
    let type_in = "const tags = document.querySelector('#include-0 input'); tags.value = 'vip, x'; \
        tags.dispatchEvent(new Event('input', {bubbles: true}))";
    browser.run(type_in).await;
    browser.run(&choose("exclude", "consent")).await;
    browser.run(&choose("exclude", "any")).await;
    browser.run(&choose("exclude-1", "language")).await;
    browser
        .wait("return document.querySelector('[data-count-text]').textContent === '0 people'")
        .await;
    browser.run("document.querySelector('#exclude-1 > .end').click()").await;
    browser.run("document.querySelectorAll('.clause .end')[1].click()").await;
    browser
        .wait("return document.querySelector('[data-count-text]').textContent === '3 people'")
        .await;
    let sample = browser.run("return document.querySelectorAll('[data-sample-list] li').length");
    assert_eq!(sample.await, 3);
    let save = "document.querySelector('#name').value = 'VIP'; \
        document.querySelector('[data-segment]').requestSubmit()";
    browser.run(save).await;
    browser.wait("return document.body.innerText.includes('The segment is saved.')").await;
    let saved = &segments::all(&desk.0.app).await.unwrap()[0];
    let tags = Clause::Tag(vec!["vip".to_owned(), "x".to_owned()]);
    assert_eq!(saved.audience, Audience { include: vec![tags], exclude: vec![] });
}
