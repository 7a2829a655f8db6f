//! One caught message, read for showing.

use chrono::{DateTime, Utc};
use mail_parser::{Message, MessageParser, PartType};

use crate::mail::listener::Received;

/// What a memory of it costs besides its octets.
const OCTETS_BESIDES: usize = 1_024;

/// A message with what the list shows of it.
#[derive(Debug)]
pub(super) struct Letter {
    /// Its place in the order of arrival, from 1.
    pub number: u64,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Whom it is for, as people write it.
    pub to: String,
    /// The return path.
    pub return_path: String,
    /// The subject line, decoded.
    pub subject: String,
    /// What it is written in: a language code, or nothing.
    pub language: String,
    /// The first part of `Feedback-ID`: which campaign. Empty when there is none.
    pub campaign: String,
    /// The second part: which purpose.
    pub purpose: String,
    /// The octets that came.
    pub raw: Vec<u8>,
    /// What a search looks at.
    searched: String,
}

impl Letter {
    /// Reads what came. What is no message at all is shown as it is, without a subject.
    pub(super) fn new(received: Received, number: u64, received_at: DateTime<Utc>) -> Self {
        let to = received.rcpt_to.iter().map(|to| readable(to)).collect::<Vec<_>>().join(", ");
        let mut letter = Self {
            number,
            received_at,
            return_path: received.mail_from,
            subject: String::new(),
            language: String::new(),
            campaign: String::new(),
            purpose: String::new(),
            searched: String::new(),
            to,
            raw: received.message,
        };
        if let Some(message) = MessageParser::new().parse(&letter.raw) {
            let subject = message.subject().unwrap_or_default().to_owned();
            let language = text(&message, "Content-Language");
            let feedback = text(&message, "Feedback-ID");
            let mut parts = feedback.split(':').map(str::to_owned);
            letter.campaign = parts.next().unwrap_or_default();
            letter.purpose = parts.next().unwrap_or_default();
            (letter.subject, letter.language) = (subject, language);
        }
        let addresses = received.rcpt_to.join(" ");
        letter.searched =
            [&letter.to, &addresses, &letter.subject].map(|s| s.to_lowercase()).join(" ");
        letter
    }

    /// Whether recipient or subject hold `wanted`, which is in lower case.
    pub(super) fn matches(&self, wanted: &str) -> bool {
        self.searched.contains(wanted)
    }

    /// What it takes up.
    pub(super) fn octets(&self) -> usize {
        self.raw.len() + OCTETS_BESIDES
    }

    /// Its parts and header, decoded. `None` when it is no message.
    pub(super) fn open(&self) -> Option<Opened> {
        let message = MessageParser::new().parse(&self.raw)?;
        let headers = message.headers().iter().map(|header| {
            // As it was sent: the parser would write `List-Id` its own way.
            let octets = |from: u32, to: u32| {
                String::from_utf8_lossy(&self.raw[from as usize..to as usize]).into_owned()
            };
            let name = octets(header.offset_field, header.offset_start);
            let value = octets(header.offset_start, header.offset_end);
            (name.trim_end_matches(':').to_owned(), unfolded(&value))
        });
        Some(Opened {
            from: from(&message),
            message_id: message.message_id().unwrap_or_default().to_owned(),
            headers: headers.collect(),
            html: message.html_bodies().find_map(|part| match &part.body {
                PartType::Html(html) => Some(html.to_string()),
                _ => None,
            }),
            text: message.text_bodies().find_map(|part| match &part.body {
                PartType::Text(text) => Some(text.to_string()),
                _ => None,
            }),
        })
    }
}

/// A message, decoded.
#[derive(Debug)]
pub(super) struct Opened {
    /// Name and address of the sender.
    pub from: String,
    /// Without angle brackets.
    pub message_id: String,
    /// All fields from the top, unfolded, not decoded.
    pub headers: Vec<(String, String)>,
    /// The HTML part.
    pub html: Option<String>,
    /// The text part.
    pub text: Option<String>,
}

impl Opened {
    /// The value of the first field with this name.
    pub(super) fn header(&self, wanted: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        named.map(|(_, value)| value.as_str())
    }
}

fn text(message: &Message<'_>, field: &str) -> String {
    unfolded(message.header_raw(field).unwrap_or_default())
}

fn from(message: &Message<'_>) -> String {
    let Some(sender) = message.from().and_then(|from| from.first()) else { return String::new() };
    let address = sender.address().unwrap_or_default();
    sender.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
}

/// RFC 5322, section 2.2.3: the line ends go, the blanks stay.
fn unfolded(value: &str) -> String {
    value.replace(['\r', '\n'], "").trim().to_owned()
}

/// An address with its domain in the letters that people read.
fn readable(address: &str) -> String {
    let Some((local, domain)) = address.rsplit_once('@') else { return address.to_owned() };
    format!("{local}@{}", idna::domain_to_unicode(domain).0)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A message to one address, with one subject and these further fields.
    pub(in super::super) fn letter(number: u64, to: &str, subject: &str, fields: &str) -> Letter {
        let message = format!("Subject: {subject}\r\n{fields}\r\nHello\r\n");
        let received = Received {
            mail_from: "b+1@example.kz".into(),
            parameters: String::new(),
            rcpt_to: vec![to.into()],
            message: message.into_bytes(),
            connection: 0,
            is_encrypted: false,
            user: None,
        };
        Letter::new(received, number, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn the_list_knows_recipient_subject_language_and_campaign() {
        let fields = "Content-Language: kk\r\nFeedback-ID: c12ab:news:kk:demo1\r\n";
        let letter = letter(1, "dana@xn--e1aaogsq.example", "=?utf-8?q?=D0=A1=D3=99?=", fields);
        assert_eq!(letter.to, "dana@мектеп.example");
        assert_eq!(letter.subject, "Сә");
        assert_eq!((letter.campaign.as_str(), letter.purpose.as_str()), ("c12ab", "news"));
        assert_eq!(letter.language, "kk");
    }

    #[test]
    fn it_is_found_by_either_spelling_of_the_address_and_by_subject() {
        let letter = letter(1, "Dana@xn--e1aaogsq.example", "Open day", "");
        for wanted in ["dana@", "мектеп", "xn--e1aaogsq", "open day"] {
            assert!(letter.matches(wanted), "{wanted}");
        }
        assert!(!letter.matches("hello"));
    }

    #[test]
    fn fields_are_unfolded_and_keep_their_order() {
        let fields = "List-Unsubscribe: <https://a/>,\r\n <mailto:b@c>\r\nlist-id: x\r\nX: 1\r\n";
        let opened = letter(1, "a@b.kz", "S", fields).open().unwrap();
        assert_eq!(opened.header("list-unsubscribe"), Some("<https://a/>, <mailto:b@c>"));
        let names: Vec<_> = opened.headers.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Subject", "List-Unsubscribe", "list-id", "X"]);
        assert_eq!(opened.text.as_deref(), Some("Hello\r\n"));
        assert_eq!(opened.html, None);
    }
}
