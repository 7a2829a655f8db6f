//! What a receiving server said, and what follows from it for the message, the person and the pace.
//!
//! A reply is judged by one pure function, [`verdict`], from the stage of the dialogue, the reply
//! code (RFC 5321 §4.2), the enhanced code (RFC 3463) and the text. The knowledge is data: see the
//! table in `table.rs`. The basic code says whether to try again, the enhanced code and the text say
//! why, because providers mix them (Gmail sends `421 … 5.7.32` and `550 5.2.1 … at a rate`).

mod class;
mod schedule;
mod table;
mod verdict;

use std::{borrow::Cow, fmt};

pub use class::{Class, NotAClass};
pub use schedule::{MARKETING_TTL, Tries, retry_delay};
pub use verdict::{Brake, Outcome, Verdict, verdict};

/// Where in the SMTP dialogue something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Reaching the server: name resolution and TCP.
    Connect,
    /// Waiting for its first line.
    Greeting,
    /// EHLO or HELO.
    Hello,
    /// STARTTLS or the TLS handshake.
    Tls,
    /// AUTH.
    Auth,
    /// MAIL FROM; also RSET, which only ever clears the way for one.
    MailFrom,
    /// RCPT TO.
    RcptTo,
    /// DATA, up to the 354.
    Data,
    /// The message and the answer to its final dot.
    Body,
}

impl Stage {
    /// Every stage, in the order of the dialogue.
    pub const ALL: [Self; 9] = [
        Self::Connect,
        Self::Greeting,
        Self::Hello,
        Self::Tls,
        Self::Auth,
        Self::MailFrom,
        Self::RcptTo,
        Self::Data,
        Self::Body,
    ];

    /// The stage as operators read it, such as `RCPT TO`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Greeting => "greeting",
            Self::Hello => "EHLO",
            Self::Tls => "TLS",
            Self::Auth => "AUTH",
            Self::MailFrom => "MAIL FROM",
            Self::RcptTo => "RCPT TO",
            Self::Data => "DATA",
            Self::Body => "message",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An enhanced status code (RFC 3463), such as `5.1.1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Enhanced {
    /// 2, 4 or 5. It need not agree with the reply code: providers get this wrong.
    pub class: u8,
    /// What it is about: 1 address, 2 mailbox, 3 system, 4 network, 5 protocol, 6 content, 7 policy.
    pub subject: u16,
    /// The detail within the subject, 0 to 999.
    pub detail: u16,
}

impl Enhanced {
    fn parse(word: &str) -> Option<Self> {
        // Cisco's gateways write "#5.1.0".
        let mut numbers =
            word.trim_start_matches(['#', '(']).trim_end_matches([':', ')']).split('.');
        let class = match numbers.next()? {
            "2" => 2,
            "4" => 4,
            "5" => 5,
            _ => return None,
        };
        let (subject, detail) = (short_number(numbers.next()?)?, short_number(numbers.next()?)?);
        numbers.next().is_none().then_some(Self { class, subject, detail })
    }
}

fn short_number(digits: &str) -> Option<u16> {
    let fits = (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.parse().ok()).flatten()
}

impl fmt::Display for Enhanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// A server's reply: its lines joined by blanks, without addresses, at most 4 KB of text.
///
/// Servers love to repeat the recipient's address in their refusals; it is taken out here, so that a
/// reply may be stored and logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// 200 to 599.
    pub code: u16,
    /// The enhanced code, if the first line begins with one.
    pub enhanced: Option<Enhanced>,
    /// The rest, for people.
    pub text: String,
}

impl Reply {
    /// The longest text kept, in bytes.
    pub const TEXT_BYTES_MAX: usize = 4096;

    /// From the code and the text of all lines, without their codes and separated by `\n`.
    ///
    /// # Examples
    /// ```
    /// # use kelisim::domain::reply::Reply;
    /// let reply = Reply::new(550, "5.1.1 <aigul@example.kz>\n5.1.1 No such user");
    /// assert_eq!(reply.to_string(), "550 5.1.1 <•••> No such user");
    /// ```
    #[must_use]
    pub fn new(code: u16, lines: &str) -> Self {
        let first_word = lines.split_ascii_whitespace().next().unwrap_or_default();
        let enhanced = Enhanced::parse(first_word);
        let marker = if enhanced.is_some() { first_word } else { "" };
        let mut text = String::with_capacity(lines.len().min(Self::TEXT_BYTES_MAX));
        for line in lines.lines() {
            let line = line.strip_prefix(marker).unwrap_or(line).trim();
            if !text.is_empty() && !line.is_empty() {
                text.push(' ');
            }
            text.push_str(&without_addresses(line));
        }
        text.truncate(text.floor_char_boundary(Self::TEXT_BYTES_MAX));
        Self { code, enhanced, text }
    }

    /// Whether the server did what it was asked (2xx).
    #[must_use]
    pub fn is_completion(&self) -> bool {
        (200..300).contains(&self.code)
    }
}

impl fmt::Display for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(enhanced) = self.enhanced {
            write!(f, " {enhanced}")?;
        }
        if !self.text.is_empty() {
            write!(f, " {}", self.text)?;
        }
        Ok(())
    }
}

/// Replaces whatever surrounds an `@` up to the next blank or bracket, and control characters.
fn without_addresses(line: &str) -> Cow<'_, str> {
    if !line.contains(|c: char| c == '@' || c.is_control()) {
        return Cow::Borrowed(line);
    }
    let ends = |c: char| c.is_whitespace() || "<>()[]{}\"',;:=".contains(c);
    let clean = line.split_inclusive(ends).map(|piece| {
        let (word, end) = match piece.char_indices().next_back() {
            Some((at, last)) if ends(last) => piece.split_at(at),
            _ => (piece, ""),
        };
        if word.contains('@') {
            format!("•••{end}")
        } else {
            piece.replace(char::is_control, " ")
        }
    });
    Cow::Owned(clean.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_enhanced_code_is_taken_off_every_line() {
        let reply = Reply::new(550, "5.7.1 Unauthenticated\n5.7.1 email is\n not accepted");
        assert_eq!(reply.enhanced, Some(Enhanced { class: 5, subject: 7, detail: 1 }));
        assert_eq!(reply.text, "Unauthenticated email is not accepted");
        assert_eq!(
            Reply::new(550, "#5.1.0 Address rejected.").to_string(),
            "550 5.1.0 Address rejected."
        );
    }

    #[test]
    fn what_only_looks_like_an_enhanced_code_stays_text() {
        for text in ["5.1", "5.1.1.1 x", "3.1.1 x", "5.1000.1 x", "5.a.1", "192.168.1.1"] {
            assert_eq!(Reply::new(550, text).enhanced, None, "{text}");
        }
    }

    #[test]
    fn no_address_survives_in_a_reply() {
        for text in [
            "<aigul.s@example.kz>: Recipient address rejected",
            "no mailbox here by that name: aigul.s@example.kz",
            "to=aigul.s@example.kz, orig=\"aigul.s@example.kz\" (aigul.s@example.kz)",
        ] {
            let reply = Reply::new(550, text).to_string();
            assert!(!reply.contains("aigul") && !reply.contains("example"), "{reply}");
        }
    }

    #[test]
    fn a_reply_holds_no_control_characters_and_no_more_than_4_kb() {
        assert_eq!(Reply::new(550, "a\u{1b}[31mb").text, "a [31mb");
        assert!(Reply::new(550, &"ә".repeat(5_000)).text.len() <= Reply::TEXT_BYTES_MAX);
    }
}
