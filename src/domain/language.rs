//! The language of a text or a person: an ISO 639-1 code such as `kk`, `ru`, `en`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Two lower-case ASCII letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language([u8; 2]);

impl Language {
    /// Kazakh: required in every campaign (Law on Languages, art. 21).
    pub const KK: Self = Self(*b"kk");
    /// Russian.
    pub const RU: Self = Self(*b"ru");
    /// English.
    pub const EN: Self = Self(*b"en");

    /// The code, as in `<html lang>`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("kk")
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not an ISO 639-1 code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a two-letter language code such as kk, ru or en")]
pub struct NotALanguage(String);

impl FromStr for Language {
    type Err = NotALanguage;

    /// Takes `kk`, `KK` and `kk-KZ`; keeps the language and drops the region.
    fn from_str(text: &str) -> Result<Self, NotALanguage> {
        let primary = text.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_bytes() {
            &[a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => Ok(Self([a, b])),
            _ => Err(NotALanguage(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Language {
    type Error = NotALanguage;

    fn try_from(text: String) -> Result<Self, NotALanguage> {
        text.parse()
    }
}

impl From<Language> for String {
    fn from(language: Language) -> Self {
        language.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_dropped_and_case_does_not_matter() {
        assert_eq!("KK-kz".parse(), Ok(Language::KK));
        assert_eq!("ru_RU".parse(), Ok(Language::RU));
        assert!("kaz".parse::<Language>().is_err());
        assert!("ққ".parse::<Language>().is_err());
    }
}
