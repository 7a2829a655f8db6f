//! Writes what people typed so that it stays what they typed: neither markup nor template logic.
//!
//! Between two braces that would open a tag, and wherever a brace or a backslash stands right before
//! a field, a word joiner (U+2060, seen by nobody) is put. It holds through every later step (HTML
//! parsers decode entities, the plain text loses its markup), which no escape does.

use std::fmt::Write as _;

use crate::domain::letter::{Field, Line, Piece};
use crate::mail::render::{Known, Standing};

const JOINER: char = '\u{2060}';
/// Words that travel through the pipeline in place of tags begin like this.
const RESERVED: &str = "kelisim";

/// What the text is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sink {
    /// A template of one plain line.
    Plain,
    /// Text between HTML elements, and values of attributes.
    Markup,
}

/// A text in the making.
pub(super) struct Ink {
    sink: Sink,
    out: String,
    /// The last characters that a reader sees, whatever markup stands between.
    tail: String,
}

impl Ink {
    pub(super) fn new(sink: Sink) -> Self {
        Self { sink, out: String::new(), tail: String::new() }
    }

    /// What a person typed.
    pub(super) fn text(&mut self, text: &str) {
        for c in text.chars() {
            let c = if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
            let opens = c == '{' && self.tail.ends_with('{');
            let reserved = matches!(c, 't' | 'b') && self.tail.ends_with(RESERVED);
            if opens || reserved {
                self.out.push(JOINER);
            }
            self.write(c);
            self.remember(c);
        }
    }

    fn write(&mut self, c: char) {
        let entity = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '\'' => "&#39;",
            '{' => "&#123;",
            '}' => "&#125;",
            '\\' => "&#92;",
            _ => return self.out.push(c),
        };
        if self.sink == Sink::Markup {
            self.out.push_str(entity);
        } else {
            self.out.push(c);
        }
    }

    fn remember(&mut self, c: char) {
        if self.tail.chars().count() > RESERVED.len() {
            self.tail.remove(0);
        }
        self.tail.push(c);
    }

    /// Markup of our own.
    pub(super) fn markup(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// A new line within a paragraph.
    pub(super) fn line_end(&mut self) {
        self.out.push_str("<br />");
        self.tail.clear();
    }

    /// A field, or its fallback if there is no such field.
    pub(super) fn field(&mut self, field: &Field, known: &Known) -> Result<(), NoSuchField> {
        let name = field.name.as_str();
        let tag = match known.standing(name) {
            _ if matches!(name, "field" | "attr") => None,
            Standing::Always => Some(format!("{{{{{name}}}}}")),
            Standing::MayBeEmpty => {
                Some(format!("{{{{fallback {name} \"{}\"}}}}", in_quotes(&field.fallback)))
            }
            Standing::Unknown { .. } => None,
        };
        let Some(tag) = tag else {
            self.text(&field.fallback);
            return Err(NoSuchField(name.to_owned()));
        };
        if self.tail.ends_with(['{', '\\']) {
            self.out.push(JOINER);
        }
        self.out.push_str(&tag);
        self.tail.clear();
        Ok(())
    }

    /// A whole line; says which fields there are none of.
    pub(super) fn line(&mut self, line: &Line, known: &Known) -> Vec<NoSuchField> {
        let mut missing = Vec::new();
        for piece in &line.0 {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Field(field) => missing.extend(self.field(field, known).err()),
            }
        }
        missing
    }

    pub(super) fn done(self) -> String {
        self.out
    }
}

/// The name of a field that does not exist.
pub(super) struct NoSuchField(pub(super) String);

/// Text for markup.
pub(super) fn escaped(text: &str) -> String {
    let mut ink = Ink::new(Sink::Markup);
    ink.text(text);
    ink.done()
}

/// The inside of a string literal of the template language, which reads the escapes of JSON.
fn in_quotes(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '\\' | '{' | '}' | '\'' | '<' | '>' | '&' => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.replace(RESERVED, "\\u006belisim")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(pieces: &str) -> String {
        let line: Line = serde_json::from_str(pieces).unwrap();
        let mut ink = Ink::new(Sink::Plain);
        ink.line(&line, &Known::default());
        ink.done()
    }

    #[test]
    fn braces_never_become_a_tag() {
        assert_eq!(plain(r#"["{{name}}"]"#), "{\u{2060}{name}}");
        assert_eq!(plain(r#"["{", "{name}}"]"#), "{\u{2060}{name}}");
        assert_eq!(plain(r#"["{{{{"]"#).matches("{{").count(), 0);
        assert_eq!(plain(r#"["\\", {"field": "language"}]"#), "\\\u{2060}{{language}}");
        assert_eq!(plain(r#"["{", {"field": "language"}]"#), "{\u{2060}{{language}}");
    }

    #[test]
    fn a_fallback_cannot_leave_its_quotes() {
        let line = r#"[{"field": "name", "fallback": "a\"}} {{x\\"}]"#;
        assert_eq!(
            plain(line),
            "{{fallback name \"a\\u0022\\u007d\\u007d \\u007b\\u007bx\\u005c\"}}"
        );
    }

    #[test]
    fn a_field_that_does_not_exist_is_its_fallback() {
        assert_eq!(plain(r#"[{"field": "attr.iin", "fallback": "жоқ"}]"#), "жоқ");
    }
}
