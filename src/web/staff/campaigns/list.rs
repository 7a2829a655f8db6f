//! All campaigns: what needs me, by state, by name.

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::draft::{self, Chip, Wanted},
    domain::{id::CampaignId, staff::Right},
    store::draft::Line,
    web::{
        Problem, WebState,
        staff::{Staff, render},
    },
};

use super::head::{ChipView, Moment, Names};

/// Lines of a page.
const LINES: usize = 30;

/// The filters of the list: a word, and what it means.
const SHOWN: [(&str, &[Chip]); 7] = [
    ("all", &[]),
    ("mine", &[]),
    ("writing", &[Chip::Editing, Chip::Returned, Chip::Ready]),
    ("approval", &[Chip::Submitted, Chip::Approved]),
    ("scheduled", &[Chip::Scheduled]),
    ("sending", &[Chip::Running, Chip::Paused]),
    ("ended", &[Chip::Finished, Chip::Cancelled]),
];

/// What is asked for.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    q: String,
    before: Option<Uuid>,
}

#[derive(Serialize)]
struct List {
    filters: Vec<Filter>,
    show: &'static str,
    q: String,
    lines: Vec<LineView>,
    next: Option<Uuid>,
    is_first: bool,
    is_filtered: bool,
    may_write: bool,
}

#[derive(Serialize)]
struct Filter {
    word: &'static str,
    key: String,
    current: bool,
}

#[derive(Serialize)]
struct LineView {
    id: Uuid,
    name: String,
    chip: ChipView,
    needs_me: bool,
    changed: Moment,
    changed_by: Option<String>,
    start: Option<Moment>,
}

/// `GET /campaigns`.
pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (show, chips) = *SHOWN.iter().find(|(word, _)| *word == asked.show).unwrap_or(&SHOWN[0]);
    let wanted = Wanted {
        chips: chips.to_vec(),
        search: asked.q.trim().to_owned(),
        needs_me: show == "mine",
        may_approve: staff.may(Right::Approve),
    };
    let before = asked.before.map(CampaignId);
    let found = draft::list(state.app(), &staff.actor(), &wanted, before, LINES).await?;
    let names = Names::of_all(&state).await?;
    let lines = found.lines.into_iter().map(|line| view(&state, &staff, &names, &wanted, line));
    let list = List {
        filters: filters(show),
        show,
        lines: lines.collect(),
        next: found.next.map(|id| id.0),
        is_first: before.is_none(),
        is_filtered: show != "all" || !wanted.search.is_empty(),
        may_write: staff.may(Right::Write),
        q: wanted.search,
    };
    render(&state, &staff, "staff/campaigns/list", "campaigns-title", &list)
}

fn filters(show: &str) -> Vec<Filter> {
    let filter = |(word, _): &(&'static str, _)| Filter {
        word,
        key: format!("campaigns-show-{word}"),
        current: *word == show,
    };
    SHOWN.iter().map(filter).collect()
}

fn view(state: &WebState, staff: &Staff, names: &Names, wanted: &Wanted, line: Line) -> LineView {
    let chip = Chip::of(line.stage, line.phase);
    LineView {
        id: line.id.0,
        needs_me: draft::needs(&line, chip, wanted.may_approve),
        chip: ChipView::of(chip),
        changed: Moment::of(state, staff, line.changed_at),
        changed_by: line.changed_by.map(|by| names.say(&by)),
        start: line.start_at.map(|at| Moment::of(state, staff, at)),
        name: line.name,
    }
}
