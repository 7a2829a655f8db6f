//! Who a campaign is for: a typed rule, evaluated afresh at each use. It never decides who *may*
//! be mailed; that is the gate's.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    contact::AddressState,
    id::{CampaignId, ImportId, SegmentId},
    language::Language,
    party::PartyKey,
    purpose::PurposeKey,
    suppression::Reason,
    words::words,
};

/// Most clauses that one audience may hold, nested ones included.
pub const CLAUSES_MAX: usize = 100;
/// Deepest nesting of `any`, `all` and `not`.
pub const DEPTH_MAX: usize = 8;

/// Deepest nesting of saved segments in each other.
pub const SEGMENTS_DEPTH_MAX: usize = 5;

words! {
    /// How a consent stands, or stood.
    ConsentIs("standing of a consent") {
        /// It permits mail now.
        Holds = "holds",
        /// It was given once, whatever became of it.
        EverGiven = "ever_given",
        /// Asked for, not answered.
        Requested = "requested",
        /// The person said no.
        Refused = "refused",
        /// The person took it back.
        Withdrawn = "withdrawn",
        /// Its term is over.
        Expired = "expired",
        /// A material change of the policy: waits for the person.
        NeedsReconfirmation = "needs_reconfirmation",
        /// There is no record of one.
        None = "none",
    }
}

/// A time not before `since` and before `before`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// Not before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<DateTime<Utc>>,
    /// Before this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<DateTime<Utc>>,
}

/// Contacts for whom every clause of `include` and none of `exclude` holds. Without clauses:
/// everyone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// All of these must hold.
    #[serde(default)]
    pub include: Vec<Clause>,
    /// None of these may hold.
    #[serde(default)]
    pub exclude: Vec<Clause>,
}

/// One condition on a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Clause {
    /// Reads one of these languages.
    Language(Vec<Language>),
    /// Has one of these tags.
    Tag(Vec<String>),
    /// An attribute has one of these values.
    Attribute {
        /// The attribute's key.
        key: String,
        /// Any of these values; none listed: any value at all.
        #[serde(default)]
        is: Vec<String>,
    },
    /// Was sent one of these campaigns (sent, or perhaps sent).
    GotCampaign(Vec<CampaignId>),
    /// A consent stands, or stood, so.
    Consent {
        /// For what.
        purpose: PurposeKey,
        /// On whose behalf; none named: the institution's.
        #[serde(default)]
        party: PartyKey,
        /// How it stands.
        is: ConsentIs,
        /// It came to stand so not before this; of `ever_given`: it was given then. Not asked of
        /// `none`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<DateTime<Utc>>,
        /// The same, before this.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<DateTime<Utc>>,
    },
    /// Became known in this span.
    Created(Span),
    /// Stood in the file of one of these imports.
    Imported(Vec<ImportId>),
    /// The address is one of these.
    AddressState(Vec<AddressState>),
    /// Whether all processing is blocked.
    Blocked(bool),
    /// Must not be mailed for one of these reasons; none listed: for any.
    Suppressed(Vec<Reason>),
    /// Belongs to a saved segment as it stands when it is asked.
    Segment(SegmentId),
    /// At least one holds.
    Any(Vec<Clause>),
    /// All hold.
    All(Vec<Clause>),
    /// Does not hold.
    Not(Box<Clause>),
}

/// The rule is too large to be evaluated safely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// Over [`CLAUSES_MAX`].
    #[error("the audience has more than {CLAUSES_MAX} clauses: use a tag or an attribute instead")]
    Clauses,
    /// Over [`DEPTH_MAX`].
    #[error("the audience nests any, all and not more than {DEPTH_MAX} deep")]
    Depth,
}

impl Audience {
    /// Checks the bounds.
    ///
    /// # Errors
    /// [`TooLarge`] over [`CLAUSES_MAX`] clauses or [`DEPTH_MAX`] levels.
    pub fn check_size(&self) -> Result<(), TooLarge> {
        let mut left = CLAUSES_MAX;
        self.include.iter().chain(&self.exclude).try_for_each(|clause| clause.measure(1, &mut left))
    }
}

impl Audience {
    /// The saved segments that this names, itself and not through others.
    pub fn segments(&self) -> impl Iterator<Item = SegmentId> {
        let mut found = Vec::new();
        self.include
            .iter()
            .chain(&self.exclude)
            .for_each(|clause| clause.find_segments(&mut found));
        found.into_iter()
    }

    /// How many conditions it comes to, each value being one.
    #[must_use]
    pub fn conditions(&self) -> usize {
        self.include.iter().chain(&self.exclude).map(Clause::conditions).sum()
    }

