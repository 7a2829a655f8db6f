//! The last step: everything that is wrong or doubtful with a way to mend it, and what was said.

use axum::{
    extract::{Path, State},
    response::Response,
};
use data_encoding::HEXLOWER;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::draft::{self, Checked, Dossier, Found, Step},
    domain::{
        draft::{Policy, Stage},
        staff::Right,
    },
    mail::render::Severity,
    store::draft::DraftEvent,
    web::{
        Problem, WebState,
        staff::{Staff, render},
        words::{Arguments, say},
    },
};

use super::{
    funnel::FunnelView,
    head::{Head, Moment, Names, open},
    when::{Lasts, typed_time},
};

#[derive(Serialize)]
struct Page {
    head: Head,
    stops: Vec<FoundView>,
    stops_n: usize,
    worries: Vec<FoundView>,
    funnel: Option<FunnelView>,
    lasts: Option<Lasts>,
    at: Option<String>,
    zone: String,
    seal: String,
    stage: StageView,
    events: Vec<EventView>,
}

/// What can be done now, by whom, and why not.
#[derive(Serialize)]
struct StageView {
    key: String,
    by: Option<String>,
    since: Option<Moment>,
    can_submit: bool,
    can_approve: bool,
    is_own: bool,
    can_start: bool,
    is_required: bool,
}

#[derive(Serialize)]
pub(super) struct FoundView {
    text: String,
    english: Option<String>,
    language: Option<String>,
    line: Option<String>,
    url: String,
    step: String,
}

#[derive(Serialize)]
pub(super) struct EventView {
    key: String,
    who: String,
    at: Moment,
    said: Option<String>,
}

/// `GET /campaigns/{id}/check`.
pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<Uuid>,
) -> Result<Response, Problem> {
    let (dossier, names, head) = open(&state, &staff, id, "check").await?;
    let checked = draft::check(state.app(), &dossier.copy).await?;
    let draft = &dossier.copy.draft;
    let of = |severity: Severity| {
        let found = checked.found.iter().filter(move |one| one.severity == severity);
        found.map(|one| view(&staff, id, one)).collect::<Vec<_>>()
    };
    let stops = of(Severity::Stops);
    let page = Page {
        stops_n: stops.len(),
        stops,
        worries: of(Severity::Worries),
        lasts: checked.funnel.as_ref().and_then(|funnel| Lasts::of(&state, draft, funnel)),
        funnel: checked
            .funnel
            .as_ref()
            .map(|funnel| FunnelView::of(id, funnel, staff.may(Right::SeePeople))),
        at: typed_time(draft).map(|at| at.replace('T', " ")),
        zone: state.app().institution.time_zone.to_string(),
        seal: HEXLOWER.encode(&dossier.seal.0),
        stage: stage_view(&state, &staff, &names, &dossier, &checked),
        events: events(&state, &staff, &names, &dossier.events),
        head,
    };
    render(&state, &staff, "staff/campaigns/check", "campaigns-step-check", &page)
}

fn stage_view(
    state: &WebState,
    staff: &Staff,
    names: &Names,
    dossier: &Dossier,
    checked: &Checked,
) -> StageView {
    let policy = state.app().rules.approval;
    let standing = &dossier.copy.stage;
    let (by, since) = match standing {
        Stage::Editing => (None, None),
        Stage::Submitted { at, by, .. }
        | Stage::Returned { at, by }
        | Stage::Approved { at, by, .. } => (Some(names.say(by)), Some(*at)),
    };
    let is_own = dossier.authors.contains(&staff.actor());
    let people = checked.funnel.as_ref().map_or(0, |funnel| funnel.allowed);
    let is_submitted = matches!(standing, Stage::Submitted { .. });
    let is_open = matches!(standing, Stage::Editing | Stage::Returned { .. });
    let lets_start = policy.lets_start(standing, dossier.seal, people);
    StageView {
        key: format!("campaigns-stage-{}", standing.word()),
        by,
        since: since.map(|at| Moment::of(state, staff, at)),
        can_submit: is_open && staff.may(Right::Write) && checked.may_start(),
        can_approve: is_submitted && staff.may(Right::Approve) && !is_own,
        is_own: is_submitted && staff.may(Right::Approve) && is_own,
        can_start: checked.may_start() && lets_start && staff.may(Right::Write),
        is_required: matches!(policy, Policy::Required { .. }),
    }
}

/// A finding in the reader's words where there are some, with a link to where it is mended.
fn view(staff: &Staff, id: Uuid, found: &Found) -> FoundView {
    let key = format!("campaigns-found-{}", found.code.replace('_', "-"));
    let said = say(staff.lang, &key, &Arguments::new());
    let english = format!("{}. {}", found.message, found.fix);
    let english = english.trim_end_matches([' ', '.']).to_owned();
    let step = match found.step {
        Step::About => "about",
        Step::Content => "content",
        Step::When => "when",
    };
    let is_specific = found.step == Step::Content && found.path.contains('.');
    let url = match (found.step, found.language) {
        (Step::Content, Some(language)) => {
            format!("/campaigns/{id}/content?language={language}#{}", found.path)
        }
        (Step::Content, None) => format!("/campaigns/{id}/content"),
        _ => format!("/campaigns/{id}/{step}#{}", found.path),
    };
    FoundView {
        english: (said.is_none() || is_specific).then(|| english.clone()),
        text: said.unwrap_or(english),
        language: found.language.map(|language| language.to_string()),
        line: found.line.map(|(line, column)| format!("{line}:{column}")),
        url,
        step: format!("campaigns-step-{step}"),
    }
}

/// The history, comments among it.
pub(super) fn events(
    state: &WebState,
    staff: &Staff,
    names: &Names,
    events: &[DraftEvent],
) -> Vec<EventView> {
    let view = |event: &DraftEvent| EventView {
        key: format!("campaigns-event-{}", event.deed.as_str().replace('_', "-")),
        who: names.say(&event.actor),
        at: Moment::of(state, staff, event.happened_at),
        said: event.said.clone(),
    };
    events.iter().map(view).collect()
}
