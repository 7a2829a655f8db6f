//! MJML to HTML. The parser takes unknown tags and loose text without a word and drops or
//! misplaces them, so both are looked for beforehand.

use std::borrow::Cow;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mrml::prelude::parser::{Error, ParserOptions, noop_loader::NoopIncludeLoader};
use mrml::prelude::render::RenderOptions;

use super::finding::{Code, FINDINGS_MAX, Finding, Source, nearest};
use super::markup::{Node, Piece, scan};
use super::shield::Shielded;

/// Elements that hold other MJML elements only.
const STRUCTURE: [&str; 20] = [
    "mjml",
    "mj-head",
    "mj-body",
    "mj-attributes",
    "mj-all",
    "mj-class",
    "mj-section",
    "mj-column",
    "mj-group",
    "mj-wrapper",
    "mj-hero",
    "mj-carousel",
    "mj-carousel-image",
    "mj-accordion",
    "mj-accordion-element",
    "mj-navbar",
    "mj-social",
    "mj-divider",
    "mj-spacer",
    "mj-image",
];
/// Elements that hold text or HTML.
const CONTENT: [&str; 11] = [
    "mj-text",
    "mj-button",
    "mj-table",
    "mj-raw",
    "mj-navbar-link",
    "mj-social-element",
    "mj-accordion-title",
    "mj-accordion-text",
    "mj-title",
    "mj-preview",
    "mj-style",
];
const HEAD: [&str; 2] = ["mj-breakpoint", "mj-html-attributes"];

const STRICT: &str = "MJML is strict: close every tag, quote every value, write <br />";

/// What is not MJML, or stands where MJML ignores it.
pub(super) fn check(source: &Source<'_>, nodes: &[Node<'_>]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for node in nodes {
        let content = open.iter().any(|tag| CONTENT.contains(&tag.as_str()));
        let setting_defaults = open.last().is_some_and(|tag| tag == "mj-attributes");
        match &node.piece {
            Piece::Open { name, closed, .. } => {
                let lower = name.to_ascii_lowercase();
                findings.extend(wrong_tag(source, node, &lower, content || setting_defaults));
                if !closed {
                    open.push(lower);
                }
            }
            Piece::Close { name } => {
                if let Some(at) = open.iter().rposition(|tag| tag.eq_ignore_ascii_case(name)) {
                    open.truncate(at);
                }
            }
            Piece::Text if !content => findings.extend(loose_text(source, node)),
            _ => {}
        }
        if findings.len() >= FINDINGS_MAX {
            break;
        }
    }
    findings
}

fn is_mjml(name: &str) -> bool {
    STRUCTURE.contains(&name) || CONTENT.contains(&name) || HEAD.contains(&name)
}

fn wrong_tag(source: &Source<'_>, node: &Node<'_>, name: &str, content: bool) -> Option<Finding> {
    let at = node.range.start;
    if name == "mj-include" {
        return Some(source.stops(
            at,
            Code::MjmlTag,
            "<mj-include> is not allowed: a campaign reads no other files",
            "Copy the content here",
        ));
    }
    if is_mjml(name) || (content && !name.starts_with("mj-")) {
        return None;
    }
    if name.starts_with("mj") {
        let near = nearest(name, STRUCTURE.into_iter().chain(CONTENT)).unwrap_or("mj-text");
        return Some(source.stops(
            at,
            Code::MjmlTag,
            format!("<{name}> is not an MJML element"),
            format!("Did you mean <{near}>?"),
        ));
    }
    Some(source.stops(
        at,
        Code::MjmlTag,
        format!("HTML <{name}> cannot stand between MJML elements"),
        "Put it into <mj-text>, <mj-table> or <mj-raw>",
    ))
}

fn loose_text(source: &Source<'_>, node: &Node<'_>) -> Option<Finding> {
    let text = &source.text[node.range.clone()];
    // A block's edge and the footer may stand between elements: they travel as comments.
    let mut words = text.to_owned();
    while let Some(start) = words.find("{{") {
        let end = words[start..].find("}}").map_or(words.len(), |at| start + at + 2);
        let inner = words[start..end].trim_matches(['{', '}', '~', ' ']);
        let edge = inner.starts_with(['#', '/', '^', '!']) || inner.starts_with("else");
        let filler = if edge || inner == "footer" || inner == "> footer" { " " } else { "x" };
        words.replace_range(start..end, filler);
    }
    let first = words.find(|c: char| !c.is_whitespace())?;
    Some(source.stops(
        node.range.start + first.min(text.len()),
        Code::MjmlTag,
        "text between MJML elements is not shown",
        "Put it into <mj-text>",
    ))
}

/// Renders MJML whose tags are tokens.
pub(super) fn to_html(source: &Source<'_>, shielded: &Shielded) -> Result<String, Vec<Finding>> {
    let parser = ParserOptions { include_loader: Box::new(NoopIncludeLoader) };
    let text = without_split_characters(&shielded.text);
    // The tokenizer below is known to panic on some broken texts; one bad draft must not end a task.
    let parsed = catch_unwind(AssertUnwindSafe(|| mrml::parse_with_options(&text, &parser)));
    let unreadable = |_| vec![source.stops(0, Code::MjmlSyntax, "MJML cannot be read", STRICT)];
    let parsed =
        parsed.map_err(unreadable)?.map_err(|error| vec![syntax(source, shielded, &error)])?;
    // The fonts that it knows would be loaded from a third party.
    let options = RenderOptions { fonts: HashMap::new(), ..RenderOptions::default() };
    parsed.element.render(&options).map_err(|error| {
        vec![source.stops(
            0,
            Code::MjmlSyntax,
            format!("MJML cannot be rendered: {error}"),
            "Check widths and paddings: they are numbers with px or %",
        )]
    })
}

