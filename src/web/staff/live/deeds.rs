//! Pausing, resuming and cancelling, each with what it means.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{campaign, figures},
    domain::{campaign::Deed, delivery::State as Delivered, id::CampaignId},
    web::{Problem, WebState},
};

use super::super::{
    Form, Staff, page::to_be_mended, render, reports::campaign_id, said, tell::Tell,
};

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 300;

#[derive(Deserialize)]
pub(super) struct Pause {
    #[serde(default)]
    reason: String,
}

/// `POST /campaigns/{id}/pause`
pub(super) async fn pause(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
    Form(given): Form<Pause>,
) -> Result<Response, Problem> {
    let plain: String = given.reason.chars().filter(|c| !c.is_control()).collect();
    let reason: String = plain.trim().chars().take(REASON_CHARS_MAX).collect();
    let reason = if reason.is_empty() {
        Tell::to(&staff, &state).with("live-paused-by", &[("name", staff.user.name.clone().into())])
    } else {
        reason
    };
    change(&state, &staff, &id, &Deed::Pause(reason), "said-live-paused").await
}

/// `POST /campaigns/{id}/resume`
pub(super) async fn resume(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    change(&state, &staff, &id, &Deed::Resume, "said-live-resumed").await
}

async fn change(
    state: &WebState,
    staff: &Staff,
    id: &str,
    deed: &Deed,
    key: &str,
) -> Result<Response, Problem> {
    let id = campaign_id(id)?;
    campaign::change(state.app(), id, deed, &staff.actor()).await?;
    Ok(said(&format!("/campaigns/{id}/live"), key))
}

#[derive(Serialize)]
struct Asked {
    id: CampaignId,
    name: String,
    lost: String,
    kept: String,
    is_wrong: bool,
}

#[derive(Deserialize)]
pub(super) struct Cancel {
    #[serde(default)]
    name: String,
}

/// `GET /campaigns/{id}/cancel`: what it means, and the name to be typed.
pub(super) async fn ask_cancel(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    asked(&state, &staff, campaign_id(&id)?, false).await
}

/// `POST /campaigns/{id}/cancel`
pub(super) async fn cancel(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
    Form(given): Form<Cancel>,
) -> Result<Response, Problem> {
    let known = figures::live(state.app(), campaign_id(&id)?).await?.campaign;
    if given.name.trim() != known.name.trim() {
        return asked(&state, &staff, known.id, true).await.map(to_be_mended);
    }
    change(&state, &staff, &id, &Deed::Cancel, "said-live-cancelled").await
}

async fn asked(
    state: &WebState,
    staff: &Staff,
    id: CampaignId,
    is_wrong: bool,
) -> Result<Response, Problem> {
    let tell = Tell::to(staff, state);
    let live = figures::live(state.app(), id).await?;
    let (standing, sent) = (&live.standing, live.standing.count(Delivered::Sent));
    let asked = Asked {
        id,
        name: live.campaign.name,
        lost: tell.counted("live-cancel-lost", standing.total() - standing.ended()),
        kept: tell.counted("live-cancel-kept", sent),
        is_wrong,
    };
    render(state, staff, "staff/live/cancel", "live-cancel-title", &asked)
}
