//! Saved segments, and the live count that every builder of audiences asks for.

mod builder;
mod count;
mod edit;
mod list;

use axum::{
    Router,
    routing::{get, post},
};

use crate::web::WebState;

pub(in crate::web) use builder::Builder;

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/segments", get(list::show))
        .route("/segments/new", get(edit::blank).post(edit::create))
        .route("/segments/count", post(count::count))
        .route("/segments/{id}", get(edit::show).post(edit::save))
        .route("/segments/{id}/delete", post(edit::delete))
}
