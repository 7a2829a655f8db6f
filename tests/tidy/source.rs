//! Rust source told apart: code, texts in quotes, comments. Enough of a lexer for checks by line.

/// A Rust file, told apart. All parts keep the line numbers of the file.
pub(super) struct Source {
    /// The code, with comments and the insides of quotes blanked out.
    pub(super) code: String,
    /// String literals: line where each begins, and what is in it.
    pub(super) literals: Vec<(usize, String)>,
}

/// Tells a Rust file apart.
pub(super) fn read(text: &str) -> Source {
    let mut scanner = Scanner {
        rest: text,
        line: 1,
        source: Source { code: String::with_capacity(text.len()), literals: Vec::new() },
    };
    while !scanner.rest.is_empty() {
        scanner.step();
    }
    scanner.source
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
    source: Source,
}

impl Scanner<'_> {
    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.blank(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.blank(block_comment_len(rest));
        } else if let Some((start, end, len)) = literal(rest, &self.source.code) {
            self.source.literals.push((self.line, rest[start..end].to_owned()));
            self.keep(start);
            self.blank(end - start);
            self.keep(len - end);
        } else if let Some(len) = char_literal_len(rest) {
            self.blank(len);
        } else {
            self.keep(rest.chars().next().map_or(0, char::len_utf8));
        }
    }

    fn keep(&mut self, len: usize) {
        let (kept, rest) = self.rest.split_at(len);
        self.source.code.push_str(kept);
        self.line += kept.matches('\n').count();
        self.rest = rest;
    }

    fn blank(&mut self, len: usize) {
        let (gone, rest) = self.rest.split_at(len);
        self.source.code.extend(gone.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        self.line += gone.matches('\n').count();
        self.rest = rest;
    }
}

/// Length of a comment that may hold others.
fn block_comment_len(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    text.len()
}

/// Where the text of a string literal begins and ends, and where the literal ends; `before` is the
/// code so far, because the `r` of `r"…"` must not end a name.
fn literal(text: &str, before: &str) -> Option<(usize, usize, usize)> {
    let is_in_name = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    let unprefixed = if is_in_name { text } else { text.trim_start_matches(['b', 'c']) };
    if let Some(raw) = unprefixed.strip_prefix('r').filter(|_| !is_in_name) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let start = text.len() - raw.len() + hashes + 1;
        raw[hashes..].strip_prefix('"')?;
        let close = format!("\"{}", "#".repeat(hashes));
        let end = start + text[start..].find(&close)?;
        return Some((start, end, end + close.len()));
    }
    let start = text.len() - unprefixed.strip_prefix('"')?.len();
    let mut is_escaped = false;
    for (at, c) in text[start..].char_indices() {
        match c {
            '"' if !is_escaped => return Some((start, start + at, start + at + 1)),
            '\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    None
}

/// Length of `'x'` or `'\n'`; lifetimes are not character literals.
fn char_literal_len(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    if let Some(escape) = inside.strip_prefix('\\') {
        let first = escape.chars().next()?.len_utf8();
        return Some(2 + first + escape[first..].find('\'')? + 1);
    }
    let len = inside.chars().next()?.len_utf8();
    inside[len..].starts_with('\'').then_some(len + 2)
}

#[test]
fn code_texts_and_comments_are_told_apart() {
    let source = read(concat!(
        "let a = \"x\\\"y\"; // \"no\"\n",
        "/* a /* b */ \"c\" */ let r = r#\"p\"q\"#;\n",
        "fn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' }\n",
        "let text = b\"m\n n\";\n",
        "let after = \"end\";",
    ));
    let literals: Vec<_> =
        source.literals.iter().map(|(line, text)| (*line, text.as_str())).collect();
    assert_eq!(literals, [(1, "x\\\"y"), (2, "p\"q"), (4, "m\n n"), (6, "end")]);
    assert_eq!(source.code.lines().count(), 6);
    assert!(source.code.contains("fn f<'a>(c: char)") && !source.code.contains("no"));
}
