//! How far a draft has come: written, submitted, sent back, approved. The four-eyes rule is here and
//! nowhere else.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::words::words;

/// The hash of what an approval is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal(pub [u8; 32]);

/// Where a draft stands. Each stage carries what is known only in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Being written.
    Editing,
    /// Waits for somebody who did not write it.
    Submitted {
        /// Since when.
        at: DateTime<Utc>,
        /// Who asked.
        by: String,
        /// What was submitted.
        seal: Seal,
    },
    /// An approver wants something changed; the comments say what.
    Returned {
        /// Since when.
        at: DateTime<Utc>,
        /// Who wants it.
        by: String,
    },
    /// May be started as it stands.
    Approved {
        /// Since when.
        at: DateTime<Utc>,
        /// Who says so.
        by: String,
        /// What was approved.
        seal: Seal,
    },
}

words! {
    /// The word for a stage, in the schema and on pages.
    StageWord("stage of a draft") {
        /// See [`Stage::Editing`].
        Editing = "editing",
        /// See [`Stage::Submitted`].
        Submitted = "submitted",
        /// See [`Stage::Returned`].
        Returned = "returned",
        /// See [`Stage::Approved`].
        Approved = "approved",
    }
}

/// What can be done with a draft's stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act<'a> {
    /// It was saved and now is this.
    Change(Seal),
    /// Ask for approval of this.
    Submit {
        /// Who asks.
        by: &'a str,
        /// For what.
        seal: Seal,
    },
    /// Take it back to write on.
    Reopen,
    /// Ask for changes.
    SendBack {
        /// Who asks.
        by: &'a str,
    },
    /// Say yes.
    Approve {
        /// Who says it.
        by: &'a str,
        /// What that person looked at.
        seal: Seal,
        /// Everybody who wrote on it.
        authors: &'a BTreeSet<String>,
    },
}

/// Why an act is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Whoever wrote on it cannot approve it.
    #[error("who wrote on a campaign cannot approve it: ask somebody else")]
    OwnWork,
    /// It is not what that person looked at.
    #[error("the campaign was changed since you looked at it: look again")]
    ChangedSince,
    /// Its stage does not allow it.
    #[error("the draft is {0}, and does not allow that")]
    Stage(StageWord),
}

impl Stage {
    /// The word for it.
    #[must_use]
    pub const fn word(&self) -> StageWord {
        match self {
            Self::Editing => StageWord::Editing,
            Self::Submitted { .. } => StageWord::Submitted,
            Self::Returned { .. } => StageWord::Returned,
            Self::Approved { .. } => StageWord::Approved,
        }
    }

    /// What it is bound to, if it is bound.
    #[must_use]
    pub const fn seal(&self) -> Option<Seal> {
        match self {
            Self::Submitted { seal, .. } | Self::Approved { seal, .. } => Some(*seal),
            Self::Editing | Self::Returned { .. } => None,
        }
    }

    /// The stage after `act` at `now`.
    ///
    /// # Errors
    /// [`Refused`] when it may not be done.
    pub fn after(&self, act: &Act<'_>, now: DateTime<Utc>) -> Result<Self, Refused> {
        match (self, act) {
            (Self::Submitted { seal, .. } | Self::Approved { seal, .. }, Act::Change(is)) => {
                Ok(if seal == is { self.clone() } else { Self::Editing })
            }
            (Self::Editing | Self::Returned { .. }, Act::Change(_)) => Ok(self.clone()),
            (Self::Editing | Self::Returned { .. }, Act::Submit { by, seal }) => {
                Ok(Self::Submitted { at: now, by: (*by).to_owned(), seal: *seal })
            }
            (Self::Submitted { .. } | Self::Approved { .. }, Act::Reopen) => Ok(Self::Editing),
            (Self::Submitted { .. } | Self::Approved { .. }, Act::SendBack { by }) => {
                Ok(Self::Returned { at: now, by: (*by).to_owned() })
            }
            (Self::Submitted { seal, .. }, Act::Approve { by, seal: seen, authors }) => {
                if authors.contains(*by) {
                    Err(Refused::OwnWork)
                } else if seal != seen {
                    Err(Refused::ChangedSince)
                } else {
                    Ok(Self::Approved { at: now, by: (*by).to_owned(), seal: *seal })
                }
            }
            _ => Err(Refused::Stage(self.word())),
        }
    }
}

