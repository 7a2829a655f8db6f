//! From rendered content to the bytes that leave: header fields, MIME, DKIM, and a last look at
//! them.
//!
//! One [`Letter`] is one message to one person. [`compose()`] refuses what could inject a field and
//! writes the rest in 7 bits, so that nothing on the way has a reason to touch it. [`check()`] reads
//! the bytes back, knowing nothing of how they came about.

mod check;
mod field;
mod head;
mod quoted_printable;

pub use check::{Defect, Expected, Part, check};
pub use field::ComposeError;

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use chrono::{DateTime, FixedOffset};
use data_encoding::BASE32_NOPAD;

use crate::{
    domain::{address::Address, language::Language},
    mail::dkim::{self, Signer},
};
use head::Head;

/// Room set aside for the `DKIM-Signature` fields that are put on top.
const SIGNATURES_OCTETS: usize = 2048;
/// Room for all other fields and the MIME frame.
const FIELDS_OCTETS: usize = 3072;

/// All in which one marketing message differs from another. Texts are as people read them; none
/// may hold a control character.
#[derive(Clone, Copy)]
pub struct Letter<'a> {
    /// What mail programs show as the sender; may be empty.
    pub from_name: &'a str,
    /// The one sender. Its domain is what DKIM has to align with.
    pub from: &'a Address,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<&'a Address>,
    /// The one recipient.
    pub to: &'a Address,
    /// 1 to 998 octets.
    pub subject: &'a str,
    /// The HTML part, any line ends.
    pub html: &'a str,
    /// The plain-text part with the same content, any line ends.
    pub text: &'a str,
    /// What both parts are written in.
    pub language: Language,
    /// `unique@domain` without angle brackets; new for each recipient (Gmail slows repeated ones).
    pub message_id: &'a str,
    /// Of `Date`, and of the signatures' `t=`.
    pub date: DateTime<FixedOffset>,
    /// The address of `MAIL FROM`, where bounces come back.
    pub return_path: &'a str,
    /// What makes it list mail.
    pub list: List<'a>,
    /// `campaign:purpose:language:sender`, for Gmail's Postmaster Tools.
    pub feedback_id: &'a str,
    /// The label of mail.ru's Postmaster (`X-Postmaster-Msgtype`).
    pub message_type: &'a str,
    /// Where complaints go (RFC 9477), if the operator has such a mailbox.
    pub complaints: Option<Complaints<'a>>,
}

/// The fields of RFC 2369, RFC 2919 and RFC 8058.
#[derive(Clone, Copy)]
pub struct List<'a> {
    /// A name in ASCII: some providers do not read encoded words here.
    pub phrase: &'a str,
    /// `events.lists.example.kz`: stable, a dot-atom of at most 255 octets under an own domain.
    pub id: &'a str,
    /// `https://…`, answers a POST by RFC 8058; `http://127.0.0.1…` in a trial on one machine.
    pub unsubscribe_url: &'a str,
    /// `mailto:…` for programs that do not speak RFC 8058.
    pub unsubscribe_mailto: &'a str,
    /// `https://…`, what this list is.
    pub help_url: &'a str,
    /// A person who answers for the list.
    pub owner: &'a Address,
}

/// The fields of RFC 9477.
#[derive(Clone, Copy)]
pub struct Complaints<'a> {
    /// Takes reports in ARF.
    pub address: &'a Address,
    /// A token that leads back to the message.
    pub feedback_id: &'a str,
}

/// A message as it goes to a relay.
#[derive(Clone, PartialEq, Eq)]
pub struct Composed {
    /// The argument of `MAIL FROM`, without angle brackets.
    pub mail_from: String,
    /// The argument of `RCPT TO`, without angle brackets.
    pub rcpt_to: String,
    /// The message: CRLF, 7 bits, not dot-stuffed.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Composed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Composed({} octets)", self.bytes.len())
    }
}

