//! Header fields, folded and encoded.

use std::{borrow::Cow, fmt::Write};

use email_encoding::headers::{rfc2047, writer::EmailWriter};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::field::{self, ComposeError, is_atom};
use crate::domain::address::Address;

/// Columns of a line where it can be folded (RFC 5322, 2.1.1: 78 without the line end).
const COLUMNS_MAX: usize = 78;

/// Characters of a word that fits on a line together with the longest name of a text field.
const WORD_CHARS_MAX: usize = 60;

/// The header under construction.
pub(super) struct Head {
    text: String,
}

impl Head {
    pub(super) fn with_capacity(octets: usize) -> Self {
        Self { text: String::with_capacity(octets) }
    }

    pub(super) fn finish(self) -> String {
        self.text
    }

    /// A field of parts that were checked or are our own.
    pub(super) fn fixed(&mut self, name: &'static str, parts: &[&str]) {
        self.begin(name);
        for part in parts {
            self.text.push_str(part);
        }
        self.end();
    }

    /// A field of one word.
    pub(super) fn token(&mut self, name: &'static str, value: &str) -> Result<(), ComposeError> {
        self.fixed(name, &[field::token(name, value)?]);
        Ok(())
    }

    pub(super) fn message_id(&mut self, name: &'static str, id: &str) -> Result<(), ComposeError> {
        self.fixed(name, &["<", field::path(name, id)?, ">"]);
        Ok(())
    }

    pub(super) fn list_id(
        &mut self,
        name: &'static str,
        phrase: &str,
        id: &str,
    ) -> Result<(), ComposeError> {
        let phrase = field::phrase(name, phrase)?;
        let id = field::list_id(name, id)?;
        let fits = name.len() + phrase.len() + id.len() + ":  <>".len() <= COLUMNS_MAX;
        self.fixed(name, &[phrase, if fits { " <" } else { "\r\n <" }, id, ">"]);
        Ok(())
    }

    /// Unstructured text: as it is where that is safe, else in encoded words.
    pub(super) fn text(&mut self, name: &'static str, value: &str) -> Result<(), ComposeError> {
        let value = normalised(field::text(name, value)?);
        if value.is_empty() {
            return Err(ComposeError::Form { field: name });
        }
        self.begin(name);
        if reads_the_same_when_folded(&value) {
            self.folded(&value);
        } else {
            self.encoded_words(&value);
        }
        self.end();
        Ok(())
    }

    /// A field of one mailbox.
    pub(super) fn mailbox(
        &mut self,
        name: &'static str,
        display: &str,
        address: &Address,
    ) -> Result<(), ComposeError> {
        let address = field::path(name, address.as_str())?;
        let display = normalised(field::text(name, display)?);
        if display.is_empty() {
            self.fixed(name, &["<", address, ">"]);
            return Ok(());
        }
        self.begin(name);
        if is_plain_phrase(&display) {
            self.folded(&display);
        } else {
            self.encoded_words(&display);
        }
        let fits = self.column() + address.len() + " <>".len() <= COLUMNS_MAX;
        self.text.push_str(if fits { " <" } else { "\r\n <" });
        self.text.push_str(address);
        self.text.push('>');
        self.end();
        Ok(())
    }

    fn begin(&mut self, name: &str) {
        self.text.push_str(name);
        self.text.push_str(": ");
    }

    fn end(&mut self) {
        self.text.push_str("\r\n");
    }

    fn column(&self) -> usize {
        self.text.len() - self.text.rfind('\n').map_or(0, |at| at + 1)
    }

    /// Writing into a `String` does not fail.
    fn folded(&mut self, value: &str) {
        let column = self.column() - 1;
        self.text.pop();
        let mut writer = EmailWriter::new(&mut self.text, column, 1, false);
        let _ = writer.folding().write_str(value);
    }

    /// Encoded words of at most 75 characters, each of whole code points (RFC 2047, sections 2 and
    /// 5).
    fn encoded_words(&mut self, value: &str) {
        let column = self.column();
        let mut writer = EmailWriter::new(&mut self.text, column, 0, false);
        let _ = rfc2047::encode(value, &mut writer);
    }
}

/// Mail programs show decomposed letters badly, and search does not find them.
fn normalised(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
    }
}

/// Visible ASCII in words with single blanks between them, which folding at a blank and unfolding
/// gives back, none too long for a line, none that looks like an encoded word.
fn reads_the_same_when_folded(text: &str) -> bool {
    text.is_ascii()
        && !text.contains("=?")
        && text.split(' ').all(|word| (1..=WORD_CHARS_MAX).contains(&word.len()))
}

/// Words that need neither quotation marks nor encoding before an address.
fn is_plain_phrase(text: &str) -> bool {
    reads_the_same_when_folded(text) && text.bytes().all(|b| b == b' ' || is_atom(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(text: &str) -> String {
        let mut head = Head::with_capacity(0);
        head.text("Subject", text).unwrap();
        head.finish()
    }

    fn from(name: &str) -> String {
        let mut head = Head::with_capacity(0);
        head.mailbox("From", name, &"news@example.kz".parse().unwrap()).unwrap();
        head.finish()
    }

    #[test]
    fn plain_words_stay_readable_and_are_folded_at_blanks() {
        assert_eq!(subject("Open day"), "Subject: Open day\r\n");
        let long = subject("twelve chars ".repeat(12).trim_end());
        assert!(long.lines().all(|line| line.len() <= COLUMNS_MAX));
        assert_eq!(long.replace("\r\n ", " ").matches("twelve chars").count(), 12);
    }

    #[test]
    fn what_folding_would_change_is_encoded() {
        for text in ["two  blanks", " before", "after ", "=?utf-8?q?no?=", &"x".repeat(100)] {
            assert!(subject(text).starts_with("Subject: =?utf-8?b?"), "{text}");
        }
    }

    #[test]
    fn letters_beyond_ascii_are_encoded_in_words_of_75_characters_at_most() {
        let long = subject(&"Ашық есік күні ".repeat(12));
        for word in long.trim_start_matches("Subject:").split_ascii_whitespace() {
            assert!(word.len() <= 75 && word.starts_with("=?utf-8?b?") && word.ends_with("?="));
        }
        assert!(long.lines().all(|line| line.len() <= COLUMNS_MAX));
    }

    #[test]
    fn decomposed_letters_are_composed() {
        assert_eq!(subject("Жаңа жыл: и\u{306}"), subject("Жаңа жыл: й"));
    }

    #[test]
    fn a_sender_is_named_in_words_or_encoded_but_never_quoted() {
        assert_eq!(from(""), "From: <news@example.kz>\r\n");
        assert_eq!(from("CPM news"), "From: CPM news <news@example.kz>\r\n");
        assert_eq!(
            from("CPM, \"news\""),
            "From: =?utf-8?b?Q1BNLCAibmV3cyI=?= <news@example.kz>\r\n"
        );
        let long = from(&"Орталық ".repeat(8));
        assert!(long.ends_with(" <news@example.kz>\r\n") && !long.contains('"'));
        assert!(long.lines().all(|line| line.len() <= COLUMNS_MAX), "{long}");
        let just_too_long = from(&"x".repeat(WORD_CHARS_MAX));
        assert!(just_too_long.ends_with("x\r\n <news@example.kz>\r\n"));
    }

    #[test]
    fn an_empty_subject_is_refused() {
        let mut head = Head::with_capacity(0);
        assert_eq!(head.text("Subject", ""), Err(ComposeError::Form { field: "Subject" }));
    }
}
