//! The live page of a campaign.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;

use crate::{
    app::{campaign, figures},
    domain::{campaign::Phase, id::CampaignId, staff::Right},
    store::campaign::HistoryLine,
    web::{Problem, WebState},
};

use super::{
    super::{
        Staff, render,
        reports::{DomainView, campaign_id, domains},
        tell::Tell,
    },
    view::LiveView,
};

/// Domains that the live page names; the report has all.
const DOMAINS_SHOWN: usize = 8;
/// Lines of the history that the live page shows, the latest ones.
const HISTORY_SHOWN: usize = 10;

#[derive(Serialize)]
struct Page {
    id: CampaignId,
    name: String,
    live: LiveView,
    is_watched: bool,
    may_pause: bool,
    may_resume: bool,
    may_cancel: bool,
    consequences: String,
    domains: Vec<DomainView>,
    history: Vec<LineView>,
}

#[derive(Serialize)]
struct LineView {
    at: String,
    deed: String,
    detail: Option<String>,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = campaign_id(&id)?;
    let (tell, now) = (Tell::to(&staff, &state), state.app().now());
    let live = figures::live(state.app(), id).await?;
    let history = campaign::history(state.app(), id).await?;
    let report = figures::report(state.app(), id).await?;
    let phase = live.campaign.state.phase();
    let may = staff.may(Right::Write) || staff.may(Right::Approve);
    let waiting = live.standing.total() - live.standing.ended();
    let page = Page {
        id,
        name: live.campaign.name.clone(),
        is_watched: !matches!(phase, Phase::Finished | Phase::Cancelled),
        may_pause: may && matches!(phase, Phase::Running | Phase::Scheduled),
        may_resume: may && phase == Phase::Paused,
        may_cancel: may && matches!(phase, Phase::Running | Phase::Paused | Phase::Scheduled),
        consequences: tell.counted("live-pause-means", waiting),
        live: LiveView::of(tell, now, &live),
        domains: domains(tell, id, &report.domains, DOMAINS_SHOWN),
        history: lines(tell, history),
    };
    render(&state, &staff, "staff/live/show", "live-title", &page)
}

fn lines(tell: Tell, history: Vec<HistoryLine>) -> Vec<LineView> {
    let line = |line: HistoryLine| LineView {
        at: tell.time(line.happened_at),
        deed: tell.sentence(&format!("live-deed-{}", line.deed)),
        // When it is to start is told by its state; the words of a pause are told here.
        detail: line.detail.filter(|_| line.deed == "pause"),
    };
    history.into_iter().rev().take(HISTORY_SHOWN).map(line).collect()
}
