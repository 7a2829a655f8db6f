//! A campaign is scheduled, started, held, resumed, cancelled.

use axum::{Extension, Json, extract::State};
use chrono::{DateTime, SubsecRound as _, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::campaign,
    domain::{campaign::Deed, id::CampaignId},
};

use super::{
    super::{
        super::{Problem, WebState},
        auth::Caller,
        extract::{Body, Id},
    },
    view::CampaignView,
};

/// Longest reason for a pause, in characters.
const REASON_CHARS_MAX: usize = 500;

/// When a campaign is to start.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Schedule {
    /// A time in the future, with its offset.
    #[schema(example = "2026-12-01T09:00:00+05:00")]
    at: DateTime<Utc>,
}

/// Let it start by itself at a time
#[utoipa::path(
    post,
    operation_id = "schedule_campaign",
    path = "/campaigns/{id}/schedule",
    tag = "campaigns",
    params(("id" = Uuid, Path, description = "The campaign")),
    request_body = Schedule,
    responses(
        (status = 200, description = "It is scheduled", body = CampaignView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Its state does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "The time is not in the future", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::web::api) async fn schedule(
    State(state): State<WebState>,
    Id(id): Id,
    Extension(caller): Extension<Caller>,
    Body(asked): Body<Schedule>,
) -> Result<Json<CampaignView>, Problem> {
    start_at(&state, id, Some(asked.at.trunc_subsecs(6)), &caller).await
}

/// Start it
///
/// At the time that its author planned, if that is still to come; else now.
#[utoipa::path(
    post,
    operation_id = "start_campaign",
    path = "/campaigns/{id}/start",
    tag = "campaigns",
    params(("id" = Uuid, Path, description = "The campaign")),
    responses(
        (status = 200, description = "It is running, or scheduled for the planned time", body = CampaignView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Its state does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an id", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::web::api) async fn start(
    State(state): State<WebState>,
    Id(id): Id,
    Extension(caller): Extension<Caller>,
) -> Result<Json<CampaignView>, Problem> {
    start_at(&state, id, None, &caller).await
}

async fn start_at(
    state: &WebState,
    id: Uuid,
    at: Option<DateTime<Utc>>,
    caller: &Caller,
) -> Result<Json<CampaignView>, Problem> {
    let started = campaign::start(state.app(), CampaignId(id), at, &caller.0).await?;
    Ok(Json(started.into()))
}

/// Why a campaign is paused.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::web::api) struct Pause {
    /// In words for staff, at most 500 characters. No personal data.
    #[schema(example = "the date in the text is wrong")]
    reason: String,
}

/// Hold it
#[utoipa::path(
    post,
    operation_id = "pause_campaign",
    path = "/campaigns/{id}/pause",
    tag = "campaigns",
    params(("id" = Uuid, Path, description = "The campaign")),
    request_body = Pause,
    responses(
        (status = 200, description = "It is paused: nothing more begins", body = CampaignView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Its state does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "No reason, or too long a one", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::web::api) async fn pause(
    State(state): State<WebState>,
    Id(id): Id,
    Extension(caller): Extension<Caller>,
    Body(asked): Body<Pause>,
) -> Result<Json<CampaignView>, Problem> {
    let reason = asked.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        let message = format!("must have 1 to {REASON_CHARS_MAX} characters");
        return Err(Problem::field("reason", message));
    }
    change(&state, id, Deed::Pause(reason.to_owned()), &caller).await
}

/// Let it go on
#[utoipa::path(
    post,
    operation_id = "resume_campaign",
    path = "/campaigns/{id}/resume",
    tag = "campaigns",
    params(("id" = Uuid, Path, description = "The campaign")),
    responses(
        (status = 200, description = "It is running again", body = CampaignView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Its state does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an id", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::web::api) async fn resume(
    State(state): State<WebState>,
    Id(id): Id,
    Extension(caller): Extension<Caller>,
) -> Result<Json<CampaignView>, Problem> {
    change(&state, id, Deed::Resume, &caller).await
}

/// Stop it for good
#[utoipa::path(
    post,
    operation_id = "cancel_campaign",
    path = "/campaigns/{id}/cancel",
    tag = "campaigns",
    params(("id" = Uuid, Path, description = "The campaign")),
    responses(
        (status = 200, description = "It is cancelled: what was queued will not be sent", body = CampaignView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "Its state does not allow it", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an id", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(in crate::web::api) async fn cancel(
    State(state): State<WebState>,
    Id(id): Id,
    Extension(caller): Extension<Caller>,
) -> Result<Json<CampaignView>, Problem> {
    change(&state, id, Deed::Cancel, &caller).await
}

async fn change(
    state: &WebState,
    id: Uuid,
    deed: Deed,
    caller: &Caller,
) -> Result<Json<CampaignView>, Problem> {
    let changed = campaign::change(state.app(), CampaignId(id), &deed, &caller.0).await?;
    Ok(Json(changed.into()))
}
