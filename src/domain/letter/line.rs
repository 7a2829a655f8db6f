//! A single line of text with fields in it: a subject, a heading, the words on a button.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A line as its pieces; as JSON `["Сәлем, ", {"field": "given_name", "fallback": "әріптес"}]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line(pub Vec<Piece>);

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    /// Words as they are; braces mean nothing here.
    Text(String),
    /// A value of the person or of the campaign.
    Field(Field),
}

/// A value that is merged in for each person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Which, such as `given_name` or `attr.region`.
    #[serde(rename = "field")]
    pub name: FieldName,
    /// What stands there for those of whom it is not known; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fallback: String,
}

/// The path of a field: lower-case words joined by dots, at most 64 characters. Whether there is
/// such a field is asked when the letter is compiled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FieldName(String);

/// Not the path of a field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a field is named like given_name or attr.region")]
pub struct NotAFieldName;

impl FieldName {
    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FieldName {
    type Err = NotAFieldName;

    fn from_str(text: &str) -> Result<Self, NotAFieldName> {
        const CHARS_MAX: usize = 64;
        let word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        let is_path = text.len() <= CHARS_MAX && text.split('.').all(word);
        if is_path { Ok(Self(text.to_owned())) } else { Err(NotAFieldName) }
    }
}

impl TryFrom<String> for FieldName {
    type Error = NotAFieldName;

    fn try_from(text: String) -> Result<Self, NotAFieldName> {
        text.parse()
    }
}

impl From<FieldName> for String {
    fn from(name: FieldName) -> Self {
        name.0
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self(vec![Piece::Text(text.to_owned())])
    }
}

impl Line {
    /// Whether nothing would be seen.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.iter().all(|piece| matches!(piece, Piece::Text(text) if text.trim().is_empty()))
    }

    /// Characters, fallbacks counted.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.chars().count(),
                Piece::Field(field) => field.chars(),
            })
            .sum()
    }

    /// Its words with a mark such as `[given_name]` where a field stands: for lists and logs.
    #[must_use]
    pub fn summary(&self) -> String {
        let say = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Field(field) if field.fallback.is_empty() => format!("[{}]", field.name),
            Piece::Field(field) => field.fallback.clone(),
        };
        self.0.iter().map(say).collect()
    }
}

impl Field {
    /// Characters that it may count for.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.fallback.chars().count().max(1)
    }
}
