//! Proving once more who one is, before a deed with weight.

use axum::{
    extract::{Query, State},
    response::Response,
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    app::staff::sign_in::{Proved, prove as prove_with},
    web::{Problem, WebState},
};

use super::{
    super::{Staff, form::Form, page::to_be_mended, render},
    Next,
    password::too_many,
    with_session,
};

#[derive(Serialize)]
struct Proof<'a> {
    next: &'a str,
    by_code: bool,
    wrong: bool,
    wait_s: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Given {
    proof: SecretString,
    #[serde(flatten)]
    next: Next,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    page(&state, &staff, next.path(), false, None)
}

fn page(
    state: &WebState,
    staff: &Staff,
    next: &str,
    wrong: bool,
    wait_s: Option<i64>,
) -> Result<Response, Problem> {
    let proof = Proof { next, by_code: staff.user.has_second_factor, wrong, wait_s };
    render(state, staff, "staff/prove", "prove-title", &proof)
}

pub(super) async fn prove(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let next = given.next.path();
    match prove_with(state.app(), &staff.session, &staff.user, given.proof).await? {
        Proved::Yes(token) => Ok(with_session(next, &token, state.is_tls())),
        Proved::No => page(&state, &staff, next, true, None).map(to_be_mended),
        Proved::Later(wait) => {
            page(&state, &staff, next, false, Some(wait.num_seconds() + 1)).map(too_many)
        }
    }
}
