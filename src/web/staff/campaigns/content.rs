//! The second step: who it comes from and what it says.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::draft::{self, Change, Saved},
    domain::{id::CampaignId, language::Language, letter::Letter},
    web::{
        Problem, WebState,
        staff::{Form, Staff, content::EditorView, render, said, to_be_mended},
    },
};

use super::{
    about::{changes, standing},
    head::{Head, open},
};

const PARTS: [&str; 3] = ["/sender", "/reply_to", "/letter"];

/// The fields of the page, as a browser sends them whose script could not.
#[derive(Deserialize)]
pub(super) struct Fields {
    #[serde(default)]
    sender: String,
    #[serde(default)]
    reply_to: String,
    #[serde(default)]
    letter: String,
    #[serde(default)]
    was: String,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    senders: Vec<Sender>,
    reply_to: String,
    support: String,
    editor: EditorView,
    languages: String,
    was: String,
    met: bool,
}

#[derive(Serialize)]
struct Sender {
    address: String,
    name: String,
    chosen: bool,
}

/// `GET /campaigns/{id}/content`.
pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    page(&state, &staff, id, None).await
}

/// `POST /campaigns/{id}/content`.
pub(super) async fn save(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let was: Value = serde_json::from_str(&fields.was).unwrap_or_default();
    let letter: Value = serde_json::from_str(&fields.letter)
        .map_err(|error| Problem::field("letter", error.to_string()))?;
    let sender = Some(fields.sender).filter(|sender| !sender.is_empty());
    let now = json!({
        "/sender": sender,
        "/reply_to": fields.reply_to.trim(),
        "/letter": letter,
    });
    let changes: Vec<Change> = changes(&was, &now);
    match draft::save(state.app(), CampaignId(id), &changes, &staff.actor()).await? {
        Saved::Now { .. } => Ok(said(&format!("/campaigns/{id}/content"), "said-campaigns-saved")),
        Saved::Elsewhere { .. } => page(&state, &staff, id, Some(now)).await.map(to_be_mended),
    }
}

async fn page(
    state: &WebState,
    staff: &Staff,
    id: Uuid,
    typed: Option<Value>,
) -> Result<Response, Problem> {
    let (dossier, _, head) = open(state, staff, id, "content").await?;
    let draft = &dossier.copy.draft;
    let stands = standing(draft, &PARTS);
    let met = typed.is_some();
    let shown = typed.unwrap_or_else(|| stands.clone());
    let letter: Letter = serde_json::from_value(shown["/letter"].clone()).unwrap_or_default();
    let mut about = vec![("name", draft.name.as_str())];
    about.extend(draft.purpose.as_ref().map(|key| ("purpose", key.as_str())));
    about.extend(draft.party.as_ref().map(|key| ("party", key.as_str())));
    let page = Page {
        senders: senders(state, staff, shown["/sender"].as_str().unwrap_or_default()),
        reply_to: shown["/reply_to"].as_str().unwrap_or_default().to_owned(),
        support: state.app().institution.support_email.as_str().to_owned(),
        editor: EditorView::of(state, staff, &letter, &about),
        languages: languages(state, &letter),
        was: stands.to_string(),
        met,
        head,
    };
    render(state, staff, "staff/campaigns/content", "campaigns-step-content", &page)
}

/// The editions that are saved apart, as JSON: those of the institution, and others that are there.
fn languages(state: &WebState, letter: &Letter) -> String {
    let mut all: Vec<Language> = state.app().institution.languages.clone();
    all.extend(
        letter.editions.keys().filter(|one| !state.app().institution.languages.contains(one)),
    );
    json!(all).to_string()
}

fn senders(state: &WebState, staff: &Staff, chosen: &str) -> Vec<Sender> {
    let fallback = state.app().institution.default_language();
    let view = |sender: &crate::domain::campaign::Sender| {
        let name = sender.name.get(&staff.lang).or_else(|| sender.name.get(&fallback));
        Sender {
            address: sender.address.as_str().to_owned(),
            name: name.cloned().unwrap_or_default(),
            chosen: sender.address.as_str() == chosen,
        }
    };
    state.app().rules.senders.iter().map(view).collect()
}
