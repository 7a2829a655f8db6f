//! What a person may be mailed for: the purpose catalogue, each entry bound to a policy clause.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{language::Language, words::words};

/// The stable key of a purpose, such as `news`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PurposeKey(String);

/// Not a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a key: use 1 to 40 lower-case letters, digits and _")]
pub struct NotAKey(pub String);

/// Checks a key of the kind that purposes and parties have.
pub(super) fn check_key(text: &str) -> Result<String, NotAKey> {
    let good = (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if good { Ok(text.to_owned()) } else { Err(NotAKey(text.to_owned())) }
}

impl PurposeKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for PurposeKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        check_key(text).map(Self)
    }
}

impl TryFrom<String> for PurposeKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        text.parse()
    }
}

impl From<PurposeKey> for String {
    fn from(key: PurposeKey) -> Self {
        key.0
    }
}

impl fmt::Display for PurposeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words! {
    /// On whose behalf a purpose may be used.
    Behalf("kind of party") {
        /// The institution's own mail.
        Institution = "institution",
        /// On behalf of a named partner.
        Partner = "partner",
    }
}

/// One entry of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Its stable key.
    pub key: PurposeKey,
    /// The policy clause that allows asking for it, such as `3.1.7`. Never 3.1.11.
    pub clause: String,
    /// The group in which a person sees it: the clause's last number, 7 or 10.
    pub clause_group: i64,
    /// Whose mail it is.
    pub behalf: Behalf,
    /// Its place in the list.
    pub position: i64,
    /// How long a consent holds, in months from the last affirmative act (1 to 120).
    pub term_months: i64,
    /// What a person reads, by language.
    pub titles: BTreeMap<Language, String>,
}

impl Purpose {
    /// The title in `language`, else in `fallback`, else the key.
    #[must_use]
    pub fn title(&self, language: Language, fallback: Language) -> &str {
        self.titles
            .get(&language)
            .or_else(|| self.titles.get(&fallback))
            .map_or(self.key.as_str(), String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_plain() {
        assert!("partner_offers".parse::<PurposeKey>().is_ok());
        for bad in ["", "News", "a b", "новости", "x'--"] {
            assert!(bad.parse::<PurposeKey>().is_err(), "{bad}");
        }
    }
}
