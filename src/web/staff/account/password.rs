//! A new password.

use axum::{extract::State, response::Response};
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    app::staff::users::change_password,
    web::{
        Problem, WebState,
        staff::{Errors, Form, Staff, page::to_be_mended, said},
    },
};

/// What the form holds.
#[derive(Deserialize)]
pub(super) struct Given {
    current: SecretString,
    password: SecretString,
}

pub(super) async fn change(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let session = staff.session.id;
    let changed =
        change_password(state.app(), &staff.user, given.current, given.password, session).await;
    match changed {
        Ok(()) => Ok(said("/account", "said-password-changed")),
        Err(error) => {
            let errors = Errors::of(error)?;
            super::page(&state, &staff, &staff.user.name, errors).await.map(to_be_mended)
        }
    }
}
