//! The plain-text part of a mail, derived from its HTML once, at save.

use html2text::config;
use html2text::render::TextDecorator;

use super::finding::{Code, Finding, Source};
use super::markup::{Node, Piece, is_void, scan};
use super::shield::Shielded;

/// Lines are not folded here: the transfer encoding keeps them short, and the reader's program
/// folds them to its window. 1,000 keeps tokens whole.
const WIDTH: usize = 1_000;
/// A line of its own that becomes an empty one.
const BREAK: &str = "kelisimbreak";

/// Derives the text; tokens of template tags stay in it.
pub(super) fn derive(
    source: &Source<'_>,
    html: &str,
    shielded: &Shielded,
) -> Result<String, Finding> {
    let flat = flatten(html, shielded);
    let text = config::with_decorator(Decorator::default())
        .no_table_borders()
        .no_link_wrapping()
        .string_from_read(flat.as_bytes(), WIDTH)
        .map_err(|error| {
            source.stops(
                0,
                Code::NoText,
                format!("no plain text can be made of this: {error}"),
                "Write the text part yourself, as body.<language>.txt.hbs",
            )
        })?;
    Ok(tidy(&text, shielded))
}

/// Rewrites the markup so that nothing can be moved: tables, which push loose text out of
/// themselves, become blocks, and the comments that mark a block's edge become words.
fn flatten(html: &str, shielded: &Shielded) -> String {
    let nodes = scan(html);
    let mut flat = Flat { out: String::with_capacity(html.len()), ..Flat::default() };
    let mut at = nodes.iter().position(|node| node.opens("body")).map_or(0, |body| body + 1);
    while at < nodes.len() {
        let node = &nodes[at];
        let raw = &html[node.range.clone()];
        match &node.piece {
            Piece::Open { .. } if is_hidden(node) => {
                at = after_element(&nodes, at);
                continue;
            }
            Piece::Open { name, .. } if name.eq_ignore_ascii_case("ol") => {
                // Numbers cannot be counted before the loop runs.
                let inside = &nodes[at..after_element(&nodes, at)];
                let looped = inside.iter().any(|node| {
                    node.piece == Piece::Comment && shielded.is_edge(word_of(html, node))
                });
                flat.open_list(if looped { "ul" } else { "ol" });
            }
            Piece::Open { name, .. } => flat.open(&name.to_ascii_lowercase(), node, raw),
            Piece::Close { name } => flat.close(&name.to_ascii_lowercase(), raw),
            Piece::Comment => {
                let word = word_of(html, node);
                if shielded.is_edge(word) {
                    flat.edge(word, is_between_blocks(html, &nodes, at));
                }
            }
            Piece::Text | Piece::Raw => flat.out.push_str(raw),
            Piece::Declaration => {}
        }
        at += 1;
    }
    flat.out
}

fn word_of<'a>(html: &'a str, comment: &Node<'_>) -> &'a str {
    html[comment.range.clone()].trim_start_matches("<!--").trim_end_matches("-->")
}

#[derive(Default)]
struct Flat {
    out: String,
    /// For each open table, whether it only lays out.
    layout: Vec<bool>,
    /// Cells of the row at hand.
    cells: usize,
    lists: Vec<&'static str>,
}

impl Flat {
    fn open_list(&mut self, kind: &'static str) {
        if self.lists.is_empty() {
            self.empty_line();
        }
        self.lists.push(kind);
        self.out.extend(["<", kind, ">"]);
    }

    fn open(&mut self, name: &str, node: &Node<'_>, raw: &str) {
        match name {
            "table" => {
                let role = node.attribute("role").map(|role| role.value);
                self.layout.push(role == Some("presentation"));
                self.out.push_str("<div>");
            }
            "tr" => {
                self.cells = 0;
                self.out.push_str("<div>");
                if self.layout.last() == Some(&true) {
                    self.empty_line();
                }
            }
            "td" | "th" => {
                let beside = self.layout.last() == Some(&false) && self.cells > 0;
                self.out.push_str(if beside { " | <span>" } else { "<span>" });
                self.cells += 1;
            }
            "ul" => self.open_list("ul"),
            "tbody" | "thead" | "tfoot" | "caption" | "colgroup" | "col" => {}
            _ => self.out.push_str(raw),
        }
    }

