//! A campaign's life: what state it is in and what may be done with it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    address::Address,
    audience::Audience,
    id::{CampaignId, ContactId},
    language::Language,
    pace::SendRate,
    party::PartyKey,
    purpose::PurposeKey,
    words::words,
};

/// One purpose, one party, content per language, an audience, a schedule, a pace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// What staff call it; recipients see it under "why did I get this?".
    pub name: String,
    /// For what.
    pub purpose: PurposeKey,
    /// On whose behalf.
    pub party: PartyKey,
    /// Who it comes from.
    pub sender: Sender,
    /// Who it is for.
    pub audience: Audience,
    /// Its own limit, besides those of the relays.
    pub pace: Option<SendRate>,
    /// The time its author planned, for `start` without a time.
    pub planned_at: Option<DateTime<Utc>>,
    /// What its author wrote, as JSON.
    pub source: String,
    /// SHA-256 of that.
    pub content_sha256: [u8; 32],
    /// Where it stands.
    pub state: State,
    /// When it was first started.
    pub started_at: Option<DateTime<Utc>>,
    /// The last contact written out as a delivery.
    pub expand_after: Option<ContactId>,
    /// When the whole audience had been written out.
    pub expanded_at: Option<DateTime<Utc>>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// Who a campaign comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    /// The address in `From`.
    pub address: Address,
    /// Where answers go; the institution's support mailbox unless given.
    #[serde(default)]
    pub reply_to: Option<Address>,
    /// The name in `From`, by language.
    pub name: BTreeMap<Language, String>,
}

/// A campaign's content in one language, compiled: the texts are templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its language.
    pub language: Language,
    /// The subject line.
    pub subject: String,
    /// What a mailbox shows after the subject.
    pub preheader: Option<String>,
    /// The HTML part; none for a campaign in plain text.
    pub html: Option<String>,
    /// The plain-text part.
    pub plain: String,
    /// The fields that the templates name.
    pub fields_used: BTreeSet<String>,
    /// The campaign's own fields in this language.
    pub fields: serde_json::Map<String, serde_json::Value>,
}

/// Where a campaign stands. Each state carries what is known only in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Being written.
    Draft,
    /// Starts by itself.
    Scheduled {
        /// When.
        start_at: DateTime<Utc>,
    },
    /// Being sent.
    Running {
        /// Since the start or the latest resume.
        since: DateTime<Utc>,
    },
    /// Nothing leaves until a person resumes it.
    Paused {
        /// Since when.
        since: DateTime<Utc>,
        /// Why, in words for staff.
        reason: String,
    },
    /// Every delivery has ended.
    Finished {
        /// When the last one did.
        at: DateTime<Utc>,
    },
    /// Stopped for good; what had not left never will.
    Cancelled {
        /// When.
        at: DateTime<Utc>,
    },
}

words! {
    /// The word for a state, in the schema and the API.
    Phase("campaign state") {
        /// See [`State::Draft`].
        Draft = "draft",
        /// See [`State::Scheduled`].
        Scheduled = "scheduled",
        /// See [`State::Running`].
        Running = "running",
        /// See [`State::Paused`].
        Paused = "paused",
        /// See [`State::Finished`].
        Finished = "finished",
        /// See [`State::Cancelled`].
        Cancelled = "cancelled",
    }
}

/// What can be done with a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Deed {
    /// Start by itself at a time.
    Schedule(DateTime<Utc>),
    /// Start now.
    Start,
    /// Hold.
    Pause(String),
    /// Go on.
    Resume,
    /// All deliveries have ended.
    Finish,
    /// Stop for good.
    Cancel,
    /// Take a start back before anything has left.
    Undo,
}

impl Deed {
    /// The word for it, in the history and in errors.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Schedule(_) => "schedule",
            Self::Start => "start",
            Self::Pause(_) => "pause",
            Self::Resume => "resume",
            Self::Finish => "finish",
            Self::Cancel => "cancel",
            Self::Undo => "undo",
        }
    }
}

