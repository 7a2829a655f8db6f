//! What is wrong with the configuration, all of it at once.

use std::{fmt, sync::Arc};

/// Where a value stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// In the file; lines and columns count from 1, columns in characters.
    File {
        /// The file as it was named.
        file: Arc<str>,
        /// Line.
        line: usize,
        /// Column.
        column: usize,
    },
    /// In this environment variable.
    Environment(String),
    /// Nowhere: it is missing, or concerns the file as a whole.
    Nowhere,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, line, column } => write!(f, "{file}:{line}:{column}: "),
            Self::Environment(name) => write!(f, "environment variable {name}: "),
            Self::Nowhere => Ok(()),
        }
    }
}

/// One thing that is wrong, and how to put it right. Never shows a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it stands.
    pub origin: Origin,
    /// The dotted key, such as `smtp.rate`; empty for the file as a whole.
    pub key: String,
    /// What is wrong and what to do.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.key.is_empty() { "" } else { ": " };
        write!(f, "{}{}{separator}{}", self.origin, self.key, self.what)
    }
}

/// Everything that is wrong with the configuration: in the order of the file, then what the
/// environment says, then what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<Problem>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => write!(f, "the configuration has a problem")?,
            many => write!(f, "the configuration has {many} problems")?,
        }
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl std::error::Error for ConfigErrors {}
