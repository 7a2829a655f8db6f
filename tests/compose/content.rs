//! The body: what people read is what was written.

use kelisim::mail::compose::Letter;
use mail_parser::{MessageParser, MimeHeaders};
use proptest::prelude::*;

use crate::letters::{HTML, TEXT, letter, unsigned};

/// Line ends as the transport has them.
fn with_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n")
}

fn read_back(letter: &Letter<'_>) -> (String, String) {
    let message = unsigned(letter);
    let parsed = MessageParser::default().parse(&message.bytes).unwrap();
    assert_eq!((parsed.text_body_count(), parsed.html_body_count()), (1, 1));
    assert_eq!(parsed.attachment_count(), 0);
    let text = parsed.text_part(0).unwrap().text_contents().unwrap().to_owned();
    let html = parsed.html_part(0).unwrap().text_contents().unwrap().to_owned();
    (text, html)
}

fn assert_lines_travel_well(bytes: &[u8]) {
    assert!(bytes.is_ascii() && !bytes.contains(&0));
    let text = std::str::from_utf8(bytes).unwrap();
    for line in text.split("\r\n") {
        assert!(line.len() <= 78 && !line.contains(['\r', '\n']), "{line:?}");
        assert!(!line.starts_with('.') && !line.starts_with("From "), "{line:?}");
    }
}

#[test]
fn kazakh_and_russian_text_is_read_back_by_a_strict_parser() {
    let (text, html) = read_back(&letter());
    assert_eq!(text, with_crlf(TEXT));
    assert_eq!(html, with_crlf(HTML));
}

#[test]
fn the_parts_are_alternatives_with_the_plain_one_first() {
    let message = unsigned(&letter());
    let parsed = MessageParser::default().parse(&message.bytes).unwrap();
    let kinds: Vec<_> = parsed
        .parts
        .iter()
        .map(|part| part.content_type().unwrap())
        .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap()))
        .collect();
    assert_eq!(kinds, ["multipart/alternative", "text/plain", "text/html"]);
}

#[test]
fn the_same_letter_gives_the_same_bytes_and_another_message_id_another_boundary() {
    assert_eq!(unsigned(&letter()), unsigned(&letter()));
    let boundary = |message_id| {
        let text = String::from_utf8(unsigned(&Letter { message_id, ..letter() }).bytes).unwrap();
        text.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_ne!(boundary("1@news.example.kz"), boundary("2@news.example.kz"));
}

proptest! {
    #[test]
    fn any_text_is_read_back_and_its_lines_travel_well(
        text in "(?s).{0,300}",
        html in "(?s)(.|\r\n|\n| |<p>|\\.|From |=){0,300}",
    ) {
        let letter = Letter { text: &text, html: &html, ..letter() };
        let composed = unsigned(&letter);
        assert_lines_travel_well(&composed.bytes);
        let (read_text, read_html) = read_back(&letter);
        prop_assert_eq!(read_text, with_crlf(&text));
        prop_assert_eq!(read_html, with_crlf(&html));
    }
}
