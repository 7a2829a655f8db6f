//! Who works here.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::staff::{
        second_factor,
        users::{self, By, LINK_LIFE, NewUser},
    },
    domain::{
        id::UserId,
        staff::{Role, User},
    },
    web::{
        Problem, WebState,
        staff::{Errors, Form, Staff, page::to_be_mended, render, said},
        words::SPOKEN,
    },
};

use super::{Section, sections};

/// A form with boxes: the same name may come more than once.
type Fields = Vec<(String, String)>;

#[derive(Serialize)]
struct List {
    sections: Vec<Section>,
    users: Vec<Row>,
    new: Given,
    errors: Errors,
}

#[derive(Serialize)]
struct Row {
    id: UserId,
    name: String,
    address: String,
    roles: Vec<&'static str>,
    state: &'static str,
    second_factor: bool,
}

impl Row {
    fn of(user: &User) -> Self {
        let state = match (user.disabled_at, user.has_password) {
            (Some(_), _) => "disabled",
            (None, false) => "invited",
            (None, true) => "active",
        };
        Self {
            id: user.id,
            name: user.name.clone(),
            address: user.address.as_str().to_owned(),
            roles: user.roles.iter().map(|role| role.as_str()).collect(),
            state,
            second_factor: user.has_second_factor,
        }
    }
}

/// What a form holds.
#[derive(Serialize, Default)]
struct Given {
    address: String,
    name: String,
    language: String,
    languages: Vec<Choice>,
    roles: Vec<Choice>,
    disabled: bool,
}

#[derive(Serialize)]
struct Choice {
    code: &'static str,
    chosen: bool,
}

impl Given {
    fn new(address: String, name: String, language: String, roles: &BTreeSet<Role>) -> Self {
        let choices = |(code, chosen)| Choice { code, chosen };
        Self {
            languages: ["kk", "ru", "en"].map(|code| (code, code == language)).map(choices).into(),
            roles: Role::ALL
                .iter()
                .map(|role| (role.as_str(), roles.contains(role)))
                .map(choices)
                .collect(),
            address,
            name,
            language,
            disabled: false,
        }
    }

    fn read(fields: &Fields) -> (Self, BTreeSet<Role>) {
        let value = |name: &str| {
            let found = fields.iter().find(|(given, _)| given == name);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let roles = fields.iter().filter(|(name, _)| name == "role");
        let roles: BTreeSet<Role> = roles.filter_map(|(_, role)| role.parse().ok()).collect();
        let given = Self {
            disabled: !value("disabled").is_empty(),
            ..Self::new(value("address"), value("name"), value("language"), &roles)
        };
        (given, roles)
    }
}

pub(super) async fn list(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    let language = state.app().institution.default_language().to_string();
    let new = Given::new(String::new(), String::new(), language, &BTreeSet::new());
    page(&state, &staff, new, Errors::default()).await
}

async fn page(
    state: &WebState,
    staff: &Staff,
    new: Given,
    errors: Errors,
) -> Result<Response, Problem> {
    let users = users::all(state.app()).await?.iter().map(Row::of).collect();
    let list = List { sections: sections(staff), users, new, errors };
    render(state, staff, "staff/settings/users", "users-title", &list)
}

pub(super) async fn create(
    State(state): State<WebState>,
    staff: Staff,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let (given, roles) = Given::read(&fields);
    let mut errors = Errors::default();
    let language = given.language.parse().ok().filter(|one| SPOKEN.contains(one));
    let language = language.unwrap_or_else(|| state.app().institution.default_language());
    let Ok(address) = given.address.trim().parse() else {
        errors.add("address", "address");
        return page(&state, &staff, given, errors).await.map(to_be_mended);
    };
    let new = NewUser { address, name: given.name.clone(), language, roles };
    match users::create(state.app(), new, By::User(&staff.user)).await {
        Ok(user) => invited(&state, &staff, &user).await,
        Err(crate::app::Error::Conflict(_)) => {
            errors.add("address", "known");
            page(&state, &staff, given, errors).await.map(to_be_mended)
        }
        Err(error) => page(&state, &staff, given, Errors::of(error)?).await.map(to_be_mended),
    }
}

#[derive(Serialize)]
struct Invited<'a> {
    sections: Vec<Section>,
    name: &'a str,
    url: String,
    hours: i64,
}

/// Shows the link with which somebody sets a password: this once.
async fn invited(state: &WebState, staff: &Staff, user: &User) -> Result<Response, Problem> {
    let key = users::link(state.app(), user, By::User(&staff.user)).await?;
    let url = format!("{}/welcome?key={}", state.app().public_url, key.expose_secret());
    let shown =
        Invited { sections: sections(staff), name: &user.name, url, hours: LINK_LIFE.num_hours() };
    render(state, staff, "staff/settings/invited", "invited-title", &shown)
}

#[derive(Serialize)]
struct One<'a> {
    sections: Vec<Section>,
    id: UserId,
    user: Row,
    given: Given,
    own: bool,
    errors: &'a Errors,
}

async fn found(state: &WebState, id: Uuid) -> Result<User, Problem> {
    Ok(users::find(state.app(), UserId(id)).await?)
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let user = found(&state, id).await?;
    let language = user.language.to_string();
    let address = user.address.as_str().to_owned();
    let given = Given {
        disabled: user.disabled_at.is_some(),
        ..Given::new(address, user.name.clone(), language, &user.roles)
    };
    one(&state, &staff, &user, given, &Errors::default())
}

fn one(
    state: &WebState,
    staff: &Staff,
    user: &User,
    given: Given,
    errors: &Errors,
) -> Result<Response, Problem> {
    let own = user.id == staff.user.id;
    let shown =
        One { sections: sections(staff), id: user.id, user: Row::of(user), given, own, errors };
    render(state, staff, "staff/settings/user", "user-title", &shown)
}

pub(super) async fn change(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let user = found(&state, id).await?;
    let (given, roles) = Given::read(&fields);
    let language = given.language.parse().ok().filter(|one| SPOKEN.contains(one));
    let disabled_at = given.disabled.then(|| user.disabled_at.unwrap_or(state.app().now()));
    let changed = User {
        name: given.name.clone(),
        language: language.unwrap_or(user.language),
        roles,
        disabled_at,
        ..user.clone()
    };
    match users::change(state.app(), &changed, By::User(&staff.user)).await {
        Ok(()) => Ok(said("/settings/users", "said-user-saved")),
        Err(crate::app::Error::Conflict(_)) => {
            let mut errors = Errors::default();
            errors.add("roles", "last");
            one(&state, &staff, &user, given, &errors).map(to_be_mended)
        }
        Err(error) => one(&state, &staff, &user, given, &Errors::of(error)?).map(to_be_mended),
    }
}

pub(super) async fn link(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let user = found(&state, id).await?;
    Ok(invited(&state, &staff, &user).await?.into_response())
}

pub(super) async fn remove_second_factor(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let user = found(&state, id).await?;
    second_factor::remove(state.app(), user.id, &staff.user).await?;
    Ok(said(&format!("/settings/users/{}", user.id), "said-second-factor-removed"))
}
