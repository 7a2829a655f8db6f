//! The home page, a campaign's live page and its report, as staff see and use them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use kelisim::{
    app::{
        App, Entropy, campaign,
        staff::users::{self, By, NewUser},
    },
    domain::{
        campaign::{Campaign, Deed},
        id::SessionId,
        language::Language,
        ledger::sha256,
        staff::{Role, Session, SessionState, User},
        token::Keyring,
    },
    mail::listener::{Action, Step},
    store,
    web::{Outgoing, WebState, router},
};
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    time::timeout,
};

use crate::{
    driver::{Browser, Screen},
    office::Office,
    relay::{LONG, TestRelay},
    support::{
        database::{Database, Given as _, Place},
        scene::{Scene, address, institution},
    },
};

const SCREENS: [(&str, Screen); 4] = [
    ("wide-light", Screen { width_px: 1280, scheme: "light" }),
    ("wide-dark", Screen { width_px: 1280, scheme: "dark" }),
    ("phone-light", Screen { width_px: 390, scheme: "light" }),
    ("phone-dark", Screen { width_px: 390, scheme: "dark" }),
];
/// Time between two looks at a page.
const LOOK: Duration = Duration::from_millis(100);

/// A service that a browser reaches by a line that can be cut.
struct Watched {
    office: Office,
    base: String,
    cut: watch::Sender<u32>,
    _database: Database,
}

impl Watched {
    async fn open() -> Self {
        let database = Database::sqlite();
        let scene = Scene::given(&database).await;
        let line = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://127.0.0.1:{}", line.local_addr().unwrap().port());
        let keys = Keyring::new([9; 32], []).unwrap();
        let (store, clock) = (scene.store.clone(), scene.clock.clone());
        let app = Arc::new(App::new(store, clock, Entropy, keys, institution(), &base).unwrap());
        app.prepare().await.unwrap();
        let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = server.local_addr().unwrap();
        let routes = router(WebState::new(Arc::clone(&app), None, Outgoing::default()).unwrap());
        let service = routes.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(server, service).await });
        let (cut, heard) = watch::channel(0);
        tokio::spawn(carry(line, address, heard));
        let office = Office { scene, app, place: Place::given(&database).await };
        Self { office, base, cut, _database: database }
    }

    /// Cuts all connections; new ones can be made.
    fn cut(&self) {
        self.cut.send_modify(|times| *times += 1);
    }

    /// Somebody is signed in in the browser.
    async fn signed_in(&self, browser: &Browser, language: Language) -> User {
        let app = &self.office.app;
        let new = NewUser {
            address: address(&format!("{}@example.kz", self.office.scene.id().simple())),
            name: "Гүлнар Ахметова".to_owned(),
            language,
            roles: [Role::Author, Role::Officer].into(),
        };
        let user = users::create(app, new, By::Operator).await.unwrap();
        let (token, now) = (self.office.scene.id().simple().to_string(), app.now());
        let session = Session {
            id: SessionId(self.office.scene.id()),
            user_id: user.id,
            state: SessionState::Open,
            agent: "a test".to_owned(),
            created_at: now,
            seen_at: now,
            proved_at: now,
        };
        let mut tx = app.store.begin().await.unwrap();
        let hash = sha256(token.as_bytes());
        store::staff::session::insert(tx.conn(), &session, &hash).await.unwrap();
        tx.commit().await.unwrap();
        browser.keep_cookie(&self.base, "sid", &token).await;
        user
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    fn page(&self, campaign: &Campaign, page: &str) -> String {
        self.url(&format!("/campaigns/{}/{page}", campaign.id))
    }
}

async fn carry(line: TcpListener, to: SocketAddr, mut cut: watch::Receiver<u32>) {
    while let Ok((mut near, _)) = line.accept().await {
        cut.mark_unchanged();
        let mut cut = cut.clone();
        tokio::spawn(async move {
            let Ok(mut far) = TcpStream::connect(to).await else { return };
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
                _ = cut.changed() => {}
            }
        });
    }
}

/// Waits until a script on the page gives something that fits.
async fn until(browser: &Browser, script: &str, fits: impl Fn(&Value) -> bool) -> Value {
    let mut looks = tokio::time::interval(LOOK);
    let seen = timeout(LONG, async {
        loop {
            looks.tick().await;
            let found = browser.run(script).await;
            if fits(&found) {
                return found;
            }
        }
    });
    seen.await.unwrap_or_else(|_| panic!("the page never showed it: {script}"))
}

