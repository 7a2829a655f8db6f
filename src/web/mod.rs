//! Asked from outside: extract, call one deed, render.
//!
//! `api` is for the institution's systems, `public` for recipients, `staff` for whoever works here.
//! [`router`] is the way in. What every request meets, from the outside in: security headers, the
//! log line (route pattern, status, time; never a path, query, token or address), a guard against
//! panics, bounds on headers, requests at once and time, and one shape of errors.

mod api;
mod assets;
mod error;
mod frame;
mod health;
mod language;
mod log;
mod outgoing;
mod pages;
mod public;
mod staff;
mod words;

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use tokio::sync::Semaphore;
use tower_http::{catch_panic::CatchPanicLayer, timeout::TimeoutLayer};

use crate::app::App;

pub use api::openapi;
pub use error::{FieldProblem, Problem};
pub use health::{EngineStatus, RestingRelay};
pub use outgoing::{Outgoing, OutgoingRelay, SigningKey};
pub use pages::BadTemplate;
pub use staff::{Rule, staff_rules};

/// Longest time that a request may take, its body included.
const REQUEST_S_MAX: u64 = 30;
/// Longest time that an import may take.
const IMPORT_S_MAX: u64 = 3_600;
/// Imports at once: they share one ledger, so more would only wait.
const IMPORTS_MAX: usize = 2;
/// Requests that are served at once; more are told to come again.
const REQUESTS_MAX: usize = 512;
/// Octets of a body, unless a route says otherwise: a campaign in three languages fits.
const BODY_OCTETS_MAX: usize = 4 << 20;

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct WebState(Arc<Parts>);

struct Parts {
    app: Arc<App>,
    engine: Option<EngineStatus>,
    pages: pages::Pages,
    link_pace: public::LinkPace,
    sign_in_pace: staff::SignInPace,
    outgoing: Outgoing,
    hub: Arc<staff::Hub>,
    seats: Semaphore,
    imports: Semaphore,
}

impl WebState {
    /// For this process. `engine` tells whether the engine that runs in it is alive; `None` when
    /// none runs here. `outgoing` is for the settings' pages.
    ///
    /// # Errors
    /// [`BadTemplate`] when an embedded page does not compile.
    pub fn new(
        app: Arc<App>,
        engine: Option<EngineStatus>,
        outgoing: Outgoing,
    ) -> Result<Self, BadTemplate> {
        let pages = pages::Pages::compile()?;
        let link_pace = public::LinkPace::default();
        let (seats, imports) = (Semaphore::new(REQUESTS_MAX), Semaphore::new(IMPORTS_MAX));
        let (sign_in_pace, hub) = (staff::SignInPace::default(), Arc::default());
        Ok(Self(Arc::new(Parts {
            app,
            engine,
            pages,
            link_pace,
            sign_in_pace,
            outgoing,
            hub,
            seats,
            imports,
        })))
    }

    /// Ends the streams of events, which would otherwise never end: a server that waits for open
    /// requests calls it first.
    pub fn end_streams(&self) {
        self.0.hub.end();
    }

    fn shared_app(&self) -> &Arc<App> {
        &self.0.app
    }

    fn hub(&self) -> &Arc<staff::Hub> {
        &self.0.hub
    }

    fn engine(&self) -> Option<&EngineStatus> {
        self.0.engine.as_ref()
    }

    fn app(&self) -> &App {
        &self.0.app
    }

    /// For tasks that outlive the request.
    fn app_arc(&self) -> &Arc<App> {
        &self.0.app
    }

    fn pages(&self) -> &pages::Pages {
        &self.0.pages
    }

    fn sign_in_pace(&self) -> &staff::SignInPace {
        &self.0.sign_in_pace
    }

    fn outgoing(&self) -> &Outgoing {
        &self.0.outgoing
    }

    /// Whether browsers reach this service over TLS.
    fn is_tls(&self) -> bool {
        self.app().public_url.starts_with("https:")
    }
}

/// Everything that is answered over HTTP.
pub fn router(state: WebState) -> Router {
    let soon = Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/assets/{*path}", get(assets::serve))
        .merge(public::routes())
        .merge(api::routes(&state))
        .merge(staff::routes(&state))
        .layer(DefaultBodyLimit::max(BODY_OCTETS_MAX))
        .layer(within(REQUEST_S_MAX));
    let long = api::long_routes(&state).layer(within(IMPORT_S_MAX));
    soon.merge(long)
        .fallback(error::no_such_page)
        .method_not_allowed_fallback(error::no_such_method)
        .layer(from_fn(error::one_shape))
        .layer(from_fn_with_state(state.clone(), staff::as_page))
        .layer(from_fn_with_state(state.clone(), frame::bounds))
        .layer(CatchPanicLayer::custom(error::after_panic))
        .layer(from_fn(log::line))
        .layer(from_fn_with_state(state.clone(), frame::security_headers))
        .with_state(state)
}

fn within(seconds: u64) -> TimeoutLayer {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    TimeoutLayer::with_status_code(status, Duration::from_secs(seconds))
}
