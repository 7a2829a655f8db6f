//! People. An address never stands in a URL: those are logged on the way.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::consent::{self, History},
    domain::address::Address,
};

use super::{
    super::{Problem, WebState},
    extract::Body,
    ledger::{ConsentView, EventView},
};

/// Whom to look up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LookUp {
    /// The e-mail address, in any spelling.
    #[schema(example = "aigul@example.kz")]
    address: String,
}

/// One person, their consents and how these came to stand so.
#[derive(Serialize, ToSchema)]
pub(super) struct ContactView {
    id: Uuid,
    #[schema(example = "aigul@example.kz")]
    address: Option<String>,
    /// `ok`, `bad` (a provider says that it does not exist) or `erased`.
    #[schema(example = "ok")]
    address_state: &'static str,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    patronymic: Option<String>,
    #[schema(example = "kk")]
    language: Option<String>,
    attributes: BTreeMap<String, String>,
    external_id: Option<String>,
    /// Why all processing is blocked, if it is.
    blocked_reason: Option<String>,
    /// Where each consent stands.
    consents: Vec<ConsentView>,
    /// Why the address is not mailed whatever a consent says.
    suppressions: Vec<SuppressionView>,
    /// All events of the ledger about this person, in its order.
    history: Vec<EventView>,
}

/// A suppression in force.
#[derive(Serialize, ToSchema)]
pub(super) struct SuppressionView {
    /// `hard_bounce`, `soft_bounces`, `complaint`, `erased`, `all_withdrawn` or `staff`.
    #[schema(example = "all_withdrawn")]
    reason: &'static str,
    /// When it ends by itself; missing: never.
    ends_at: Option<DateTime<Utc>>,
}

impl From<History> for ContactView {
    fn from(history: History) -> Self {
        let contact = history.contact;
        let suppressions = history
            .suppressions
            .iter()
            .map(|one| SuppressionView { reason: one.reason.as_str(), ends_at: one.ends_at });
        Self {
            id: contact.id.0,
            address: contact.address.map(String::from),
            address_state: contact.address_state.as_str(),
            name: contact.profile.name,
            given_name: contact.profile.given_name,
            family_name: contact.profile.family_name,
            patronymic: contact.profile.patronymic,
            language: contact.profile.language.map(String::from),
            attributes: contact.profile.attributes,
            external_id: contact.profile.external_id,
            blocked_reason: contact.blocked_reason,
            consents: history.consents.iter().map(ConsentView::from).collect(),
            suppressions: suppressions.collect(),
            history: history.entries.iter().map(EventView::from).collect(),
        }
    }
}

/// Look up one person by address
///
/// Gives the contact, where each consent stands, and every ledger event with its evidence. It is a
/// POST so that no address stands in a URL; it changes nothing.
#[utoipa::path(
    post,
    operation_id = "look_up_contact",
    path = "/contacts/lookup",
    tag = "contacts",
    request_body = LookUp,
    responses(
        (status = 200, description = "The person", body = ContactView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "Nobody has this address", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an address", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn look_up(
    State(state): State<WebState>,
    Body(asked): Body<LookUp>,
) -> Result<Json<ContactView>, Problem> {
    let address = address(&asked.address)?;
    let history = consent::show(state.app(), &address).await?;
    Ok(Json(history.into()))
}

/// An address of a body.
pub(super) fn address(text: &str) -> Result<Address, Problem> {
    text.parse().map_err(|bad: crate::domain::address::BadAddress| {
        Problem::field("address", bad.to_string())
    })
}
