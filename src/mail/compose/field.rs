//! What may stand in a header field or in the envelope. Nothing is cleaned: a value that could
//! inject something is refused, because somebody has to learn where it came from (OWASP ASVS 5.0,
//! 1.3.11).

use crate::mail::dkim::SignatureFailed;

/// Octets of one value before encoding: the longest line of RFC 5322, 2.1.1.
const TEXT_OCTETS_MAX: usize = 998;
/// Octets of one value that cannot be folded: leaves room for the field's name in a line of 998.
const UNBROKEN_OCTETS_MAX: usize = 900;
/// RFC 5321, 4.5.3.1.1 and 4.5.3.1.3 (a path of 256 octets less its angle brackets).
const LOCAL_PART_OCTETS_MAX: usize = 64;
const PATH_OCTETS_MAX: usize = 254;
/// RFC 2919, section 2.
const LIST_ID_OCTETS_MAX: usize = 255;

/// Why a letter cannot be written. Names the field, never shows what stood in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// CR, LF, NUL or another control character: an attempt to inject a field, or a broken import.
    #[error("{field} holds a line end or another control character")]
    Control {
        /// The header field, or `MAIL FROM`.
        field: &'static str,
    },
    /// An address with a local part beyond ASCII would need SMTPUTF8 on every hop (RFC 6531), and
    /// the other fields may only hold ASCII.
    #[error("{field} holds characters beyond ASCII")]
    NotAscii {
        /// The header field, or `MAIL FROM`.
        field: &'static str,
    },
    /// Not of the form that this field demands.
    #[error("{field} does not have the form that it must have")]
    Form {
        /// The header field, or `MAIL FROM`.
        field: &'static str,
    },
    /// Longer than the field allows.
    #[error("{field} is too long")]
    TooLong {
        /// The header field, or `MAIL FROM`.
        field: &'static str,
    },
    /// The message was written, but not signed.
    #[error("the message could not be signed")]
    Signature(#[from] SignatureFailed),
}

/// Text for people, to be encoded: anything but control characters (C0, DEL, C1).
pub(super) fn text<'a>(field: &'static str, value: &'a str) -> Result<&'a str, ComposeError> {
    if value.chars().any(char::is_control) {
        return Err(ComposeError::Control { field });
    }
    no_longer_than(TEXT_OCTETS_MAX, field, value)
}

/// One word of visible ASCII without angle brackets, quotation marks and commas.
pub(super) fn token<'a>(field: &'static str, value: &'a str) -> Result<&'a str, ComposeError> {
    let value = visible_ascii(field, value)?;
    if value.is_empty() || value.contains(['<', '>', '"', ',']) {
        return Err(ComposeError::Form { field });
    }
    Ok(value)
}

/// A URI that stands between angle brackets and has this scheme.
pub(super) fn url<'a>(
    field: &'static str,
    scheme: &str,
    value: &'a str,
) -> Result<&'a str, ComposeError> {
    let value = visible_ascii(field, value)?;
    let rest = value.strip_prefix(scheme).ok_or(ComposeError::Form { field })?;
    if rest.is_empty() || rest.contains(['<', '>', '"']) {
        return Err(ComposeError::Form { field });
    }
    Ok(value)
}

/// The link that RFC 8058 posts to: https (section 3.1), or plain http to this very machine, which
/// is for trials.
pub(super) fn unsubscribe_url(value: &str) -> Result<&str, ComposeError> {
    const FIELD: &str = "List-Unsubscribe";
    let scheme = if is_plain_loopback(value) { "http://" } else { "https://" };
    url(FIELD, scheme, value)
}

/// Whether a link is plain http that cannot leave this machine.
fn is_plain_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let authority = rest.split('/').next().unwrap_or_default();
    let port = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    let (host, port) = port.map_or((authority, ""), |at| (&authority[..at], &authority[at + 1..]));
    matches!(host, "127.0.0.1" | "[::1]" | "localhost") && port.bytes().all(|b| b.is_ascii_digit())
}

/// An address for the envelope or between angle brackets.
pub(super) fn path<'a>(field: &'static str, value: &'a str) -> Result<&'a str, ComposeError> {
    let value = token(field, no_longer_than(PATH_OCTETS_MAX, field, value)?)?;
    let (local, domain) = value.split_once('@').ok_or(ComposeError::Form { field })?;
    if local.is_empty() || domain.is_empty() || domain.contains('@') {
        return Err(ComposeError::Form { field });
    }
    no_longer_than(LOCAL_PART_OCTETS_MAX, field, local)?;
    Ok(value)
}

/// A list's id: a dot-atom of two labels or more.
pub(super) fn list_id<'a>(field: &'static str, value: &'a str) -> Result<&'a str, ComposeError> {
    let value = no_longer_than(LIST_ID_OCTETS_MAX, field, visible_ascii(field, value)?)?;
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_atom);
    if value.contains('.') && value.split('.').all(is_label) {
        Ok(value)
    } else {
        Err(ComposeError::Form { field })
    }
}

