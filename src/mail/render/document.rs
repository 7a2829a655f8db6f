//! Makes a whole document of what an author wrote: a shell around fragments and Markdown, styles
//! inlined, and at the end language, title, colour schemes, preheader and footer.

use css_inline::CSSInliner;
use pulldown_cmark::{Options, Parser};

use super::finding::{Code, Finding, Source};
use super::markup::{Node, Piece, deeper_than, scan};
use crate::domain::language::Language;

const SHELL: &str = include_str!("../../../templates/mail/shell.html");
const HEAD: &str = include_str!("../../../templates/mail/head.html");
const PREHEADER: &str = include_str!("../../../templates/mail/preheader.html");
/// Parsers of HTML recurse once per level and abort the process between 1,000 and 2,000.
pub(super) const DEPTH_MAX: usize = 100;

/// Markdown (with tables and strikethrough) to an HTML fragment.
pub(super) fn from_markdown(text: &str) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    pulldown_cmark::html::push_html(&mut html, Parser::new_ext(text, options));
    html
}

/// Moves a loop that holds exactly one list into that list: otherwise each entry would be a list of
/// its own. `is_loop` tells the word of a comment that opens a loop.
pub(super) fn with_whole_lists(html: &str, is_loop: impl Fn(&str) -> bool) -> String {
    let nodes = scan(html);
    let solid: Vec<&Node<'_>> = nodes
        .iter()
        .filter(|node| node.piece != Piece::Text || !html[node.range.clone()].trim().is_empty())
        .collect();
    let mut edits = Vec::new();
    for (at, pair) in solid.windows(2).enumerate() {
        let [edge, list] = pair else { continue };
        let Some(name) = ["ul", "ol"].into_iter().find(|name| list.opens(name)) else { continue };
        let word = comment_word(html, edge);
        let Some(end) =
            word.filter(|word| is_loop(word)).and_then(|_| end_of(&solid, at + 1, name))
        else {
            continue;
        };
        let Some(close) = solid.get(end + 1).filter(|node| node.piece == Piece::Comment) else {
            continue;
        };
        let moved = |node: &Node<'_>| html[node.range.clone()].to_owned();
        edits.push((edge.range.start, edge.range.end, moved(list)));
        edits.push((list.range.start, list.range.end, moved(edge)));
        edits.push((solid[end].range.start, solid[end].range.end, moved(close)));
        edits.push((close.range.start, close.range.end, moved(solid[end])));
    }
    apply(html, edits)
}

fn comment_word<'a>(html: &'a str, node: &Node<'_>) -> Option<&'a str> {
    html[node.range.clone()].strip_prefix("<!--")?.strip_suffix("-->")
}

