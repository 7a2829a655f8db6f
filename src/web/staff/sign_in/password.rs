//! The first step: address and password.

use axum::{
    extract::{FromRequest as _, Query, Request, State},
    response::{IntoResponse as _, Response},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    app::staff::sign_in::{SignedIn, sign_in as sign_in_with},
    domain::staff::SessionState,
    web::{Problem, WebState, language::Wanted},
};

use super::{
    super::{
        form::Form,
        page::{render_outside, to_be_mended},
    },
    Next, agent, pace, with_session,
};

#[derive(Serialize, Default)]
struct SignIn<'a> {
    address: &'a str,
    next: &'a str,
    said: Option<&'a str>,
    wrong: bool,
    wait_s: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Given {
    address: String,
    password: SecretString,
    #[serde(flatten)]
    next: Next,
}

#[derive(Deserialize)]
pub(super) struct Said {
    said: Option<String>,
}

const SENTENCES: [&str; 2] = ["said-signed-out", "said-password-set"];

pub(super) async fn show(
    State(state): State<WebState>,
    wanted: Wanted,
    Query(next): Query<Next>,
    Query(said): Query<Said>,
) -> Result<Response, Problem> {
    let said = said.said.as_deref().filter(|said| SENTENCES.contains(said));
    page(&state, &wanted, &SignIn { next: next.path(), said, ..SignIn::default() })
}

fn page(state: &WebState, wanted: &Wanted, sign_in: &SignIn<'_>) -> Result<Response, Problem> {
    let lang = wanted.pick(&state.app().institution, None);
    render_outside(state, lang, "staff/sign-in", "sign-in-title", sign_in)
}

pub(super) async fn sign_in(
    State(state): State<WebState>,
    wanted: Wanted,
    request: Request,
) -> Result<Response, Problem> {
    if !state.sign_in_pace().admits(pace::origin(&request)) {
        let wait = SignIn { wait_s: Some(60), ..SignIn::default() };
        return page(&state, &wanted, &wait).map(too_many);
    }
    let agent = agent(request.headers()).to_owned();
    let Form(given) = Form::<Given>::from_request(request, &()).await?;
    let again = SignIn { address: &given.address, next: given.next.path(), ..SignIn::default() };
    match sign_in_with(state.app(), &given.address, given.password, &agent).await? {
        SignedIn::Yes(session, token) => {
            let to = match session.state {
                SessionState::CodeDue => super::super::guard::onwards("/sign-in/code", again.next),
                _ => again.next.to_owned(),
            };
            Ok(with_session(&to, &token, state.is_tls()))
        }
        SignedIn::No => page(&state, &wanted, &SignIn { wrong: true, ..again }).map(to_be_mended),
        SignedIn::Later(wait) => {
            let wait = SignIn { wait_s: Some(wait.num_seconds() + 1), ..again };
            page(&state, &wanted, &wait).map(too_many)
        }
    }
}

/// The same page, told to come later.
pub(super) fn too_many(page: Response) -> Response {
    (axum::http::StatusCode::TOO_MANY_REQUESTS, page).into_response()
}
