//! One segment: whom it means, told in clauses.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{
        Error,
        segments::{self, SegmentForm},
    },
    domain::{audience::Audience, id::SegmentId, staff::Right},
    web::{
        Problem, WebState,
        staff::{Errors, Form, Staff, page::to_be_mended, render, said, telling::Teller},
    },
};

use super::Builder;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    name: String,
    description: String,
    audience: String,
    revision: i64,
}

#[derive(Serialize)]
struct Edited {
    id: Option<String>,
    name: String,
    description: String,
    revision: i64,
    builder: Builder,
    may_write: bool,
    conflict: Option<String>,
    errors: Errors,
}

impl Given {
    fn form(&self) -> Result<SegmentForm, Error> {
        let audience = if self.audience.is_empty() {
            Audience::default()
        } else {
            let wrong = |error: serde_json::Error| Error::invalid("audience", error.to_string());
            serde_json::from_str(&self.audience).map_err(wrong)?
        };
        Ok(SegmentForm { name: self.name.clone(), description: self.description.clone(), audience })
    }
}

pub(super) async fn blank(
    State(state): State<WebState>,
    staff: Staff,
) -> Result<Response, Problem> {
    page(&state, &staff, None, &Given::default(), (Errors::default(), None)).await
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<SegmentId>,
) -> Result<Response, Problem> {
    let segment = segments::find(state.app(), id).await?;
    let given = Given {
        name: segment.name,
        description: segment.description,
        audience: serde_json::to_string(&segment.audience).unwrap_or_default(),
        revision: segment.revision,
    };
    page(&state, &staff, Some(id), &given, (Errors::default(), None)).await
}

async fn page(
    state: &WebState,
    staff: &Staff,
    id: Option<SegmentId>,
    given: &Given,
    (errors, conflict): (Errors, Option<String>),
) -> Result<Response, Problem> {
    let audience = given.form().map(|form| form.audience).unwrap_or_default();
    let teller = Teller::to(staff, state);
    let edited = Edited {
        id: id.map(|id| id.to_string()),
        name: given.name.clone(),
        description: given.description.clone(),
        revision: given.revision,
        builder: Builder::load(state.app(), teller, &audience, id).await?,
        may_write: staff.may(Right::Write),
        conflict,
        errors,
    };
    let title = if id.is_some() { "segments-edit-title" } else { "segments-new-title" };
    render(state, staff, "staff/segments/edit", title, &edited)
}

pub(super) async fn create(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let made = match given.form() {
        Ok(form) => segments::create(state.app(), &form, &staff.actor()).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(segment) => Ok(said(&format!("/segments/{}", segment.id), "said-segments-saved")),
        Err(error) => mend(&state, &staff, None, &given, error).await,
    }
}

pub(super) async fn save(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<SegmentId>,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let saved = match given.form() {
        Ok(form) => segments::update(state.app(), id, given.revision, &form).await,
        Err(error) => Err(error),
    };
    match saved {
        Ok(_) => Ok(said(&format!("/segments/{id}"), "said-segments-saved")),
        Err(error) => mend(&state, &staff, Some(id), &given, error).await,
    }
}

async fn mend(
    state: &WebState,
    staff: &Staff,
    id: Option<SegmentId>,
    given: &Given,
    error: Error,
) -> Result<Response, Problem> {
    let teller = Teller::to(staff, state);
    let told = match error {
        Error::Conflict(_) => (Errors::default(), Some(teller.sentence("segments-conflict"))),
        error => (teller.errors("segments-bad", error)?, None),
    };
    page(state, staff, id, given, told).await.map(to_be_mended)
}

pub(super) async fn delete(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<SegmentId>,
) -> Result<Response, Problem> {
    match segments::delete(state.app(), id).await {
        Ok(()) => Ok(said("/segments", "said-segments-deleted")),
        Err(Error::Conflict(_)) => {
            let segment = segments::find(state.app(), id).await?;
            let given = Given {
                name: segment.name,
                description: segment.description,
                audience: serde_json::to_string(&segment.audience).unwrap_or_default(),
                revision: segment.revision,
            };
            let used = Teller::to(&staff, &state).sentence("segments-used");
            let told = (Errors::default(), Some(used));
            page(&state, &staff, Some(id), &given, told).await.map(to_be_mended)
        }
        Err(error) => Err(error.into()),
    }
}