/// The end tag of the element that opens at `start`.
fn end_of(nodes: &[&Node<'_>], start: usize, name: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, node) in nodes.iter().enumerate().skip(start) {
        if node.opens(name) {
            depth += 1;
        } else if node.closes(name) {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// Puts a fragment into the shell; leaves a document of the author's own alone.
pub(super) fn in_shell(html: String) -> String {
    let nodes = scan(&html);
    if nodes.iter().any(|node| node.opens("html") || node.opens("body")) {
        html
    } else {
        SHELL.replace("[[content]]", &html)
    }
}

/// Refuses what would overflow a parser's stack.
pub(super) fn check_depth(source: &Source<'_>, nodes: &[Node<'_>]) -> Option<Finding> {
    deeper_than(nodes, DEPTH_MAX).map(|at| {
        source.stops(
            at,
            Code::TooDeep,
            format!("elements are nested more than {DEPTH_MAX} deep"),
            "Close every element; lay the mail out with fewer tables in tables",
        )
    })
}

/// Puts a `<tbody>` before a block's edge that stands directly in a table. HTML opens one itself at
/// the first row, which would be inside the loop and so once for each row.
pub(super) fn with_row_groups(html: &str, is_edge: impl Fn(&str) -> bool) -> String {
    const GROUPS: [&str; 3] = ["tbody", "thead", "tfoot"];
    let nodes = scan(html);
    let mut edits = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for node in &nodes {
        let start = node.range.start;
        match &node.piece {
            Piece::Open { name, closed: false, .. } => {
                if GROUPS.contains(name) && open.last() == Some(&"tbody") {
                    open.pop();
                }
                open.push(name);
            }
            Piece::Close { name } => {
                let found = open.iter().rposition(|tag| tag.eq_ignore_ascii_case(name));
                open.truncate(found.unwrap_or(open.len()));
            }
            Piece::Comment
                if open.last().is_some_and(|tag| tag.eq_ignore_ascii_case("table"))
                    && comment_word(html, node).is_some_and(&is_edge) =>
            {
                edits.push((start, start, "<tbody>".to_owned()));
                open.push("tbody");
            }
            _ => {}
        }
    }
    apply(html, edits)
}

/// Copies styles to the elements. Keeps `<style>` for what cannot be copied: media queries, dark
/// mode. Loads nothing.
pub(super) fn inline(source: &Source<'_>, html: &str) -> Result<String, Finding> {
    let inliner = CSSInliner::options()
        .load_remote_stylesheets(false)
        .keep_style_tags(true)
        .keep_at_rules(true)
        .build();
    inliner.inline(html).map_err(|error| {
        source.stops(
            0,
            Code::Inlining,
            format!("the styles cannot be read: {error}"),
            "Check the <style> of the mail",
        )
    })
}

/// What is put into a finished document, as templates.
pub(super) struct Additions<'a> {
    pub(super) language: Language,
    pub(super) title: &'a str,
    pub(super) preheader: Option<&'a str>,
    /// None if the author has placed it.
    pub(super) footer: Option<&'a str>,
}

/// Adds what every mail has. `html` is what [`inline`] gave: it has `html`, `head` and `body`.
pub(super) fn finish(html: &str, additions: &Additions<'_>) -> String {
    let nodes = scan(html);
    let mut edits: Vec<(usize, usize, String)> = Vec::new();
    if let Some(node) = nodes.iter().find(|node| node.opens("html")) {
        edits.push(language_edit(node, additions.language));
    }
    if let Some(head) = nodes.iter().find(|node| node.opens("head")) {
        let end = head.range.end;
        edits.push((end, end, head_additions(&nodes, additions.title)));
    }
    edits.extend(empty_title(&nodes).map(|(start, end)| (start, end, String::new())));
    if let (Some(body), Some(preheader)) =
        (nodes.iter().find(|node| node.opens("body")), additions.preheader)
    {
        let hidden = PREHEADER.trim_end().replace("[[preheader]]", preheader);
        edits.push((body.range.end, body.range.end, hidden));
    }
    if let Some(footer) = additions.footer {
        let end = nodes.iter().rfind(|node| node.closes("body"));
        let end = end.map_or(html.len(), |node| node.range.start);
        edits.push((end, end, format!("\n{footer}\n")));
    }
    apply(html, edits)
}

fn language_edit(node: &Node<'_>, language: Language) -> (usize, usize, String) {
    if let Some(lang) = node.attribute("lang") {
        return (lang.range.start, lang.range.end, language.to_string());
    }
    let at = node.range.start + "<html".len();
    (at, at, format!(" lang=\"{language}\""))
}

fn head_additions(nodes: &[Node<'_>], title: &str) -> String {
    let metas = |name: &str, value: &str| {
        nodes.iter().any(|node| {
            node.opens("meta")
                && node.attribute(name).is_some_and(|a| a.value.eq_ignore_ascii_case(value))
        })
    };
    let mut head = String::new();
    if !nodes.iter().any(|node| node.opens("meta") && node.attribute("charset").is_some()) {
        head.push_str("\n<meta charset=\"utf-8\">");
    }
    if !has_title(nodes) {
        head.push_str("\n<title>");
        head.push_str(title);
        head.push_str("</title>");
    }
    head.push('\n');
    for line in HEAD.lines() {
        let known = line.split('"').nth(1).is_some_and(|name| metas("name", name));
        if !(line.starts_with("<meta") && known) {
            head.push_str(line);
            head.push('\n');
        }
    }
    head
}

fn has_title(nodes: &[Node<'_>]) -> bool {
    nodes.iter().any(|node| node.opens("title")) && empty_title(nodes).is_none()
}

/// The bytes of a `<title></title>` with nothing in it.
fn empty_title(nodes: &[Node<'_>]) -> Option<(usize, usize)> {
    let at = nodes.iter().position(|node| node.opens("title"))?;
    let next = nodes.get(at + 1)?;
    next.closes("title").then_some((nodes[at].range.start, next.range.end))
}

fn apply(html: &str, mut edits: Vec<(usize, usize, String)>) -> String {
    edits.sort_by_key(|(start, ..)| *start);
    let mut done = String::with_capacity(html.len() + 4_096);
    let mut at = 0;
    for (start, end, text) in edits {
        done.push_str(&html[at..start]);
        done.push_str(&text);
        at = end;
    }
    done.push_str(&html[at..]);
    done
}

/// Text that stands around template tags, escaped for HTML; the tags stay.
pub(super) fn escape_around(text: &str, tags: &[super::mustache::Tag]) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for tag in tags {
        escaped.push_str(&handlebars::html_escape(&text[at..tag.range.start]));
        escaped.push_str(&text[tag.range.clone()]);
        at = tag.range.end;
    }
    escaped.push_str(&handlebars::html_escape(&text[at..]));
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source<'_> {
        Source::file("body.kk.html.hbs", Language::KK, text)
    }

    #[test]
    fn deep_nesting_is_refused_before_a_parser_sees_it() {
        let deep = "<div>".repeat(50_000);
        let finding = check_depth(&source(&deep), &scan(&deep)).unwrap();
        assert_eq!((finding.code, finding.place.unwrap().column), (Code::TooDeep, 501));
        let quotes = from_markdown(&">".repeat(5_000));
        assert!(check_depth(&source(&quotes), &scan(&quotes)).is_some());
        let flat = "<p>a</p><br>".repeat(5_000);
        assert!(check_depth(&source(&flat), &scan(&flat)).is_none());
    }

    #[test]
    fn a_hundred_levels_are_safe_for_the_parsers() {
        let deep = format!("{}а{}", "<div>".repeat(DEPTH_MAX), "</div>".repeat(DEPTH_MAX));
        assert!(inline(&source(&deep), &deep).unwrap().contains('а'));
    }

    #[test]
    fn a_loop_over_list_entries_makes_one_list() {
        let html = from_markdown("<!--E-->\n- {{a}}\n<!--F-->\nж");
        let whole = with_whole_lists(&html, |word| word == "E");
        let tight: String = whole.split_whitespace().collect();
        assert_eq!(tight, "<ul><!--E--><li>{{a}}</li><!--F--></ul><p>ж</p>");
    }

    #[test]
    fn a_loop_over_rows_does_not_open_the_row_group() {
        let html = "<table>\n<!--E--><tr><td>а</td></tr><!--E--></table>";
        let grouped = with_row_groups(html, |word| word == "E");
        assert_eq!(grouped, "<table>\n<tbody><!--E--><tr><td>а</td></tr><!--E--></table>");
        let inlined = inline(&source(html), &grouped).unwrap();
        assert!(inlined.contains("<tbody><!--E--><tr>"), "{inlined}");
        assert!(inlined.contains("</tr><!--E--></tbody>"), "{inlined}");
        let after_head = "<table><thead><tr></tr></thead><!--E--><tr></tr><!--E--></table>";
        let grouped = with_row_groups(after_head, |word| word == "E");
        assert!(grouped.contains("</thead><tbody><!--E-->"), "{grouped}");
    }

    #[test]
    fn styles_are_copied_and_media_queries_stay() {
        let html = "<style>p{color:red}@media (max-width:400px){p{color:blue}}</style><p>а</p>";
        let inlined = inline(&source(html), html).unwrap();
        assert!(inlined.contains("<p style=\"color: red;\">"), "{inlined}");
        assert!(inlined.contains("@media (max-width:400px)"));
    }

    #[test]
    fn a_document_gets_its_language_title_schemes_preheader_and_footer() {
        let html =
            inline(&source(""), "<html lang=\"und\"><head><title></title></head><body>а").unwrap();
        let additions = Additions {
            language: Language::KK,
            title: "{{campaign.name}}",
            preheader: Some("алдын ала"),
            footer: Some("FOOT"),
        };
        let done = finish(&html, &additions);
        assert!(done.starts_with("<html lang=\"kk\">"), "{done}");
        assert_eq!(done.matches("<title>").count(), 1);
        assert!(done.contains("<title>{{campaign.name}}</title>"));
        assert!(done.contains("content=\"light dark\""));
        let at = |text: &str| done.find(text).unwrap();
        assert!(at("<body>") < at("алдын ала") && at("алдын ала") < at("FOOT"));
        assert!(at("FOOT") < at("</body>"));
    }

    #[test]
    fn a_fragment_gets_a_shell_and_a_document_does_not() {
        assert!(in_shell("<p>а</p>".into()).contains("k-sheet"));
        assert_eq!(in_shell("<body>а</body>".into()), "<body>а</body>");
    }
}
