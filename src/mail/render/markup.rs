//! A small scanner of HTML and MJML: pieces with their byte ranges, and how deep they nest. It
//! judges the author's text before a real parser sees it; it builds no tree and cannot recurse.

use std::ops::Range;

/// A start tag's attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute<'a> {
    /// As written; compare without case.
    pub(super) name: &'a str,
    pub(super) value: &'a str,
    /// Bytes of the value without its quotes; empty if there is none.
    pub(super) range: Range<usize>,
}

/// What a piece of markup is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    Text,
    /// What stands in `<style>`, `<title>`, `<script>`, `<textarea>` and their MJML kin.
    Raw,
    Open {
        name: &'a str,
        attributes: Vec<Attribute<'a>>,
        closed: bool,
    },
    Close {
        name: &'a str,
    },
    Comment,
    Declaration,
}

/// A piece and its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node<'a> {
    pub(super) range: Range<usize>,
    pub(super) piece: Piece<'a>,
}

impl<'a> Node<'a> {
    /// The value of an attribute of a start tag.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&Attribute<'a>> {
        match &self.piece {
            Piece::Open { attributes, .. } => {
                attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(wanted))
            }
            _ => None,
        }
    }

    /// Whether this is a start tag of that name.
    pub(super) fn opens(&self, wanted: &str) -> bool {
        matches!(&self.piece, Piece::Open { name, .. } if name.eq_ignore_ascii_case(wanted))
    }

    /// Whether this is an end tag of that name.
    pub(super) fn closes(&self, wanted: &str) -> bool {
        matches!(&self.piece, Piece::Close { name } if name.eq_ignore_ascii_case(wanted))
    }
}

const RAW: [&str; 6] = ["style", "title", "script", "textarea", "mj-style", "mj-title"];
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];
/// End tags that HTML lets an author leave out.
const OPTIONAL_END: [&str; 9] = ["p", "li", "tr", "td", "th", "dt", "dd", "option", "tbody"];

/// Whether an element has no end tag.
pub(super) fn is_void(name: &str) -> bool {
    VOID.iter().any(|void| name.eq_ignore_ascii_case(void))
}

/// Reads markup into pieces. Never fails: what is no markup is text.
pub(super) fn scan(text: &str) -> Vec<Node<'_>> {
    let mut nodes = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let node = next(text, at);
        at = node.range.end;
        let raw = match &node.piece {
            Piece::Open { name, closed: false, .. } => {
                RAW.iter().find(|raw| name.eq_ignore_ascii_case(raw)).copied()
            }
            _ => None,
        };
        nodes.push(node);
        if let Some(name) = raw {
            let end = raw_end(text, at, name);
            if end > at {
                nodes.push(Node { range: at..end, piece: Piece::Raw });
            }
            at = end;
        }
    }
    nodes
}

fn raw_end(text: &str, at: usize, name: &str) -> usize {
    let wanted = format!("</{name}");
    text[at..]
        .char_indices()
        .filter(|(_, c)| *c == '<')
        .map(|(offset, _)| at + offset)
        .find(|&start| {
            text.as_bytes()
                .get(start..start + wanted.len())
                .is_some_and(|bytes| bytes.eq_ignore_ascii_case(wanted.as_bytes()))
        })
        .unwrap_or(text.len())
}

fn next(text: &str, at: usize) -> Node<'_> {
    let rest = &text[at..];
    let until = |length: Option<usize>| at..length.map_or(text.len(), |length| at + length);
    if rest.starts_with("<!--") {
        let end = rest[2..].find("-->").map(|found| found + 5);
        return Node { range: until(end), piece: Piece::Comment };
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        let end = rest.find('>').map(|found| found + 1);
        return Node { range: until(end), piece: Piece::Declaration };
    }
    let bytes = rest.as_bytes();
    match (bytes[0], bytes.get(1)) {
        (b'<', Some(b'/')) => {
            let end = rest.find('>').map_or(rest.len(), |found| found + 1);
            let name = rest[2..end].trim_end_matches('>').trim();
            Node { range: at..at + end, piece: Piece::Close { name } }
        }
        (b'<', Some(letter)) if letter.is_ascii_alphabetic() => open_tag(text, at),
        _ => {
            let first = rest.chars().next().map_or(1, char::len_utf8);
            let range = until(rest[first..].find('<').map(|found| found + first));
            Node { range, piece: Piece::Text }
        }
    }
}

fn open_tag(text: &str, at: usize) -> Node<'_> {
    let bytes = text.as_bytes();
    let mut end = at + 1;
    while end < bytes.len() && !bytes[end].is_ascii_whitespace() && !b"/>".contains(&bytes[end]) {
        end += 1;
    }
    let name = &text[at + 1..end];
    let mut attributes = Vec::new();
    let mut closed = false;
    while end < bytes.len() && bytes[end] != b'>' {
        if bytes[end].is_ascii_whitespace() || bytes[end] == b'/' {
            closed = bytes[end] == b'/' && bytes.get(end + 1) == Some(&b'>');
            end += 1;
            continue;
        }
        let attribute = attribute(text, &mut end);
        attributes.push(attribute);
    }
    let end = (end + 1).min(text.len());
    let closed = closed || is_void(name);
    Node { range: at..end, piece: Piece::Open { name, attributes, closed } }
}