    /// As one clause.
    #[must_use]
    pub fn into_clause(self) -> Clause {
        let Self { mut include, exclude } = self;
        if !exclude.is_empty() {
            include.push(Clause::Not(Box::new(Clause::Any(exclude))));
        }
        Clause::All(include)
    }
}

impl Clause {
    fn conditions(&self) -> usize {
        self.width()
            + match self {
                Self::Any(clauses) | Self::All(clauses) => {
                    clauses.iter().map(Self::conditions).sum()
                }
                Self::Not(clause) => clause.conditions(),
                _ => 0,
            }
    }

    fn find_segments(&self, found: &mut Vec<SegmentId>) {
        match self {
            Self::Segment(id) => found.push(*id),
            Self::Any(clauses) | Self::All(clauses) => {
                clauses.iter().for_each(|clause| clause.find_segments(found));
            }
            Self::Not(clause) => clause.find_segments(found),
            _ => {}
        }
    }

    /// The same with each segment as what `known` says that it is, whose segments are put in
    /// already. A segment that is not known stays.
    #[must_use]
    pub fn with_segments(self, known: &std::collections::HashMap<SegmentId, Clause>) -> Self {
        let all = |clauses: Vec<Self>| {
            clauses.into_iter().map(|clause| clause.with_segments(known)).collect()
        };
        match self {
            Self::Segment(id) => known.get(&id).cloned().unwrap_or(Self::Segment(id)),
            Self::Any(clauses) => Self::Any(all(clauses)),
            Self::All(clauses) => Self::All(all(clauses)),
            Self::Not(clause) => Self::Not(Box::new(clause.with_segments(known))),
            other => other,
        }
    }

    fn measure(&self, depth: usize, left: &mut usize) -> Result<(), TooLarge> {
        if depth > DEPTH_MAX {
            return Err(TooLarge::Depth);
        }
        *left = left.checked_sub(self.width()).ok_or(TooLarge::Clauses)?;
        match self {
            Self::Any(clauses) | Self::All(clauses) => {
                clauses.iter().try_for_each(|clause| clause.measure(depth + 1, left))
            }
            Self::Not(clause) => clause.measure(depth + 1, left),
            _ => Ok(()),
        }
    }

    fn width(&self) -> usize {
        1 + match self {
            Self::Language(values) => values.len(),
            Self::Tag(values) | Self::Attribute { is: values, .. } => values.len(),
            Self::GotCampaign(values) => values.len(),
            Self::Imported(values) => values.len(),
            Self::AddressState(values) => values.len(),
            Self::Suppressed(values) => values.len(),
            Self::Consent { .. }
            | Self::Created(_)
            | Self::Blocked(_)
            | Self::Segment(_)
            | Self::Any(_)
            | Self::All(_)
            | Self::Not(_) => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_plainly_in_toml() {
        let audience: Audience = toml::from_str(
            r#"
            include = [{ language = ["kk", "ru"] }, { attribute = { key = "region", is = ["Astana"] } }]
            exclude = [{ tag = ["staff"] }, { not = { any = [{ tag = ["teacher"] }] } }]
            "#,
        )
        .unwrap();
        assert_eq!(audience.include[0], Clause::Language(vec![Language::KK, Language::RU]));
        assert_eq!(audience.check_size(), Ok(()));
    }

    #[test]
    fn clauses_are_written_plainly_in_json() {
        let text = r#"{"include":[{"consent":{"purpose":"news","is":"holds","since":"2026-03-01T00:00:00+05:00"}},
            {"created":{}},{"blocked":false},{"suppressed":[]},{"address_state":["bad"]}],"exclude":[]}"#;
        let audience: Audience = serde_json::from_str(text).unwrap();
        let Clause::Consent { party, since, .. } = &audience.include[0] else { panic!() };
        assert!(party.is_institution());
        assert_eq!(*since, Some("2026-02-28T19:00:00Z".parse().unwrap()));
        let again = serde_json::to_string(&audience).unwrap();
        assert_eq!(serde_json::from_str::<Audience>(&again).unwrap(), audience);
    }

    #[test]
    fn an_unknown_clause_is_named() {
        let error = toml::from_str::<Audience>("include = [{ langauge = [\"kk\"] }]").unwrap_err();
        assert!(error.to_string().contains("langauge"), "{error}");
    }

    #[test]
    fn size_and_depth_are_bounded() {
        let wide =
            Audience { include: vec![Clause::Tag(vec![String::new(); 100])], exclude: vec![] };
        assert_eq!(wide.check_size(), Err(TooLarge::Clauses));
        let deep = (0..8).fold(Clause::Tag(vec![]), |inner, _| Clause::Not(Box::new(inner)));
        let deep = Audience { include: vec![deep], exclude: vec![] };
        assert_eq!(deep.check_size(), Err(TooLarge::Depth));
    }
}
