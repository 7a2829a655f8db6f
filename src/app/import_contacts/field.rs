//! What a column can hold.

use std::fmt;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the fields of a contact row")]
pub enum Field {
    Address,
    Name,
    GivenName,
    FamilyName,
    Patronymic,
    Language,
    Tags,
    ExternalId,
    /// An allow-listed attribute, by its key.
    Attribute(String),
    /// The purposes consented to, in the long form.
    Purpose,
    Party,
    Source,
    GivenAt,
    PolicyVersion,
    Wording,
    WordingLanguage,
    /// Yes or no for one purpose: the wide form.
    Consent {
        purpose: String,
        /// None: that of the row.
        party: Option<String>,
    },
    /// Nothing that is taken in.
    Ignored,
}

impl Field {
    /// Those that are not for one attribute or purpose.
    pub const PLAIN: [Self; 16] = [
        Self::Ignored,
        Self::Address,
        Self::Name,
        Self::GivenName,
        Self::FamilyName,
        Self::Patronymic,
        Self::Language,
        Self::Tags,
        Self::ExternalId,
        Self::Purpose,
        Self::Party,
        Self::Source,
        Self::GivenAt,
        Self::PolicyVersion,
        Self::Wording,
        Self::WordingLanguage,
    ];

    /// The field that its `Display` names. Whether the attribute or purpose may be brought in is
    /// for whoever reads the file to check.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if let Some(key) = text.strip_prefix("attribute ") {
            return Some(Self::Attribute(key.to_owned()));
        }
        if let Some(of) = text.strip_prefix("consent:") {
            let (purpose, party) = match of.split_once(':') {
                Some((purpose, party)) => (purpose, Some(party.to_owned())),
                None => (of, None),
            };
            return Some(Self::Consent { purpose: purpose.to_owned(), party });
        }
        Self::PLAIN.into_iter().find(|field| field.to_string() == text)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "address",
            Self::Name => "name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::Patronymic => "patronymic",
            Self::Language => "language",
            Self::Tags => "tags",
            Self::ExternalId => "external_id",
            Self::Attribute(key) => return write!(f, "attribute {key}"),
            Self::Purpose => "purpose",
            Self::Party => "party",
            Self::Source => "consent_source",
            Self::GivenAt => "consent_given_at",
            Self::PolicyVersion => "policy_version",
            Self::Wording => "wording",
            Self::WordingLanguage => "wording_language",
            Self::Consent { purpose, party: None } => return write!(f, "consent:{purpose}"),
            Self::Consent { purpose, party: Some(party) } => {
                return write!(f, "consent:{purpose}:{party}");
            }
            Self::Ignored => "ignored",
        })
    }
}
