//! A consent as a file claims it, with what proves it or what that lacks.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::domain::language::Language;

/// The party of a consent that names none: the institution itself.
pub const INSTITUTION: &str = "institution";

/// A purpose and on whose behalf.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PurposeOf {
    /// A key of the purpose catalogue.
    pub purpose: String,
    /// [`INSTITUTION`] or the key of a partner.
    pub party: String,
}

/// One consent that a row claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentClaim {
    /// What was consented to.
    pub of: PurposeOf,
    /// Whether it can be recorded.
    pub proof: Proof,
}

/// Whether a claimed consent can be proved. One that cannot is not recorded: the contact comes in
/// without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    /// All that a record needs is there.
    Evidenced(Evidence),
    /// What is missing, at least one.
    Lacking(Vec<Lack>),
}

/// What proves a consent. At least one of `policy_version` and `wording` is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Where it was given: a form, an event, a paper.
    pub source: String,
    /// When, never later than the import. A date without time counts from its first instant, so
    /// that no consent looks newer than it is.
    pub given_at: DateTime<Utc>,
    /// The number of the privacy policy's version that the person saw.
    pub policy_version: Option<u32>,
    /// The words that the person saw, or their id.
    pub wording: Option<String>,
    /// The language of those words.
    pub language: Option<Language>,
}

/// What the evidence of a consent lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lack {
    /// Where it was given.
    Source,
    /// When it was given.
    GivenAt,
    /// What the person was told.
    PolicyVersionOrWording,
}

impl Lack {
    /// A stable word for pages.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Source => "source",
            Self::GivenAt => "given_at",
            Self::PolicyVersionOrWording => "policy_version_or_wording",
        }
    }
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Source => "where the consent was given (consent_source)",
            Self::GivenAt => "when it was given (consent_given_at)",
            Self::PolicyVersionOrWording => "what the person saw (policy_version or wording)",
        })
    }
}

/// Evidence as far as a row tells it.
pub(super) struct Hints {
    pub source: Option<String>,
    pub given_at: Option<DateTime<Utc>>,
    pub policy_version: Option<u32>,
    pub wording: Option<String>,
    pub language: Option<Language>,
}

impl Hints {
    pub(super) fn into_proof(self) -> Proof {
        let Self { source, given_at, policy_version, wording, language } = self;
        let told = policy_version.is_some() || wording.is_some();
        match (source, given_at) {
            (Some(source), Some(given_at)) if told => {
                Proof::Evidenced(Evidence { source, given_at, policy_version, wording, language })
            }
            (source, given_at) => {
                let lacks = [
                    (source.is_none(), Lack::Source),
                    (given_at.is_none(), Lack::GivenAt),
                    (!told, Lack::PolicyVersionOrWording),
                ];
                Proof::Lacking(
                    lacks.into_iter().filter_map(|(lacks, what)| lacks.then_some(what)).collect(),
                )
            }
        }
    }
}
