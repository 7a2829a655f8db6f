//! Setting a password by a link that works once.

use axum::{
    extract::{Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    app::staff::{passwords, users},
    web::{Problem, WebState},
};

use super::super::{
    form::{Errors, Form},
    page::{render_outside, to_be_mended},
};

#[derive(Deserialize)]
pub(super) struct Key {
    #[serde(default)]
    key: SecretString,
}

#[derive(Deserialize)]
pub(super) struct Given {
    key: SecretString,
    password: SecretString,
}

#[derive(Serialize)]
struct Welcome<'a> {
    key: &'a str,
    name: &'a str,
    address: &'a str,
    chars_min: usize,
    errors: Errors,
}

pub(super) async fn show(
    State(state): State<WebState>,
    Query(given): Query<Key>,
) -> Result<Response, Problem> {
    page(&state, &given.key, Errors::default()).await
}

async fn page(state: &WebState, key: &SecretString, errors: Errors) -> Result<Response, Problem> {
    let Some(user) = users::of_link(state.app(), key).await? else {
        let lang = state.app().institution.default_language();
        let page = render_outside(state, lang, "staff/welcome-over", "welcome-over-title", &())?;
        return Ok((axum::http::StatusCode::NOT_FOUND, page).into_response());
    };
    let welcome = Welcome {
        key: key.expose_secret(),
        name: &user.name,
        address: user.address.as_str(),
        chars_min: passwords::CHARS_MIN,
        errors,
    };
    render_outside(state, user.language, "staff/welcome", "welcome-title", &welcome)
}

pub(super) async fn set_password(
    State(state): State<WebState>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    match users::set_password(state.app(), &given.key, given.password).await {
        Ok(_) => Ok(Redirect::to("/sign-in?said=said-password-set").into_response()),
        Err(crate::app::Error::NotFound(_)) => page(&state, &given.key, Errors::default()).await,
        Err(error) => page(&state, &given.key, Errors::of(error)?).await.map(to_be_mended),
    }
}
