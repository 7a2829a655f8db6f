//! All files that were brought in.

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::import_jobs::{self, Told},
    domain::id::ImportJobId,
    store::import_job::JobState,
    web::{
        Problem, WebState,
        staff::{Staff, render, telling::Teller},
    },
};

/// Files of a page.
const PAGE: usize = 50;

#[derive(Deserialize)]
pub(super) struct Place {
    before: Option<ImportJobId>,
}

#[derive(Serialize)]
struct List {
    lines: Vec<Line>,
    older: Option<String>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    file_name: String,
    state: String,
    class: &'static str,
    when: String,
    rows: u64,
    new: u64,
    rejected: u64,
}

/// The colour of a state.
pub(super) const fn class(state: JobState) -> &'static str {
    match state {
        JobState::Finished => "good",
        JobState::Failed => "bad",
        JobState::Cancelled => "",
        JobState::Ready => "warn",
        JobState::Checking | JobState::Running => "info",
    }
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Query(place): Query<Place>,
) -> Result<Response, Problem> {
    let (told, has_more) = import_jobs::list(state.app(), place.before, PAGE).await?;
    let teller = Teller::to(&staff, &state);
    let line = |told: &Told| Line {
        id: told.job.id.to_string(),
        file_name: told.job.file_name.clone(),
        state: teller.word("imports-state", told.job.state.as_str()),
        class: class(told.job.state),
        when: teller.time(told.job.created_at),
        rows: told.now.tally.rows(),
        new: told.now.tally.new,
        rejected: told.now.tally.rejected,
    };
    let list = List {
        older: told.last().filter(|_| has_more).map(|last| last.job.id.to_string()),
        lines: told.iter().map(line).collect(),
    };
    render(&state, &staff, "staff/imports/list", "imports-title", &list)
}