    fn close(&mut self, name: &str, raw: &str) {
        match name {
            "table" => {
                self.layout.pop();
                self.out.push_str("</div>");
            }
            "tr" => self.out.push_str("</div>"),
            "td" | "th" => self.out.push_str("</span>"),
            "ul" | "ol" => {
                if let Some(kind) = self.lists.pop() {
                    self.out.extend(["</", kind, ">"]);
                }
            }
            "tbody" | "thead" | "tfoot" | "caption" | "colgroup" => {}
            _ => self.out.push_str(raw),
        }
    }

    fn edge(&mut self, word: &str, alone: bool) {
        let (open, close) = if alone { ("<div>", "</div>") } else { ("", "") };
        self.out.extend([open, word, close]);
    }

    fn empty_line(&mut self) {
        self.out.extend(["<div>", BREAK, "</div>"]);
    }
}

fn is_hidden(node: &Node<'_>) -> bool {
    let style = node.attribute("style").map(|style| style.value.to_ascii_lowercase());
    style.is_some_and(|style| style.replace(' ', "").contains("display:none"))
        || node.opens("style")
        || node.opens("script")
}

/// The node behind an element's end tag.
fn after_element(nodes: &[Node<'_>], start: usize) -> usize {
    let Piece::Open { name, closed, .. } = &nodes[start].piece else { return start + 1 };
    if *closed || is_void(name) {
        return start + 1;
    }
    let mut depth = 0_usize;
    for (at, node) in nodes.iter().enumerate().skip(start) {
        if node.opens(name) {
            depth += 1;
        } else if node.closes(name) {
            depth -= 1;
            if depth == 0 {
                return at + 1;
            }
        }
    }
    nodes.len()
}

/// Whether no words stand beside a comment: the edges of a loop over rows or paragraphs.
fn is_between_blocks(html: &str, nodes: &[Node<'_>], at: usize) -> bool {
    let is_block = |node: &Node<'_>| match &node.piece {
        Piece::Open { name, .. } | Piece::Close { name } => !is_inline(name),
        Piece::Comment => true,
        _ => false,
    };
    let blank =
        |node: &&Node<'_>| node.piece == Piece::Text && html[node.range.clone()].trim().is_empty();
    let before = nodes[..at].iter().rev().find(|node| !blank(node));
    let after = nodes[at + 1..].iter().find(|node| !blank(node));
    before.is_none_or(is_block) && after.is_none_or(is_block)
}

fn is_inline(name: &str) -> bool {
    const INLINE: [&str; 13] =
        ["a", "b", "strong", "i", "em", "span", "u", "s", "code", "small", "sup", "sub", "img"];
    INLINE.iter().any(|tag| name.eq_ignore_ascii_case(tag))
}

/// One empty line at most, none at the ends, no trailing blanks, no link told twice, no bullet
/// before a block's edge.
fn tidy(text: &str, shielded: &Shielded) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines() {
        let line = line.replace(BREAK, "").replace('\u{a0}', " ");
        let mut line = once(line.trim_end());
        if let Some(word) = line.trim_start().strip_prefix("- ").filter(|w| shielded.is_edge(w)) {
            line = word.to_owned();
        }
        if line.trim().is_empty() {
            if !empty {
                tidied.push('\n');
            }
            empty = true;
        } else {
            tidied.push_str(&line);
            tidied.push('\n');
            empty = false;
        }
    }
    tidied.truncate(tidied.trim_end().len());
    tidied
}

/// `https://a.kz <https://a.kz>` says the same twice.
fn once(line: &str) -> String {
    let mut line = line.to_owned();
    let mut at = 0;
    while let Some(found) = line[at..].find(" <") {
        let start = at + found;
        let Some(length) = line[start..].find('>') else { break };
        let url = line[start + 2..start + length].to_owned();
        if line[..start].ends_with(&url) {
            line.replace_range(start..=start + length, "");
        }
        at = start + 1;
        at = at.min(line.len());
    }
    line
}

