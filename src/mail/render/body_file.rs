//! A body file of a campaign folder: `body.<language>.<kind>.hbs`.

use std::fmt;

use crate::domain::language::Language;

/// What a body is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// MJML, the markup for mail.
    Mjml,
    /// HTML: a whole document, or what stands inside `<body>`.
    Html,
    /// Markdown with tables.
    Markdown,
    /// The plain-text part.
    Text,
}

impl SourceKind {
    /// The part of the file name that tells it.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Mjml => "mjml",
            Self::Html => "html",
            Self::Markdown => "md",
            Self::Text => "txt",
        }
    }

    fn from_extension(extension: &str) -> Option<Self> {
        [Self::Mjml, Self::Html, Self::Markdown, Self::Text]
            .into_iter()
            .find(|kind| kind.extension() == extension)
    }
}

/// One body of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyFile {
    /// Its name inside the folder.
    pub name: String,
    /// Its language.
    pub language: Language,
    /// What it is written in.
    pub kind: SourceKind,
    /// Its text.
    pub text: String,
}

/// A file name that is not one of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotABody(String);

impl std::error::Error for NotABody {}

impl fmt::Display for NotABody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\"{}\" is not body.<language>.<kind>.hbs, such as body.kk.mjml.hbs \
             (kinds: mjml, html, md, txt)",
            self.0
        )
    }
}

impl BodyFile {
    /// Reads language and kind from the name.
    ///
    /// # Errors
    /// The name is not `body.<language>.<mjml|html|md|txt>.hbs`.
    pub fn new(name: &str, text: String) -> Result<Self, NotABody> {
        let error = || NotABody(name.to_owned());
        let parts: Vec<_> = name.split('.').collect();
        let &["body", language, extension, "hbs"] = parts.as_slice() else { return Err(error()) };
        let kind = SourceKind::from_extension(extension).ok_or_else(error)?;
        let language: Language = language.parse().map_err(|_| error())?;
        // A byte order mark is no part of the text.
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Self { name: name.to_owned(), language, kind, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_tells_language_and_kind() {
        let body = BodyFile::new("body.kk.mjml.hbs", "\u{feff}а".into()).unwrap();
        assert_eq!((body.language, body.kind), (Language::KK, SourceKind::Mjml));
        assert_eq!(body.text, "а");
        for name in ["body.kk.hbs", "body.kaz.md.hbs", "body.kk.pdf.hbs", "kk.md.hbs"] {
            assert!(BodyFile::new(name, String::new()).is_err(), "{name}");
        }
    }
}
