//! A campaign is begun: blank, from a ready-made letter, or as a copy.

use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::{
        draft::{self, Beginning},
        letters,
    },
    domain::{id::CampaignId, letter::Letter},
    web::{
        Problem, WebState,
        staff::{Errors, Form, Staff, render, to_be_mended},
        words::{Arguments, say},
    },
};

/// What a new campaign begins with.
#[derive(Deserialize)]
pub(super) struct New {
    #[serde(default)]
    name: String,
    #[serde(default)]
    letter: String,
}

#[derive(Serialize)]
struct Page {
    name: String,
    blank: bool,
    letters: Vec<Choice>,
    errors: Errors,
}

#[derive(Serialize)]
struct Choice {
    key: &'static str,
    title: String,
    about: String,
    chosen: bool,
}

/// `GET /campaigns/new`.
pub(super) async fn show(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    page(&state, &staff, &New { name: String::new(), letter: String::new() }, Errors::default())
}

/// `POST /campaigns/new`.
pub(super) async fn begin(
    State(state): State<WebState>,
    staff: Staff,
    Form(new): Form<New>,
) -> Result<Response, Problem> {
    let letter = match new.letter.as_str() {
        "" => Letter::default(),
        key => letters::begin(state.app(), key).unwrap_or_default(),
    };
    let begun =
        draft::begin(state.app(), &new.name, Beginning::Letter(letter), &staff.actor()).await;
    match begun {
        Ok(id) => Ok(Redirect::to(&format!("/campaigns/{id}/about")).into_response()),
        Err(error) => {
            let errors = Errors::of(error)?;
            page(&state, &staff, &new, errors).map(to_be_mended)
        }
    }
}

/// `POST /campaigns/{id}/copy`: the copy's time is gone, so that it does not go out by itself.
pub(super) async fn copy(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let id = CampaignId(id);
    let dossier = draft::find(state.app(), id).await?;
    let name = copied_name(&staff, &dossier.copy.draft.name);
    let copy = draft::begin(state.app(), &name, Beginning::CopyOf(id), &staff.actor()).await?;
    Ok(Redirect::to(&format!("/campaigns/{copy}/about")).into_response())
}

/// What a copy is called, cut to fit.
pub(super) fn copied_name(staff: &Staff, name: &str) -> String {
    let short: String = name.chars().take(crate::domain::draft::NAME_CHARS_MAX - 20).collect();
    let arguments = Arguments::from([("name".into(), short.clone().into())]);
    say(staff.lang, "campaigns-copy-name", &arguments).unwrap_or(short)
}

fn page(state: &WebState, staff: &Staff, new: &New, errors: Errors) -> Result<Response, Problem> {
    let letters = letters::gallery().iter().map(|one| Choice {
        key: one.key,
        title: format!("campaigns-letter-{}", one.key),
        about: format!("campaigns-letter-{}-about", one.key),
        chosen: one.key == new.letter,
    });
    let page = Page {
        name: new.name.clone(),
        blank: new.letter.is_empty(),
        letters: letters.collect(),
        errors,
    };
    render(state, staff, "staff/campaigns/new", "campaigns-new-title", &page)
}