/// Plain words; a link's address stands behind its text in angle brackets (RFC 3986, appendix C).
#[derive(Debug, Default)]
struct Decorator {
    links: Vec<String>,
}

impl TextDecorator for Decorator {
    type Annotation = ();

    fn decorate_link_start(&mut self, url: &str) -> (String, ()) {
        self.links.push(url.to_owned());
        (String::new(), ())
    }

    fn decorate_link_end(&mut self) -> String {
        let url = self.links.pop().unwrap_or_default();
        let plain = ["mailto:", "tel:", "#"].iter().any(|start| url.starts_with(start));
        if plain || url.is_empty() { String::new() } else { format!(" <{url}>") }
    }

    fn decorate_em_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_em_end(&self) -> String {
        String::new()
    }

    fn decorate_strong_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strong_end(&self) -> String {
        String::new()
    }

    fn decorate_strikeout_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }

    fn decorate_code_start(&self) -> (String, ()) {
        (String::new(), ())
    }

    fn decorate_code_end(&self) -> String {
        String::new()
    }

    fn decorate_preformat_first(&self) {}

    fn decorate_preformat_cont(&self) {}

    fn decorate_image(&mut self, _src: &str, title: &str) -> (String, ()) {
        (title.to_owned(), ())
    }

    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }

    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }

    fn unordered_item_prefix(&self) -> String {
        "- ".to_owned()
    }

    fn ordered_item_prefix(&self, i: i64) -> String {
        format!("{i}. ")
    }

    fn make_subblock_decorator(&self) -> Self {
        Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::mail::render::{markup, mustache, shield};

    fn text_of(html: &str) -> String {
        let source = Source::file("body.kk.html.hbs", Language::KK, html);
        let tags = mustache::read(&source).unwrap();
        let masked = mustache::mask(html, &tags);
        let shielded = shield::shield(&source, &tags, &markup::scan(&masked)).unwrap();
        let text = derive(&source, &shielded.text, &shielded).unwrap();
        shielded.restore(&source, &text, "FOOTER", shield::Sink::Text).unwrap()
    }

    #[test]
    fn words_links_lists_and_alt_texts_stay() {
        let html = "<h1>Тақырып</h1><p>Сәлем, <b>{{name}}</b>!</p><ul><li>бір<li>екі</ul>\
                    <p><a href=\"https://a.kz/{{name}}\">Тіркелу</a> <a href=\"https://a.kz\">https://a.kz</a> \
                    <a href=\"mailto:a@b.kz\">a@b.kz</a><img src=\"x\" alt=\"сурет\"></p>";
        assert_eq!(
            text_of(html),
            "Тақырып\n\nСәлем, {{name}}!\n\n- бір\n- екі\n\n\
             Тіркелу <https://a.kz/{{name}}> https://a.kz a@b.kzсурет"
        );
    }

    #[test]
    fn a_loop_over_rows_stays_around_its_rows() {
        let html = "<table>{{#each x}}<tr><td>{{day}}</td><td>{{topic}}</td></tr>{{/each}}</table>";
        assert_eq!(text_of(html), "{{#each x}}\n{{day}} | {{topic}}\n{{/each}}");
    }

    #[test]
    fn a_loop_over_list_entries_has_no_bullets_of_its_own() {
        let html = "<ol><!--{{#each x}}--><li>{{day}}</li><!--{{/each}}--></ol>";
        assert_eq!(text_of(html), "{{#each x}}\n- {{day}}\n{{/each}}");
        assert_eq!(text_of("<ol><li>а<li>ә</ol>"), "1. а\n2. ә");
    }

    #[test]
    fn a_condition_within_a_sentence_stays_in_its_line() {
        let html = "<p>Сәлем{{#if name}}, {{name}}{{/if}}!</p>{{footer}}";
        assert_eq!(text_of(html), "Сәлем{{#if name}}, {{name}}{{/if}}!\n\nFOOTER");
    }

    #[test]
    fn what_is_hidden_is_left_out() {
        let html = "<div style=\"display: none\">а<div>ә</div></div><style>p{}</style><p>б</p>";
        assert_eq!(text_of(html), "б");
    }
}
