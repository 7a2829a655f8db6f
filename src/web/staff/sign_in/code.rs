//! The second step: a code.

use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use crate::{
    app::staff::sign_in::{Proved, give_code},
    domain::staff::SessionState,
    web::{Problem, WebState},
};

use super::{
    super::{
        Staff,
        form::Form,
        page::{render_outside, to_be_mended},
    },
    Next,
    password::too_many,
    with_session,
};

#[derive(Serialize)]
struct Code<'a> {
    next: &'a str,
    wrong: bool,
    wait_s: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Given {
    code: String,
    #[serde(flatten)]
    next: Next,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    if staff.session.state == SessionState::Open {
        return Ok(Redirect::to(next.path()).into_response());
    }
    page(&state, &staff, &Code { next: next.path(), wrong: false, wait_s: None })
}

fn page(state: &WebState, staff: &Staff, code: &Code<'_>) -> Result<Response, Problem> {
    render_outside(state, staff.lang, "staff/code", "code-title", code)
}

pub(super) async fn give(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let next = given.next.path();
    match give_code(state.app(), &staff.session, &staff.user, &given.code).await? {
        Proved::Yes(token) => Ok(with_session(next, &token, state.is_tls())),
        Proved::No => {
            let again = Code { next, wrong: true, wait_s: None };
            page(&state, &staff, &again).map(to_be_mended)
        }
        Proved::Later(wait) => {
            let again = Code { next, wrong: false, wait_s: Some(wait.num_seconds() + 1) };
            page(&state, &staff, &again).map(too_many)
        }
    }
}
