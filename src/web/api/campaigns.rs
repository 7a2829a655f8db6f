//! Deeds with campaigns.

use axum::{Extension, Json, extract::State, http::StatusCode};
use chrono::{DateTime, SubsecRound as _, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::campaign::{self, Source, StoredSource},
    domain::{campaign::Deed, id::CampaignId},
};

use super::{
    super::{Problem, WebState},
    auth::Caller,
    campaign_view::{CampaignPage, CampaignView, FunnelView, StatusView},
    extract::{Body, Id, Paging},
    new_campaign::{Checked, Created, FindingView, NewCampaign},
};

/// Longest reason for a pause, in characters.
const REASON_CHARS_MAX: usize = 500;

/// List the campaigns
#[utoipa::path(
    get,
    operation_id = "list_campaigns",
    path = "/campaigns",
    tag = "campaigns",
    params(
        ("before" = Option<Uuid>, Query, description = "`next` of the page before; the newest unless given"),
        ("limit" = Option<u32>, Query, description = "Campaigns of a page: 1 to 200, 50 unless given", example = 50),
    ),
    responses(
        (status = 200, description = "One page, newest first", body = CampaignPage),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A parameter is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn page(
    State(state): State<WebState>,
    paging: Paging,
) -> Result<Json<CampaignPage>, Problem> {
    let limit = usize::try_from(paging.limit).unwrap_or_default();
    let before = paging.before.map(CampaignId);
    // One more than asked for tells whether there is a next page.
    let mut found = campaign::page(state.app(), before, i64::from(paging.limit) + 1).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.id.0);
    Ok(Json(CampaignPage { campaigns: found.into_iter().map(CampaignView::from).collect(), next }))
}

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
pub(super) async fn create(
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
pub(super) async fn check(
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

/// Show one campaign and how far it has come
#[utoipa::path(
    get,
    operation_id = "show_campaign",
    path = "/campaigns/{id}",
    tag = "campaigns",
    params(("id" = Uuid, Path, description = "The campaign")),
    responses(
        (status = 200, description = "How it stands", body = StatusView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an id", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn show(
    State(state): State<WebState>,
    Id(id): Id,
) -> Result<Json<StatusView>, Problem> {
    let status = campaign::status(state.app(), CampaignId(id)).await?;
    Ok(Json(StatusView::of(status, state.app().now())))
}

/// Count who would get it
///
/// Changes nothing: people whom the audience matches, how many fall out for which reason, how many
/// would get it if it started now.
#[utoipa::path(
    post,
    operation_id = "count_campaign",
    path = "/campaigns/{id}/funnel",
    tag = "campaigns",
    params(("id" = Uuid, Path, description = "The campaign")),
    responses(
        (status = 200, description = "The funnel", body = FunnelView),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such campaign", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "Not an id", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn funnel(
    State(state): State<WebState>,
    Id(id): Id,
) -> Result<Json<FunnelView>, Problem> {
    let found = campaign::find(state.app(), CampaignId(id)).await?;
    let funnel =
        campaign::funnel(state.app(), &found.audience, &found.purpose, &found.party).await?;
    Ok(Json(funnel.into()))
}

/// When a campaign is to start.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
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
pub(super) async fn schedule(
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
pub(super) async fn start(
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
pub(super) struct Pause {
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
pub(super) async fn pause(
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
pub(super) async fn resume(
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
pub(super) async fn cancel(
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