fn attribute<'a>(text: &'a str, at: &mut usize) -> Attribute<'a> {
    let bytes = text.as_bytes();
    let start = *at;
    *at += 1;
    while *at < bytes.len() && !bytes[*at].is_ascii_whitespace() && !b"=/>".contains(&bytes[*at]) {
        *at += 1;
    }
    let name = &text[start..*at];
    let mut after = *at;
    while after < bytes.len() && bytes[after].is_ascii_whitespace() {
        after += 1;
    }
    if bytes.get(after) != Some(&b'=') {
        return Attribute { name, value: "", range: *at..*at };
    }
    *at = after + 1;
    while *at < bytes.len() && bytes[*at].is_ascii_whitespace() {
        *at += 1;
    }
    let range = value_range(text, at);
    Attribute { name, value: &text[range.clone()], range }
}

fn value_range(text: &str, at: &mut usize) -> Range<usize> {
    let bytes = text.as_bytes();
    if let Some(&quote @ (b'"' | b'\'')) = bytes.get(*at) {
        let start = *at + 1;
        let end =
            bytes[start..].iter().position(|b| *b == quote).map_or(bytes.len(), |p| start + p);
        *at = (end + 1).min(bytes.len());
        return start..end;
    }
    let start = *at;
    while *at < bytes.len() && !bytes[*at].is_ascii_whitespace() && bytes[*at] != b'>' {
        *at += 1;
    }
    start..*at
}

/// Where an HTML parser might build a tree of more than so many levels, if it might. Formatting
/// elements that are never closed stay counted: HTML opens them again in each next block.
pub(super) fn deeper_than(nodes: &[Node<'_>], levels_max: usize) -> Option<usize> {
    let mut open: Vec<&str> = Vec::new();
    let mut leaked = 0;
    for node in nodes {
        match &node.piece {
            Piece::Open { name, closed: false, .. } => {
                let same = open.last().is_some_and(|top| top.eq_ignore_ascii_case(name));
                if same && is_optional_end(name) {
                    open.pop();
                }
                open.push(name);
            }
            Piece::Close { name } => {
                if let Some(found) = open.iter().rposition(|tag| tag.eq_ignore_ascii_case(name)) {
                    leaked += open[found + 1..].iter().filter(|tag| !is_optional_end(tag)).count();
                    open.truncate(found);
                }
            }
            _ => {}
        }
        if open.len() + leaked > levels_max {
            return Some(node.range.start);
        }
    }
    None
}

fn is_optional_end(name: &str) -> bool {
    OPTIONAL_END.iter().any(|tag| name.eq_ignore_ascii_case(tag))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_attributes_comments_and_raw_text_are_told_apart() {
        let nodes = scan(
            "<!doctype html><a  href='x>y' data-a=1 hidden>т<br/></A><!-- <b> --><style>a>b</style>",
        );
        assert_eq!(nodes.len(), 9);
        assert!(nodes[1].opens("A"));
        assert_eq!(nodes[1].attribute("HREF").unwrap().value, "x>y");
        assert_eq!(nodes[1].attribute("data-a").unwrap().value, "1");
        assert_eq!(nodes[1].attribute("hidden").unwrap().value, "");
        assert_eq!(nodes[2].piece, Piece::Text);
        assert!(matches!(nodes[3].piece, Piece::Open { closed: true, .. }));
        assert!(nodes[4].closes("a"));
        assert_eq!(nodes[5].piece, Piece::Comment);
        assert_eq!(nodes[7].piece, Piece::Raw);
        assert!(nodes[8].closes("style"));
    }

    #[test]
    fn broken_markup_is_read_to_its_end() {
        for text in ["<", "<a", "<a b=", "<a b='", "</", "<!--", "<style>", "ә<ә>", "<!-->x", "<a/"]
        {
            let nodes = scan(text);
            assert_eq!(nodes.last().unwrap().range.end, text.len(), "{text}");
        }
    }

    #[test]
    fn depth_counts_what_is_open_and_forgives_what_html_closes() {
        let nodes = scan("<div><p>a<p>b<p>c<br></div>");
        assert_eq!((deeper_than(&nodes, 1), deeper_than(&nodes, 2)), (Some(5), None));
        let many = "<div>".repeat(300);
        assert_eq!(deeper_than(&scan(&many), 299), Some(299 * 5));
        let reopened = "<p><b id=1></p>".repeat(300);
        assert!(deeper_than(&scan(&reopened), 299).is_some());
    }
}
