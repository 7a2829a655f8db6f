//! Campaigns are listed, shown and counted. Nothing changes.

use axum::{Json, extract::State};

use crate::{app::campaign, domain::id::CampaignId};

use super::{
    super::{
        super::{Problem, WebState},
        extract::{Id, Paging},
    },
    view::{CampaignPage, CampaignView, FunnelView, StatusView},
};

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
pub(in crate::web::api) async fn page(
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
pub(in crate::web::api) async fn show(
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
pub(in crate::web::api) async fn funnel(
    State(state): State<WebState>,
    Id(id): Id,
) -> Result<Json<FunnelView>, Problem> {
    let found = campaign::find(state.app(), CampaignId(id)).await?;
    let funnel =
        campaign::funnel(state.app(), &found.audience, &found.purpose, &found.party).await?;
    Ok(Json(funnel.into()))
}
