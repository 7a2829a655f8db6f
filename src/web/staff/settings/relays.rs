//! Relays, and whether they answer.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::Serialize;

use crate::{
    mail::transport::{Failure, TlsUse},
    web::{
        Problem, WebState,
        outgoing::OutgoingRelay,
        staff::{Staff, render},
    },
};

use super::{Section, sections};

#[derive(Serialize)]
struct List {
    sections: Vec<Section>,
    relays: Vec<Row>,
    tested: Option<Tested>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    host: String,
    port: u16,
    tls: &'static str,
    login: bool,
    rate: String,
    connections: usize,
}

impl Row {
    fn of(relay: &OutgoingRelay) -> Self {
        let to = relay.connector.relay();
        let tls = match to.tls {
            TlsUse::None => "none",
            TlsUse::Opportunistic => "opportunistic",
            TlsUse::Required => "required",
            TlsUse::Implicit => "implicit",
        };
        Self {
            name: relay.name.clone(),
            host: to.host.clone(),
            port: to.port,
            tls,
            login: to.login.is_some(),
            rate: relay.rate.to_string(),
            connections: relay.connections,
        }
    }
}

/// What came of a test.
#[derive(Serialize)]
struct Tested {
    name: String,
    answers: bool,
    stage: Option<String>,
    reply: Option<String>,
}

pub(super) async fn list(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    page(&state, &staff, None)
}

fn page(state: &WebState, staff: &Staff, tested: Option<Tested>) -> Result<Response, Problem> {
    let relays = state.outgoing().relays.iter().map(Row::of).collect();
    let list = List { sections: sections(staff), relays, tested };
    render(state, staff, "staff/settings/relays", "relays-title", &list)
}

/// Connects, greets, encrypts and logs in, and says how far it came. No message is handed over.
pub(super) async fn test(
    State(state): State<WebState>,
    staff: Staff,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let relay = state.outgoing().relays.iter().find(|relay| relay.name == name);
    let relay = relay.ok_or_else(|| Problem::of(StatusCode::NOT_FOUND))?;
    let tested = match relay.connector.open().await {
        Ok(session) => {
            session.quit().await;
            Tested { name, answers: true, stage: None, reply: None }
        }
        Err(failure) => failed(name, &failure),
    };
    page(&state, &staff, Some(tested))
}

fn failed(name: String, failure: &Failure) -> Tested {
    let reply = failure.reply().map_or_else(|| failure.to_string(), ToString::to_string);
    Tested {
        name,
        answers: false,
        stage: Some(failure.stage().as_str().to_owned()),
        reply: Some(reply),
    }
}