/// The campaign's state does not allow the deed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a campaign that is {phase} cannot {deed}; {hint}")]
pub struct NotAllowed {
    /// Where it stands.
    pub phase: Phase,
    /// What was asked.
    pub deed: &'static str,
    /// What can be done instead.
    pub hint: &'static str,
}

impl State {
    /// The word for it.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        match self {
            Self::Draft => Phase::Draft,
            Self::Scheduled { .. } => Phase::Scheduled,
            Self::Running { .. } => Phase::Running,
            Self::Paused { .. } => Phase::Paused,
            Self::Finished { .. } => Phase::Finished,
            Self::Cancelled { .. } => Phase::Cancelled,
        }
    }

    /// The state after `deed` at `now`.
    ///
    /// # Errors
    /// [`NotAllowed`] when this state does not allow it.
    pub fn after(&self, deed: &Deed, now: DateTime<Utc>) -> Result<Self, NotAllowed> {
        Ok(match (self, deed) {
            (Self::Draft | Self::Scheduled { .. }, Deed::Schedule(start_at)) => {
                Self::Scheduled { start_at: *start_at }
            }
            (Self::Draft | Self::Scheduled { .. }, Deed::Start)
            | (Self::Paused { .. }, Deed::Resume) => Self::Running { since: now },
            (Self::Scheduled { .. } | Self::Running { .. }, Deed::Pause(reason)) => {
                Self::Paused { since: now, reason: reason.clone() }
            }
            (Self::Scheduled { .. }, Deed::Undo) => Self::Draft,
            (Self::Running { .. }, Deed::Finish) => Self::Finished { at: now },
            (
                Self::Draft | Self::Scheduled { .. } | Self::Running { .. } | Self::Paused { .. },
                Deed::Cancel,
            ) => Self::Cancelled { at: now },
            _ => {
                return Err(NotAllowed {
                    phase: self.phase(),
                    deed: deed.as_str(),
                    hint: self.hint(),
                });
            }
        })
    }

    const fn hint(&self) -> &'static str {
        match self {
            Self::Draft => "start or schedule it first",
            Self::Scheduled { .. } => "it can be started now, moved, paused or cancelled",
            Self::Running { .. } => "it can be paused or cancelled",
            Self::Paused { .. } => "it can be resumed or cancelled",
            Self::Finished { .. } | Self::Cancelled { .. } => {
                "it has ended: create a new campaign to send again"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn states() -> Vec<State> {
        vec![
            State::Draft,
            State::Scheduled { start_at: NOW },
            State::Running { since: NOW },
            State::Paused { since: NOW, reason: "x".into() },
            State::Finished { at: NOW },
            State::Cancelled { at: NOW },
        ]
    }

    fn deeds() -> Vec<Deed> {
        let pause = Deed::Pause("x".into());
        let (start, end) =
            ([Deed::Schedule(NOW), Deed::Start], [Deed::Finish, Deed::Cancel, Deed::Undo]);
        start.into_iter().chain([pause, Deed::Resume]).chain(end).collect()
    }

    #[test]
    fn the_whole_table() {
        let table: Vec<String> = states()
            .iter()
            .flat_map(|state| deeds().into_iter().map(move |deed| (state.clone(), deed)))
            .filter_map(|(state, deed)| {
                let next = state.after(&deed, NOW).ok()?;
                Some(format!("{} {} {}", state.phase(), deed.as_str(), next.phase()))
            })
            .collect();
        assert_eq!(
            table,
            [
                "draft schedule scheduled",
                "draft start running",
                "draft cancel cancelled",
                "scheduled schedule scheduled",
                "scheduled start running",
                "scheduled pause paused",
                "scheduled cancel cancelled",
                "scheduled undo draft",
                "running pause paused",
                "running finish finished",
                "running cancel cancelled",
                "paused resume running",
                "paused cancel cancelled",
            ]
        );
    }

    #[test]
    fn a_refusal_says_what_can_be_done_instead() {
        let refused = State::Finished { at: NOW }.after(&Deed::Start, NOW).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a campaign that is finished cannot start; it has ended: create a new campaign to send again"
        );
    }
}