/// Writes and signs one message. Without signers it leaves unsigned.
///
/// # Errors
/// [`ComposeError`], naming the field whose value cannot go into a message; never its value.
pub fn compose(letter: &Letter<'_>, signers: &[Signer]) -> Result<Composed, ComposeError> {
    let mail_from = field::path("MAIL FROM", letter.return_path)?.to_owned();
    let rcpt_to = field::path("To", letter.to.as_str())?.to_owned();
    let boundary = boundary(letter.message_id);
    let room = (letter.html.len() + letter.text.len()) * 2 + FIELDS_OCTETS + SIGNATURES_OCTETS;
    let mut bytes = head(letter, &boundary, room)?.into_bytes();
    let head_octets = bytes.len();
    bytes.extend_from_slice(b"\r\n");
    write_part("text/plain", letter.text, &boundary, &mut bytes);
    write_part("text/html", letter.html, &boundary, &mut bytes);
    append(&mut bytes, &["--", &boundary, "--\r\n"]);
    let (headers, rest) = bytes.split_at(head_octets);
    let signatures = dkim::sign(signers, headers, &rest[2..], letter.date.to_utc())?;
    bytes.splice(..0, signatures.into_bytes());
    Ok(Composed { mail_from, rcpt_to, bytes })
}

/// The fields in the order in which they leave, without the empty line.
fn head(letter: &Letter<'_>, boundary: &str, room: usize) -> Result<String, ComposeError> {
    let mut head = Head::with_capacity(room);
    head.mailbox("From", letter.from_name, letter.from)?;
    if let Some(reply_to) = letter.reply_to {
        head.mailbox("Reply-To", "", reply_to)?;
    }
    head.mailbox("To", "", letter.to)?;
    head.text("Subject", letter.subject)?;
    head.fixed("Date", &[&letter.date.to_rfc2822()]);
    head.message_id("Message-ID", letter.message_id)?;
    list_fields(&mut head, &letter.list)?;
    head.fixed("Precedence", &["bulk"]);
    head.fixed("X-Auto-Response-Suppress", &["OOF, AutoReply"]);
    head.token("Feedback-ID", letter.feedback_id)?;
    head.token("X-Postmaster-Msgtype", letter.message_type)?;
    if let Some(complaints) = &letter.complaints {
        let address = field::path("CFBL-Address", complaints.address.as_str())?;
        head.fixed("CFBL-Address", &[address, "; report=arf"]);
        head.token("CFBL-Feedback-ID", complaints.feedback_id)?;
    }
    head.fixed("Content-Language", &[letter.language.as_str()]);
    head.fixed("MIME-Version", &["1.0"]);
    head.fixed("Content-Type", &["multipart/alternative;\r\n boundary=\"", boundary, "\""]);
    head.fixed("Content-Transfer-Encoding", &["7bit"]);
    Ok(head.finish())
}

fn list_fields(head: &mut Head, list: &List<'_>) -> Result<(), ComposeError> {
    head.list_id("List-Id", list.phrase, list.id)?;
    let url = field::unsubscribe_url(list.unsubscribe_url)?;
    let mailto = field::url("List-Unsubscribe", "mailto:", list.unsubscribe_mailto)?;
    head.fixed("List-Unsubscribe", &["<", url, ">,\r\n <", mailto, ">"]);
    head.fixed("List-Unsubscribe-Post", &["List-Unsubscribe=One-Click"]);
    head.fixed("List-Help", &["<", field::url("List-Help", "https://", list.help_url)?, ">"]);
    let owner = field::path("List-Owner", list.owner.as_str())?;
    head.fixed("List-Owner", &["<mailto:", owner, ">"]);
    head.fixed("List-Post", &["NO"]);
    Ok(())
}

/// Differs between messages and can stand in no quoted-printable line, where `=` is always followed
/// by two hexadecimal digits or a line end (RFC 2045, section 6.7, note).
fn boundary(message_id: &str) -> String {
    let hash = digest(&SHA256, message_id.as_bytes());
    let mut boundary = String::from("=_");
    BASE32_NOPAD.encode_append(&hash.as_ref()[..15], &mut boundary);
    boundary
}

fn write_part(media_type: &str, content: &str, boundary: &str, out: &mut Vec<u8>) {
    append(out, &["--", boundary, "\r\nContent-Type: ", media_type, "; charset=utf-8\r\n"]);
    append(out, &["Content-Transfer-Encoding: quoted-printable\r\n\r\n"]);
    quoted_printable::encode(content, out);
    append(out, &["\r\n"]);
}

fn append(out: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}