/// When a campaign of the staff app needs a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Always, but for those to so few people that the configuration lets them go without.
    Required {
        /// Most people that a campaign may have to go without approval; 0: none may.
        except_people_max: u32,
    },
    /// Never.
    Off,
}

impl Default for Policy {
    fn default() -> Self {
        Self::Required { except_people_max: 0 }
    }
}

impl Policy {
    /// Whether a draft that now has this seal and would go to so many people may be started.
    #[must_use]
    pub fn lets_start(self, stage: &Stage, seal: Seal, people: i64) -> bool {
        let is_approved =
            matches!(stage, Stage::Approved { seal: approved, .. } if *approved == seal);
        match self {
            Self::Off => true,
            Self::Required { except_people_max } => {
                is_approved || (people > 0 && people <= i64::from(except_people_max))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
    const SEEN: Seal = Seal([1; 32]);
    const OTHER: Seal = Seal([2; 32]);

    fn stages() -> [Stage; 4] {
        let by = || "author".to_owned();
        [
            Stage::Editing,
            Stage::Submitted { at: NOW, by: by(), seal: SEEN },
            Stage::Returned { at: NOW, by: by() },
            Stage::Approved { at: NOW, by: by(), seal: SEEN },
        ]
    }

    fn outcome(stage: &Stage, act: &Act<'_>) -> String {
        match stage.after(act, NOW) {
            Ok(next) => next.word().to_string(),
            Err(Refused::OwnWork) => "own work".to_owned(),
            Err(Refused::ChangedSince) => "changed since".to_owned(),
            Err(Refused::Stage(_)) => "-".to_owned(),
        }
    }

    #[test]
    fn the_whole_table() {
        let authors = BTreeSet::from(["author".to_owned(), "helper".to_owned()]);
        let acts = [
            ("same", Act::Change(SEEN)),
            ("change", Act::Change(OTHER)),
            ("submit", Act::Submit { by: "author", seal: SEEN }),
            ("reopen", Act::Reopen),
            ("send back", Act::SendBack { by: "boss" }),
            ("approve", Act::Approve { by: "boss", seal: SEEN, authors: &authors }),
            ("approve other", Act::Approve { by: "boss", seal: OTHER, authors: &authors }),
            ("approve own", Act::Approve { by: "helper", seal: SEEN, authors: &authors }),
        ];
        let table: Vec<String> = acts
            .iter()
            .map(|(name, act)| {
                let outcomes: Vec<_> = stages().iter().map(|stage| outcome(stage, act)).collect();
                format!("{name}: {}", outcomes.join(" | "))
            })
            .collect();
        assert_eq!(
            table,
            [
                // editing | submitted | returned | approved
                "same: editing | submitted | returned | approved",
                "change: editing | editing | returned | editing",
                "submit: submitted | - | submitted | -",
                "reopen: - | editing | - | editing",
                "send back: - | returned | - | returned",
                "approve: - | approved | - | -",
                "approve other: - | changed since | - | -",
                "approve own: - | own work | - | -",
            ]
        );
    }

    #[test]
    fn only_what_was_approved_may_start() {
        let [editing, submitted, returned, approved] = stages();
        let required = Policy::default();
        assert!(required.lets_start(&approved, SEEN, 1_000));
        assert!(!required.lets_start(&approved, OTHER, 1_000));
        for stage in [&editing, &submitted, &returned] {
            assert!(!required.lets_start(stage, SEEN, 1), "{stage:?}");
            assert!(Policy::Off.lets_start(stage, SEEN, 1_000), "{stage:?}");
        }
    }

    #[test]
    fn a_small_test_goes_without_approval_only_if_the_configuration_says_so() {
        let few = Policy::Required { except_people_max: 20 };
        assert!(few.lets_start(&Stage::Editing, SEEN, 20));
        assert!(!few.lets_start(&Stage::Editing, SEEN, 21));
        assert!(!few.lets_start(&Stage::Editing, SEEN, 0));
    }
}
