//! What recipients reach from a mail, without a login: leaving, pictures, calendar files.

mod form;
mod leave;
mod link_pace;
mod media;
mod view;

use axum::{Router, extract::DefaultBodyLimit, routing::get};

use super::WebState;

pub(super) use link_pace::LinkPace;

/// Octets of a form: RFC 8058's has 26, ours under 20.
const FORM_OCTETS_MAX: usize = 16_384;

/// The public routes. `/p/…`, the footer's link to one's choices, shows the same page.
pub(super) fn routes() -> Router<WebState> {
    let leaving = get(leave::show).post(leave::receive);
    Router::new()
        .route("/u/{token}", leaving.clone())
        .route("/p/{token}", leaving)
        .layer(DefaultBodyLimit::max(FORM_OCTETS_MAX))
        .route("/i/{name}", get(media::give))
}