const ENDED: &str = "return document.querySelector('progress')?.value ?? -1";
const LOST: &str = "return document.querySelector('[data-watch-lost]').hidden";
const PHASE: &str = "return document.querySelector('[data-watch]')?.dataset.phase ?? ''";

#[tokio::test]
async fn numbers_move_while_it_sends_also_after_a_cut_and_it_can_be_paused() {
    let place = Watched::open().await;
    let browser = Browser::open().await;
    place.signed_in(&browser, Language::EN).await;
    let relay = TestRelay::good().await;
    place.office.people(1_000).await;
    let campaign = place.office.running_campaign(Some("5/1s")).await;
    let engine = place.office.engine([relay.over(2)]);
    browser.go(&place.page(&campaign, "live")).await;
    let first = until(&browser, ENDED, |n| n.as_f64() > Some(0.0)).await.as_f64();
    until(&browser, ENDED, |n| n.as_f64() > first).await;
    place.cut();
    until(&browser, ENDED, |n| n.as_f64() > first.map(|n| n + 10.0)).await;
    until(&browser, LOST, |hidden| *hidden == true).await;
    browser.run("document.querySelector('summary').click()").await;
    browser.run("document.querySelector('form[action$=pause] button').click()").await;
    until(&browser, PHASE, |phase| phase == "paused").await;
    let status = place.office.status(&campaign).await;
    assert_eq!(status.campaign.state.phase().as_str(), "paused");
    engine.stop().await;
}

/// Campaigns in every state, and people for whom it went well and ill.
async fn furnished(place: &Watched) -> Campaign {
    let office = &place.office;
    office.scene.a_contact("nobody@example.kz").await;
    office.people(40).await;
    let picky = TestRelay::that(|_, step| match step {
        Step::RcptTo(to) if to.starts_with("p1") => Action::Reply(550, "5.1.1 No such user"),
        Step::RcptTo(to) if to.starts_with("p2") => Action::Reply(552, "5.2.2 Mailbox full"),
        _ => Action::Accept,
    })
    .await;
    let engine = office.engine([picky.over(2)]);
    let earlier = office.running_campaign(None).await;
    office.finished(&earlier).await;
    let campaign = office.running_campaign(None).await;
    office.finished(&campaign).await;
    engine.stop().await;
    let paused = office.running_campaign(None).await;
    let reason = "Күні қате жазылған: сейсенбі емес, сәрсенбі".to_owned();
    office.change(&paused, Deed::Pause(reason)).await;
    office.running_campaign(None).await;
    let soon = office.draft(None).await;
    let at = office.scene.now() + chrono::TimeDelta::hours(30);
    campaign::change(&office.app, soon.id, &Deed::Schedule(at), "test").await.unwrap();
    campaign
}

#[tokio::test]
async fn every_page_of_figures_is_accessible_in_every_language_on_every_screen() {
    let place = Watched::open().await;
    let campaign = furnished(&place).await;
    let browser = Browser::open().await;
    let mut faults = Vec::new();
    for language in [Language::KK, Language::RU, Language::EN] {
        place.signed_in(&browser, language).await;
        let running = campaign::page(&place.office.app, None, 9).await.unwrap();
        let running = running.into_iter().find(|one| one.state.phase().as_str() == "running");
        let running = running.unwrap();
        let pages = [
            ("home", place.url("/")),
            ("home-month", place.url("/?view=month")),
            ("live", place.page(&running, "live")),
            ("cancel", place.page(&running, "cancel")),
            ("report", place.page(&campaign, "report")),
            ("people", place.page(&campaign, "people?state=failed")),
            ("left", place.page(&campaign, "left")),
            ("reports", place.url("/reports")),
        ];
        for (name, url) in pages {
            browser.go(&url).await;
            for (kind, screen) in SCREENS {
                browser.show_on(screen).await;
                browser.picture(&format!("figures-{name}-{language}-{kind}")).await;
                let at = format!("{name} {language} {kind}");
                faults.extend(browser.faults().await.iter().map(|fault| format!("{at}: {fault}")));
                let wide = browser.run("return document.scrollingElement.scrollWidth").await;
                if wide.as_u64() > Some(screen.width_px.into()) {
                    faults.push(format!("{at}: {wide} px wide"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
