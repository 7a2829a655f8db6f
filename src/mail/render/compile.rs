//! Compiles the content of one language, once, when a campaign is saved.
//!
//! The way of a body: tags read and judged → limits → tags shielded → MJML or Markdown to HTML →
//! styles inlined → plain text derived → tags put back and their order checked → preheader and
//! footer added. What comes out are template texts that a database can store as they are.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::body_file::{BodyFile, SourceKind};
use super::document::{self, Additions};
use super::fields::{Known, SharedFields, breaks_line};
use super::finding::{Code, Finding, Severity, Source};
use super::markup::{self, Node, Piece};
use super::mustache::{self, Tag};
use super::renderer::{HTML_BYTES_MAX, Renderer};
use super::shield::{Shielded, Sink, shield};
use super::{footer, lint, mjml, plain_text, uses};
use crate::domain::language::Language;

/// Bytes of one body file.
pub const SOURCE_BYTES_MAX: usize = 256 * 1024;
/// Bytes of a subject or a preheader template.
const LINE_BYTES_MAX: usize = 1_000;

/// A short text of `campaign.toml` and where it stands there.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The template.
    pub text: &'a str,
    /// Line and column of its first character in `campaign.toml`, from 1.
    pub starts_at: (usize, usize),
}

/// The content of one language.
#[derive(Debug, Clone, Copy)]
pub struct LanguageSource<'a> {
    /// The language.
    pub language: Language,
    /// The subject.
    pub subject: Line<'a>,
    /// What a mailbox shows behind the subject.
    pub preheader: Option<Line<'a>>,
    /// MJML, HTML or Markdown.
    pub markup: Option<&'a BodyFile>,
    /// A text part of the author's own.
    pub text: Option<&'a BodyFile>,
}

/// The templates of one campaign and language, transformed and checked. Store it as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compiled {
    /// The language.
    pub language: Language,
    /// Template of the subject; one line.
    pub subject: String,
    /// Template of the preheader; it is in `html` already.
    pub preheader: Option<String>,
    /// Template of the HTML part; none if the campaign has plain text only.
    pub html: Option<String>,
    /// Template of the plain-text part.
    pub text: String,
    /// Paths of all fields that the templates name.
    pub fields_used: BTreeSet<String>,
}

/// What came of compiling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// The templates.
    pub compiled: Compiled,
    /// What should worry the author.
    pub worries: Vec<Finding>,
}

/// Compiles one language.
///
/// # Errors
/// Everything that stops it, each with file, line, column and what to do.
pub fn compile(source: &LanguageSource<'_>, known: &Known) -> Result<Built, Vec<Finding>> {
    let mut work = Work { known, fields: BTreeSet::new(), stops: vec![], worries: vec![] };
    let language = source.language;
    let subject = work.line(language, source.subject);
    let preheader = source.preheader.map(|line| work.line(language, line));
    let markup = source.markup.map(|file| work.markup(file));
    let own_text = source.text.map(|file| work.own_text(file));
    if !work.stops.is_empty() {
        return Err(work.stops);
    }
    let hidden = source.preheader.zip(preheader);
    let hidden = hidden.map(|(line, tags)| document::escape_around(line.text, &tags));
    let titled = Additions {
        language,
        title: &document::escape_around(source.subject.text, &subject),
        preheader: hidden.as_deref(),
        footer: None,
    };
    let (html, derived) = match markup.flatten() {
        Some(made) => (Some(made.html(language, &titled)), Some(made.text)),
        None => (None, None),
    };
    let compiled = Compiled {
        language,
        subject: source.subject.text.trim().to_owned(),
        preheader: source.preheader.map(|line| line.text.to_owned()),
        html,
        text: own_text.flatten().or(derived).unwrap_or_default(),
        fields_used: work.fields,
    };
    let file = source.markup.or(source.text).map_or("campaign.toml", |file| &file.name);
    readable(&compiled, &Source::file(file, language, ""))?;
    Ok(Built { compiled, worries: work.worries })
}

