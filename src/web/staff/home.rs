//! Where one begins.

use axum::{Router, extract::State, response::Response, routing::get};

use crate::web::{Problem, WebState};

use super::{Staff, render};

pub(super) fn routes() -> Router<WebState> {
    Router::new().route("/", get(show))
}

async fn show(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    render(&state, &staff, "staff/home", "home-title", &())
}
