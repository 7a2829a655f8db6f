//! Writing a campaign in a real browser: nothing that was written is lost, whatever happens.

use kelisim::{
    app::{
        draft::{self, Beginning, Change, Saved},
        staff::sessions,
    },
    domain::{
        id::CampaignId,
        letter::Letter,
        staff::{Role, SessionState},
    },
};
use serde_json::json;

use crate::{
    desk::{Colleague, Desk},
    driver::{Browser, Screen},
    support::database::{Database, Given as _},
};

const SCREENS: [(&str, Screen); 2] = [
    ("wide-light", Screen { width_px: 1280, scheme: "light" }),
    ("phone-dark", Screen { width_px: 390, scheme: "dark" }),
];

async fn begun(desk: &Desk, author: &Colleague<'_>) -> CampaignId {
    let from = Beginning::Letter(Letter::default());
    draft::begin(&desk.0.app, "Күз", from, &author.user_actor()).await.unwrap()
}

impl Colleague<'_> {
    fn user_actor(&self) -> String {
        kelisim::app::staff::actor(self.user.id)
    }

    async fn sits_at(&self, browser: &Browser, path: &str) {
        browser.keep_cookie(&self.desk.0.url("/"), "__Host-sid", &self.token).await;
        browser.go(&self.desk.0.url(path)).await;
    }

    async fn renames(&self, campaign: CampaignId, was: &str, now: &str) {
        let change = Change { at: "/name".into(), was: json!(was), now: json!(now) };
        let app = &self.desk.0.app;
        let saved = draft::save(app, campaign, &[change], &self.user_actor()).await.unwrap();
        assert!(matches!(saved, Saved::Now { .. }));
    }
}

impl Desk {
    async fn name_of(&self, campaign: CampaignId) -> String {
        draft::find(&self.0.app, campaign).await.unwrap().copy.draft.name
    }

    async fn named(&self, campaign: CampaignId, name: &str) {
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(50));
        let named = tokio::time::timeout(std::time::Duration::from_mins(1), async {
            while self.name_of(campaign).await != name {
                looks.tick().await;
            }
        });
        named.await.unwrap_or_else(|_| panic!("it was never called {name}"));
    }
}

#[tokio::test]
async fn what_is_written_is_saved_by_itself() {
    let database = Database::sqlite();
    let desk = Desk::given(&database).await;
    let author = desk.signed_in(&[Role::Author]).await;
    let campaign = begun(&desk, &author).await;
    let browser = Browser::open().await;
    author.sits_at(&browser, &format!("/campaigns/{campaign}/about")).await;
    browser.until("document.querySelector('[data-clauses]').children.length").await;
    browser.write("#name", "Көктем").await;
    desk.named(campaign, "Көктем").await;
    browser
        .until("document.querySelector('[data-draft-status]').textContent.includes('All saved')")
        .await;
}

#[tokio::test]
async fn of_two_editors_at_once_the_second_is_told_and_chooses() {
    let database = Database::sqlite();
    let desk = Desk::given(&database).await;
    let aigul = desk.signed_in(&[Role::Author]).await;
    let dana = desk.signed_in(&[Role::Author]).await;
    let campaign = begun(&desk, &aigul).await;
    let browser = Browser::open().await;
    aigul.sits_at(&browser, &format!("/campaigns/{campaign}/about")).await;
    browser.until("document.querySelector('[data-draft-status]')").await;
    // The page has read what stands there before Dana changes it.
    browser.write("#name", "Күз 1").await;
    desk.named(campaign, "Күз 1").await;
    browser
        .until("document.querySelector('[data-draft-status]').textContent.includes('All saved')")
        .await;
    dana.renames(campaign, "Күз 1", "Дананың күзі").await;
    browser.write("#name", "Айгүлдің күзі").await;
    browser.until("document.querySelector('[data-draft-met]').open").await;
    let shown = browser.run("return document.querySelector('[data-draft-met]').innerText").await;
    let shown = shown.as_str().unwrap();
    assert!(shown.contains("Айгүлдің күзі") && shown.contains("Дананың күзі"), "{shown}");
    assert!(shown.contains(&dana.user.name), "{shown}");
    assert_eq!(desk.name_of(campaign).await, "Дананың күзі");
    assert_eq!(browser.faults().await, [] as [String; 0]);
    browser.click("[data-met-keep]").await;
    desk.named(campaign, "Айгүлдің күзі").await;
}

#[tokio::test]
async fn a_session_that_ends_in_mid_edit_loses_nothing() {
    let database = Database::sqlite();
    let desk = Desk::given(&database).await;
    let author = desk.signed_in(&[Role::Author]).await;
    let campaign = begun(&desk, &author).await;
    let browser = Browser::open().await;
    let path = format!("/campaigns/{campaign}/about");
    author.sits_at(&browser, &path).await;
    browser.write("#name", "Күз 1").await;
    desk.named(campaign, "Күз 1").await;
    browser
        .until("document.querySelector('[data-draft-status]').textContent.includes('All saved')")
        .await;
    sessions::end_others(&desk.0.app, author.user.id, None).await.unwrap();
    browser.write("#name", "Күз 2").await;
    browser.until("!document.querySelector('[data-draft-signed-out]').hidden").await;
    assert_eq!(desk.name_of(campaign).await, "Күз 1");
    let again = desk.session_of(author.user.clone(), SessionState::Open).await;
    again.sits_at(&browser, &path).await;
    desk.named(campaign, "Күз 2").await;
    browser.until("document.querySelector('#name').value === 'Күз 2'").await;
}

#[tokio::test]
async fn every_step_is_accessible() {
    let database = Database::sqlite();
    let desk = Desk::given(&database).await;
    desk.0.a_letter("somebody@example.kz").await;
    let author = desk.signed_in(&[Role::Author]).await;
    let letter = kelisim::app::letters::begin(&desk.0.app, "news").unwrap();
    let by = author.user_actor();
    let campaign = draft::begin(&desk.0.app, "Күзгі жаңалықтар", Beginning::Letter(letter), &by)
        .await
        .unwrap();
    let purpose = Change { at: "/purpose".into(), was: json!(null), now: json!("news") };
    let _ = draft::save(&desk.0.app, campaign, &[purpose], &by).await.unwrap();
    let browser = Browser::open().await;
    let mut faults = Vec::new();
    let steps = ["about", "content", "preview", "when", "check", "start", "funnel?who=allowed"];
    let pages = steps.map(|step| (step, format!("/campaigns/{campaign}/{step}")));
    let lists = [("list", "/campaigns".to_owned()), ("new", "/campaigns/new".to_owned())];
    for (name, path) in lists.into_iter().chain(pages) {
        author.sits_at(&browser, &path).await;
        browser.until("document.readyState === 'complete'").await;
        let title = browser.run("return document.title").await;
        assert!(!title.as_str().unwrap().contains("broke"), "{name}");
        for (kind, screen) in SCREENS {
            browser.show_on(screen).await;
            let file = name.split('?').next().unwrap_or(name);
            browser.picture(&format!("campaigns-{file}-{kind}")).await;
            let found = browser.faults().await;
            faults.extend(found.iter().map(|fault| format!("{name} {kind}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
