//! What a reading of a file came to, in counts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    app::import_contacts::{Evidence, News, PurposeOf, Remark, Tally},
    store::import_job::StoredReject,
};

use super::REJECTS_KEPT_MAX;

/// Kinds of consents that are told apart.
const KINDS_MAX: usize = 40;
/// Sources of one kind that are named.
const SOURCES_MAX: usize = 5;

/// Consents of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    /// For what.
    pub purpose: String,
    /// On whose behalf.
    pub party: String,
    /// The edition of the policy that the people saw.
    pub policy_version: Option<u32>,
    /// Whether the words that the people saw are told.
    pub has_wording: bool,
    /// Where they were given, the first few.
    pub sources: Vec<String>,
    /// How many.
    pub n: u64,
}

/// What a reading of a file came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Gathered {
    /// Counts.
    pub tally: Tally,
    /// Consents that are recorded, or would be.
    pub kinds: Vec<Kind>,
    /// Consents that lack evidence, by the code of what they lack.
    pub lacks: BTreeMap<String, u64>,
    /// Refused rows' faults, by code.
    pub faults: BTreeMap<String, u64>,
    /// Octets read.
    #[serde(skip)]
    pub octets: u64,
    /// Refusals that are not stored yet.
    #[serde(skip)]
    pub unstored: Vec<StoredReject>,
    /// Refusals so far, stored or not.
    #[serde(skip)]
    pub rejects: i64,
}

impl Gathered {
    /// Takes notice of what an import tells.
    pub fn hear(&mut self, news: &News<'_>) {
        match news {
            News::Opened(_) => {}
            News::Rejected(reject) => {
                for fault in &reject.faults {
                    *self.faults.entry(fault.reason.code().to_owned()).or_default() += 1;
                    self.rejects += 1;
                    if self.rejects <= REJECTS_KEPT_MAX {
                        self.unstored.push(StoredReject {
                            number: self.rejects,
                            line: reject.line.cast_signed(),
                            place: fault.column.as_ref().map(|column| column.name.to_string()),
                            code: fault.reason.code().to_owned(),
                        });
                    }
                }
            }
            News::Noted(note) => {
                if let Remark::NoEvidence(lacks) = &note.remark {
                    for lack in lacks {
                        *self.lacks.entry(lack.code().to_owned()).or_default() += 1;
                    }
                }
            }
            News::Recorded { of, evidence } => self.record(of, evidence),
            News::Progress { bytes, tally } => {
                self.octets = *bytes;
                self.tally = **tally;
            }
        }
    }

    fn record(&mut self, of: &PurposeOf, evidence: &Evidence) {
        let has_wording = evidence.wording.is_some();
        let is_it = |kind: &&mut Kind| {
            kind.purpose == of.purpose
                && kind.party == of.party
                && kind.policy_version == evidence.policy_version
                && kind.has_wording == has_wording
        };
        if let Some(kind) = self.kinds.iter_mut().find(is_it) {
            kind.n += 1;
            if kind.sources.len() < SOURCES_MAX && !kind.sources.contains(&evidence.source) {
                kind.sources.push(evidence.source.clone());
            }
        } else if self.kinds.len() < KINDS_MAX {
            self.kinds.push(Kind {
                purpose: of.purpose.clone(),
                party: of.party.clone(),
                policy_version: evidence.policy_version,
                has_wording,
                sources: vec![evidence.source.clone()],
                n: 1,
            });
        }
    }
}
