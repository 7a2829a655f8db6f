//! The first step: what it is for, on whose behalf, and who gets it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::{
        campaign::funnel,
        catalogue,
        draft::{self, Change, Saved},
    },
    domain::{draft::Draft, id::CampaignId, language::Language, party::Party, staff::Right},
    web::{
        Problem, WebState,
        staff::{Form, Staff, render, said, to_be_mended},
    },
};

use super::{
    funnel::FunnelView,
    head::{Head, open},
};

/// The fields of the page, as a browser without scripts sends them.
#[derive(Deserialize)]
pub(super) struct Fields {
    #[serde(default)]
    name: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    party: String,
    #[serde(default)]
    audience: String,
    /// What stood in them when the page was made, as JSON.
    #[serde(default)]
    was: String,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    name: String,
    purposes: Vec<PurposeGroup>,
    parties: Vec<Choice>,
    audience: String,
    was: String,
    funnel: Option<FunnelView>,
    met: bool,
    unusable: bool,
}

#[derive(Serialize)]
struct PurposeGroup {
    group: i64,
    purposes: Vec<Choice>,
}

#[derive(Serialize)]
struct Choice {
    key: String,
    title: String,
    note: String,
    chosen: bool,
}

/// `GET /campaigns/{id}/about`.
pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    page(&state, &staff, id, None).await
}

/// `POST /campaigns/{id}/about`: from a browser without scripts.
pub(super) async fn save(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let was: Value = serde_json::from_str(&fields.was).unwrap_or_default();
    let audience: Value = serde_json::from_str(&fields.audience)
        .map_err(|error| Problem::field("audience", error.to_string()))?;
    let now = json!({
        "/name": fields.name.trim(),
        "/purpose": chosen(&fields.purpose),
        "/party": chosen(&fields.party),
        "/audience": audience,
    });
    let changes = changes(&was, &now);
    match draft::save(state.app(), CampaignId(id), &changes, &staff.actor()).await? {
        Saved::Now { .. } => Ok(said(&format!("/campaigns/{id}/about"), "said-campaigns-saved")),
        Saved::Elsewhere { .. } => page(&state, &staff, id, Some(now)).await.map(to_be_mended),
    }
}

fn chosen(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}

/// What of `now` is not as it was: both name parts by their pointers.
pub(super) fn changes(was: &Value, now: &Value) -> Vec<Change> {
    let parts = now.as_object().into_iter().flatten();
    parts
        .map(|(at, now)| Change {
            at: at.clone(),
            was: was.get(at).cloned().unwrap_or_default(),
            now: now.clone(),
        })
        .filter(|change| change.was != change.now)
        .collect()
}

/// What stands in these parts, for [`changes`].
pub(super) fn standing(draft: &Draft, parts: &[&str]) -> Value {
    let value = serde_json::to_value(draft).unwrap_or_default();
    let part = |at: &&str| ((*at).to_owned(), value.pointer(at).cloned().unwrap_or_default());
    Value::Object(parts.iter().map(part).collect())
}

async fn page(
    state: &WebState,
    staff: &Staff,
    id: Uuid,
    typed: Option<Value>,
) -> Result<Response, Problem> {
    let (dossier, _, head) = open(state, staff, id, "about").await?;
    let draft = &dossier.copy.draft;
    let stands = standing(draft, &["/name", "/purpose", "/party", "/audience"]);
    let met = typed.is_some();
    let shown = typed.unwrap_or_else(|| stands.clone());
    let text = |at: &str| shown[at].as_str().unwrap_or_default().to_owned();
    let (funnel, unusable) = asked(state, staff, id, draft).await?;
    let page = Page {
        name: text("/name"),
        purposes: purposes(state, staff, &text("/purpose")).await?,
        parties: parties(state, staff, &text("/party")).await?,
        audience: shown["/audience"].to_string(),
        was: stands.to_string(),
        funnel,
        met,
        unusable,
        head,
    };
    render(state, staff, "staff/campaigns/about", "campaigns-step-about", &page)
}

/// The funnel, if it can be asked; else whether that is the audience's fault.
async fn asked(
    state: &WebState,
    staff: &Staff,
    id: Uuid,
    draft: &Draft,
) -> Result<(Option<FunnelView>, bool), Problem> {
    let Some((purpose, party)) = draft.purpose.as_ref().zip(draft.party.as_ref()) else {
        return Ok((None, false));
    };
    match funnel(state.app(), &draft.audience, purpose, party).await {
        Ok(funnel) => Ok((Some(FunnelView::of(id, &funnel, staff.may(Right::SeePeople))), false)),
        Err(crate::app::Error::Store(error)) if error.is_unreadable() => Ok((None, true)),
        Err(error) => Err(error.into()),
    }
}

async fn purposes(
    state: &WebState,
    staff: &Staff,
    chosen: &str,
) -> Result<Vec<PurposeGroup>, Problem> {
    let fallback = state.app().institution.default_language();
    let mut groups: Vec<PurposeGroup> = Vec::new();
    for purpose in catalogue::purposes(state.app()).await? {
        let choice = Choice {
            key: purpose.key.to_string(),
            title: purpose.title(staff.lang, fallback).to_owned(),
            note: purpose.clause.clone(),
            chosen: purpose.key.as_str() == chosen,
        };
        let group = purpose.clause_group;
        match groups.iter_mut().find(|one| one.group == group) {
            Some(one) => one.purposes.push(choice),
            None => groups.push(PurposeGroup { group, purposes: vec![choice] }),
        }
    }
    Ok(groups)
}

async fn parties(state: &WebState, staff: &Staff, chosen: &str) -> Result<Vec<Choice>, Problem> {
    let fallback = state.app().institution.default_language();
    let parties = catalogue::parties(state.app()).await?;
    let choice = |party: &Party| Choice {
        key: party.key.to_string(),
        title: party_name(party, staff.lang, fallback),
        note: String::new(),
        chosen: party.key.as_str() == chosen,
    };
    Ok(parties.iter().map(choice).collect())
}

fn party_name(party: &Party, language: Language, fallback: Language) -> String {
    let name = party.names.get(&language).or_else(|| party.names.get(&fallback));
    name.cloned().unwrap_or_else(|| party.key.to_string())
}
