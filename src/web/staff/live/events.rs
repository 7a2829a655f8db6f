//! Server-sent events: each holds all that its page shows, so that a stream that was cut goes on
//! with the next one.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue},
    response::{
        IntoResponse as _, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::stream;
use tokio::time::{Instant, timeout_at};

use crate::{
    app::{figures, staff::sessions},
    domain::id::CampaignId,
    web::{Problem, WebState},
};

use super::{
    super::{Staff, reports::campaign_id, tell::Tell},
    hub::Seat,
    view,
};

/// How often a stream asks whether its session still lives.
const SESSION_ASKED_EVERY: Duration = Duration::from_secs(15);
/// A sign of life, so that nothing between us and the browser hangs up.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What a page watches.
#[derive(Debug, Clone, Copy)]
enum Watched {
    All,
    One(CampaignId),
}

struct Watching {
    state: WebState,
    staff: Staff,
    seat: Seat,
    watched: Watched,
    last: Option<String>,
    ask_at: Instant,
    is_over: bool,
}

/// `GET /events`: the home page's.
pub(super) async fn all(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    watch(state, staff, Watched::All)
}

/// `GET /campaigns/{id}/events`: one campaign's.
pub(super) async fn one(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = campaign_id(&id)?;
    figures::live(state.app(), id).await?;
    watch(state, staff, Watched::One(id))
}

fn watch(state: WebState, staff: Staff, watched: Watched) -> Result<Response, Problem> {
    let seat = state.hub().seat(state.shared_app(), staff.user.id).ok_or_else(Problem::busy)?;
    let ask_at = Instant::now() + SESSION_ASKED_EVERY;
    let watching = Watching { state, staff, seat, watched, last: None, ask_at, is_over: false };
    let events = stream::unfold(watching, |mut watching| async {
        let event = watching.next().await?;
        Some((Ok::<_, Infallible>(event), watching))
    });
    let mut response =
        Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    // A proxy that collects answers would keep the figures to itself.
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response.headers_mut().insert(unbuffered.0, unbuffered.1);
    Ok(response)
}

impl Watching {
    /// The next event; `None` ends the stream.
    async fn next(&mut self) -> Option<Event> {
        if self.is_over {
            return None;
        }
        loop {
            if let Some(event) = self.look().await {
                return Some(event);
            }
            let ended = self.seat.ended.clone();
            let wait = timeout_at(self.ask_at, self.seat.board.changed());
            match ended.run_until_cancelled(wait).await {
                Some(Ok(Ok(()))) => {}
                Some(Err(_)) => {
                    self.ask_at = Instant::now() + SESSION_ASKED_EVERY;
                    if !self.session_lives().await {
                        self.is_over = true;
                        return Some(Event::default().event("over").data(""));
                    }
                }
                Some(Ok(Err(_))) | None => return None,
            }
        }
    }

    async fn session_lives(&self) -> bool {
        let asked = sessions::lives(self.state.app(), &self.staff.session).await;
        asked.unwrap_or_else(|error| {
            tracing::warn!(%error, "a watcher's session could not be read");
            false
        })
    }

    /// What there is to show, unless it is what was shown last.
    async fn look(&mut self) -> Option<Event> {
        let html = match self.render().await {
            Ok(html) => html?,
            Err(problem) => {
                tracing::warn!(kind = problem.kind(), "live figures could not be shown");
                return None;
            }
        };
        if self.last.as_ref() == Some(&html) {
            return None;
        }
        self.last = Some(html.clone());
        Some(Event::default().event("now").data(html))
    }

    async fn render(&mut self) -> Result<Option<String>, Problem> {
        let tell = Tell::to(&self.staff, &self.state);
        let now = self.state.app().now();
        let board = self.seat.board.borrow_and_update().clone();
        match (self.watched, board) {
            (Watched::All, None) => Ok(None),
            (Watched::All, Some(board)) => view::all(&self.state, tell, now, &board).map(Some),
            (Watched::One(id), board) => {
                if let Some(live) = board.as_ref().and_then(|board| board.find(id)) {
                    return view::one(&self.state, tell, now, live).map(Some);
                }
                let live = figures::live(self.state.app(), id).await?;
                view::one(&self.state, tell, now, &live).map(Some)
            }
        }
    }
}
