//! Test mails, to oneself and colleagues.

use axum::{
    extract::{Path, State},
    response::Response,
};
use uuid::Uuid;

use crate::{
    app::{staff::users, test_mail},
    domain::{address::Address, id::CampaignId, language::Language},
    web::{
        Problem, WebState,
        staff::{Form, Staff, said},
    },
};

/// `POST /campaigns/{id}/test`: `to` and `language`, each as often as there are.
pub(super) async fn send(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let of = |name: &'static str| {
        fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value)
    };
    let to: Result<Vec<Address>, _> = of("to").map(|text| text.parse::<Address>()).collect();
    let to = to.map_err(|error| Problem::field("to", error.to_string()))?;
    let languages: Vec<Language> = of("language").filter_map(|text| text.parse().ok()).collect();
    let users = users::all(state.app()).await?;
    let staff_addresses: Vec<Address> = users
        .into_iter()
        .filter(|user| user.disabled_at.is_none())
        .map(|user| user.address)
        .collect();
    let id_of = CampaignId(id);
    let by = staff.actor();
    test_mail::request(state.app(), id_of, &to, &languages, &staff_addresses, &by).await?;
    Ok(said(&format!("/campaigns/{id}/preview"), "said-campaigns-test"))
}
