//! How far a file is, told as it goes on.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Path, State},
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::stream::{self, Stream};
use serde::Serialize;
use tokio::time::sleep;

use crate::{
    app::import_jobs::{self, Told},
    domain::id::ImportJobId,
    store::import_job::JobState,
    web::{
        Problem, WebState,
        staff::{Staff, telling::Teller},
    },
};

/// Between two figures.
const PERIOD: Duration = Duration::from_secs(1);
/// Figures of one connection; the browser then comes again.
const FIGURES_MAX: u32 = 3_600;

/// How far a file is.
#[derive(Debug, Serialize)]
pub(super) struct Progress {
    pub(super) state: JobState,
    /// Per mille of the file.
    pub(super) share: i64,
    pub(super) rows: u64,
    /// Rows, rate and time left, in the reader's words.
    pub(super) text: String,
}

impl Progress {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate for reading"
    )]
    pub(super) fn of(state: &WebState, teller: &Teller, told: &Told) -> Self {
        let (rows, seconds) = (told.now.tally.rows(), told.seconds(state.app()));
        let total = told.job.octets.max(1);
        let share = (told.job.octets_read.saturating_mul(1000) / total).clamp(0, 1000);
        let rate = (rows as f64 / seconds).round() as u64;
        let mut parts = vec![teller.amount("imports-rows", rows)];
        if rows > 0 {
            parts.push(teller.amount("imports-rate", rate));
        }
        if (1..1000).contains(&share) {
            let left = seconds * (1000 - share) as f64 / share as f64;
            parts.push(match left as u64 {
                seconds @ 0..=90 => teller.amount("imports-left-seconds", seconds),
                seconds => teller.amount("imports-left-minutes", seconds.div_ceil(60)),
            });
        }
        Self { state: told.job.state, share, rows, text: parts.join(" · ") }
    }
}

pub(super) async fn events(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ImportJobId>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    import_jobs::find(state.app(), id).await?;
    let teller = Teller::to(&staff, &state);
    let figures = stream::unfold((state, 0), move |(state, n)| async move {
        if n >= FIGURES_MAX {
            return None;
        }
        if n > 0 {
            sleep(PERIOD).await;
        }
        let told = import_jobs::find(state.app(), id).await.ok()?;
        let progress = Progress::of(&state, &teller, &told);
        let goes_on = matches!(told.job.state, JobState::Checking | JobState::Running);
        let next = if goes_on { n + 1 } else { FIGURES_MAX };
        let event = Event::default().json_data(progress).ok()?;
        Some((Ok(event), (state, next)))
    });
    Ok(Sse::new(figures).keep_alive(KeepAlive::default()))
}
