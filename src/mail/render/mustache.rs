//! Finds the `{{…}}` of a template before anything else reads it, and refuses what a campaign may
//! not use: partials and inline partials (recursive ones overflow the stack and abort the
//! process), decorators, raw blocks, values without escaping, and nesting without end.

use std::ops::Range;

use super::finding::{Code, FINDINGS_MAX, Finding, Source};

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Comment,
    Value,
    Footer,
    Open,
    Else,
    Close,
}

impl Kind {
    /// Tags whose order decides which part of the text belongs to a block.
    pub(super) fn is_block(self) -> bool {
        matches!(self, Self::Open | Self::Else | Self::Close)
    }
}

/// One `{{…}}`: bytes of the author's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub(super) range: Range<usize>,
    pub(super) kind: Kind,
}

const TAG_BYTES_MAX: usize = 1_000;
const TAGS_MAX: usize = 2_000;
/// The template parser recurses once per level; 16 is far below what a 2 MiB stack bears.
const BLOCK_DEPTH_MAX: usize = 16;
const BRACKET_DEPTH_MAX: usize = 8;

/// Reads all tags, or says everything that is wrong with them.
pub(super) fn read(source: &Source<'_>) -> Result<Vec<Tag>, Vec<Finding>> {
    let mut tags = Vec::new();
    let mut findings = Vec::new();
    let mut at = 0;
    while let Some(found) = source.text[at..].find("{{") {
        let start = at + found;
        match read_tag(source, start) {
            Ok(tag) => {
                at = tag.range.end;
                tags.push(tag);
            }
            Err((finding, next)) => {
                at = next;
                findings.push(finding);
            }
        }
        if findings.len() >= FINDINGS_MAX {
            break;
        }
        if tags.len() > TAGS_MAX {
            findings.push(source.stops(
                start,
                Code::TooLarge,
                format!("there are more than {TAGS_MAX} template tags"),
                "Shorten the text or use {{#each}}",
            ));
            break;
        }
    }
    findings.extend(too_deep(source, &tags));
    if findings.is_empty() { Ok(tags) } else { Err(findings) }
}

/// The same text with each tag's bytes replaced by as many letters: nothing in a tag can then be
/// taken for markup, and offsets stay those of the author's text.
pub(super) fn mask(text: &str, tags: &[Tag]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    for tag in tags {
        masked.push_str(&text[at..tag.range.start]);
        let filler = if tag.kind == Kind::Value { 'x' } else { ' ' };
        masked.extend(std::iter::repeat_n(filler, tag.range.len()));
        at = tag.range.end;
    }
    masked.push_str(&text[at..]);
    masked
}

fn read_tag(source: &Source<'_>, start: usize) -> Result<Tag, (Finding, usize)> {
    let rest = &source.text[start..];
    if source.text[..start].ends_with('\\') {
        return Err((
            forbidden(source, start, "\\{{", "Write &#123;&#123; for two braces"),
            start + 2,
        ));
    }
    if rest.starts_with("{{{{") {
        return Err((
            forbidden(source, start, "raw block", "Write &#123;&#123; for two braces"),
            start + 4,
        ));
    }
    let opening = if rest.starts_with("{{{") { "{{{" } else { "{{" };
    let Some((inner, length)) = contents(rest, opening) else {
        let finding = source.stops(
            start,
            Code::TemplateSyntax,
            "a tag is opened here and not closed",
            format!("Close it with {} within {TAG_BYTES_MAX} bytes", closing(opening)),
        );
        return Err((finding, start + opening.len()));
    };
    let end = start + length;
    let inner = inner.trim_matches('~').trim();
    if brackets(inner) > BRACKET_DEPTH_MAX {
        let finding = source.stops(
            start,
            Code::TooDeep,
            format!("brackets are nested more than {BRACKET_DEPTH_MAX} deep in this tag"),
            "Use a nested {{#if}} instead",
        );
        return Err((finding, end));
    }
    let kind = classify(inner, opening).map_err(|what| {
        let fix = "Write the text itself here; a value is {{name}} and is always escaped";
        (forbidden(source, start, what, fix), end)
    })?;
    Ok(Tag { range: start..end, kind })
}

fn forbidden(source: &Source<'_>, at: usize, what: &str, fix: &str) -> Finding {
    source.stops(at, Code::TemplateForbidden, format!("{what} is not allowed in a campaign"), fix)
}

fn closing(opening: &str) -> &'static str {
    if opening == "{{{" { "}}}" } else { "}}" }
}

/// What stands between the braces, and the length of the whole tag.
fn contents<'a>(rest: &'a str, opening: &str) -> Option<(&'a str, usize)> {
    let body = &rest[opening.len()..];
    let end = if body.trim_start_matches('~').starts_with("!--") {
        body.find("--}}").map(|at| at + 2)
    } else if body.trim_start_matches('~').starts_with('!') {
        body.find("}}")
    } else {
        return find_close(body, closing(opening))
            .map(|at| (&body[..at], opening.len() + at + closing(opening).len()));
    }?;
    Some((&body[..end], opening.len() + end + 2))
}

