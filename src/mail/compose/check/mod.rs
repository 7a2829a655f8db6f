//! Invariant 8: no mail without a working way out. Reads composed bytes as a receiver would and
//! lists what is wrong with them; shares no code with what composes them.

mod decode;
mod read;

use url::{Host, Url};

use super::Composed;
use read::{Field, Message};

/// Octets of a line without its end (RFC 5322, section 2.1.1).
const LINE_OCTETS_MAX: usize = 998;
/// Octets of a message: what small receivers still take, far under Yahoo's 25 MB.
const MESSAGE_OCTETS_MAX: usize = 10 * 1024 * 1024;
/// Fields of which there is exactly one (RFC 5322, section 3.6; RFC 2045, section 4; RFC 2369,
/// section 3; RFC 2919, section 3; RFC 8058, section 3).
const ONCE: &[&str] = &[
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "MIME-Version",
    "Content-Type",
    "List-Id",
    LIST_UNSUBSCRIBE,
    LIST_UNSUBSCRIBE_POST,
    "List-Help",
];
/// Fields of which there is at most one.
const AT_MOST_ONCE: &[&str] = &["Reply-To", "Sender", "Cc", "Bcc", "Content-Transfer-Encoding"];
const LIST_UNSUBSCRIBE: &str = "List-Unsubscribe";
const LIST_UNSUBSCRIBE_POST: &str = "List-Unsubscribe-Post";
/// What a signature must cover so that a one-click button is shown and nobody can change it.
const COVERED: &[&str] =
    &["From", "To", "Subject", "Date", "Message-ID", LIST_UNSUBSCRIBE, LIST_UNSUBSCRIBE_POST];

/// What has to be found in a message.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    /// The link of this recipient; must stand in both parts and in `List-Unsubscribe`.
    pub unsubscribe_url: &'a str,
    /// What else has to stand in both parts, such as the policy's link and the institution's name.
    pub footer: &'a [&'a str],
    /// How many DKIM signatures there have to be.
    pub signatures: usize,
}

/// One of the two forms of the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// `text/plain`.
    Text,
    /// `text/html`.
    Html,
}

