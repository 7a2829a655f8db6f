//! What is wrong with a campaign's content, where, and how to mend it.

use std::fmt;

use serde::Serialize;

use crate::domain::language::Language;

/// Whether a campaign may start in spite of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The campaign cannot start.
    Stops,
    /// A person should look at it.
    Worries,
}

/// The kind of a finding: a stable word for pages, the API and tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each name says what was found; the message says the rest")]
pub enum Code {
    BadToml,
    UnknownKey,
    BadValue,
    KazakhMissing,
    NotKazakh,
    SubjectMissing,
    SubjectTooLong,
    SubjectControl,
    LanguageWithoutBody,
    BadFileName,
    FileIgnored,
    BodyTwice,
    TooLarge,
    TooDeep,
    TemplateSyntax,
    TemplateForbidden,
    UnknownHelper,
    UnknownField,
    FieldMayBeEmpty,
    FieldUnused,
    FieldMisplaced,
    TagMoved,
    ReservedWord,
    MjmlSyntax,
    MjmlTag,
    Inlining,
    ActiveContent,
    AltMissing,
    ImageNotHttps,
    ThirdPartyImage,
    LinkNotHttps,
    LinkBroken,
    LinkTextVague,
    LinkTextEmpty,
    NoText,
    HtmlClipped,
    FooterMissing,
    FooterMisplaced,
    NoFooterWording,
    Rendering,
    UnknownPurpose,
    UnknownParty,
    UnknownSender,
    UnknownLanguage,
    BadAudience,
    BadSchedule,
}

/// Findings that one pass over one file tells: who has a hundred needs no more to begin with.
pub(super) const FINDINGS_MAX: usize = 100;

/// A spot in a file that the author wrote. Line and column begin at 1; a column counts characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// File name inside the campaign folder.
    pub file: String,
    /// The language of the file, if it has one.
    pub language: Option<Language>,
    /// 1 or more.
    pub line: usize,
    /// 1 or more.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// One thing that stops a campaign or should worry its author. Holds no personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether the campaign may start.
    pub severity: Severity,
    /// The kind.
    pub code: Code,
    /// Where to look; none if the whole campaign is meant.
    pub place: Option<Place>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub fix: String,
}

impl Finding {
    pub(crate) fn stops(code: Code, place: Option<Place>, message: String, fix: String) -> Self {
        Self { severity: Severity::Stops, code, place, message, fix }
    }

    pub(crate) fn worries(code: Code, place: Option<Place>, message: String, fix: String) -> Self {
        Self { severity: Severity::Worries, code, place, message, fix }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.severity {
            Severity::Stops => "stops",
            Severity::Worries => "worries",
        };
        match &self.place {
            Some(place) => write!(f, "{word} {place}: {}. {}", self.message, self.fix),
            None => write!(f, "{word}: {}. {}", self.message, self.fix),
        }
    }
}

/// A text with its name, so that byte offsets can be told as places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) language: Option<Language>,
    pub(super) text: &'a str,
    /// Where the text begins in its file: a subject stands in the middle of `campaign.toml`.
    pub(super) starts_at: (usize, usize),
}

impl<'a> Source<'a> {
    pub(super) fn file(file: &'a str, language: Language, text: &'a str) -> Self {
        Self { file, language: Some(language), text, starts_at: (1, 1) }
    }

    /// The place of a byte offset; an offset past the end is the end.
    pub(super) fn place(&self, offset: usize) -> Place {
        let (line, column) = line_and_column(self.text, offset);
        self.place_at(line, column)
    }

    pub(super) fn place_at(&self, line: usize, column: usize) -> Place {
        let (first_line, first_column) = self.starts_at;
        let column = if line == 1 { column + first_column - 1 } else { column };
        Place {
            file: self.file.to_owned(),
            language: self.language,
            line: line + first_line - 1,
            column,
        }
    }

    pub(super) fn stops(
        &self,
        offset: usize,
        code: Code,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Finding {
        Finding::stops(code, Some(self.place(offset)), message.into(), fix.into())
    }

    pub(super) fn worries(
        &self,
        offset: usize,
        code: Code,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) -> Finding {
        Finding::worries(code, Some(self.place(offset)), message.into(), fix.into())
    }
}

/// Line and column of a byte offset, both from 1.
pub(super) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
}

/// The one of `names` that was probably meant, if any is near.
pub(super) fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(word, name), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_characters_and_not_bytes() {
        assert_eq!(line_and_column("сәлем\nәлем {{x}}", "сәлем\nәлем ".len()), (2, 6));
        assert_eq!(line_and_column("ә", 99), (1, 2));
    }

    #[test]
    fn a_slip_of_the_finger_is_recognised() {
        assert_eq!(nearest("subjct", ["subject", "sender"]), Some("subject"));
        assert_eq!(nearest("zzz", ["subject", "sender"]), None);
    }
}