/// The close outside of quoted strings.
fn find_close(body: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        if at > TAG_BYTES_MAX {
            return None;
        }
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            None if body[at..].starts_with(close) => return Some(at),
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(_) | None => {}
        }
    }
    None
}

fn classify(inner: &str, opening: &str) -> Result<Kind, &'static str> {
    let mut chars = inner.chars();
    let first = chars.next();
    let rest = chars.as_str().trim_start();
    let footer = inner == "footer" || (first == Some('>') && rest == "footer");
    match first {
        _ if footer => Ok(Kind::Footer),
        _ if opening == "{{{" => Err("a value without escaping ({{{…}}})"),
        Some('!') => Ok(Kind::Comment),
        Some('#') if rest.starts_with('*') => Err("an inline partial"),
        Some('#') if rest.starts_with('>') => Err("a partial"),
        Some('#') => Ok(Kind::Open),
        Some('/') => Ok(Kind::Close),
        Some('^') => Ok(Kind::Else),
        Some('>') => Err("a partial"),
        Some('*') => Err("a decorator"),
        Some('&') => Err("a value without escaping ({{&…}})"),
        _ if inner == "else" || inner.starts_with("else ") => Ok(Kind::Else),
        _ => Ok(Kind::Value),
    }
}

fn brackets(inner: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in inner.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn too_deep(source: &Source<'_>, tags: &[Tag]) -> Option<Finding> {
    let mut depth = 0_usize;
    for tag in tags {
        match tag.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > BLOCK_DEPTH_MAX {
            return Some(source.stops(
                tag.range.start,
                Code::TooDeep,
                format!("blocks are nested more than {BLOCK_DEPTH_MAX} deep"),
                "Close the blocks that are no longer needed",
            ));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    fn kinds(text: &str) -> Result<Vec<Kind>, Vec<Code>> {
        read(&Source::file("body.kk.html.hbs", Language::KK, text))
            .map(|tags| tags.iter().map(|tag| tag.kind).collect())
            .map_err(|findings| findings.iter().map(|finding| finding.code).collect())
    }

    #[test]
    fn tags_are_told_apart() {
        let text = "{{! a }}{{!-- }} --}}{{~#if x~}}{{name}}{{else}}{{^}}{{/if}}{{footer}}\
                    {{{ footer }}}{{> footer}}{{fallback x \"}}\"}}";
        assert_eq!(
            kinds(text),
            Ok(vec![
                Kind::Comment,
                Kind::Comment,
                Kind::Open,
                Kind::Value,
                Kind::Else,
                Kind::Else,
                Kind::Close,
                Kind::Footer,
                Kind::Footer,
                Kind::Footer,
                Kind::Value,
            ])
        );
    }

    #[test]
    fn partials_raw_blocks_and_unescaped_values_are_refused_all_at_once() {
        let text = "{{> other}}{{#*inline \"x\"}}{{{name}}}{{&name}}{{* d}}{{{{raw}}}}\\{{x}}";
        assert_eq!(kinds(text).unwrap_err(), vec![Code::TemplateForbidden; 7]);
    }

    #[test]
    fn a_recursive_partial_never_reaches_the_engine() {
        let text = "{{#*inline \"x\"}}{{> x}}{{/inline}}{{> x}}";
        assert!(kinds(text).unwrap_err().contains(&Code::TemplateForbidden));
    }

    #[test]
    fn nesting_has_an_end() {
        assert_eq!(
            kinds(&"{{#if a}}".repeat(5_000)),
            Err(vec![Code::TooDeep, Code::TooLarge].into_iter().rev().collect())
        );
        let brackets = format!("{{{{eq {}a{}}}}}", "(not ".repeat(9), ")".repeat(9));
        assert_eq!(kinds(&brackets), Err(vec![Code::TooDeep]));
    }

    #[test]
    fn an_open_tag_is_told_with_its_place() {
        let findings =
            read(&Source::file("body.kk.html.hbs", Language::KK, "сәлем\n  {{name")).unwrap_err();
        assert_eq!(findings[0].place.as_ref().unwrap().to_string(), "body.kk.html.hbs:2:3");
    }

    #[test]
    fn a_mask_keeps_every_offset() {
        let text = "<a href=\"{{x}}\">{{! > }}ә</a>";
        let tags = read(&Source::file("f", Language::KK, text)).unwrap();
        let masked = mask(text, &tags);
        assert_eq!(masked, "<a href=\"xxxxx\">        ә</a>");
        assert_eq!(masked.len(), text.len());
    }
}