/// htmlparser 0.2.1 looks two bytes back from a `>` in text and panics inside a character of two or
/// more bytes (`бір->екі`); such a `>` is written as an entity, in a style sheet after a blank.
fn without_split_characters(text: &str) -> Cow<'_, str> {
    let mut safe = Cow::Borrowed(text);
    // From the end, so that what stands before keeps its offset.
    for node in scan(text).iter().rev() {
        let instead = match node.piece {
            Piece::Text => "&gt;",
            Piece::Raw => "  >",
            _ => continue,
        };
        for at in node.range.clone().rev().filter(|at| text.as_bytes()[*at] == b'>') {
            let back = at.saturating_sub(2).max(node.range.start);
            if !text.is_char_boundary(back) {
                safe.to_mut().replace_range(at..=at, instead);
            }
        }
    }
    safe
}

fn syntax(source: &Source<'_>, shielded: &Shielded, error: &Error) -> Finding {
    let (what, at) = match error {
        Error::UnexpectedElement { position, .. } => {
            ("this element cannot stand here", position.start)
        }
        Error::UnexpectedToken { position, .. } => ("this cannot stand here", position.start),
        Error::MissingAttribute { position, .. } => ("an attribute is missing", position.start),
        Error::InvalidAttribute { position, .. } => ("an attribute is wrong", position.start),
        Error::InvalidFormat { position, .. } => ("a value is wrong", position.start),
        Error::IncludeLoaderError { position, .. } => ("files are not included", position.start),
        Error::EndOfStream { .. } => ("an element is not closed", shielded.text.len()),
        Error::NoRootNode => ("there is no <mjml> element", 0),
        Error::ParserError { source: inner, .. } => {
            let place = inner.pos();
            ("this is not well-formed", offset(&shielded.text, place.row, place.col))
        }
        Error::SizeLimit { .. } => ("the text is too long", 0),
    };
    source.stops(
        shielded.author_offset(at),
        Code::MjmlSyntax,
        format!("MJML cannot be read: {what}"),
        STRICT,
    )
}

/// The byte offset of a line and a column, both from 1.
fn offset(text: &str, line: u32, column: u32) -> usize {
    let before = text.split_inclusive('\n').take(line.saturating_sub(1) as usize);
    let line_start: usize = before.map(str::len).sum();
    let line = &text[line_start..];
    let column = column.saturating_sub(1) as usize;
    line_start + line.char_indices().nth(column).map_or(line.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::mail::render::{markup, mustache, shield};

    fn build(text: &str) -> Result<String, Vec<String>> {
        let source = Source::file("body.kk.mjml.hbs", Language::KK, text);
        let say = |findings: Vec<Finding>| findings.iter().map(ToString::to_string).collect();
        let tags = mustache::read(&source).map_err(say)?;
        let masked = mustache::mask(text, &tags);
        let nodes = markup::scan(&masked);
        let wrong = check(&source, &nodes);
        if !wrong.is_empty() {
            return Err(say(wrong));
        }
        let shielded = shield::shield(&source, &tags, &nodes).map_err(say)?;
        to_html(&source, &shielded).map_err(say)
    }

    fn body(inner: &str) -> String {
        format!("<mjml>\n<mj-body>{inner}</mj-body></mjml>")
    }

    #[test]
    fn unknown_tags_loose_text_and_html_are_told_with_their_place() {
        let said = build(&body("<mj-txt>а</mj-txt>")).unwrap_err();
        assert!(said[0].starts_with("stops body.kk.mjml.hbs:2:10: "), "{said:?}");
        assert!(said[0].contains("Did you mean <mj-text>"));
        assert!(build(&body("сәлем")).unwrap_err()[0].contains("is not shown"));
        assert!(build(&body("{{name}}")).unwrap_err()[0].contains("is not shown"));
        assert!(build(&body("<mj-section><p>a</p></mj-section>")).unwrap_err()[0].contains("<p>"));
        assert!(build(&body("<mj-include path=\"/etc/passwd\" />")).is_err());
    }

    #[test]
    fn broken_mjml_says_where() {
        let said = build(&body("<mj-section><mj-column></mj-section>")).unwrap_err();
        assert!(said[0].starts_with("stops body.kk.mjml.hbs:2:"), "{said:?}");
    }

    #[test]
    fn an_arrow_between_cyrillic_words_does_not_panic() {
        let text =
            "<mj-section><mj-column><mj-text>бір->екі ә>б</mj-text></mj-column></mj-section>";
        let html = build(&body(text)).unwrap();
        assert!(html.contains("бір-&gt;екі ә>б") || html.contains("бір-&gt;екі ә&gt;б"), "{html}");
        let style = "<mjml><mj-head><mj-style>/*ә*/.қ>p{color:red}</mj-style></mj-head>\
                     <mj-body></mj-body></mjml>";
        assert!(build(style).is_ok());
    }

    #[test]
    fn nothing_is_loaded_from_a_third_party() {
        let html = build(&body(
            "<mj-section><mj-column><mj-text font-family=\"Roboto\">а</mj-text></mj-column></mj-section>",
        ))
        .unwrap();
        assert!(!html.contains("googleapis"));
    }

    #[test]
    fn a_block_may_hold_whole_sections() {
        let html = build(&body(
            "{{#if x}}<mj-section><mj-column><mj-text>а</mj-text></mj-column></mj-section>{{/if}}{{footer}}",
        ))
        .unwrap();
        let at = |token: &str| html.find(token).unwrap();
        assert!(at("<!--kelisimtag0z-->") < at("а<") && at("а<") < at("<!--kelisimtag1z-->"));
    }
}