/// Something for which a message must not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Defect {
    /// There is no empty line between header and body, or a line that is no field.
    #[error("the header cannot be read")]
    Header,
    /// A field that must be there is not.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// A field stands there more than once.
    #[error("{0} stands there more than once")]
    Repeated(&'static str),
    /// An octet over 127, NUL, or a CR or LF without the other.
    #[error("the message is not made of 7-bit lines that end with CRLF")]
    NotSevenBitLines,
    /// A line over 998 octets.
    #[error("a line is longer than {LINE_OCTETS_MAX} octets")]
    LineTooLong,
    /// Over 10 MiB.
    #[error("the message is larger than {MESSAGE_OCTETS_MAX} octets")]
    TooLarge,
    /// The address in the envelope is not the one in `To`.
    #[error("the recipient in the envelope is not the one in To")]
    OtherRecipient,
    /// `List-Unsubscribe` is not one https link, this recipient's, and at most a mailto.
    #[error("List-Unsubscribe does not hold this recipient's https link, then at most a mailto")]
    Unsubscribe,
    /// `List-Unsubscribe-Post` is not as RFC 8058 prints it.
    #[error("List-Unsubscribe-Post is not List-Unsubscribe=One-Click")]
    OneClick,
    /// Not `multipart/alternative` with a plain and an HTML part, in this order.
    #[error("the body is not an alternative of plain text and HTML")]
    Structure,
    /// The unsubscribe link is not in this part.
    #[error("the unsubscribe link is missing in the {0:?} part")]
    NoWayOut(Part),
    /// Something of the footer is not in this part; the number counts from 0 in
    /// [`Expected::footer`].
    #[error("item {1} of the footer is missing in the {0:?} part")]
    Footer(Part, usize),
    /// Fewer or more signatures than expected.
    #[error("there are {0} DKIM signatures, not the expected number")]
    Signatures(usize),
    /// A signature does not cover this field.
    #[error("a DKIM signature does not cover {0}")]
    NotCovered(&'static str),
    /// A signature of a domain that is neither the sender's nor above it.
    #[error("a DKIM signature is of a domain that the sender's address does not belong to")]
    NotAligned,
    /// A signature with `l=`, which lets anyone append text.
    #[error("a DKIM signature covers a part of the body only")]
    PartOfBody,
}

/// Everything for which `composed` must not leave; empty when it may.
#[must_use]
pub fn check(composed: &Composed, expected: &Expected<'_>) -> Vec<Defect> {
    let mut defects = lines(&composed.bytes);
    let Some(message) = Message::read(&composed.bytes) else {
        defects.push(Defect::Header);
        return defects;
    };
    defects.extend(instances(&message));
    defects.extend(addressee(&message, &composed.rcpt_to));
    defects.extend(way_out(&message, expected));
    defects.extend(content(&message, expected));
    defects.extend(signatures(&message, expected));
    defects
}

fn lines(bytes: &[u8]) -> Vec<Defect> {
    let mut defects = Vec::new();
    let is_line_feed = |byte: &u8| *byte == b'\n';
    let is_clean = |line: &[u8]| line.iter().all(|&b| b.is_ascii() && b != 0 && b != b'\r');
    let ends_well = |line: &[u8]| line.strip_suffix(b"\r").is_some_and(is_clean);
    let all_end_well =
        bytes.strip_suffix(b"\n").is_some_and(|text| text.split(is_line_feed).all(ends_well));
    if !all_end_well {
        defects.push(Defect::NotSevenBitLines);
    }
    if bytes.split(is_line_feed).any(|line| line.len() > LINE_OCTETS_MAX + 1) {
        defects.push(Defect::LineTooLong);
    }
    if bytes.len() > MESSAGE_OCTETS_MAX {
        defects.push(Defect::TooLarge);
    }
    defects
}

fn instances(message: &Message<'_>) -> Vec<Defect> {
    let missing = ONCE.iter().filter(|name| message.count(name) == 0).copied();
    let repeated = ONCE.iter().chain(AT_MOST_ONCE).filter(|name| message.count(name) > 1).copied();
    missing.map(Defect::Missing).chain(repeated.map(Defect::Repeated)).collect()
}

fn addressee(message: &Message<'_>, rcpt_to: &str) -> Option<Defect> {
    let to = message.value("To")?;
    let same = to.trim_start_matches('<').trim_end_matches('>') == rcpt_to;
    (!same).then_some(Defect::OtherRecipient)
}

fn way_out(message: &Message<'_>, expected: &Expected<'_>) -> Vec<Defect> {
    let mut defects = Vec::new();
    if let Some(value) = message.value(LIST_UNSUBSCRIBE) {
        let uris: Option<Vec<&str>> = value.split(", ").map(bracketed).collect();
        let well_formed = match uris.as_deref() {
            Some([url]) => is_this_link(url, expected),
            Some([url, mailto]) => is_this_link(url, expected) && mailto.starts_with("mailto:"),
            _ => false,
        };
        if !well_formed {
            defects.push(Defect::Unsubscribe);
        }
    }
    let one_click = message.value(LIST_UNSUBSCRIBE_POST);
    if one_click.is_some_and(|value| value != "List-Unsubscribe=One-Click") {
        defects.push(Defect::OneClick);
    }
    defects
}

fn bracketed(text: &str) -> Option<&str> {
    text.trim().strip_prefix('<')?.strip_suffix('>')
}

fn is_this_link(url: &str, expected: &Expected<'_>) -> bool {
    (url.starts_with("https://") || stays_here(url)) && url == expected.unsubscribe_url
}

/// A trial on one machine has no certificate, and its links lead nowhere else.
fn stays_here(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let is_loopback = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "http" && is_loopback
}

fn content(message: &Message<'_>, expected: &Expected<'_>) -> Vec<Defect> {
    let Some([text, html]) = message.alternatives() else { return vec![Defect::Structure] };
    let mut defects = missing_in(Part::Text, &text, expected);
    defects.extend(missing_in(Part::Html, &decode::entities(&html), expected));
    defects
}

fn missing_in(part: Part, content: &str, expected: &Expected<'_>) -> Vec<Defect> {
    let way_out = (!content.contains(expected.unsubscribe_url)).then_some(Defect::NoWayOut(part));
    let footer = expected.footer.iter().enumerate();
    let footer = footer.filter(|(_, item)| !content.contains(**item));
    way_out.into_iter().chain(footer.map(|(index, _)| Defect::Footer(part, index))).collect()
}

fn signatures(message: &Message<'_>, expected: &Expected<'_>) -> Vec<Defect> {
    let signatures: Vec<&Field<'_>> = message.all("DKIM-Signature").collect();
    let mut defects = Vec::new();
    if signatures.len() != expected.signatures {
        defects.push(Defect::Signatures(signatures.len()));
    }
    for signature in signatures {
        let covered = signature.tag("h").unwrap_or_default();
        let covers = |name: &str| covered.split(':').any(|h| h.trim().eq_ignore_ascii_case(name));
        let open = COVERED.iter().filter(|name| !covers(name));
        defects.extend(open.map(|name| Defect::NotCovered(name)));
        if !is_aligned(&signature.tag("d").unwrap_or_default(), message) {
            defects.push(Defect::NotAligned);
        }
        if signature.tag("l").is_some() {
            defects.push(Defect::PartOfBody);
        }
    }
    defects
}

/// Relaxed alignment, as far as it can be told without the DNS: the sender's domain is the
/// signature's or stands below it.
fn is_aligned(signer: &str, message: &Message<'_>) -> bool {
    let from = message.value("From").unwrap_or_default();
    let domain = from.rsplit_once('@').map_or("", |(_, domain)| domain.trim_end_matches('>'));
    let above = domain.strip_suffix(signer);
    !signer.is_empty() && above.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}
