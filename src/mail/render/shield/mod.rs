//! Carries template tags unharmed through parsers that know nothing of them.
//!
//! HTML and MJML parsers move text out of tables, drop it between sections and rewrite quotes. So
//! each tag travels as a token: a bare word inside text and attribute values, a comment where a
//! block begins or ends, because comments keep their place everywhere. Afterwards the order is
//! checked: a loop whose content was moved out of it would send empty mails without any error.

use std::collections::BTreeMap;

use super::finding::{Code, Finding, Source};
use super::markup::{Node, Piece, scan};
use super::mustache::{Kind, Tag};

const TOKEN: &str = "kelisimtag";

struct Held {
    source: String,
    kind: Kind,
    /// Where the author wrote it.
    at: usize,
    /// Stood in a comment that is not sent.
    dropped: bool,
}

/// A text whose tags are tokens.
pub(super) struct Shielded {
    pub(super) text: String,
    held: Vec<Held>,
    /// Offsets in `text` and in the author's text at which both run alike.
    map: Vec<(usize, usize)>,
}

/// What the restored text is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sink {
    Html,
    Text,
}

/// Whether a comment is one of Outlook's conditions, which are sent.
fn is_condition(comment: &str) -> bool {
    comment.starts_with("<!--[if") || comment.starts_with("<!--<![") || comment.starts_with("<!-->")
}

/// Replaces each tag by a token; says which tags stand where they cannot work.
pub(super) fn shield(
    source: &Source<'_>,
    tags: &[Tag],
    nodes: &[Node<'_>],
) -> Result<Shielded, Vec<Finding>> {
    if let Some(at) = source.text.find(TOKEN) {
        let message = format!("the word \"{TOKEN}\" is used by the service itself");
        return Err(vec![source.stops(at, Code::ReservedWord, message, "Write another word")]);
    }
    let mut shielded = Shielded { text: String::new(), held: Vec::new(), map: Vec::new() };
    let mut findings = Vec::new();
    let mut at = 0;
    let mut rest = tags;
    for (number, node) in nodes.iter().enumerate() {
        let count = rest.partition_point(|tag| tag.range.start < node.range.end);
        let (inside, after) = rest.split_at(count);
        rest = after;
        if is_unsent(source.text, node) {
            shielded.copy(source.text, at, node.range.start);
            shielded.drop_comment(source.text, node, inside);
            at = node.range.end;
            continue;
        }
        for tag in inside {
            shielded.copy(source.text, at, tag.range.start);
            at = tag.range.end;
            let opening = number.checked_sub(1).and_then(|before| nodes.get(before));
            findings.extend(misplaced(source, tag, node, opening));
            let as_comment = node.piece == Piece::Text && tag.kind != Kind::Value;
            shielded.hold(source.text, tag, if as_comment { Dress::Comment } else { Dress::Word });
        }
    }
    shielded.copy(source.text, at, source.text.len());
    if findings.is_empty() { Ok(shielded) } else { Err(findings) }
}

/// How a tag travels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dress {
    Word,
    Comment,
    /// Not at all: its comment is not sent.
    None,
}

fn is_unsent(text: &str, node: &Node<'_>) -> bool {
    node.piece == Piece::Comment && !is_condition(&text[node.range.clone()])
}

/// Whether a comment holds nothing but this tag.
fn is_alone(text: &str, tag: &Tag, node: &Node<'_>) -> bool {
    let before = text[node.range.start..tag.range.start].trim();
    let after = text[tag.range.end..node.range.end].trim();
    before == "<!--" && after == "-->"
}

fn misplaced(
    source: &Source<'_>,
    tag: &Tag,
    node: &Node<'_>,
    opening: Option<&Node<'_>>,
) -> Option<Finding> {
    let at = tag.range.start;
    if tag.kind == Kind::Comment {
        return None;
    }
    let message = match &node.piece {
        Piece::Text | Piece::Comment => return None,
        Piece::Raw if is_title(opening) && tag.kind != Kind::Footer => return None,
        Piece::Raw => "a template tag cannot stand in a style sheet, a script or a title",
        Piece::Close { .. } | Piece::Declaration => "a template tag cannot stand here",
        Piece::Open { attributes, .. } => {
            let inside = attributes.iter().find(|a| a.range.start <= at && at < a.range.end);
            match inside.map(|attribute| attribute.name.to_ascii_lowercase()) {
                None => "a template tag inside a tag must stand in an attribute's value",
                Some(name) if name == "style" || name.starts_with("on") => {
                    "a field cannot stand in a style or in an event"
                }
                Some(_) if tag.kind == Kind::Footer => "the footer cannot stand in an attribute",
                Some(_) => return None,
            }
        }
    };
    let fix = "Put it into the text or into a value such as href=\"{{policy_url}}\"";
    Some(source.stops(at, Code::FieldMisplaced, message, fix))
}

