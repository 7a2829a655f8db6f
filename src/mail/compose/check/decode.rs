//! Content as a person's mail program sees it.

use data_encoding::HEXUPPER_PERMISSIVE;

/// Decodes quoted-printable; `None` if it is damaged or not UTF-8.
pub(super) fn quoted_printable(body: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.iter().position(|&b| b == b'=') {
        out.extend_from_slice(&rest[..at]);
        let (code, after) = rest[at + 1..].split_at_checked(2)?;
        if code != b"\r\n" {
            out.extend(HEXUPPER_PERMISSIVE.decode(code).ok()?);
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    String::from_utf8(out).ok()
}

/// Replaces the character references that template engines write into attributes and text.
pub(super) fn entities(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let reference = after.split_once(';').and_then(|(name, tail)| Some((entity(name)?, tail)));
        let (character, tail) = reference.unwrap_or(('&', after));
        out.push(character);
        rest = tail;
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok();
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let digits = name.strip_prefix('#')?;
            let hex = digits.strip_prefix(['x', 'X']);
            char::from_u32(hex.map_or_else(|| number(digits, 10), |hex| number(hex, 16))?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_is_decoded_and_damage_is_noticed() {
        assert_eq!(quoted_printable(b"=D2=9A=\r\n=d0=b0 a=3Db"), Some("Қа a=b".into()));
        for damaged in [&b"a="[..], b"=G0", b"=\n", b"=D2x"] {
            assert_eq!(quoted_printable(damaged), None);
        }
    }

    #[test]
    fn references_as_templates_write_them_are_read() {
        assert_eq!(entities("a?b&#x3D;c&amp;d&#61;e &quot;&b & c"), "a?b=c&d=e \"&b & c");
        assert_eq!(entities("&ққ;&#xFFFFFFFF;&;"), "&ққ;&#xFFFFFFFF;&;");
    }
}
