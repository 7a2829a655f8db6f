//! Purposes, parties and editions of the policy.

use std::collections::BTreeMap;

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{app::catalogue, domain::language::Language};

use super::super::{Problem, WebState};

/// Texts by language code.
type Texts = BTreeMap<String, String>;

fn texts(of: BTreeMap<Language, String>) -> Texts {
    of.into_iter().map(|(language, text)| (language.to_string(), text)).collect()
}

/// What a person may be mailed for.
#[derive(Serialize, ToSchema)]
pub(super) struct PurposeView {
    #[schema(example = "news")]
    key: String,
    /// The policy clause that allows asking for it.
    #[schema(example = "3.1.7")]
    clause: String,
    /// `institution` or `partner`: on whose behalf it may be used.
    #[schema(example = "institution")]
    behalf: &'static str,
    /// How long a consent holds, in months from the last affirmative act.
    #[schema(example = 24)]
    term_months: i64,
    /// What a person reads, by language.
    #[schema(example = json!({"kk": "Жаңалықтар", "ru": "Новости", "en": "News"}))]
    titles: Texts,
}

/// List the purposes
#[utoipa::path(
    get,
    operation_id = "list_purposes",
    path = "/purposes",
    tag = "catalogue",
    responses(
        (status = 200, description = "All purposes, by clause", body = [PurposeView]),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn purposes(
    State(state): State<WebState>,
) -> Result<Json<Vec<PurposeView>>, Problem> {
    let purposes = catalogue::purposes(state.app()).await?;
    let views = purposes.into_iter().map(|one| PurposeView {
        key: one.key.to_string(),
        clause: one.clause,
        behalf: one.behalf.as_str(),
        term_months: one.term_months,
        titles: texts(one.titles),
    });
    Ok(Json(views.collect()))
}

/// On whose behalf a mail is sent.
#[derive(Serialize, ToSchema)]
pub(super) struct PartyView {
    #[schema(example = "institution")]
    key: String,
    /// `institution` or `partner`.
    #[schema(example = "institution")]
    kind: &'static str,
    /// What a person reads, by language.
    names: Texts,
}

/// List the institution and its partners
#[utoipa::path(
    get,
    operation_id = "list_parties",
    path = "/parties",
    tag = "catalogue",
    responses(
        (status = 200, description = "All parties, the institution first", body = [PartyView]),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn parties(
    State(state): State<WebState>,
) -> Result<Json<Vec<PartyView>>, Problem> {
    let parties = catalogue::parties(state.app()).await?;
    let views = parties.into_iter().map(|one| PartyView {
        key: one.key.to_string(),
        kind: one.kind.as_str(),
        names: texts(one.names),
    });
    Ok(Json(views.collect()))
}

/// One edition of the privacy policy.
#[derive(Serialize, ToSchema)]
pub(super) struct EditionView {
    id: Uuid,
    /// 1, 2, 3 … in order of publication.
    #[schema(example = 3)]
    number: i64,
    /// `editorial`: consents carry over. `material`: they need reconfirmation.
    #[schema(example = "editorial")]
    kind: &'static str,
    /// When it took effect.
    published_at: DateTime<Utc>,
    /// SHA-256 of its text in each language, in hex.
    sha256: Texts,
}

/// List the editions of the privacy policy
#[utoipa::path(
    get,
    operation_id = "list_policy_versions",
    path = "/policy/versions",
    tag = "catalogue",
    responses(
        (status = 200, description = "All editions, oldest first", body = [EditionView]),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn editions(
    State(state): State<WebState>,
) -> Result<Json<Vec<EditionView>>, Problem> {
    let editions = catalogue::editions(state.app()).await?;
    let hex =
        |(language, hash): (Language, [u8; 32])| (language.to_string(), HEXLOWER.encode(&hash));
    let views = editions.into_iter().map(|one| EditionView {
        id: one.version.id.0,
        number: one.version.number,
        kind: one.version.kind.as_str(),
        published_at: one.version.published_at,
        sha256: one.texts.into_iter().map(hex).collect(),
    });
    Ok(Json(views.collect()))
}
