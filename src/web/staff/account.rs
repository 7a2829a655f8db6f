//! One's own account: name and language.

use axum::{Router, extract::State, response::Response, routing::get};
use serde::{Deserialize, Serialize};

use crate::{
    app::staff::users::{self, By},
    domain::{language::Language, staff::User},
    web::{Problem, WebState, words::SPOKEN},
};

use super::{Errors, Form, Staff, page::to_be_mended, render, said};

pub(super) fn routes() -> Router<WebState> {
    Router::new().route("/account", get(show).post(change))
}

#[derive(Deserialize)]
struct Change {
    name: String,
    language: String,
}

#[derive(Serialize)]
struct Account<'a> {
    name: &'a str,
    address: &'a str,
    languages: Vec<Choice>,
    errors: Errors,
}

#[derive(Serialize)]
struct Choice {
    code: Language,
    chosen: bool,
}

impl<'a> Account<'a> {
    fn of(user: &'a User) -> Self {
        Self {
            name: &user.name,
            address: user.address.as_str(),
            languages: SPOKEN.map(|code| Choice { code, chosen: code == user.language }).into(),
            errors: Errors::default(),
        }
    }
}

async fn show(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    let account = Account::of(&staff.user);
    render(&state, &staff, "staff/account", "account-title", &account)
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
            let account = Account {
                name: &given.name,
                errors: Errors::of(error)?,
                ..Account::of(&staff.user)
            };
            render(&state, &staff, "staff/account", "account-title", &account).map(to_be_mended)
        }
    }
}
