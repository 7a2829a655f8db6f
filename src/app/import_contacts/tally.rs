//! What became of the rows of a file.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Lack, PurposeOf};

/// Counts of one run. Every row is counted once among `rejected`, `new`, `updated`, `unchanged`,
/// `repeated`, `blocked` and `erased`; every consent that a row claims once among those after.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Not taken, see the rejects.
    pub rejected: u64,
    /// Contacts that were not known.
    pub new: u64,
    /// Known contacts of whom something was learnt.
    pub updated: u64,
    /// Known contacts of whom nothing was learnt.
    pub unchanged: u64,
    /// Further rows of a person who stood in an earlier row of the file, merged with it.
    pub repeated: u64,
    /// Contacts whose processing is blocked: left as they are.
    pub blocked: u64,
    /// People who had themselves forgotten: not stored again.
    pub erased: u64,
    /// Consents recorded for the first time.
    pub given: u64,
    /// Consents recorded again with later evidence.
    pub renewed: u64,
    /// Consents that were recorded with this or later evidence already.
    pub recorded_before: u64,
    /// Claims without all their evidence: no consent.
    pub without_evidence: u64,
    /// Claims of people who had withdrawn or refused: no consent.
    pub objected: u64,
    /// Claims for addresses that must not be mailed: no consent.
    pub suppressed: u64,
    /// Claims of blocked or forgotten people: no consent.
    pub left_out: u64,
    /// Of the recorded ones: those whose term was over already.
    pub expired: u64,
    /// Of the recorded ones: those given before a material change of the policy, which wait for
    /// reconfirmation.
    pub needs_reconfirmation: u64,
    /// Purposes that rows say no to: neither a consent nor a withdrawal.
    pub declined: u64,
}

impl Tally {
    /// Rows that are not blank.
    #[must_use]
    pub const fn rows(&self) -> u64 {
        self.rejected
            + self.new
            + self.updated
            + self.unchanged
            + self.repeated
            + self.blocked
            + self.erased
    }

    /// Consents that the rows claim.
    #[must_use]
    pub const fn claims(&self) -> u64 {
        self.given
            + self.renewed
            + self.recorded_before
            + self.without_evidence
            + self.objected
            + self.suppressed
            + self.left_out
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.rejected += other.rejected;
        self.new += other.new;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.repeated += other.repeated;
        self.blocked += other.blocked;
        self.erased += other.erased;
        self.given += other.given;
        self.renewed += other.renewed;
        self.recorded_before += other.recorded_before;
        self.without_evidence += other.without_evidence;
        self.objected += other.objected;
        self.suppressed += other.suppressed;
        self.left_out += other.left_out;
        self.expired += other.expired;
        self.needs_reconfirmation += other.needs_reconfirmation;
        self.declined += other.declined;
    }
}

/// Something about a row that was taken which whoever imports should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The line on which the row begins.
    pub line: u64,
    /// The consent that is meant; `None` for the row as a whole.
    pub of: Option<PurposeOf>,
    /// What.
    pub remark: Remark,
}

/// What there is to know.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Remark {
    /// No consent: this is missing.
    NoEvidence(Vec<Lack>),
    /// No consent: the person withdrew it or said no.
    Objected,
    /// No consent: the address is suppressed.
    Suppressed,
    /// The consent was recorded, and its term is over.
    Expired,
    /// The consent was recorded and waits: the policy has changed materially since.
    NeedsReconfirmation,
    /// The row was left out: the contact's processing is blocked.
    Blocked,
    /// The row was left out: the person was forgotten and is not stored again.
    Erased,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoEvidence(lacks) => {
                let lacks: Vec<String> = lacks.iter().map(Lack::to_string).collect();
                write!(f, "no consent recorded, for it is not said {}", lacks.join(" and "))
            }
            Self::Objected => f.write_str(
                "no consent recorded: the person withdrew it or refused, and only the person can come back",
            ),
            Self::Suppressed => {
                f.write_str("no consent recorded: the address is on the suppression list")
            }
            Self::Expired => f.write_str("consent recorded, but its term is over: no mail"),
            Self::NeedsReconfirmation => f.write_str(
                "consent recorded, but the policy has changed materially since: no mail until the person confirms",
            ),
            Self::Blocked => f.write_str("left out: processing of this contact is blocked"),
            Self::Erased => {
                f.write_str("left out: this person had the data deleted and is not stored again")
            }
        }
    }
}
