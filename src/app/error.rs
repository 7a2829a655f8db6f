//! What can go wrong with a deed, in words for whoever asked for it.

use crate::{domain::campaign::NotAllowed, store};

/// What a deed gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One thing that is wrong with what was given.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// The field, file, line or column.
    pub place: String,
    /// What is wrong, and how to mend it.
    pub message: String,
}

impl Problem {
    /// At a place, with words.
    pub fn at(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.into(), message: message.into() }
    }
}

/// Why a deed was not done. Nothing of it happened.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing.
    #[error("there is no {0}")]
    NotFound(&'static str),
    /// The state of things does not allow it.
    #[error("{0}")]
    Conflict(String),
    /// What was given is wrong.
    #[error("{}", list(.0))]
    Invalid(Vec<Problem>),
    /// The database's.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// One problem at one place.
    pub fn invalid(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Problem::at(place, message)])
    }
}

impl From<NotAllowed> for Error {
    fn from(error: NotAllowed) -> Self {
        Self::Conflict(error.to_string())
    }
}

fn list(problems: &[Problem]) -> String {
    let lines: Vec<String> =
        problems.iter().map(|one| format!("{}: {}", one.place, one.message)).collect();
    lines.join("\n")
}
