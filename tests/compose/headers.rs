//! The header: its golden form, and what may never get into it.

use kelisim::mail::compose::{ComposeError, Letter, List, compose};
use mail_parser::MessageParser;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::letters::{address, letter, signed, unsigned};

fn head(letter: &Letter<'_>) -> String {
    let text = String::from_utf8(unsigned(letter).bytes).unwrap();
    text.split_once("\r\n\r\n").unwrap().0.to_owned()
}

#[test]
fn the_fields_stand_in_their_golden_order() {
    let golden = "\
From: =?utf-8?b?0J7RgNGC0LDQu9GL0psg0LbQsNKj0LDQu9GL0pvRgtCw0YDRiw==?=
 <news@news.example.kz>
Reply-To: <support@example.kz>
To: <aliya@example.org>
Subject: GOLDEN
Date: Sun, 22 Nov 2026 10:05:00 +0500
Message-ID: <0192f0a17c3e7d00@news.example.kz>
List-Id: Example events <events.lists.example.kz>
List-Unsubscribe: <https://u.example.kz/u/1.724nv4.agjpbil4hz6q>,
 <mailto:u+1.724nv4.agjpbil4hz6q@b.news.example.kz?subject=unsubscribe>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
List-Help: <https://example.kz/lists>
List-Owner: <mailto:support@example.kz>
List-Post: NO
Precedence: bulk
X-Auto-Response-Suppress: OOF, AutoReply
Feedback-ID: c2026w47:events:kk:examplekz
X-Postmaster-Msgtype: mkt-events
CFBL-Address: fbl@news.example.kz; report=arf
CFBL-Feedback-ID: 1.724nv4.agjpbil4hz6q
Content-Language: kk
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary=\"=_RZLJL6YZFN4V7VSCV5SXFDIM\"
Content-Transfer-Encoding: 7bit";
    assert_eq!(head(&Letter { subject: "GOLDEN", ..letter() }), golden.replace('\n', "\r\n"));
}

#[test]
fn optional_fields_are_left_out() {
    let head = head(&Letter { reply_to: None, complaints: None, ..letter() });
    assert!(!head.contains("Reply-To:") && !head.contains("CFBL-"));
}

#[test]
fn signatures_stand_above_everything_with_rsa_first() {
    let text = String::from_utf8(signed(&letter()).bytes).unwrap();
    let names: Vec<_> = text
        .split("\r\n")
        .filter(|line| !line.starts_with(' '))
        .take(3)
        .map(|line| line.split_once(':').unwrap().0)
        .collect();
    assert_eq!(names, ["DKIM-Signature", "DKIM-Signature", "From"]);
    assert!(text.find("a=rsa-sha256").unwrap() < text.find("a=ed25519-sha256").unwrap());
}

#[test]
fn the_envelope_is_the_return_path_and_the_one_recipient() {
    let composed = unsigned(&letter());
    assert_eq!(composed.mail_from, "b+724nv4agjpbil4hz6q@b.news.example.kz");
    assert_eq!(composed.rcpt_to, "aliya@example.org");
    assert!(!format!("{composed:?}").contains("aliya"));
}

#[test]
fn a_line_end_in_any_value_is_an_error_that_names_the_field() {
    let evil = "x\r\nBcc: all@example.kz";
    let base = letter();
    let list = |list: List<'static>| Letter { list, ..base };
    let cases: [(&str, Letter<'_>); 11] = [
        ("From", Letter { from_name: evil, ..base }),
        ("Subject", Letter { subject: evil, ..base }),
        ("Message-ID", Letter { message_id: evil, ..base }),
        ("MAIL FROM", Letter { return_path: evil, ..base }),
        ("Feedback-ID", Letter { feedback_id: evil, ..base }),
        ("X-Postmaster-Msgtype", Letter { message_type: evil, ..base }),
        ("List-Id", list(List { phrase: evil, ..base.list })),
        ("List-Id", list(List { id: evil, ..base.list })),
        ("List-Unsubscribe", list(List { unsubscribe_url: evil, ..base.list })),
        ("List-Unsubscribe", list(List { unsubscribe_mailto: evil, ..base.list })),
        ("List-Help", list(List { help_url: evil, ..base.list })),
    ];
    for (field, letter) in cases {
        assert_eq!(compose(&letter, &[]), Err(ComposeError::Control { field }));
    }
}

#[test]
fn an_address_that_needs_smtputf8_is_refused_not_mangled() {
    let to = address("әлия@example.kz");
    let composed = compose(&Letter { to: &to, ..letter() }, &[]);
    assert_eq!(composed, Err(ComposeError::NotAscii { field: "To" }));
}

fn is_writable(text: &str) -> bool {
    text.len() <= 998 && !text.chars().any(char::is_control)
}

/// Lines of 998 octets at most, CRLF only, 7 bits, encoded words of at most 75 characters that
/// are valid UTF-8 each.
fn assert_well_formed(head: &str) {
    assert!(head.is_ascii());
    for line in head.split("\r\n") {
        assert!(line.len() <= 998 && !line.contains(['\r', '\n', '\0']), "{line}");
        assert!(line.trim() != "", "a line of blanks only");
    }
    for word in head.split_ascii_whitespace().filter(|word| word.starts_with("=?")) {
        assert!(word.len() <= 75, "{word}");
        let text = word.strip_prefix("=?utf-8?b?").unwrap().strip_suffix("?=").unwrap();
        let octets = data_encoding::BASE64.decode(text.as_bytes()).unwrap();
        assert!(String::from_utf8(octets).is_ok(), "{word}");
    }
}

proptest! {
    #[test]
    fn any_subject_is_read_back_or_refused(subject in "(?s).{1,400}") {
        let letter = Letter { subject: &subject, ..letter() };
        if is_writable(&subject) {
            let message = unsigned(&letter);
            assert_well_formed(&head(&letter));
            let parsed = MessageParser::default().parse(&message.bytes).unwrap();
            let expected: String = subject.nfc().collect();
            prop_assert_eq!(parsed.subject(), Some(expected.as_str()));
        } else {
            prop_assert!(compose(&letter, &[]).is_err());
        }
    }

    #[test]
    fn any_sender_name_is_read_back_or_refused(from_name in "(?s).{0,200}") {
        let letter = Letter { from_name: &from_name, ..letter() };
        if is_writable(&from_name) {
            let message = unsigned(&letter);
            assert_well_formed(&head(&letter));
            let parsed = MessageParser::default().parse(&message.bytes).unwrap();
            let from = parsed.from().unwrap();
            prop_assert_eq!(from.iter().count(), 1);
            let mailbox = from.first().unwrap();
            prop_assert_eq!(mailbox.address(), Some("news@news.example.kz"));
            let expected: String = from_name.nfc().collect();
            prop_assert_eq!(mailbox.name().unwrap_or_default(), expected);
        } else {
            prop_assert!(compose(&letter, &[]).is_err());
        }
    }

    #[test]
    fn plain_words_in_a_subject_are_read_back(subject in "[!-~]{1,12}( [!-~]{1,12}){0,40}") {
        prop_assume!(subject.len() <= 998);
        let letter = Letter { subject: &subject, ..letter() };
        let message = unsigned(&letter);
        prop_assert!(head(&letter).split("\r\n").all(|line| line.len() <= 78));
        let parsed = MessageParser::default().parse(&message.bytes).unwrap();
        prop_assert_eq!(parsed.subject(), Some(subject.as_str()));
    }
}
