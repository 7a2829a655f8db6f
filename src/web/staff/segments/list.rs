//! All segments.

use axum::{extract::State, response::Response};
use serde::Serialize;

use crate::{
    app::segments,
    domain::staff::Right,
    web::{
        Problem, WebState,
        staff::{Staff, render, telling::Teller},
    },
};

#[derive(Serialize)]
struct List {
    segments: Vec<Line>,
    may_write: bool,
}

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    description: String,
    audience: String,
    updated: String,
}

pub(super) async fn show(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    let teller = Teller::to(&staff, &state);
    let segments = segments::all(state.app()).await?.into_iter().map(|one| Line {
        audience: serde_json::to_string(&one.audience).unwrap_or_default(),
        id: one.id.to_string(),
        name: one.name,
        description: one.description,
        updated: teller.time(one.updated_at),
    });
    let list = List { segments: segments.collect(), may_write: staff.may(Right::Write) };
    render(&state, &staff, "staff/segments/list", "segments-title", &list)
}
