//! Relaxed canonicalisation (RFC 6376, sections 3.4.2 and 3.4.4).

/// Octets that are looked at together.
const CHUNK: usize = 32;

/// The body as it is hashed: runs of blanks are one space, none stands at a line's end, empty lines
/// at the end are gone, and a body that is not empty ends with CRLF.
///
/// `body` has CRLF line ends; a bare CR or LF counts as text.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len() + 2);
    let mut rest = body;
    while let Some(at) = next_rewrite(rest) {
        out.extend_from_slice(&rest[..at]);
        let after = after_blanks(&rest[at..]);
        if !(after.is_empty() || after.starts_with(b"\r\n")) {
            out.push(b' ');
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    end_with_one_line_end(&mut out);
    out
}

/// Where the next blanks stand that are not already a single space between other characters.
fn next_rewrite(text: &[u8]) -> Option<usize> {
    let followed = text.len().saturating_sub(1);
    let mut from = 0;
    while followed - from >= CHUNK && !any_rewrite(&text[from..=from + CHUNK]) {
        from += CHUNK;
    }
    let found = (from..followed).find(|&at| is_rewrite(text[at], text[at + 1]));
    found.or_else(|| text.last().is_some_and(|&last| is_blank(last)).then_some(followed))
}

/// One loop without branches, which becomes a few vector instructions.
fn any_rewrite(text: &[u8]) -> bool {
    text.iter().zip(&text[1..]).fold(false, |any, (&b, &next)| any | is_rewrite(b, next))
}

#[expect(
    clippy::needless_bitwise_bool,
    reason = "lazy operators would keep the loop from becoming vector instructions"
)]
const fn is_rewrite(byte: u8, next: u8) -> bool {
    (byte == b'\t') | (byte == b' ') & ((next == b' ') | (next == b'\t') | (next == b'\r'))
}

fn end_with_one_line_end(out: &mut Vec<u8>) {
    while out.ends_with(b"\r\n\r\n") {
        out.truncate(out.len() - 2);
    }
    if out == b"\r\n" {
        out.clear();
    } else if !out.is_empty() && !out.ends_with(b"\r\n") {
        out.extend_from_slice(b"\r\n");
    }
}

/// Appends one field: name in lower case, unfolded, runs of blanks as one space, none around the
/// value; without a line end. `value` is what stands after the colon.
pub(super) fn field(name: &[u8], value: &[u8], out: &mut Vec<u8>) {
    out.extend(name.iter().map(u8::to_ascii_lowercase));
    out.push(b':');
    let start = out.len();
    for word in value.split(|&b| is_blank(b) || b == b'\r' || b == b'\n') {
        if word.is_empty() {
            continue;
        }
        if out.len() > start {
            out.push(b' ');
        }
        out.extend_from_slice(word);
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn after_blanks(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|&&b| is_blank(b)).count();
    &text[blanks..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(text: &str) -> String {
        String::from_utf8(body(text.as_bytes())).unwrap()
    }

    #[test]
    fn the_example_of_rfc_6376_section_3_4_5() {
        assert_eq!(canonical(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
        let mut out = Vec::new();
        field(b"A", b" X\r\n", &mut out);
        field(b"B ".trim_ascii_end(), b" Y\t\r\n\tZ  \r\n", &mut out);
        assert_eq!(out, b"a:Xb:Y Z");
    }

    #[test]
    fn an_empty_body_stays_empty() {
        assert_eq!(canonical(""), "");
        assert_eq!(canonical("\r\n\r\n"), "");
    }

    #[test]
    fn lines_of_blanks_at_the_end_are_empty_lines() {
        assert_eq!(canonical("text\r\n  \r\n\t \r\n"), "text\r\n");
        assert_eq!(canonical("text\r\n \t"), "text\r\n");
        assert_eq!(canonical(" \r\n\t\r\n"), "");
        assert_eq!(canonical("   "), "");
    }

    #[test]
    fn a_missing_line_end_is_added_and_inner_empty_lines_stay() {
        assert_eq!(canonical("a  b"), "a b\r\n");
        assert_eq!(canonical("a\r\n\r\n \r\nb"), "a\r\n\r\n\r\nb\r\n");
    }

    /// The same by the letter of section 3.4.4, line by line.
    fn by_the_letter(text: &str) -> String {
        let mut lines: Vec<String> = text
            .split("\r\n")
            .map(|line| {
                let words: Vec<_> = line.split([' ', '\t']).collect();
                let mut out = String::new();
                for (index, word) in words.iter().enumerate() {
                    if index > 0 && !out.ends_with(' ') {
                        out.push(' ');
                    }
                    out.push_str(word);
                }
                out.trim_end_matches(' ').to_owned()
            })
            .collect();
        while lines.last().is_some_and(String::is_empty) {
            lines.pop();
        }
        lines.iter().flat_map(|line| [line, "\r\n"]).collect()
    }

    proptest! {
        #[test]
        fn any_body_is_canonicalised_by_the_letter(
            pieces in proptest::collection::vec("[a ]|\t|\r\n|  |b", 0..40)
        ) {
            let text = pieces.concat();
            prop_assert_eq!(canonical(&text), by_the_letter(&text));
        }
    }
}
