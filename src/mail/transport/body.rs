//! A message as it goes over the wire.

use memchr::memchr2_iter;

/// What ends a message (RFC 5321 §4.1.1.4); the line end before it belongs to the message.
const FINAL_DOT: &[u8] = b".\r\n";
const LINE_END: &[u8] = b"\r\n";

/// A message made ready for the wire: dots at line starts doubled, the final dot added, so that it
/// leaves in one write.
///
/// The message itself is not changed, for it is signed: one that SMTP cannot carry as it is, is
/// refused here, before anyone is asked to take it.
#[derive(Clone, PartialEq, Eq)]
pub struct WireBody {
    bytes: Vec<u8>,
    size: usize,
    is_seven_bit: bool,
}

/// Why a message cannot go over the wire. Lines are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBody {
    /// A CR or LF alone: servers disagree on what it means, and an attacker could end the message
    /// with it and begin another one ("SMTP smuggling", CVE-2023-51764).
    #[error("line {line} of the message ends in a lone CR or LF instead of CRLF")]
    LoneLineEnd {
        /// Which line.
        line: usize,
    },
    /// Over 998 octets (RFC 5322 §2.1.1).
    #[error("line {line} of the message is longer than 998 octets")]
    LongLine {
        /// Which line.
        line: usize,
    },
}

impl WireBody {
    /// The longest line, in octets without its CRLF (RFC 5322 §2.1.1).
    pub const LINE_BYTES_MAX: usize = 998;

    /// Checks and prepares a whole message, header and body. A missing last CRLF is added.
    ///
    /// # Errors
    /// When a line is too long or does not end in CRLF.
    pub fn new(message: &[u8]) -> Result<Self, BadBody> {
        let mut bytes = Vec::with_capacity(message.len() + message.len() / 64 + 8);
        let (mut line, mut begins, mut copied) = (1, 0, 0);
        let mut ends = memchr2_iter(b'\r', b'\n', message);
        while begins < message.len() {
            let ends_at = ends.next().unwrap_or(message.len());
            if ends_at < message.len() && !message[ends_at..].starts_with(LINE_END) {
                return Err(BadBody::LoneLineEnd { line });
            }
            // The LF of this CRLF.
            ends.next();
            if ends_at - begins > Self::LINE_BYTES_MAX {
                return Err(BadBody::LongLine { line });
            }
            if message[begins] == b'.' {
                bytes.extend_from_slice(&message[copied..begins]);
                bytes.push(b'.');
                copied = begins;
            }
            begins = ends_at + LINE_END.len();
            line += 1;
        }
        bytes.extend_from_slice(&message[copied..]);
        if !message.ends_with(LINE_END) {
            bytes.extend_from_slice(LINE_END);
        }
        bytes.extend_from_slice(FINAL_DOT);
        Ok(Self { bytes, size: message.len(), is_seven_bit: message.is_ascii() })
    }

    /// The octets to write.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The size of the message, for `SIZE=` (RFC 1870), in octets.
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }

    /// Whether any server can take it; otherwise it needs 8BITMIME (RFC 6152).
    #[must_use]
    pub fn is_seven_bit(&self) -> bool {
        self.is_seven_bit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(message: &str) -> Result<String, BadBody> {
        WireBody::new(message.as_bytes()).map(|body| String::from_utf8(body.bytes).unwrap())
    }

    #[test]
    fn dots_at_line_starts_are_doubled_and_no_others() {
        assert_eq!(wire("a.b\r\n.\r\n..c\r\n").unwrap(), "a.b\r\n..\r\n...c\r\n.\r\n");
        assert_eq!(wire(".x\r\n").unwrap(), "..x\r\n.\r\n");
    }

    #[test]
    fn a_missing_last_line_end_is_added() {
        assert_eq!(wire("a").unwrap(), "a\r\n.\r\n");
        assert_eq!(wire("a\r\n.").unwrap(), "a\r\n..\r\n.\r\n");
        assert_eq!(wire("").unwrap(), "\r\n.\r\n");
    }

    #[test]
    fn a_lone_cr_or_lf_cannot_end_the_message_early() {
        for (message, line) in [
            ("a\r\nb\n.\r\nMAIL FROM:<x@y.kz>\r\n", 2),
            ("a\n.\n", 1),
            ("a\r.\r\n", 1),
            ("a\r\r\n", 1),
            ("a\r\nb\r", 2),
            ("\n", 1),
        ] {
            assert_eq!(wire(message), Err(BadBody::LoneLineEnd { line }), "{message:?}");
        }
    }

    #[test]
    fn a_line_of_998_octets_passes_and_one_more_does_not() {
        let line = "x".repeat(WireBody::LINE_BYTES_MAX);
        assert!(wire(&format!("{line}\r\n{line}")).is_ok());
        assert_eq!(wire(&format!("a\r\n{line}x\r\n")), Err(BadBody::LongLine { line: 2 }));
        assert_eq!(wire(&format!("{line}x")), Err(BadBody::LongLine { line: 1 }));
    }

    #[test]
    fn eight_bit_messages_are_known_as_such() {
        assert!(WireBody::new(b"a\r\n").unwrap().is_seven_bit());
        assert!(!WireBody::new("қ\r\n".as_bytes()).unwrap().is_seven_bit());
    }
}