/// A list's name: words of atom characters, single blanks between them, no quoting needed.
pub(super) fn phrase<'a>(field: &'static str, value: &'a str) -> Result<&'a str, ComposeError> {
    let value = text(field, value)?;
    if !value.is_ascii() {
        return Err(ComposeError::NotAscii { field });
    }
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_atom);
    if value.split(' ').all(is_word) { Ok(value) } else { Err(ComposeError::Form { field }) }
}

/// RFC 5322, 3.2.3.
pub(super) const fn is_atom(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(
            byte,
            b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'/' | b'=' | b'?'
        )
        || matches!(byte, b'^' | b'_' | b'`' | b'{' | b'|' | b'}' | b'~')
}

fn visible_ascii<'a>(field: &'static str, value: &'a str) -> Result<&'a str, ComposeError> {
    if value.chars().any(char::is_control) {
        return Err(ComposeError::Control { field });
    }
    if !value.is_ascii() {
        return Err(ComposeError::NotAscii { field });
    }
    if value.contains(' ') {
        return Err(ComposeError::Form { field });
    }
    no_longer_than(UNBROKEN_OCTETS_MAX, field, value)
}

fn no_longer_than<'a>(
    octets_max: usize,
    field: &'static str,
    value: &'a str,
) -> Result<&'a str, ComposeError> {
    if value.len() > octets_max { Err(ComposeError::TooLong { field }) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const F: &str = "Field";

    #[test]
    fn a_line_end_is_refused_in_every_kind_of_value() {
        let refused = Err(ComposeError::Control { field: F });
        for bad in ["a\r\nBcc: x@example.kz", "a\n", "a\0b", "a\tb", "a\u{7f}", "a\u{85}"] {
            assert_eq!(text(F, bad), refused);
            assert_eq!(token(F, bad), refused);
            assert_eq!(phrase(F, bad), refused);
            assert_eq!(list_id(F, bad), refused);
            assert_eq!(path(F, &format!("{bad}@example.kz")), refused);
            assert_eq!(url(F, "https://", &format!("https://{bad}")), refused);
        }
    }

    #[test]
    fn a_path_is_one_address_and_nothing_else() {
        assert_eq!(path(F, "b+k@example.kz"), Ok("b+k@example.kz"));
        let form = Err(ComposeError::Form { field: F });
        for bad in ["", "a", "@example.kz", "a@", "a@b@c", "a@b> SIZE=1", "a@b,c@d"] {
            assert_eq!(path(F, bad), form, "{bad}");
        }
        assert_eq!(path(F, "әлия@example.kz"), Err(ComposeError::NotAscii { field: F }));
        let long = format!("{}@example.kz", "a".repeat(65));
        assert_eq!(path(F, &long), Err(ComposeError::TooLong { field: F }));
    }

    #[test]
    fn a_url_keeps_within_its_angle_brackets_and_its_scheme() {
        let form = Err(ComposeError::Form { field: F });
        assert_eq!(url(F, "https://", "http://example.kz/u"), form);
        assert_eq!(url(F, "https://", "https://"), form);
        assert_eq!(url(F, "https://", "https://example.kz/>,<https://other"), form);
        assert_eq!(
            url(F, "https://", "https://example.kz/u/1.a,b"),
            Ok("https://example.kz/u/1.a,b")
        );
    }

    #[test]
    fn the_way_out_is_plain_http_only_where_it_cannot_leave_the_machine() {
        let here = ["http://127.0.0.1:8080/u/1", "http://[::1]:80/u/1", "http://localhost/u/1"];
        for url in here.into_iter().chain(["https://example.kz/u/1"]) {
            assert_eq!(unsubscribe_url(url), Ok(url));
        }
        for url in [
            "http://example.kz/u/1",
            "http://127.0.0.1.example.kz/u/1",
            "http://127.0.0.1:80@example.kz/u/1",
            "http://localhost:80x/u/1",
            "http://",
        ] {
            let refused = ComposeError::Form { field: "List-Unsubscribe" };
            assert_eq!(unsubscribe_url(url), Err(refused), "{url}");
        }
    }

    #[test]
    fn a_list_has_a_plain_name_and_a_dot_atom() {
        assert_eq!(phrase(F, "CPM events"), Ok("CPM events"));
        assert_eq!(phrase(F, "CPM <events>"), Err(ComposeError::Form { field: F }));
        assert_eq!(phrase(F, "Іс-шаралар"), Err(ComposeError::NotAscii { field: F }));
        assert_eq!(list_id(F, "events.lists.example.kz"), Ok("events.lists.example.kz"));
        assert_eq!(list_id(F, "events"), Err(ComposeError::Form { field: F }));
        assert_eq!(list_id(F, "events..kz"), Err(ComposeError::Form { field: F }));
    }
}
