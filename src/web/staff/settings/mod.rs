//! How the service is set up.

mod domains;
mod log;
mod overview;
mod partners;
mod policy;
mod relays;
mod tokens;
mod users;

use axum::{
    Router,
    routing::{get, post},
};
use serde::Serialize;

use crate::{domain::staff::Right, web::WebState};

use super::Staff;

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/settings", get(overview::show))
        .route("/settings/users", get(users::list).post(users::create))
        .route("/settings/users/{id}", get(users::show).post(users::change))
        .route("/settings/users/{id}/link", post(users::link))
        .route("/settings/users/{id}/second-factor/remove", post(users::remove_second_factor))
        .route("/settings/tokens", get(tokens::list).post(tokens::create))
        .route("/settings/tokens/{id}/revoke", post(tokens::revoke))
        .route("/settings/partners", get(partners::list).post(partners::add))
        .route("/settings/policy", get(policy::list).post(policy::publish))
        .route("/settings/domains", get(domains::list))
        .route("/settings/domains/{domain}", get(domains::check))
        .route("/settings/relays", get(relays::list))
        .route("/settings/relays/{name}/test", post(relays::test))
        .route("/settings/log", get(log::list))
}

/// An entry of the settings' own menu.
#[derive(Serialize)]
struct Section {
    url: &'static str,
    key: &'static str,
    current: bool,
}

const SECTIONS: &[(&str, &str, Right)] = &[
    ("/settings", "settings-overview", Right::See),
    ("/settings/users", "settings-users", Right::Users),
    ("/settings/domains", "settings-domains", Right::Settings),
    ("/settings/relays", "settings-relays", Right::Settings),
    ("/settings/policy", "settings-policy", Right::See),
    ("/settings/partners", "settings-partners", Right::See),
    ("/settings/tokens", "settings-tokens", Right::Settings),
    ("/settings/log", "settings-log", Right::Audit),
];

/// The sections that `staff` may see, with the one marked in which they are.
fn sections(staff: &Staff) -> Vec<Section> {
    let open = SECTIONS.iter().filter(|(_, _, right)| staff.may(*right));
    let here = |url: &str| {
        staff.path == url
            || (url != "/settings"
                && staff.path.strip_prefix(url).is_some_and(|rest| rest.starts_with('/')))
    };
    open.map(|(url, key, _)| Section { url, key, current: here(url) }).collect()
}
