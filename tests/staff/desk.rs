//! A house with people who work in it.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU32, Ordering},
};

use kelisim::{
    app::staff::users::{self, By, NewUser},
    domain::{
        id::SessionId,
        language::Language,
        ledger::sha256,
        staff::{Role, Session, SessionState, User},
    },
    store::{self, Store},
};
use reqwest::{RequestBuilder, Response, header};

use crate::{
    house::House,
    support::{
        database::{Database, Given},
        scene::{address, institution},
    },
};

/// A service, and colleagues who can sign in.
pub(crate) struct Desk(pub(crate) House);

impl Given for Desk {
    async fn given(database: &Database) -> Self {
        Self(House::open(Store::given(database).await, institution(), None).await)
    }
}

/// Somebody at their browser.
pub(crate) struct Colleague<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) user: User,
    /// What the session's cookie holds.
    pub(crate) token: String,
}

static COLLEAGUES: AtomicU32 = AtomicU32::new(0);

impl Desk {
    /// Somebody new, without a password.
    pub(crate) async fn a_user(&self, roles: &[Role]) -> User {
        let number = COLLEAGUES.fetch_add(1, Ordering::Relaxed);
        let new = NewUser {
            address: address(&format!("colleague{number}@example.kz")),
            name: format!("Әріптес {number}"),
            language: Language::EN,
            roles: roles.iter().copied().collect::<BTreeSet<_>>(),
        };
        users::create(&self.0.app, new, By::Operator).await.expect("a new user")
    }

    /// Somebody new who is signed in and has just proved it.
    pub(crate) async fn signed_in(&self, roles: &[Role]) -> Colleague<'_> {
        let user = self.a_user(roles).await;
        self.session_of(user, SessionState::Open).await
    }

    /// A session of somebody, made without their password.
    pub(crate) async fn session_of(&self, user: User, state: SessionState) -> Colleague<'_> {
        let token = self.0.id().simple().to_string();
        let now = self.0.now();
        let session = Session {
            id: SessionId(self.0.id()),
            user_id: user.id,
            state,
            agent: "a test".to_owned(),
            created_at: now,
            seen_at: now,
            proved_at: now,
        };
        let mut tx = self.0.app.store.begin().await.expect("a transaction");
        let hash = sha256(token.as_bytes());
        store::staff::session::insert(tx.conn(), &session, &hash).await.expect("a session");
        tx.commit().await.expect("commit");
        Colleague { desk: self, user, token }
    }

    /// Like a browser that shows a page.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.0.get(path).header(header::ACCEPT, "text/html")
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        let page = self.0.post(path).header(header::ACCEPT, "text/html");
        page.header("sec-fetch-site", "same-origin")
    }
}

impl Colleague<'_> {
    fn with_cookie(&self, request: RequestBuilder) -> RequestBuilder {
        request.header(header::COOKIE, format!("__Host-sid={}", self.token))
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.with_cookie(self.desk.get(path))
    }

    pub(crate) fn post(&self, path: &str) -> RequestBuilder {
        self.with_cookie(self.desk.post(path))
    }

    /// A page that must be there.
    pub(crate) async fn page(&self, path: &str) -> String {
        let answer = self.get(path).send().await.expect("an answer");
        let (status, text) = (answer.status(), answer.text().await.expect("a text"));
        assert_eq!(status, 200, "{path}: {text}");
        text
    }

    /// A form that must be taken; gives back where it leads.
    pub(crate) async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path).form(fields).send().await.expect("an answer");
        let (status, to) = (answer.status(), location(&answer));
        assert_eq!(status, 303, "{path}: {}", answer.text().await.unwrap_or_default());
        to
    }
}

/// Where an answer sends the browser.
pub(crate) fn location(answer: &Response) -> String {
    let to = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    to.unwrap_or_default().to_owned()
}

/// The secret that an answer has the browser keep.
pub(crate) fn cookie(answer: &Response) -> Option<String> {
    let set = answer.headers().get(header::SET_COOKIE)?.to_str().ok()?;
    let value = set.strip_prefix("__Host-sid=")?.split(';').next()?;
    (!value.is_empty()).then(|| value.to_owned())
}
