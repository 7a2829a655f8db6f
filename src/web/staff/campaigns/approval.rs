//! Approval: asked for, given, refused with words, taken back.

use axum::{
    extract::{Path, State},
    response::Response,
};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use uuid::Uuid;

use crate::{
    app::draft,
    domain::{draft::Seal, id::CampaignId},
    web::{
        Problem, WebState,
        staff::{Form, Staff, said},
    },
};

/// What somebody says with a deed, and what they looked at.
#[derive(Deserialize)]
pub(super) struct Words {
    #[serde(default)]
    said: String,
    #[serde(default)]
    revision: i64,
    #[serde(default)]
    seal: String,
}

impl Words {
    /// The seal of what they looked at.
    pub(super) fn seal(&self) -> Result<Seal, Problem> {
        let octets = HEXLOWER.decode(self.seal.as_bytes()).ok();
        let seal = octets.and_then(|octets| octets.try_into().ok()).map(Seal);
        seal.ok_or_else(|| Problem::field("seal", "open the page again"))
    }
}

fn back(id: Uuid, key: &str) -> Response {
    said(&format!("/campaigns/{id}/check"), key)
}

/// `POST /campaigns/{id}/submit`.
pub(super) async fn submit(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(words): Form<Words>,
) -> Result<Response, Problem> {
    let by = staff.actor();
    draft::submit(state.app(), CampaignId(id), words.revision, &words.said, &by).await?;
    Ok(back(id, "said-campaigns-submitted"))
}

/// `POST /campaigns/{id}/reopen`.
pub(super) async fn reopen(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    draft::reopen(state.app(), CampaignId(id), &staff.actor()).await?;
    Ok(said(&format!("/campaigns/{id}/about"), "said-campaigns-reopened"))
}

/// `POST /campaigns/{id}/send-back`.
pub(super) async fn send_back(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(words): Form<Words>,
) -> Result<Response, Problem> {
    draft::send_back(state.app(), CampaignId(id), &words.said, &staff.actor()).await?;
    Ok(back(id, "said-campaigns-sent-back"))
}

/// `POST /campaigns/{id}/approve`.
pub(super) async fn approve(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(words): Form<Words>,
) -> Result<Response, Problem> {
    let by = staff.actor();
    draft::approve(state.app(), CampaignId(id), words.seal()?, &words.said, &by).await?;
    Ok(back(id, "said-campaigns-approved"))
}

/// `POST /campaigns/{id}/comment`.
pub(super) async fn comment(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(words): Form<Words>,
) -> Result<Response, Problem> {
    draft::comment(state.app(), CampaignId(id), &words.said, &staff.actor()).await?;
    Ok(back(id, "said-campaigns-commented"))
}
