//! Quoted-printable text (RFC 2045, section 6.7), written for speed: what stands for itself is
//! copied in runs.

/// Columns of a line, of which the last is for the `=` of a soft break.
const COLUMNS_MAX: usize = 76;

/// Octets that are looked at together: a loop without branches over so many becomes a few vector
/// instructions.
const CHUNK: usize = 32;

/// [`is_literal`] as a table, which is faster where octets are looked at one by one.
const LITERAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = is_literal(byte);
        byte += 1;
    }
    table
};

/// `=XX` for each octet.
const ESCAPED: [[u8; 3]; 256] = {
    let digits = b"0123456789ABCDEF";
    let mut table = [[b'='; 3]; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte][1] = digits[byte >> 4];
        table[byte][2] = digits[byte & 15];
        byte += 1;
    }
    table
};

/// Appends `text`. Each CR, LF or CRLF in it becomes a line end of the encoded text; no line is
/// longer than 76 columns, and none begins with `.` or `From `, which relays are known to alter.
pub(super) fn encode(text: &str, out: &mut Vec<u8>) {
    let mut writer = Writer { out, column: 0 };
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let run = literal_run(rest);
        if run > 0 {
            let (literal, after) = rest.split_at(run);
            writer.literal(literal, matches!(after.first(), None | Some(b'\r' | b'\n')));
            rest = after;
        } else if matches!(first, b'\r' | b'\n') {
            writer.line_end();
            rest = if rest.starts_with(b"\r\n") { &rest[2..] } else { after };
        } else {
            let run = rest.iter().take_while(|&&b| needs_escape(b)).count();
            let (escaped, after) = rest.split_at(run);
            writer.escaped(escaped);
            rest = after;
        }
    }
}

/// How many octets from the start stand for themselves inside a line.
fn literal_run(text: &[u8]) -> usize {
    let (chunks, _) = text.as_chunks::<CHUNK>();
    let all_literal = |chunk: &&[u8; CHUNK]| chunk.iter().fold(true, |all, &b| all & is_literal(b));
    let start = chunks.iter().take_while(all_literal).count() * CHUNK;
    start + text[start..].iter().take_while(|&&b| LITERAL[usize::from(b)]).count()
}

/// Whether an octet stands for itself inside a line.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "lazy operators would keep the loop from becoming vector instructions"
)]
const fn is_literal(byte: u8) -> bool {
    (byte >= b' ') & (byte <= b'~') & (byte != b'=') | (byte == b'\t')
}

const fn needs_escape(byte: u8) -> bool {
    !LITERAL[byte as usize] && byte != b'\r' && byte != b'\n'
}

struct Writer<'a> {
    out: &'a mut Vec<u8>,
    column: usize,
}

impl Writer<'_> {
    /// Octets that stand for themselves, save a blank at a line's end (RFC 2045, 6.7, rule 3).
    fn literal(&mut self, run: &[u8], ends_line: bool) {
        match run.split_last() {
            Some((last @ (b' ' | b'\t'), before)) if ends_line => {
                self.copied(before);
                self.escaped(&[*last]);
            }
            _ => self.copied(run),
        }
    }

    fn copied(&mut self, mut run: &[u8]) {
        while !run.is_empty() {
            if self.column == 0 && (run[0] == b'.' || run.starts_with(b"From ")) {
                self.escaped(&run[..1]);
                run = &run[1..];
                continue;
            }
            let room = COLUMNS_MAX - 1 - self.column;
            if room == 0 {
                self.soft_break();
                continue;
            }
            let (line, after) = run.split_at(run.len().min(room));
            self.out.extend_from_slice(line);
            self.column += line.len();
            run = after;
        }
    }

    fn escaped(&mut self, mut run: &[u8]) {
        while !run.is_empty() {
            let room = (COLUMNS_MAX - 1 - self.column) / 3;
            if room == 0 {
                self.soft_break();
                continue;
            }
            let (line, after) = run.split_at(run.len().min(room));
            let mut codes = [0; COLUMNS_MAX];
            for (code, &byte) in codes.as_chunks_mut::<3>().0.iter_mut().zip(line) {
                *code = ESCAPED[usize::from(byte)];
            }
            self.out.extend_from_slice(&codes[..line.len() * 3]);
            self.column += line.len() * 3;
            run = after;
        }
    }

    fn soft_break(&mut self) {
        self.out.extend_from_slice(b"=\r\n");
        self.column = 0;
    }

    fn line_end(&mut self) {
        self.out.extend_from_slice(b"\r\n");
        self.column = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(text: &str) -> String {
        let mut out = Vec::new();
        encode(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn letters_beyond_ascii_the_equals_sign_and_controls_are_escaped() {
        assert_eq!(encoded("Қа=b\0\u{7f}"), "=D2=9A=D0=B0=3Db=00=7F");
    }

    #[test]
    fn every_kind_of_line_end_becomes_crlf() {
        assert_eq!(encoded("a\nb\rc\r\nd\r\r\n"), "a\r\nb\r\nc\r\nd\r\n\r\n");
    }

    #[test]
    fn a_blank_at_a_lines_end_is_escaped_and_others_are_not() {
        assert_eq!(encoded("a \nb\t\n  c d "), "a=20\r\nb=09\r\n  c d=20");
    }

    #[test]
    fn no_line_begins_with_a_dot_or_from() {
        assert_eq!(encoded(".\nFrom me\nFromage"), "=2E\r\n=46rom me\r\nFromage");
        let dot_after_soft_break = format!("{}.", "x".repeat(75));
        assert!(encoded(&dot_after_soft_break).ends_with("=\r\n=2E"));
    }

    #[test]
    fn lines_are_broken_softly_at_76_columns() {
        let text = encoded(&"x".repeat(200));
        let lengths: Vec<_> = text.split("\r\n").map(str::len).collect();
        assert_eq!(lengths, [76, 76, 50]);
        let text = encoded(&"ә".repeat(30));
        assert!(text.split("\r\n").all(|line| line.len() <= 76));
        assert_eq!(text.replace("=\r\n", ""), "=D3=99".repeat(30));
    }
}