/// Titles take values; style sheets, scripts and form fields take nothing.
fn is_title(opening: Option<&Node<'_>>) -> bool {
    opening.is_some_and(|node| node.opens("title") || node.opens("mj-title"))
}

impl Shielded {
    fn copy(&mut self, text: &str, from: usize, to: usize) {
        self.map.push((self.text.len(), from));
        self.text.push_str(&text[from..to]);
    }

    /// `<!--{{#each x}}-->` is the block's edge; any other comment of the author is not sent.
    fn drop_comment(&mut self, text: &str, node: &Node<'_>, tags: &[Tag]) {
        for tag in tags {
            let alone = tag.kind.is_block() && is_alone(text, tag, node);
            self.hold(text, tag, if alone { Dress::Comment } else { Dress::None });
        }
    }

    fn hold(&mut self, text: &str, tag: &Tag, dress: Dress) {
        if tag.kind == Kind::Comment {
            return;
        }
        let token = format!("{TOKEN}{}z", self.held.len());
        self.map.push((self.text.len(), tag.range.start));
        match dress {
            Dress::Comment => self.text.extend(["<!--", &token, "-->"]),
            Dress::Word => self.text.push_str(&token),
            Dress::None => {}
        }
        self.held.push(Held {
            source: text[tag.range.clone()].to_owned(),
            kind: tag.kind,
            at: tag.range.start,
            dropped: dress == Dress::None && tag.kind == Kind::Value,
        });
    }

    /// The offset in the author's text that an offset in `text` stands for.
    pub(super) fn author_offset(&self, offset: usize) -> usize {
        let after = self.map.partition_point(|(here, _)| *here <= offset);
        let (here, there) = self.map[after.saturating_sub(1)];
        there + offset.saturating_sub(here)
    }

    /// Whether the author said where the footer stands.
    pub(super) fn has_footer(&self) -> bool {
        self.held.iter().any(|held| held.kind == Kind::Footer)
    }

    /// Whether a word is the token of a block's edge or of the footer.
    pub(super) fn is_edge(&self, word: &str) -> bool {
        token_at(word).is_some_and(|(id, length)| {
            length == word.len() && self.held.get(id).is_some_and(|held| held.kind != Kind::Value)
        })
    }

    /// A short text with its tags back, for showing and judging it.
    pub(super) fn unfold(&self, text: &str) -> String {
        let mut unfolded = text.to_owned();
        while let Some(at) = unfolded.find(TOKEN) {
            let Some((id, length)) = token_at(&unfolded[at..]) else { break };
            let tag = self.held.get(id).map_or("", |held| held.source.as_str());
            unfolded.replace_range(at..at + length, tag);
        }
        unfolded
    }

    /// Findings on a footer that could vanish or come twice.
    pub(super) fn footer_findings(&self, source: &Source<'_>) -> Vec<Finding> {
        let regions = self.regions((0..self.held.len()).collect::<Vec<_>>().as_slice());
        let footers: Vec<_> =
            self.held.iter().enumerate().filter(|(_, held)| held.kind == Kind::Footer).collect();
        let twice = footers.iter().skip(1).map(|(_, held)| {
            source.stops(
                held.at,
                Code::FooterMisplaced,
                "the footer stands here a second time",
                "Keep one {{footer}}",
            )
        });
        let inside =
            footers.iter().filter(|(id, _)| regions[id].first().is_some_and(|r| !r.is_empty()));
        let inside = inside.map(|(_, held)| {
            source.stops(
                held.at,
                Code::FooterMisplaced,
                "the footer stands inside a block and could vanish",
                "Move {{footer}} out of {{#if}} and {{#each}}",
            )
        });
        twice.chain(inside).collect()
    }

    /// Blocks' edges and footers that a whole document has outside of its body.
    pub(super) fn outside_body(&self, source: &Source<'_>, html: &str) -> Vec<Finding> {
        let nodes = scan(html);
        let first = nodes.iter().position(|node| node.opens("body")).unwrap_or(0);
        let last = nodes.iter().rposition(|node| node.closes("body")).unwrap_or(nodes.len());
        let outside = nodes.iter().enumerate().filter(|(at, _)| *at < first || *at > last);
        outside
            .filter(|(_, node)| node.piece == Piece::Comment)
            .filter_map(|(_, node)| html[node.range.clone()].strip_prefix("<!--"))
            .filter_map(|word| token_at(word).filter(|(id, _)| *id < self.held.len()))
            .map(|(id, _)| self.moved(source, id))
            .collect()
    }

