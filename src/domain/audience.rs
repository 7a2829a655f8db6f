//! Who a campaign is for: a typed rule, evaluated afresh at each use. It never decides who *may*
//! be mailed; that is the gate's.

use serde::{Deserialize, Serialize};

use super::{id::CampaignId, language::Language};

/// Most clauses that one audience may hold, nested ones included.
pub const CLAUSES_MAX: usize = 100;
/// Deepest nesting of `any`, `all` and `not`.
pub const DEPTH_MAX: usize = 8;

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

impl Clause {
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
            Self::Any(_) | Self::All(_) | Self::Not(_) => 0,
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
