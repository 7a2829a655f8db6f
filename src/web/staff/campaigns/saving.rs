//! What a page's script saves while somebody writes, and what it is told when somebody else was
//! first.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::draft::{self, Change, Saved},
    domain::{
        draft::{Draft, WorkingCopy},
        id::CampaignId,
    },
    web::{Problem, WebState, staff::Staff},
};

use super::{
    head::{Moment, Names},
    start::copied_name,
};

/// A draft as scripts see it.
#[derive(Serialize)]
struct Stands {
    revision: i64,
    draft: Draft,
    saved_by: String,
    saved: Moment,
}

/// What became of a save.
#[derive(Serialize)]
struct Stored {
    revision: i64,
    parts: Vec<Value>,
    voided: bool,
}

/// Somebody else changed the same parts.
#[derive(Serialize)]
struct Met {
    at: Vec<String>,
    #[serde(flatten)]
    stands: Stands,
}

/// Where a copy stands.
#[derive(Serialize)]
struct Forked {
    url: String,
}

/// The changes of parts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changes {
    changes: Vec<Change>,
}

/// `GET /campaigns/{id}/draft`.
pub(super) async fn look(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let dossier = draft::find(state.app(), CampaignId(id)).await?;
    Ok(Json(stands(&state, &staff, dossier.copy).await?).into_response())
}

/// `POST /campaigns/{id}/draft`: 409 with what stands there when somebody else was first.
pub(super) async fn save(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Json(asked): Json<Changes>,
) -> Result<Response, Problem> {
    let saved = draft::save(state.app(), CampaignId(id), &asked.changes, &staff.actor()).await?;
    Ok(match saved {
        Saved::Now { revision, parts, voided } => {
            Json(Stored { revision, parts, voided }).into_response()
        }
        Saved::Elsewhere { at, copy } => {
            let stands = stands(&state, &staff, *copy).await?;
            (StatusCode::CONFLICT, Json(Met { at, stands })).into_response()
        }
    })
}

/// `POST /campaigns/{id}/fork`: keeps changes that met another's as a campaign of their own.
pub(super) async fn fork(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Json(asked): Json<Changes>,
) -> Result<Response, Problem> {
    let id = CampaignId(id);
    let dossier = draft::find(state.app(), id).await?;
    let name = copied_name(&staff, &dossier.copy.draft.name);
    let copy = draft::fork(state.app(), id, &name, &asked.changes, &staff.actor()).await?;
    let url = format!("/campaigns/{copy}/about");
    Ok((StatusCode::CREATED, Json(Forked { url })).into_response())
}

async fn stands(state: &WebState, staff: &Staff, copy: WorkingCopy) -> Result<Stands, Problem> {
    let names = Names::of_all(state).await?;
    Ok(Stands {
        revision: copy.revision,
        saved_by: names.say(&copy.updated_by),
        saved: Moment::of(state, staff, copy.updated_at),
        draft: copy.draft,
    })
}
