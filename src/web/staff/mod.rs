//! The staff's pages: extract, call one deed, render.
//!
//! What every request meets here: a refusal of what other sites send ([`CsrfLayer`]), then the
//! [`guard`], which asks the one table of [`rules`] who may come here and puts [`Staff`] into the
//! request; problems become pages in [`failure`].

mod account;
mod campaigns;
mod chart;
mod content;
mod failure;
mod form;
mod guard;
mod home;
mod imports;
mod live;
mod page;
mod people;
mod reports;
mod rules;
mod segments;
mod session;
mod settings;
mod sign_in;
mod tell;
mod telling;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
};
use tower_http::csrf::CsrfLayer;

use super::WebState;

pub(in crate::web) use failure::as_page;
pub(super) use form::{Errors, Form};
pub(super) use guard::Staff;
pub(in crate::web) use live::Hub;
pub(super) use page::{render, said, to_be_mended};
pub(in crate::web) use sign_in::SignInPace;

pub use rules::Rule;

/// Method, route and rule of everything that staff can ask for: the one table.
#[must_use]
pub fn staff_rules() -> &'static [(axum::http::Method, &'static str, Rule)] {
    rules::TABLE
}

/// Nothing but what this service itself serves; a preview is a frame of its own with its own policy
/// (ASVS 5.0, 3.4).
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; form-action 'self'; \
     base-uri 'none'; frame-ancestors 'none'";

/// The staff's routes. Each has a line in [`rules::TABLE`].
pub(super) fn routes(state: &WebState) -> Router<WebState> {
    Router::new()
        .merge(sign_in::routes())
        .merge(account::routes())
        .merge(settings::routes())
        .merge(home::routes())
        .merge(campaigns::routes())
        .merge(people::routes())
        .merge(imports::routes())
        .merge(segments::routes())
        .merge(content::routes())
        .merge(live::routes())
        .merge(reports::routes())
        .route_layer(from_fn_with_state(state.clone(), guard::admit))
        .route_layer(CsrfLayer::new())
        .route_layer(from_fn(page::policy))
}
