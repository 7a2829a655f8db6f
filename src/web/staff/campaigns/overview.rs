//! One campaign: on its way, or over; or not from here. A draft is shown by its first step.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::{
        Error, campaign,
        campaign::StoredSource,
        draft::{self, Chip},
    },
    domain::{
        campaign::{Phase, State as CampaignState},
        id::CampaignId,
        staff::Right,
    },
    store::campaign::HistoryLine,
    web::{
        Problem, WebState,
        staff::{Staff, render},
    },
};

use super::head::{ChipView, Moment, Names};

#[derive(Serialize)]
struct Page {
    id: Uuid,
    name: String,
    chip: ChipView,
    purpose: String,
    party: String,
    sender: String,
    pace: Option<String>,
    created: Moment,
    scheduled: Option<Moment>,
    seconds_left: i64,
    has_begun: bool,
    is_from_files: bool,
    files: Vec<FileView>,
    may_undo: bool,
    may_write: bool,
    history: Vec<LineView>,
}

#[derive(Serialize)]
struct FileView {
    name: String,
    text: String,
}

#[derive(Serialize)]
struct LineView {
    key: String,
    who: String,
    at: Moment,
    detail: Option<String>,
}

/// `GET /campaigns/{id}`.
pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let dossier = match draft::find(state.app(), CampaignId(id)).await {
        Ok(dossier) => Some(dossier),
        Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error.into()),
    };
    if let Some(dossier) = &dossier
        && matches!(dossier.phase, None | Some(Phase::Draft))
    {
        let step = if staff.may(Right::Write) { "about" } else { "check" };
        return Ok(Redirect::to(&format!("/campaigns/{id}/{step}")).into_response());
    }
    let status = campaign::status(state.app(), CampaignId(id)).await?;
    let names = Names::of_all(&state).await?;
    let found = &status.campaign;
    let start_at = match found.state {
        CampaignState::Scheduled { start_at } => Some(start_at),
        _ => None,
    };
    let now = state.app().now();
    let word = dossier.as_ref().map(|dossier| dossier.copy.stage.word());
    let may_start = staff.may(Right::Write) || staff.may(Right::Approve);
    let page = Page {
        id,
        name: found.name.clone(),
        chip: ChipView::of(Chip::of(word, Some(found.state.phase()))),
        purpose: found.purpose.to_string(),
        party: found.party.to_string(),
        sender: found.sender.address.as_str().to_owned(),
        pace: found.pace.map(String::from),
        created: Moment::of(&state, &staff, found.created_at),
        seconds_left: start_at.map_or(0, |at| (at - now).num_seconds().max(0)),
        scheduled: start_at.map(|at| Moment::of(&state, &staff, at)),
        has_begun: found.started_at.is_some(),
        is_from_files: dossier.is_none(),
        files: if dossier.is_none() { files(&found.source) } else { Vec::new() },
        may_undo: start_at.is_some() && may_start,
        may_write: staff.may(Right::Write) && dossier.is_some(),
        history: history(&state, &staff, &names, &status.history),
    };
    render(&state, &staff, "staff/campaigns/overview", "campaigns-overview-title", &page)
}

fn files(source: &str) -> Vec<FileView> {
    let stored: Option<StoredSource> = serde_json::from_str(source).ok();
    let bodies = stored.into_iter().flat_map(|stored| stored.bodies);
    bodies.map(|(name, text)| FileView { name, text }).collect()
}

fn history(state: &WebState, staff: &Staff, names: &Names, lines: &[HistoryLine]) -> Vec<LineView> {
    let view = |line: &HistoryLine| LineView {
        key: format!("campaigns-deed-{}", line.deed),
        who: names.say(&line.actor),
        at: Moment::of(state, staff, line.happened_at),
        detail: line.detail.clone().filter(|_| line.deed != "schedule"),
    };
    lines.iter().rev().map(view).collect()
}
