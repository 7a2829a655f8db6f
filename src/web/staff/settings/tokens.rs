//! Tokens for the institution's own systems.

use axum::{
    extract::{Path, State},
    response::Response,
};
use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{api_tokens, staff::actions},
    domain::id::ApiTokenId,
    web::{
        Problem, WebState,
        staff::{Errors, Form, Staff, page::to_be_mended, render, said},
        words::say_time,
    },
};

use super::{Section, sections};

#[derive(Serialize)]
struct List {
    sections: Vec<Section>,
    tokens: Vec<Row>,
    name: String,
    days: String,
    errors: Errors,
}

#[derive(Serialize)]
struct Row {
    id: ApiTokenId,
    name: String,
    created: String,
    ends: Option<String>,
    state: &'static str,
}

/// What a form holds.
#[derive(Deserialize)]
pub(super) struct Given {
    #[serde(default)]
    name: String,
    #[serde(default)]
    days: String,
}

pub(super) async fn list(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    let given = Given { name: String::new(), days: String::new() };
    page(&state, &staff, given, Errors::default()).await
}

async fn page(
    state: &WebState,
    staff: &Staff,
    given: Given,
    errors: Errors,
) -> Result<Response, Problem> {
    let app = state.app();
    let time = |at| say_time(staff.lang, at, app.institution.time_zone);
    let now = app.now();
    let tokens = api_tokens::list(app).await?;
    let tokens = tokens.into_iter().map(|token| Row {
        id: token.id,
        name: token.name,
        created: time(token.created_at),
        ends: token.expires_at.map(time),
        state: match (token.revoked_at, token.expires_at) {
            (Some(_), _) => "revoked",
            (None, Some(end)) if end <= now => "ended",
            _ => "active",
        },
    });
    let list = List {
        sections: sections(staff),
        tokens: tokens.collect(),
        name: given.name,
        days: given.days,
        errors,
    };
    render(state, staff, "staff/settings/tokens", "tokens-title", &list)
}

#[derive(Serialize)]
struct Created<'a> {
    sections: Vec<Section>,
    name: &'a str,
    secret: &'a str,
}

pub(super) async fn create(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let app = state.app();
    let days = given.days.trim().parse::<u16>();
    let mut errors = Errors::default();
    let expires_at = match (given.days.trim(), days) {
        ("", _) => None,
        (_, Ok(days @ 1..)) => app.now().checked_add_signed(TimeDelta::days(days.into())),
        _ => {
            errors.add("days", "days");
            return page(&state, &staff, given, errors).await.map(to_be_mended);
        }
    };
    match api_tokens::create(app, &given.name, expires_at).await {
        Ok((token, secret)) => {
            let mut tx = app.store.begin().await.map_err(crate::app::Error::from)?;
            let subject = Some(format!("token:{}", token.id));
            actions::log(app, tx.conn(), &staff.user, "token.create", subject, None).await?;
            tx.commit().await.map_err(crate::app::Error::from)?;
            let created = Created {
                sections: sections(&staff),
                name: &token.name,
                secret: secret.expose_secret(),
            };
            render(&state, &staff, "staff/settings/token", "token-title", &created)
        }
        Err(error) => page(&state, &staff, given, Errors::of(error)?).await.map(to_be_mended),
    }
}

pub(super) async fn revoke(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let app = state.app();
    api_tokens::revoke(app, ApiTokenId(id)).await?;
    let mut tx = app.store.begin().await.map_err(crate::app::Error::from)?;
    let subject = Some(format!("token:{id}"));
    actions::log(app, tx.conn(), &staff.user, "token.revoke", subject, None).await?;
    tx.commit().await.map_err(crate::app::Error::from)?;
    Ok(said("/settings/tokens", "said-token-revoked"))
}
