//! Contacts: finding people, one person with all that is known, and what may be done.

mod change;
mod consent;
mod erase;
mod export;
mod filter;
mod list;
mod person;
mod profile;
mod told;

use axum::{Router, routing::get, routing::post};

use crate::web::WebState;

pub(super) use consent::purposes;
pub(super) use told::{full_name, title as purpose_title};

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/contacts", get(list::show))
        .route("/contacts/new", get(profile::blank).post(profile::add))
        .route("/contacts/export", get(export::ask).post(export::give))
        .route("/contacts/{id}", get(person::show))
        .route("/contacts/{id}/edit", get(profile::edit).post(profile::save))
        .route("/contacts/{id}/block", post(change::block))
        .route("/contacts/{id}/unblock", post(change::unblock))
        .route("/contacts/{id}/withdraw", post(change::withdraw))
        .route("/contacts/{id}/notes", post(change::note))
        .route("/contacts/{id}/notes/{note}/delete", post(change::forget_note))
        .route("/contacts/{id}/consent", get(consent::ask).post(consent::record))
        .route("/contacts/{id}/erase", get(erase::ask).post(erase::erase))
}
