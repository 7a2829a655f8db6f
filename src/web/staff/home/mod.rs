//! Where one begins: what is being sent, what comes next, what needs somebody.

mod calendar;

use axum::{
    Router,
    extract::{Query, State},
    response::Response,
    routing::get,
};
use serde::Serialize;

use crate::{
    app::{
        draft::{self, Chip},
        figures::{self, Board},
    },
    domain::{
        campaign::{Phase, State as CampaignState},
        id::CampaignId,
        staff::Right,
    },
    store::draft::Line,
    web::{EngineStatus, Problem, WebState},
};

use super::{
    Staff,
    live::view::{LiveView, sending},
    render,
    tell::Tell,
};

use calendar::{CalendarView, Wanted};

/// Drafts that are named as waiting.
const DRAFTS_SHOWN: usize = 10;
/// Campaigns that are named as coming next.
const COMING_SHOWN: i64 = 5;

pub(super) fn routes() -> Router<WebState> {
    Router::new().route("/", get(show))
}

#[derive(Serialize)]
struct Page {
    sending: Vec<LiveView>,
    drafts: Vec<DraftView>,
    paused: Vec<PausedView>,
    relays: Vec<RelayView>,
    is_quiet: bool,
    coming: Vec<ComingView>,
    calendar: CalendarView,
    is_new: bool,
    may_write: bool,
    may_edit_people: bool,
}

/// A draft that waits for whoever looks.
#[derive(Serialize)]
struct DraftView {
    id: CampaignId,
    name: String,
    says: String,
}

#[derive(Serialize)]
struct PausedView {
    id: CampaignId,
    name: String,
    reason: String,
    since: String,
    waiting: String,
}

#[derive(Serialize)]
struct RelayView {
    name: String,
    says: String,
}

#[derive(Serialize)]
struct ComingView {
    id: CampaignId,
    name: String,
    at: String,
}

async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let (tell, now) = (Tell::to(&staff, &state), state.app().now());
    let board = figures::board(state.app()).await?;
    let coming = figures::coming(state.app(), COMING_SHOWN).await?;
    let coming: Vec<ComingView> = coming
        .into_iter()
        .filter_map(|one| match one.state {
            CampaignState::Scheduled { start_at } => {
                Some(ComingView { id: one.id, name: one.name, at: tell.time(start_at) })
            }
            _ => None,
        })
        .collect();
    let was_sent = !figures::page(state.app(), None, 1).await?.is_empty();
    let (paused, relays) = (paused(tell, &board), relays(tell, &state));
    let drafts = drafts(&state, &staff, tell).await?;
    let page = Page {
        sending: sending(tell, now, &board),
        is_quiet: drafts.is_empty() && paused.is_empty() && relays.is_empty(),
        drafts,
        paused,
        relays,
        is_new: !was_sent && coming.is_empty(),
        coming,
        calendar: calendar::view(&state, tell, &wanted).await?,
        may_write: staff.may(Right::Write),
        may_edit_people: staff.may(Right::EditPeople),
    };
    render(&state, &staff, "staff/home", "home-title", &page)
}

/// Approvals that this person may give, and their own drafts that came back or may be started.
async fn drafts(state: &WebState, staff: &Staff, tell: Tell) -> Result<Vec<DraftView>, Problem> {
    let wanted = draft::Wanted {
        chips: vec![Chip::Submitted, Chip::Returned, Chip::Approved],
        needs_me: true,
        may_approve: staff.may(Right::Approve),
        ..draft::Wanted::default()
    };
    let found = draft::list(state.app(), &staff.actor(), &wanted, None, DRAFTS_SHOWN).await?;
    let view = |line: Line| DraftView {
        says: tell.sentence(&format!("home-draft-{}", Chip::of(line.stage, line.phase))),
        id: line.id,
        name: line.name,
    };
    Ok(found.lines.into_iter().map(view).collect())
}

fn paused(tell: Tell, board: &Board) -> Vec<PausedView> {
    let is_paused = |one: &&figures::Live| one.campaign.state.phase() == Phase::Paused;
    let view = |one: &figures::Live| {
        let CampaignState::Paused { since, reason } = &one.campaign.state else { return None };
        let waiting = one.standing.total() - one.standing.ended();
        Some(PausedView {
            id: one.campaign.id,
            name: one.campaign.name.clone(),
            reason: reason.clone(),
            since: tell.time(*since),
            waiting: tell.counted("home-waiting", waiting),
        })
    };
    board.campaigns.iter().filter(is_paused).filter_map(view).collect()
}

fn relays(tell: Tell, state: &WebState) -> Vec<RelayView> {
    let resting = state.engine().map(EngineStatus::resting).unwrap_or_default();
    let view = |one: crate::web::RestingRelay| {
        let minutes = i64::try_from(one.for_another.as_secs().div_ceil(60)).unwrap_or(i64::MAX);
        RelayView { name: one.name, says: tell.counted("home-relay-rests", minutes) }
    };
    resting.into_iter().map(view).collect()
}