    /// Puts the tags back. Fails if a tag was lost or moved into or out of a block.
    pub(super) fn restore(
        &self,
        source: &Source<'_>,
        text: &str,
        footer: &str,
        sink: Sink,
    ) -> Result<String, Vec<Finding>> {
        let mut restored = String::with_capacity(text.len() + footer.len());
        let mut order = Vec::new();
        let mut at = 0;
        while let Some(found) = text[at..].find(TOKEN) {
            let start = at + found;
            let Some((id, length)) = token_at(&text[start..]) else {
                at = start + TOKEN.len();
                continue;
            };
            let mut before = &text[at..start];
            at = start + length;
            if before.ends_with("<!--") && text[at..].starts_with("-->") {
                before = &before[..before.len() - 4];
                at += 3;
            }
            push_literal(&mut restored, before, sink);
            let Some(held) = self.held.get(id) else { continue };
            order.push(id);
            restored.push_str(if held.kind == Kind::Footer { footer } else { &held.source });
        }
        push_literal(&mut restored, &text[at..], sink);
        let findings = self.disorder(source, &order, sink);
        if findings.is_empty() { Ok(restored) } else { Err(findings) }
    }

    fn disorder(&self, source: &Source<'_>, order: &[usize], sink: Sink) -> Vec<Finding> {
        let all: Vec<_> = (0..self.held.len()).filter(|id| !self.held[*id].dropped).collect();
        let (before, after) = (self.regions(&all), self.regions(order));
        let blocks = |ids: &[usize]| -> Vec<usize> {
            ids.iter().copied().filter(|id| self.held[*id].kind.is_block()).collect()
        };
        let (wanted, found) = (blocks(&all), blocks(order));
        let wrong_block = match sink {
            Sink::Html => {
                wanted.iter().zip(&found).find(|(a, b)| a != b).map(|(a, _)| *a).or_else(|| {
                    wanted.get(found.len()).or_else(|| found.get(wanted.len())).copied()
                })
            }
            Sink::Text => found.windows(2).find(|pair| pair[0] >= pair[1]).map(|pair| pair[0]),
        };
        let moved = all.iter().copied().filter(|id| match after.get(id) {
            None => sink == Sink::Html && !self.held[*id].kind.is_block(),
            Some(regions) => regions.iter().any(|region| Some(region) != before[id].first()),
        });
        let wrong: Vec<usize> = wrong_block.map_or_else(|| moved.collect(), |id| vec![id]);
        wrong.into_iter().map(|id| self.moved(source, id)).collect()
    }

    fn moved(&self, source: &Source<'_>, id: usize) -> Finding {
        let held = &self.held[id];
        source.stops(
            held.at,
            Code::TagMoved,
            format!("{} does not keep its place when the mail is built", held.source),
            format!(
                "Put it where text may stand: around whole rows as <!--{}-->, in MJML inside \
                 <mj-text>, <mj-table> or <mj-raw>",
                if held.kind.is_block() { &held.source } else { "{{#each …}}" }
            ),
        )
    }

    /// For each tag the blocks that it stands in, once for each time it occurs.
    fn regions(&self, order: &[usize]) -> BTreeMap<usize, Vec<Vec<usize>>> {
        let mut open: Vec<usize> = Vec::new();
        let mut regions: BTreeMap<usize, Vec<Vec<usize>>> = BTreeMap::new();
        for &id in order {
            if matches!(self.held[id].kind, Kind::Close | Kind::Else) {
                open.pop();
            }
            regions.entry(id).or_default().push(open.clone());
            if matches!(self.held[id].kind, Kind::Open | Kind::Else) {
                open.push(id);
            }
        }
        regions
    }
}

/// Literal braces must not become tags, nor a backslash escape the tag after it.
fn push_literal(restored: &mut String, text: &str, sink: Sink) {
    let (braces, backslash) = match sink {
        Sink::Html => ("&#123;&#123;", "&#92;"),
        Sink::Text => ("\\{{", "\\\\"),
    };
    let body = text.strip_suffix('\\').unwrap_or(text);
    let mut parts = body.split("{{");
    restored.push_str(parts.next().unwrap_or_default());
    for part in parts {
        restored.push_str(braces);
        restored.push_str(part);
    }
    if body.len() < text.len() {
        restored.push_str(backslash);
    }
}

fn token_at(text: &str) -> Option<(usize, usize)> {
    let rest = text.strip_prefix(TOKEN)?;
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let id = rest[..digits].parse().ok()?;
    rest[digits..].starts_with('z').then_some((id, TOKEN.len() + digits + 1))
}

#[cfg(test)]
mod tests;
