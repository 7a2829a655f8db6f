//! Bringing a file in: drop it, see what it would bring, confirm, watch, take the refusals home.

mod how;
mod list;
mod live;
mod rejects;
mod show;
mod upload;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post},
};

use crate::web::WebState;

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/imports", get(list::show))
        .route("/imports/new", get(upload::ask).post(upload::take))
        .layer(DefaultBodyLimit::disable())
        .route("/imports/{id}", get(show::show))
        .route("/imports/{id}/check", post(how::check))
        .route("/imports/{id}/confirm", post(show::confirm))
        .route("/imports/{id}/cancel", post(show::cancel))
        .route("/imports/{id}/live", get(live::events))
        .route("/imports/{id}/rejects", get(rejects::give))
}
