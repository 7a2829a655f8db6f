//! Campaigns, from the first word to the start.

mod about;
mod approval;
mod check;
mod funnel;
mod head;
mod launch;
mod list;
mod overview;
mod preview;
mod saving;
mod start;
mod test_mails;
mod when;

use axum::{
    Router,
    routing::{get, post},
};

use crate::web::WebState;

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/campaigns", get(list::show))
        .route("/campaigns/new", get(start::show).post(start::begin))
        .route("/campaigns/{id}", get(overview::show))
        .route("/campaigns/{id}/copy", post(start::copy))
        .route("/campaigns/{id}/about", get(about::show).post(about::save))
        .route("/campaigns/{id}/funnel", get(funnel::show))
        .route("/campaigns/{id}/preview", get(preview::show))
        .route("/campaigns/{id}/preview/mail", get(preview::mail))
        .route("/campaigns/{id}/test", post(test_mails::send))
        .route("/campaigns/{id}/when", get(when::show).post(when::save))
        .route("/campaigns/{id}/check", get(check::show))
        .route("/campaigns/{id}/draft", get(saving::look).post(saving::save))
        .route("/campaigns/{id}/fork", post(saving::fork))
        .route("/campaigns/{id}/submit", post(approval::submit))
        .route("/campaigns/{id}/reopen", post(approval::reopen))
        .route("/campaigns/{id}/send-back", post(approval::send_back))
        .route("/campaigns/{id}/approve", post(approval::approve))
        .route("/campaigns/{id}/comment", post(approval::comment))
        .route("/campaigns/{id}/start", get(launch::ask).post(launch::start))
        .route("/campaigns/{id}/undo", post(launch::undo))
}
