//! The proof behind one message.

use axum::{
    Json,
    extract::{Path, State},
};

use crate::{app::explain, domain::delivery::read_message_id};

use super::{
    super::{Problem, WebState},
    explanation::ExplanationView,
};

/// Explain one message
///
/// Gives the whole chain: the person, the purpose, the consent event that allowed it with its
/// evidence and the policy's hash, when the gate was asked, every attempt with the relay's reply,
/// and whether the event still is what its hash says.
#[utoipa::path(
    get,
    operation_id = "explain_delivery",
    path = "/deliveries/{id}/explain",
    tag = "deliveries",
    params(("id" = String, Path, description = "The delivery's id, or the message's Message-ID",
        example = "01938f1e-7c3e-7d00-8000-0123456789ab")),
    responses(
        (status = 200, description = "What stands about it", body = ExplanationView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such message", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Neither an id nor a Message-ID of ours", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn explain(
    State(state): State<WebState>,
    Path(id): Path<String>,
) -> Result<Json<ExplanationView>, Problem> {
    let id = read_message_id(&id).ok_or_else(|| {
        Problem::field("id", "is neither a delivery's id nor a Message-ID of ours")
    })?;
    let explanation = explain::explain(state.app(), id).await?;
    Ok(Json(explanation.into()))
}
