//! How campaigns get on, in the reader's words: the same for a page and for its events.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    app::figures::{Board, Live},
    domain::{
        campaign::{Phase, State},
        delivery::State as Delivered,
        id::CampaignId,
        language::Language,
    },
    web::{Problem, WebState},
};

use super::super::{reports::people_url, tell::Tell};

/// One campaign as its pages show it.
#[derive(Debug, Serialize)]
pub(in crate::web::staff) struct LiveView {
    id: CampaignId,
    name: String,
    phase: &'static str,
    phase_text: String,
    badge: &'static str,
    is_running: bool,
    is_over: bool,
    reason: Option<String>,
    done: String,
    ended: i64,
    total: i64,
    percent: String,
    rate: Option<String>,
    end: Option<String>,
    is_growing: bool,
    summary: String,
    numbers: Vec<NumberView>,
    groups: Vec<GroupView>,
}

/// A number and the people behind it.
#[derive(Debug, Serialize)]
pub(in crate::web::staff) struct NumberView {
    pub(in crate::web::staff) label: String,
    pub(in crate::web::staff) number: String,
    pub(in crate::web::staff) share: String,
    pub(in crate::web::staff) url: String,
    pub(in crate::web::staff) tone: &'static str,
}

/// The reasons of one state.
#[derive(Debug, Serialize)]
struct GroupView {
    label: String,
    reasons: Vec<NumberView>,
}

#[derive(Serialize)]
struct One<'a> {
    lang: Language,
    live: &'a LiveView,
}

#[derive(Serialize)]
struct All {
    lang: Language,
    sending: Vec<LiveView>,
}

/// The part of a campaign's live page that changes.
pub(super) fn one(
    state: &WebState,
    tell: Tell,
    now: DateTime<Utc>,
    live: &Live,
) -> Result<String, Problem> {
    let live = LiveView::of(tell, now, live);
    render(state, "staff/live/now", &One { lang: tell.lang, live: &live })
}

/// The part of the home page that changes.
pub(super) fn all(
    state: &WebState,
    tell: Tell,
    now: DateTime<Utc>,
    board: &Board,
) -> Result<String, Problem> {
    render(state, "staff/live/list", &All { lang: tell.lang, sending: sending(tell, now, board) })
}

/// What is being sent or has just ended; what is paused stands elsewhere.
pub(in crate::web::staff) fn sending(
    tell: Tell,
    now: DateTime<Utc>,
    board: &Board,
) -> Vec<LiveView> {
    let is_shown =
        |live: &&Live| matches!(live.campaign.state.phase(), Phase::Running | Phase::Finished);
    board.campaigns.iter().filter(is_shown).map(|live| LiveView::of(tell, now, live)).collect()
}

fn render(state: &WebState, template: &str, data: &impl Serialize) -> Result<String, Problem> {
    let page = state.pages().render(template, data).map_err(|error| Problem::broken(&error))?;
    Ok(page.0)
}

impl LiveView {
    pub(in crate::web::staff) fn of(tell: Tell, now: DateTime<Utc>, live: &Live) -> Self {
        let (campaign, standing) = (&live.campaign, &live.standing);
        let phase = campaign.state.phase();
        let (ended, total) = (standing.ended(), standing.total());
        let done = tell.with(
            "live-done",
            &[
                ("ended", tell.number(ended).into()),
                ("total", tell.number(total).into()),
                ("n", total.into()),
            ],
        );
        let is_running = phase == Phase::Running;
        let rate = is_running.then(|| tell.counted("live-rate", live.per_minute));
        let end = live.end.map(|at| tell.with("live-end", &[("at", tell.clock(at, now).into())]));
        let reason = match &campaign.state {
            State::Paused { reason, .. } => Some(reason.clone()),
            _ => None,
        };
        let phase_text = tell.sentence(&format!("live-phase-{phase}"));
        Self {
            summary: format!("{phase_text}. {done}"),
            id: campaign.id,
            name: campaign.name.clone(),
            phase: phase.as_str(),
            badge: badge(phase),
            is_running,
            is_over: matches!(phase, Phase::Finished | Phase::Cancelled),
            percent: tell.share(ended, total),
            is_growing: is_running && campaign.expanded_at.is_none(),
            numbers: numbers(tell, live),
            groups: groups(tell, live),
            phase_text,
            reason,
            done,
            ended,
            total,
            rate,
            end,
        }
    }
}

/// The colour of a state.
pub(in crate::web::staff) const fn badge(phase: Phase) -> &'static str {
    match phase {
        Phase::Running => "info",
        Phase::Paused => "warn",
        Phase::Finished => "good",
        Phase::Cancelled => "bad",
        Phase::Draft | Phase::Scheduled => "",
    }
}

/// The states in the order in which they matter, with what is wrong marked as such.
fn numbers(tell: Tell, live: &Live) -> Vec<NumberView> {
    let (id, total) = (live.campaign.id, live.standing.total());
    let number = |(state, tone): (Delivered, &'static str)| {
        let n = live.standing.count(state);
        NumberView {
            label: tell.state(state),
            number: tell.number(n),
            share: tell.share(n, total),
            url: people_url(id, Some(state), None, None, None),
            tone: if n == 0 { "" } else { tone },
        }
    };
    let left = NumberView {
        label: tell.sentence("live-left"),
        number: tell.number(live.left),
        share: tell.share(live.left, live.standing.count(Delivered::Sent)),
        url: format!("/campaigns/{id}/left"),
        tone: "",
    };
    [
        (Delivered::Sent, "good"),
        (Delivered::Queued, ""),
        (Delivered::Claimed, ""),
        (Delivered::Handing, ""),
        (Delivered::Failed, "bad"),
        (Delivered::Uncertain, "warn"),
        (Delivered::Skipped, ""),
    ]
    .into_iter()
    .filter(|(state, _)| {
        let is_passing = matches!(state, Delivered::Claimed | Delivered::Handing);
        !is_passing || live.standing.count(*state) > 0
    })
    .map(number)
    .chain([left])
    .collect()
}

fn groups(tell: Tell, live: &Live) -> Vec<GroupView> {
    let id = live.campaign.id;
    let states = [Delivered::Failed, Delivered::Uncertain, Delivered::Skipped];
    let group = |state| {
        let mut found: Vec<_> =
            live.standing.reasons.iter().filter(|(one, ..)| *one == state).collect();
        found.sort_by_key(|(.., n)| std::cmp::Reverse(*n));
        let whole = live.standing.count(state);
        let reason = |(_, word, n): &(Delivered, String, i64)| NumberView {
            label: tell.reason(word),
            number: tell.number(*n),
            share: tell.share(*n, whole),
            url: people_url(id, Some(state), Some(word), None, None),
            tone: "",
        };
        GroupView {
            label: tell.sentence(&format!("live-why-{state}")),
            reasons: found.into_iter().map(reason).collect(),
        }
    };
    states.into_iter().map(group).filter(|group| !group.reasons.is_empty()).collect()
}
