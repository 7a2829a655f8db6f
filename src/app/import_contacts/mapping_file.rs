//! A file that says which column holds what, and what is the same for every row.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::field::Field;
use crate::domain::language::Language;

/// What `--mapping FILE` says; it wins over the names of columns.
///
/// ```toml
/// ignore = ["E-mail 2"]
///
/// [columns]
/// address = "Почта слушателя"
/// consent_given_at = "Отметка времени"
///
/// [attributes]
/// region = "Облыс"
///
/// [consents]
/// news = "Хочу получать новости"
/// "partner_offers:acme" = "Предложения партнёра"
///
/// [constants]
/// consent_source = "Registration form 2025"
/// policy_version = 1
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MappingFile {
    /// Columns to leave out, by name.
    pub(super) ignore: Vec<String>,
    pub(super) columns: Columns,
    /// Attribute key to column name.
    pub(super) attributes: BTreeMap<String, String>,
    /// Purpose, or purpose and party as `partner_offers:acme`, to the name of a yes-or-no column.
    pub(super) consents: BTreeMap<String, String>,
    pub(super) constants: Constants,
}

/// Field to column name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Columns {
    address: Option<String>,
    name: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    patronymic: Option<String>,
    language: Option<String>,
    tags: Option<String>,
    external_id: Option<String>,
    purpose: Option<String>,
    party: Option<String>,
    consent_source: Option<String>,
    consent_given_at: Option<String>,
    policy_version: Option<String>,
    wording: Option<String>,
    wording_language: Option<String>,
}

/// What is the same for every row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(missing_docs, reason = "the names are those of the fields of a contact row")]
pub struct Constants {
    pub language: Option<Language>,
    pub tags: Vec<String>,
    /// Every row claims these consents.
    pub purposes: Vec<String>,
    pub party: Option<String>,
    pub consent_source: Option<String>,
    pub consent_given_at: Option<String>,
    pub policy_version: Option<u32>,
    pub wording: Option<String>,
    pub wording_language: Option<Language>,
}

impl From<Constants> for MappingFile {
    fn from(constants: Constants) -> Self {
        Self { constants, ..Self::default() }
    }
}

impl Constants {
    /// Leaves out what columns tell already.
    pub fn yield_to(&mut self, fields: &[Field]) {
        let has = |field: &Field| fields.contains(field);
        self.language = self.language.filter(|_| !has(&Field::Language));
        self.party = self.party.take().filter(|_| !has(&Field::Party));
        self.consent_source = self.consent_source.take().filter(|_| !has(&Field::Source));
        self.consent_given_at = self.consent_given_at.take().filter(|_| !has(&Field::GivenAt));
        self.policy_version = self.policy_version.filter(|_| !has(&Field::PolicyVersion));
        self.wording = self.wording.take().filter(|_| !has(&Field::Wording));
        self.wording_language = self.wording_language.filter(|_| !has(&Field::WordingLanguage));
    }
}

/// Why a mapping file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MappingError {
    /// Not TOML, an unknown key, a wrong type; the text has line and column.
    #[error("the mapping file cannot be read: {0}")]
    Syntax(#[from] toml::de::Error),
    /// It names a column that the file does not have.
    #[error(
        "the mapping file takes {field} from column \"{column}\", which the file does not have. \
         The columns are: {}", .columns.join(", ")
    )]
    NoSuchColumn {
        /// The field.
        field: String,
        /// The name in the mapping file.
        column: String,
        /// The names seen, at most thirty.
        columns: Vec<String>,
    },
    /// An attribute that may not be brought in.
    #[error("the mapping file names the attribute {attribute}, which is not allowed: {}", list_allowed(.allowed))]
    AttributeNotAllowed {
        /// The attribute.
        attribute: String,
        /// Those that are.
        allowed: Vec<String>,
    },
    /// A purpose that is not in the catalogue.
    #[error("the mapping file names the purpose {purpose}, which is not in the catalogue ({})", .known.join(", "))]
    UnknownPurpose {
        /// The purpose.
        purpose: String,
        /// The catalogue.
        known: Vec<String>,
    },
    /// The same field from a column and as a constant.
    #[error("the mapping file gives {field} both as a column and as a constant: keep one")]
    Twice {
        /// The field.
        field: String,
    },
    /// A constant that cannot be used.
    #[error("the constant {field} in the mapping file: {reason}")]
    Constant {
        /// The field.
        field: &'static str,
        /// Why.
        reason: super::Reason,
    },
}

fn list_allowed(attributes: &[String]) -> String {
    match attributes {
        [] => "no attributes are allowed by the configuration".to_owned(),
        some => format!("allowed are {}", some.join(", ")),
    }
}

impl std::str::FromStr for MappingFile {
    type Err = MappingError;

    fn from_str(text: &str) -> Result<Self, MappingError> {
        Ok(toml::from_str(text)?)
    }
}

impl Columns {
    /// The fields that are named, each with its column.
    pub(super) fn named(&self) -> impl Iterator<Item = (Field, &str)> {
        let all = [
            (Field::Address, &self.address),
            (Field::Name, &self.name),
            (Field::GivenName, &self.given_name),
            (Field::FamilyName, &self.family_name),
            (Field::Patronymic, &self.patronymic),
            (Field::Language, &self.language),
            (Field::Tags, &self.tags),
            (Field::ExternalId, &self.external_id),
            (Field::Purpose, &self.purpose),
            (Field::Party, &self.party),
            (Field::Source, &self.consent_source),
            (Field::GivenAt, &self.consent_given_at),
            (Field::PolicyVersion, &self.policy_version),
            (Field::Wording, &self.wording),
            (Field::WordingLanguage, &self.wording_language),
        ];
        all.into_iter().filter_map(|(field, column)| Some((field, column.as_deref()?)))
    }
}

impl Constants {
    /// The fields that are the same for every row, so that no column gives them.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> {
        let all = [
            (Field::Language, self.language.is_some()),
            (Field::Tags, !self.tags.is_empty()),
            (Field::Purpose, !self.purposes.is_empty()),
            (Field::Party, self.party.is_some()),
            (Field::Source, self.consent_source.is_some()),
            (Field::GivenAt, self.consent_given_at.is_some()),
            (Field::PolicyVersion, self.policy_version.is_some()),
            (Field::Wording, self.wording.is_some()),
            (Field::WordingLanguage, self.wording_language.is_some()),
        ];
        all.into_iter().filter_map(|(field, set)| set.then_some(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_key_is_named_with_its_line() {
        let error = "[columns]\nadress = \"E-mail\"\n".parse::<MappingFile>().unwrap_err();
        let text = error.to_string();
        assert!(text.contains("line 2") && text.contains("adress") && text.contains("`address`"));
    }
}
