//! On whose behalf a mail is sent: the institution, or a named partner.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{
    language::Language,
    purpose::{Behalf, NotAKey, check_key},
};

/// The stable key of a party; [`PartyKey::institution`] always exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartyKey(String);

impl PartyKey {
    /// The institution itself.
    #[must_use]
    pub fn institution() -> Self {
        Self("institution".to_owned())
    }

    /// Whether this is the institution itself.
    #[must_use]
    pub fn is_institution(&self) -> bool {
        self.0 == "institution"
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for PartyKey {
    fn default() -> Self {
        Self::institution()
    }
}

impl FromStr for PartyKey {
    type Err = NotAKey;

    fn from_str(text: &str) -> Result<Self, NotAKey> {
        check_key(text).map(Self)
    }
}

impl TryFrom<String> for PartyKey {
    type Error = NotAKey;

    fn try_from(text: String) -> Result<Self, NotAKey> {
        text.parse()
    }
}

impl From<PartyKey> for String {
    fn from(key: PartyKey) -> Self {
        key.0
    }
}

impl fmt::Display for PartyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The institution or a partner, with its names by language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its stable key.
    pub key: PartyKey,
    /// Institution or partner.
    pub kind: Behalf,
    /// What a person reads, by language.
    pub names: BTreeMap<Language, String>,
}
