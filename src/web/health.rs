//! Whether this process lives, and whether it can do its work.

use std::{fmt, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use tokio::time::timeout;

use crate::app::catalogue;

use super::{WebState, error::chain};

/// Longest time that the database may take for a trivial query.
const DATABASE_S_MAX: u64 = 2;

/// Tells whether the engine that runs in this process is alive.
#[derive(Clone)]
pub struct EngineStatus {
    is_fresh: Arc<dyn Fn() -> bool + Send + Sync>,
    resting: Arc<dyn Fn() -> Vec<RestingRelay> + Send + Sync>,
}

/// A relay that is left alone after a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestingRelay {
    /// Its name.
    pub name: String,
    /// For how much longer.
    pub for_another: Duration,
}

impl EngineStatus {
    /// `is_fresh` must not block: it is asked at every probe.
    pub fn new(is_fresh: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { is_fresh: Arc::new(is_fresh), resting: Arc::new(Vec::new) }
    }

    /// The same with what tells which relays rest.
    #[must_use]
    pub fn with_relays(
        self,
        resting: impl Fn() -> Vec<RestingRelay> + Send + Sync + 'static,
    ) -> Self {
        Self { resting: Arc::new(resting), ..self }
    }

    /// Which relays rest.
    pub(super) fn resting(&self) -> Vec<RestingRelay> {
        (self.resting)()
    }
}

impl fmt::Debug for EngineStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EngineStatus(…)")
    }
}

#[derive(Serialize)]
struct Answer {
    ready: bool,
    database: &'static str,
    engine: &'static str,
}

/// `GET /health/live`: 200 as long as the process runs.
pub(super) async fn live() -> &'static str {
    "alive\n"
}

/// `GET /health/ready`: 200 when the database answers within 2 s and the engine, if it runs here,
/// has a fresh heartbeat; else 503, naming what is missing.
pub(super) async fn ready(State(state): State<WebState>) -> Response {
    let asked = timeout(Duration::from_secs(DATABASE_S_MAX), catalogue::parties(state.app())).await;
    let database = match asked {
        Ok(Ok(_)) => "ok",
        Ok(Err(error)) => {
            tracing::warn!(cause = chain(&error), "the database failed a probe");
            "failed"
        }
        Err(_) => "no answer",
    };
    let engine = match &state.0.engine {
        None => "not here",
        Some(engine) if (engine.is_fresh)() => "ok",
        Some(_) => "no heartbeat",
    };
    let ready = database == "ok" && engine != "no heartbeat";
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Answer { ready, database, engine })).into_response()
}
