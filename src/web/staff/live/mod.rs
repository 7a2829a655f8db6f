//! Watching campaigns go, and stopping them.

mod deeds;
mod events;
mod hub;
mod show;
pub(super) mod view;

use axum::{
    Router,
    routing::{get, post},
};

use crate::web::WebState;

pub(in crate::web) use hub::Hub;

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/events", get(events::all))
        .route("/campaigns/{id}/events", get(events::one))
        .route("/campaigns/{id}/live", get(show::show))
        .route("/campaigns/{id}/pause", post(deeds::pause))
        .route("/campaigns/{id}/resume", post(deeds::resume))
        .route("/campaigns/{id}/cancel", get(deeds::ask_cancel).post(deeds::cancel))
}
