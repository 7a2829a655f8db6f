//! What all pages of one campaign show at their top: its name, where it stands, its steps, and who
//! saved it when.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::{
    app::{
        Result,
        draft::{self, Chip, Dossier},
        staff::{actor, users},
    },
    domain::{draft::Stage, id::CampaignId, staff::Right},
    web::{WebState, staff::Staff, words::say_time},
};

/// The steps in their order, as paths and parts of sentences' keys.
const STEPS: [&str; 5] = ["about", "content", "preview", "when", "check"];

/// The top of a page.
#[derive(Serialize)]
pub(super) struct Head {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) chip: ChipView,
    steps: Vec<StepView>,
    /// Whether the reader may write, and nothing keeps them from it now.
    pub(super) writable: bool,
    /// Whether it is bound to an approval, or to the wish for one.
    pub(super) frozen: bool,
    pub(super) may_write: bool,
    pub(super) may_approve: bool,
    pub(super) revision: i64,
    saved_by: String,
    saved: Moment,
    /// Whose changes the browser keeps.
    user: Uuid,
}

/// A word about where it stands, and its colour.
#[derive(Serialize)]
pub(super) struct ChipView {
    key: String,
    class: &'static str,
}

#[derive(Serialize)]
struct StepView {
    key: String,
    url: String,
    current: bool,
}

/// A time, for machines and for people.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Moment {
    pub(super) iso: String,
    pub(super) text: String,
}

impl Moment {
    pub(super) fn of(state: &WebState, staff: &Staff, time: DateTime<Utc>) -> Self {
        Self {
            iso: time.to_rfc3339_opts(SecondsFormat::Secs, true),
            text: say_time(staff.lang, time, state.app().institution.time_zone),
        }
    }
}

impl ChipView {
    pub(super) fn of(chip: Chip) -> Self {
        let class = match chip {
            Chip::Approved | Chip::Finished => "good",
            Chip::Submitted | Chip::Returned | Chip::Paused => "warn",
            Chip::Scheduled | Chip::Running => "info",
            Chip::Cancelled => "bad",
            Chip::Editing | Chip::Ready => "",
        };
        Self { key: format!("campaigns-chip-{chip}"), class }
    }
}

/// Who is called what, for histories.
pub(super) struct Names(BTreeMap<String, String>);

impl Names {
    pub(super) async fn of_all(state: &WebState) -> Result<Self> {
        let users = users::all(state.app()).await?;
        Ok(Self(users.into_iter().map(|user| (actor(user.id), user.name)).collect()))
    }

    /// A name, or what the history says if it is of no person.
    pub(super) fn say(&self, actor: &str) -> String {
        self.0.get(actor).cloned().unwrap_or_else(|| actor.to_owned())
    }
}

impl Head {
    pub(super) fn of(
        state: &WebState,
        staff: &Staff,
        dossier: &Dossier,
        names: &Names,
        current: &str,
    ) -> Self {
        let copy = &dossier.copy;
        let id = copy.id.0;
        let chip = Chip::of(Some(copy.stage.word()), dossier.phase);
        let steps = STEPS.iter().map(|step| StepView {
            key: format!("campaigns-step-{step}"),
            url: format!("/campaigns/{id}/{step}"),
            current: *step == current,
        });
        let frozen = matches!(copy.stage, Stage::Submitted { .. } | Stage::Approved { .. });
        let has_begun = !matches!(
            chip,
            Chip::Editing | Chip::Submitted | Chip::Returned | Chip::Approved | Chip::Ready
        );
        let may_write = staff.may(Right::Write) && !has_begun;
        Self {
            id,
            name: copy.draft.name.clone(),
            chip: ChipView::of(chip),
            steps: steps.collect(),
            writable: may_write && !frozen,
            frozen: frozen && !has_begun,
            may_write,
            may_approve: staff.may(Right::Approve) && !has_begun,
            revision: copy.revision,
            saved_by: names.say(&copy.updated_by),
            saved: Moment::of(state, staff, copy.updated_at),
            user: staff.user.id.0,
        }
    }
}

/// A draft with its head.
pub(super) async fn open(
    state: &WebState,
    staff: &Staff,
    id: Uuid,
    current: &str,
) -> Result<(Dossier, Names, Head)> {
    let dossier = draft::find(state.app(), CampaignId(id)).await?;
    let names = Names::of_all(state).await?;
    let head = Head::of(state, staff, &dossier, &names, current);
    Ok((dossier, names, head))
}