/// The transformed templates must still be templates.
fn readable(compiled: &Compiled, source: &Source<'_>) -> Result<(), Vec<Finding>> {
    if compiled.html.as_ref().is_some_and(|html| html.len() > HTML_BYTES_MAX) {
        let message = format!("the mail is larger than {HTML_BYTES_MAX} bytes");
        return Err(vec![source.stops(0, Code::TooLarge, message, "Shorten it")]);
    }
    Renderer::new(compiled, &SharedFields::default()).map(|_| ()).map_err(|error| {
        let fix = "Look for braces that stand directly beside a {{tag}}";
        vec![source.stops(0, Code::Rendering, error.to_string(), fix)]
    })
}

struct Work<'a> {
    known: &'a Known,
    fields: BTreeSet<String>,
    stops: Vec<Finding>,
    worries: Vec<Finding>,
}

/// HTML and text with the tags back in their places.
struct Markup {
    restored: String,
    text: String,
    has_footer: bool,
}

impl Markup {
    fn html(&self, language: Language, additions: &Additions<'_>) -> String {
        let footer = (!self.has_footer).then(|| footer::html(language));
        document::finish(&self.restored, &Additions { footer: footer.as_deref(), ..*additions })
    }
}

impl Work<'_> {
    /// Subject or preheader: one line, values and conditions only.
    fn line(&mut self, language: Language, line: Line<'_>) -> Vec<Tag> {
        let source = Source {
            file: "campaign.toml",
            language: Some(language),
            text: line.text,
            starts_at: line.starts_at,
        };
        if line.text.len() > LINE_BYTES_MAX {
            let message = format!("this is longer than {LINE_BYTES_MAX} bytes");
            self.stops.push(source.stops(0, Code::TooLarge, message, "Shorten it"));
            return vec![];
        }
        if let Some(at) = line.text.find(breaks_line) {
            self.stops.push(source.stops(
                at,
                Code::SubjectControl,
                "a line end or another control character stands here",
                "Write it in one line",
            ));
        }
        let tags = self.tags(&source);
        for tag in tags.iter().filter(|tag| tag.kind == mustache::Kind::Footer) {
            let message = "the footer cannot stand in a single line";
            self.stops.push(source.stops(
                tag.range.start,
                Code::FooterMisplaced,
                message,
                "Take it out",
            ));
        }
        tags
    }

    /// Reads the tags and judges the names in them.
    fn tags(&mut self, source: &Source<'_>) -> Vec<Tag> {
        let tags = match mustache::read(source) {
            Ok(tags) => tags,
            Err(findings) => {
                self.stops.extend(findings);
                return vec![];
            }
        };
        match uses::judge(source, self.known) {
            Ok((fields, worries)) => {
                self.fields.extend(fields);
                self.worries.extend(worries);
            }
            Err(findings) => self.stops.extend(findings),
        }
        tags
    }

    fn too_large(&mut self, file: &BodyFile) -> bool {
        let large = file.text.len() > SOURCE_BYTES_MAX;
        if large {
            let source = Source::file(&file.name, file.language, "");
            let message = format!("the file is larger than {SOURCE_BYTES_MAX} bytes");
            self.stops.push(source.stops(0, Code::TooLarge, message, "Link to the long text"));
        }
        large
    }

    fn own_text(&mut self, file: &BodyFile) -> Option<String> {
        if self.too_large(file) {
            return None;
        }
        let source = Source::file(&file.name, file.language, &file.text);
        let tags = self.tags(&source);
        let whole = [Node { range: 0..file.text.len(), piece: Piece::Text }];
        let footer = footer::text(file.language);
        let text = shield(&source, &tags, &whole).and_then(|held| {
            self.place_footer(&source, &held);
            let text = held.restore(&source, &held.text, &footer, Sink::Text)?;
            Ok(with_footer(text, &held, &footer))
        });
        self.keep(text)
    }

    fn keep<T>(&mut self, made: Result<T, Vec<Finding>>) -> Option<T> {
        made.map_err(|findings| self.stops.extend(findings)).ok()
    }

    fn place_footer(&mut self, source: &Source<'_>, held: &Shielded) {
        self.stops.extend(held.footer_findings(source));
        if !held.has_footer() {
            self.worries.push(source.worries(
                source.text.len(),
                Code::FooterMissing,
                "there is no {{footer}}, so the mandatory footer is added at the end",
                "Write {{footer}} where it should stand",
            ));
        }
    }

    fn markup(&mut self, file: &BodyFile) -> Option<Markup> {
        if self.too_large(file) {
            return None;
        }
        let source = Source::file(&file.name, file.language, &file.text);
        let stops_before = self.stops.len();
        let tags = self.tags(&source);
        let masked = mustache::mask(&file.text, &tags);
        let nodes = markup::scan(&masked);
        self.stops.extend(document::check_depth(&source, &nodes));
        if file.kind == SourceKind::Mjml {
            self.stops.extend(mjml::check(&source, &nodes));
        }
        let held = shield(&source, &tags, &nodes);
        let held = self.keep(held)?;
        self.place_footer(&source, &held);
        if self.stops.len() > stops_before {
            return None;
        }
        let made = self.transform(file, &source, &held);
        self.keep(made)
    }

    fn worry_if_empty(&mut self, source: &Source<'_>, text: &str, footer: &str) {
        if text.trim().is_empty() || text.trim() == footer.trim() {
            self.worries.push(source.worries(
                0,
                Code::NoText,
                "the mail has no text, so its plain-text part is empty",
                "Write text beside the pictures, or a body.<language>.txt.hbs",
            ));
        }
    }

    fn transform(
        &mut self,
        file: &BodyFile,
        source: &Source<'_>,
        held: &Shielded,
    ) -> Result<Markup, Vec<Finding>> {
        let html = to_html(file.kind, source, held)?;
        let generated = file.kind == SourceKind::Markdown;
        self.lint(source, if generated { &html } else { &held.text }, held, generated)?;
        let html = document::in_shell(html);
        shallow(source, &html)?;
        let html = document::with_row_groups(&html, |word| held.is_edge(word));
        let html = document::inline(source, &html).map_err(|finding| vec![finding])?;
        let outside = held.outside_body(source, &html);
        if outside.is_empty() {
            self.parts(source, &html, held, file.language)
        } else {
            Err(outside)
        }
    }

    fn lint(
        &mut self,
        source: &Source<'_>,
        text: &str,
        held: &Shielded,
        generated: bool,
    ) -> Result<(), Vec<Finding>> {
        let found = lint::lint(source, text, held, generated);
        let (stops, worries): (Vec<_>, Vec<_>) =
            found.into_iter().partition(|finding| finding.severity == Severity::Stops);
        self.worries.extend(worries);
        if stops.is_empty() { Ok(()) } else { Err(stops) }
    }

    /// Both parts, with the tags back.
    fn parts(
        &mut self,
        source: &Source<'_>,
        html: &str,
        held: &Shielded,
        language: Language,
    ) -> Result<Markup, Vec<Finding>> {
        let text = plain_text::derive(source, html, held).map_err(|finding| vec![finding])?;
        let (html_footer, text_footer) = (footer::html(language), footer::text(language));
        let text = held.restore(source, &text, &text_footer, Sink::Text)?;
        self.worry_if_empty(source, &text, &text_footer);
        let restored = held.restore(source, html, &html_footer, Sink::Html)?;
        let shown = restored.contains(&html_footer) && text.contains(text_footer.trim());
        if held.has_footer() && !shown {
            let message = "the footer stands where it is not shown";
            let fix = "Move {{footer}} to the end of the body, out of hidden elements";
            return Err(vec![source.stops(0, Code::FooterMisplaced, message, fix)]);
        }
        let text = with_footer(text, held, &text_footer);
        Ok(Markup { restored, text, has_footer: held.has_footer() })
    }
}

fn to_html(kind: SourceKind, source: &Source<'_>, held: &Shielded) -> Result<String, Vec<Finding>> {
    match kind {
        SourceKind::Mjml => mjml::to_html(source, held),
        SourceKind::Html | SourceKind::Text => Ok(held.text.clone()),
        SourceKind::Markdown => {
            let html = document::from_markdown(&held.text);
            shallow(source, &html)?;
            let is_loop = |word: &str| held.unfold(word).contains("#each");
            Ok(document::with_whole_lists(&html, is_loop))
        }
    }
}

/// Refuses generated markup that is too deep; its offsets are not those of the author's file.
fn shallow(source: &Source<'_>, html: &str) -> Result<(), Vec<Finding>> {
    let whole = Source { text: "", ..*source };
    document::check_depth(&whole, &markup::scan(html)).map_or(Ok(()), |finding| Err(vec![finding]))
}

fn with_footer(text: String, held: &Shielded, footer: &str) -> String {
    let mut text = if held.has_footer() { text } else { format!("{}\n{footer}", text.trim_end()) };
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}
