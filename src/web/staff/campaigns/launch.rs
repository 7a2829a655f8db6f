//! The start, after one more look at what goes to how many, and taking it back.

use axum::{
    extract::{Path, State},
    response::Response,
};
use data_encoding::HEXLOWER;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::draft,
    domain::{id::CampaignId, language::Language, letter::Letter},
    web::{
        Problem, WebState,
        staff::{Form, Staff, render, said},
    },
};

use super::{
    approval::Words,
    funnel::FunnelView,
    head::{Head, open},
    when::{Lasts, typed_time},
};

#[derive(Serialize)]
struct Page {
    head: Head,
    subjects: Vec<Subject>,
    people: i64,
    lasts: Option<Lasts>,
    at: Option<String>,
    zone: String,
    undo_s: u64,
    seal: String,
    can_start: bool,
    funnel: Option<FunnelView>,
}

#[derive(Serialize)]
struct Subject {
    language: Language,
    text: String,
}

/// `GET /campaigns/{id}/start`: what would happen.
pub(super) async fn ask(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let (dossier, _, head) = open(&state, &staff, id, "check").await?;
    let checked = draft::check(state.app(), &dossier.copy).await?;
    let copy = &dossier.copy;
    let people = checked.funnel.as_ref().map_or(0, |funnel| funnel.allowed);
    let rules = &state.app().rules;
    let page = Page {
        subjects: subjects(&copy.draft.letter),
        people,
        lasts: checked.funnel.as_ref().and_then(|funnel| Lasts::of(&state, &copy.draft, funnel)),
        at: typed_time(&copy.draft).map(|at| at.replace('T', " ")),
        zone: state.app().institution.time_zone.to_string(),
        undo_s: rules.undo.as_secs(),
        seal: HEXLOWER.encode(&dossier.seal.0),
        can_start: checked.may_start()
            && rules.approval.lets_start(&copy.stage, dossier.seal, people),
        funnel: checked.funnel.as_ref().map(|funnel| FunnelView::of(id, funnel, false)),
        head,
    };
    render(&state, &staff, "staff/campaigns/start", "campaigns-start-title", &page)
}

fn subjects(letter: &Letter) -> Vec<Subject> {
    let subject = |(language, edition): (&Language, &crate::domain::letter::Edition)| Subject {
        language: *language,
        text: edition.subject.summary(),
    };
    letter.editions.iter().map(subject).collect()
}

/// `POST /campaigns/{id}/start`.
pub(super) async fn start(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(words): Form<Words>,
) -> Result<Response, Problem> {
    draft::start(state.app(), CampaignId(id), words.seal()?, &staff.actor()).await?;
    Ok(said(&format!("/campaigns/{id}"), "said-campaigns-started"))
}

/// `POST /campaigns/{id}/undo`.
pub(super) async fn undo(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    draft::undo(state.app(), CampaignId(id), &staff.actor()).await?;
    Ok(said(&format!("/campaigns/{id}"), "said-campaigns-undone"))
}
