//! The demo's inbox: pages over what the mail catcher caught.
//!
//! Everything works without JavaScript; with it, the list follows arrivals. A message's HTML is
//! shown in a sandboxed frame, as mail programs do: no script, nothing loaded from elsewhere.

mod letter;
mod mailbox;
mod one_click;
mod page;
mod pages;

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::State,
    http::{HeaderName, HeaderValue, header},
    middleware::{Next, from_fn},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use futures_util::{StreamExt as _, stream};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::App;

pub(super) use mailbox::{Catcher, Mailbox};
pub(super) use pages::BadTemplate;

const STYLE: &str = include_str!("../../../../assets/demo/inbox.css");
const SCRIPT: &str = include_str!("../../../../assets/demo/inbox.mjs");

/// An open list is told of arrivals no more often than this.
const NEWS_PAUSE: Duration = Duration::from_millis(500);

/// For our own pages; a message's HTML has a stricter one.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
     frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What the pages need. Cheap to clone.
#[derive(Clone)]
pub(super) struct Inbox(Arc<Parts>);

struct Parts {
    mailbox: Arc<Mailbox>,
    app: Arc<App>,
    pages: pages::Pages,
    command: String,
    stop: CancellationToken,
}

impl Inbox {
    /// The pages over `mailbox`. `command` begins the commands that are shown;
    /// at `stop` open lists are let go.
    ///
    /// # Errors
    /// An embedded page does not compile.
    pub(super) fn new(
        mailbox: Arc<Mailbox>,
        app: Arc<App>,
        command: String,
        stop: CancellationToken,
    ) -> Result<Self, BadTemplate> {
        let pages = pages::Pages::compile()?;
        Ok(Self(Arc::new(Parts { mailbox, app, pages, command, stop })))
    }

    /// Everything that the inbox answers.
    pub(super) fn router(self) -> Router {
        Router::new()
            .route("/", get(page::list))
            .route("/news", get(news))
            .route("/m/{number}", get(page::message))
            .route("/m/{number}/html", get(page::html))
            .route("/m/{number}/raw", get(page::raw))
            .route("/m/{number}/one-click", post(page::press))
            .route("/inbox.css", get(async || asset("text/css; charset=utf-8", STYLE)))
            .route("/inbox.mjs", get(async || asset("text/javascript; charset=utf-8", SCRIPT)))
            .fallback(page::nothing)
            .layer(from_fn(headers))
            .with_state(self)
    }
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Tells an open list that more have come, until either side ends.
async fn news(State(inbox): State<Inbox>) -> Response {
    let arrivals = inbox.0.mailbox.arrivals();
    let news = stream::unfold(arrivals, async |mut arrivals| {
        arrivals.changed().await.ok()?;
        sleep(NEWS_PAUSE).await;
        let event = Event::default().data(arrivals.borrow_and_update().to_string());
        Some((Ok::<_, Infallible>(event), arrivals))
    });
    let news = news.take_until(inbox.0.stop.clone().cancelled_owned());
    Sse::new(news).keep_alive(KeepAlive::default()).into_response()
}

async fn headers(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
