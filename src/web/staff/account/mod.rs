//! One's own account: name and language, password, second factor, sessions.

mod password;
mod second_factor;
mod sessions;

use axum::{
    Router,
    extract::State,
    response::Response,
    routing::{get, post},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::staff::{
        passwords, second_factor as codes, sessions as all_sessions,
        users::{self, By},
    },
    domain::{language::Language, staff::User},
    web::{
        Problem, WebState,
        words::{SPOKEN, say_time},
    },
};

use super::{Errors, Form, Staff, page::to_be_mended, render, said};

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/account", get(show).post(change))
        .route("/account/password", post(password::change))
        .route("/account/second-factor", get(second_factor::offer).post(second_factor::set))
        .route("/account/second-factor/remove", post(second_factor::remove))
        .route("/account/sessions/{id}/end", post(sessions::end))
        .route("/account/sessions/end-others", post(sessions::end_others))
}

#[derive(Deserialize)]
struct Change {
    name: String,
    language: String,
}

#[derive(Serialize)]
struct Account {
    name: String,
    address: String,
    languages: Vec<Choice>,
    roles: Vec<&'static str>,
    chars_min: usize,
    has_second_factor: bool,
    recovery_codes: i64,
    sessions: Vec<Row>,
    errors: Errors,
}

#[derive(Serialize)]
struct Choice {
    code: Language,
    chosen: bool,
}

#[derive(Serialize)]
struct Row {
    id: crate::domain::id::SessionId,
    agent: String,
    since: String,
    seen: String,
    here: bool,
}

/// The page, with `name` in its field and `errors` at theirs.
async fn page(
    state: &WebState,
    staff: &Staff,
    name: &str,
    errors: Errors,
) -> Result<Response, Problem> {
    let (app, user) = (state.app(), &staff.user);
    let time = |at| say_time(staff.lang, at, app.institution.time_zone);
    let sessions = all_sessions::list(app, user.id).await?.into_iter().map(|session| Row {
        id: session.id,
        here: session.id == staff.session.id,
        since: time(session.created_at),
        seen: time(session.seen_at),
        agent: session.agent,
    });
    let account = Account {
        name: name.to_owned(),
        address: user.address.as_str().to_owned(),
        languages: SPOKEN.map(|code| Choice { code, chosen: code == user.language }).into(),
        roles: user.roles.iter().map(|role| role.as_str()).collect(),
        chars_min: passwords::CHARS_MIN,
        has_second_factor: user.has_second_factor,
        recovery_codes: codes::recovery_codes_left(app, user.id).await?,
        sessions: sessions.collect(),
        errors,
    };
    render(state, staff, "staff/account/account", "account-title", &account)
}

async fn show(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    page(&state, &staff, &staff.user.name, Errors::default()).await
}

async fn change(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Change>,
) -> Result<Response, Problem> {
    let language = given.language.parse().ok().filter(|one| SPOKEN.contains(one));
    let language = language.unwrap_or(staff.user.language);
    let changed = User { name: given.name.clone(), language, ..staff.user.clone() };
    match users::change(state.app(), &changed, By::User(&staff.user)).await {
        Ok(()) => Ok(said("/account", "said-account-saved")),
        Err(error) => {
            let errors = Errors::of(error)?;
            page(&state, &staff, &given.name, errors).await.map(to_be_mended)
        }
    }
}
