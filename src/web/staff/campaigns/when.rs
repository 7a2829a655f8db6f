//! When it starts, at what pace, and how long it will take.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    app::{
        campaign::{Funnel, funnel},
        draft::{self, Saved},
    },
    domain::{
        draft::{Draft, Start},
        forecast::{Brake, forecast},
        id::CampaignId,
        staff::Right,
    },
    web::{
        Problem, WebState,
        staff::{Form, Staff, render, said, to_be_mended},
    },
};

use super::{
    about::{changes, standing},
    funnel::FunnelView,
    head::{Head, open},
};

const MINUTE_S: u64 = 60;
const HOUR_S: u64 = 3_600;
const DAY_S: u64 = 86_400;

/// The fields of the page, as a browser without scripts sends them.
#[derive(Deserialize)]
pub(super) struct Fields {
    #[serde(default)]
    start: String,
    #[serde(default)]
    at: String,
    #[serde(default)]
    pace: String,
    #[serde(default)]
    was: String,
}

#[derive(Serialize)]
struct Page {
    head: Head,
    at_once: bool,
    at: String,
    pace: String,
    zone: String,
    offset: String,
    undo_s: u64,
    was: String,
    met: bool,
    funnel: Option<FunnelView>,
    lasts: Option<Lasts>,
}

/// How long it takes, in the largest unit that fits.
#[derive(Serialize)]
pub(super) struct Lasts {
    key: &'static str,
    n: u64,
    people: i64,
    own_pace: bool,
}

impl Lasts {
    /// For those who would get it now. None for nobody, and where no relay is configured.
    pub(super) fn of(state: &WebState, draft: &Draft, funnel: &Funnel) -> Option<Self> {
        let relay = *state.app().rules.relay_rates.first()?;
        let people = u64::try_from(funnel.allowed).ok().filter(|people| *people > 0)?;
        let told = forecast(people, draft.pace.trim().parse().ok(), relay);
        let seconds = told.lasts.as_secs();
        let (key, n) = match seconds {
            0..MINUTE_S => ("campaigns-lasts-moments", seconds),
            MINUTE_S..HOUR_S => ("campaigns-lasts-minutes", seconds.div_ceil(MINUTE_S)),
            HOUR_S..DAY_S => ("campaigns-lasts-hours", seconds.div_ceil(HOUR_S)),
            _ => ("campaigns-lasts-days", seconds.div_ceil(DAY_S)),
        };
        Some(Self { key, n, people: funnel.allowed, own_pace: told.brake == Brake::Campaign })
    }
}

/// `GET /campaigns/{id}/when`.
pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    page(&state, &staff, id, None).await
}

/// `POST /campaigns/{id}/when`: from a browser without scripts.
pub(super) async fn save(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let was: Value = serde_json::from_str(&fields.was).unwrap_or_default();
    let start = if fields.start == "at" { json!({ "at": fields.at }) } else { json!("now") };
    let now = json!({ "/start": start, "/pace": fields.pace.trim() });
    let changes = changes(&was, &now);
    match draft::save(state.app(), CampaignId(id), &changes, &staff.actor()).await? {
        Saved::Now { .. } => Ok(said(&format!("/campaigns/{id}/when"), "said-campaigns-saved")),
        Saved::Elsewhere { .. } => page(&state, &staff, id, Some(now)).await.map(to_be_mended),
    }
}

async fn page(
    state: &WebState,
    staff: &Staff,
    id: Uuid,
    typed: Option<Value>,
) -> Result<Response, Problem> {
    let (dossier, _, head) = open(state, staff, id, "when").await?;
    let draft = &dossier.copy.draft;
    let stands = standing(draft, &["/start", "/pace"]);
    let met = typed.is_some();
    let shown = typed.unwrap_or_else(|| stands.clone());
    let counted = count(state, draft).await?;
    let zone = state.app().institution.time_zone;
    let page = Page {
        at_once: shown["/start"]["at"].is_null(),
        at: shown["/start"]["at"].as_str().unwrap_or_default().to_owned(),
        pace: shown["/pace"].as_str().unwrap_or_default().to_owned(),
        zone: zone.to_string(),
        offset: state.app().now().with_timezone(&zone).format("UTC%:z").to_string(),
        undo_s: state.app().rules.undo.as_secs(),
        was: stands.to_string(),
        met,
        lasts: counted.as_ref().and_then(|funnel| Lasts::of(state, draft, funnel)),
        funnel: counted.map(|funnel| FunnelView::of(id, &funnel, staff.may(Right::SeePeople))),
        head,
    };
    render(state, staff, "staff/campaigns/when", "campaigns-step-when", &page)
}

async fn count(state: &WebState, draft: &Draft) -> Result<Option<Funnel>, Problem> {
    let Some((purpose, party)) = draft.purpose.as_ref().zip(draft.party.as_ref()) else {
        return Ok(None);
    };
    match funnel(state.app(), &draft.audience, purpose, party).await {
        Ok(funnel) => Ok(Some(funnel)),
        Err(crate::app::Error::Store(error)) if error.is_unreadable() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The time that was typed, as it stands in the field; none if it starts at once.
pub(super) fn typed_time(draft: &Draft) -> Option<&str> {
    match &draft.start {
        Start::Now => None,
        Start::At(text) => Some(text),
    }
}
