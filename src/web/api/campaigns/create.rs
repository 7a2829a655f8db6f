//! A campaign is created, and checked again.

use axum::{Extension, Json, extract::State, http::StatusCode};

use crate::{
    app::campaign::{self, Source, StoredSource},
    domain::id::CampaignId,
};

use super::{
    super::{
        super::{Problem, WebState},
        auth::Caller,
        extract::{Body, Id},
    },
    draft::{Checked, Created, FindingView, NewCampaign},
};

/// Create a campaign
///
/// The JSON equivalent of a campaign folder. Everything is checked and compiled here: what stops it
/// is told field by field or by file, line and column, and then nothing is saved.
#[utoipa::path(
    post,
    operation_id = "create_campaign",
    path = "/campaigns",
    tag = "campaigns",
    request_body = NewCampaign,
    responses(
        (status = 201, description = "A draft, and what should worry about it", body = Created),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Over 4 MiB", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "What stops it", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::web::api) async fn create(
    State(state): State<WebState>,
    Extension(caller): Extension<Caller>,
    Body(asked): Body<NewCampaign>,
) -> Result<(StatusCode, Json<Created>), Problem> {
    let source = asked.source()?;
    let (campaign, findings) = campaign::create(state.app(), &source, &caller.0).await?;
    let findings = findings.into_iter().map(FindingView::from).collect();
    Ok((StatusCode::CREATED, Json(Created { campaign: campaign.into(), findings })))
}

/// Check a campaign again
///
/// Changes nothing: purposes, parties, senders and fields may have changed since it was created.
#[utoipa::path(
    post,
    operation_id = "check_campaign",
    path = "/campaigns/{id}/check",
    tag = "campaigns",
    params(("id" = Uuid, Path, description = "The campaign")),
    responses(
        (status = 200, description = "What stops it and what should worry", body = Checked),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an id", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::web::api) async fn check(
    State(state): State<WebState>,
    Id(id): Id,
) -> Result<Json<Checked>, Problem> {
    let found = campaign::find(state.app(), CampaignId(id)).await?;
    let stored: StoredSource = serde_json::from_str(&found.source)
        .map_err(|_| Problem::field("id", "was stored by another version; create it again"))?;
    let inspected = campaign::inspect(state.app(), &Source::try_from(stored)?).await?;
    let may_start = inspected.may_start();
    let findings = inspected.findings.into_iter().map(FindingView::from).collect();
    Ok(Json(Checked { may_start, findings }))
}
