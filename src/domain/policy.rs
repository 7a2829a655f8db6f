//! Editions of the privacy policy. A consent pins the one it was given under (R26, R27).

use chrono::{DateTime, Utc};

use super::{id::PolicyVersionId, language::Language, words::words};

words! {
    /// What an edition changes for those who consented under an earlier one.
    ChangeKind("kind of policy change") {
        /// Consents carry over.
        Editorial = "editorial",
        /// Purposes, third parties, borders, data or terms changed: consents need reconfirmation.
        Material = "material",
    }
}

/// One text of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyText {
    /// Its language.
    pub language: Language,
    /// The text, verbatim.
    pub body: String,
    /// SHA-256 of the text's UTF-8 bytes.
    pub sha256: [u8; 32],
}

/// One edition, immutable once published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyVersion {
    /// Its id.
    pub id: PolicyVersionId,
    /// 1, 2, 3 … in order of publication.
    pub number: i64,
    /// What it changes.
    pub kind: ChangeKind,
    /// When it was published, which is when it took effect (clause 7.1).
    pub published_at: DateTime<Utc>,
}

/// The edition and text that a consent was given under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PolicyPin {
    /// The edition.
    pub version_id: PolicyVersionId,
    /// SHA-256 of the text in the language that was shown.
    pub sha256: [u8; 32],
}
