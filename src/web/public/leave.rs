//! The link in a mail. GET shows; POST leaves: no cookie, no login, no redirect (RFC 8058, 3.1).

use axum::{
    extract::{Path, Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use crate::app::{
    self,
    leave::{self, Left, Way},
    test_mail,
};

use super::{
    super::{Problem, WebState, language::Wanted},
    form,
    link_pace::Pace,
    view::{Lost, Page},
};

/// `GET /u/{token}`: what the mail was, why it came, and the button. Changes nothing.
pub(super) async fn show(
    State(state): State<WebState>,
    Path(token): Path<String>,
    wanted: Wanted,
) -> Response {
    if test_mail::is_test_link(state.app(), &token) {
        return test(&state, &wanted);
    }
    match page(&state, &token, &wanted, StatusCode::OK).await {
        Ok(page) => page,
        Err(lost) => lost.answer(&state, &wanted),
    }
}

/// `POST /u/{token}`: leaves. To a mail client's one-click it answers in a word, to the page's
/// form with a page.
pub(super) async fn receive(
    State(state): State<WebState>,
    Path(token): Path<String>,
    wanted: Wanted,
    request: Request,
) -> Response {
    if test_mail::is_test_link(state.app(), &token) {
        return test(&state, &wanted);
    }
    match leave_by(&state, &token, &wanted, request).await {
        Ok(answer) => answer,
        Err(lost) => lost.answer(&state, &wanted),
    }
}

/// What the link of a test mail shows, and what it answers to a mail program's button: 200, and
/// nothing has changed.
fn test(state: &WebState, wanted: &Wanted) -> Response {
    let institution = &state.app().institution;
    let page = Lost::of("test", institution, &wanted.order(institution));
    render(state, StatusCode::OK, "lost", &page)
}

async fn leave_by(
    state: &WebState,
    token: &str,
    wanted: &Wanted,
    request: Request,
) -> Result<Response, NotShown> {
    let id = leave::message(state.app(), token)?;
    let user_agent = request.headers().get(header::USER_AGENT).cloned();
    let wish = match form::read(request, state).await {
        Ok(wish) => wish,
        Err(torn) => return Ok(torn),
    };
    let Some((choice, way)) = wish else {
        // It did not say what it wants. The page with the button is the answer.
        return page(state, token, wanted, StatusCode::BAD_REQUEST).await;
    };
    if state.0.link_pace.count(id) == Pace::Over {
        return Err(NotShown::TooOften);
    }
    let user_agent = user_agent.as_ref().map(HeaderValue::as_bytes).map(String::from_utf8_lossy);
    let withdrawn = leave::leave(state.app(), id, choice, way, user_agent.as_deref()).await?;
    tracing::info!(delivery = %id, choice = ?choice, way = ?way, outcome = ?withdrawn, "a person left");
    match way {
        Way::OneClick => Ok("unsubscribed\n".into_response()),
        Way::Page => page(state, token, wanted, StatusCode::OK).await,
    }
}

async fn page(
    state: &WebState,
    token: &str,
    wanted: &Wanted,
    status: StatusCode,
) -> Result<Response, NotShown> {
    let id = leave::message(state.app(), token)?;
    if state.0.link_pace.count(id) == Pace::Over {
        return Err(NotShown::TooOften);
    }
    let leaving = leave::look(state.app(), id).await?;
    let institution = &state.app().institution;
    let language = wanted.pick(institution, leaving.contact.profile.language);
    let name = if leaving.left == Left::Nothing { "leave" } else { "left" };
    Ok(render(state, status, name, &Page::of(&leaving, institution, language)))
}

/// Why the page of a message cannot be shown.
enum NotShown {
    TooOften,
    App(app::Error),
}

impl From<app::Error> for NotShown {
    fn from(error: app::Error) -> Self {
        Self::App(error)
    }
}

impl NotShown {
    /// A page in all languages that still lets a person leave.
    fn answer(self, state: &WebState, wanted: &Wanted) -> Response {
        let institution = &state.app().institution;
        let (status, why) = match self {
            Self::TooOften => (StatusCode::TOO_MANY_REQUESTS, "failed"),
            Self::App(app::Error::NotFound(_)) => (StatusCode::NOT_FOUND, "lost"),
            // Turning it into a problem writes the cause to the log.
            Self::App(error) => (Problem::from(error).status(), "failed"),
        };
        render(state, status, "lost", &Lost::of(why, institution, &wanted.order(institution)))
    }
}

fn render(state: &WebState, status: StatusCode, name: &str, data: &impl Serialize) -> Response {
    match state.0.pages.render(name, data) {
        Ok(page) => (status, page).into_response(),
        Err(error) => {
            // The template's name and line, without the data.
            tracing::error!(page = name, line = error.line_no, "a page could not be rendered");
            Problem::of(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
    }
}
