//! Invariant 8: a message without a working way out does not leave.

use kelisim::mail::compose::{Composed, Defect, Expected, Letter, Part, check, compose};

use crate::letters::{POLICY_URL, UNSUBSCRIBE_URL, letter, signed};

fn expected() -> Expected<'static> {
    Expected { unsubscribe_url: UNSUBSCRIBE_URL, footer: &[POLICY_URL], signatures: 2 }
}

fn found(composed: &Composed) -> Vec<Defect> {
    check(composed, &expected())
}

fn changed(from: &str, to: &str) -> Composed {
    let composed = signed(&letter());
    let text = String::from_utf8(composed.bytes.clone()).unwrap();
    assert!(text.contains(from), "{from}");
    Composed { bytes: text.replace(from, to).into_bytes(), ..composed }
}

#[test]
fn a_whole_message_has_no_defect() {
    assert_eq!(found(&signed(&letter())), []);
}

#[test]
fn a_part_without_the_unsubscribe_link_is_found() {
    let text = signed(&Letter { text: "Сәлем!", ..letter() });
    assert_eq!(found(&text), [Defect::NoWayOut(Part::Text), Defect::Footer(Part::Text, 0)]);
    let html = signed(&Letter { html: "<p>Сәлем!</p>", ..letter() });
    assert_eq!(found(&html), [Defect::NoWayOut(Part::Html), Defect::Footer(Part::Html, 0)]);
}

#[test]
fn the_link_of_another_recipient_is_no_way_out() {
    let other = Expected { unsubscribe_url: "https://u.example.kz/u/1.724nv4.other", ..expected() };
    assert_eq!(
        check(&signed(&letter()), &other),
        [Defect::Unsubscribe, Defect::NoWayOut(Part::Text), Defect::NoWayOut(Part::Html)]
    );
}

#[test]
fn a_missing_or_malformed_list_unsubscribe_is_found() {
    let gone = changed("\r\nList-Unsubscribe: ", "\r\nX-Gone: ");
    assert_eq!(found(&gone), [Defect::Missing("List-Unsubscribe")]);
    let no_post = changed("\r\nList-Unsubscribe-Post: ", "\r\nX-Gone: ");
    assert_eq!(found(&no_post), [Defect::Missing("List-Unsubscribe-Post")]);
    let bare = changed("<mailto:u+1.724nv4.agjpbil4hz6q", "mailto:u+1");
    assert_eq!(found(&bare), [Defect::Unsubscribe]);
    let other_post = changed("=One-Click\r\n", "=Two-Clicks\r\n");
    assert_eq!(found(&other_post), [Defect::OneClick]);
}

#[test]
fn a_signature_that_does_not_cover_the_way_out_is_found() {
    let composed = compose(&letter(), &[]).unwrap();
    assert_eq!(found(&composed), [Defect::Signatures(0)]);
    let composed = signed(&letter());
    let text = String::from_utf8(composed.bytes.clone()).unwrap();
    let (signatures, rest) = text.split_once("\r\nFrom: ").unwrap();
    let signatures = signatures.replace("List-Unsubscribe-Post", "X-Other");
    let bytes = [&signatures, "\r\nFrom: ", rest].concat().into_bytes();
    let uncovered = Defect::NotCovered("List-Unsubscribe-Post");
    assert_eq!(found(&Composed { bytes, ..composed }), [uncovered.clone(), uncovered]);
}

#[test]
fn a_signature_of_a_foreign_domain_or_of_a_part_of_the_body_is_found() {
    let foreign = changed("d=news.example.kz;", "d=ews.example.kz;");
    assert_eq!(found(&foreign), [Defect::NotAligned, Defect::NotAligned]);
    let parent = changed("d=news.example.kz;", "d=example.kz;");
    assert_eq!(found(&parent), []);
    let part = changed("c=relaxed/relaxed;", "c=relaxed/relaxed; l=10;");
    assert_eq!(found(&part), [Defect::PartOfBody, Defect::PartOfBody]);
}

#[test]
fn a_field_that_stands_there_twice_is_found() {
    let twice = changed("\r\nTo: ", "\r\nSubject: again\r\nBcc: a@b.kz\r\nBcc: c@b.kz\r\nTo: ");
    assert_eq!(found(&twice), [Defect::Repeated("Subject"), Defect::Repeated("Bcc")]);
}

#[test]
fn lines_that_would_not_travel_are_found() {
    assert_eq!(found(&changed("</body>", "</body>\n")), [Defect::NotSevenBitLines]);
    assert_eq!(found(&changed("</body>", "\r</body>")), [Defect::NotSevenBitLines]);
    let long = format!("X-Long: {}\r\nTo: ", "x".repeat(998));
    assert_eq!(found(&changed("To: <aliya", &format!("{long}<aliya"))), [Defect::LineTooLong]);
}

#[test]
fn an_envelope_for_another_person_is_found() {
    let composed = Composed { rcpt_to: "other@example.org".into(), ..signed(&letter()) };
    assert_eq!(found(&composed), [Defect::OtherRecipient]);
}

#[test]
fn what_is_no_alternative_of_two_texts_or_no_message_at_all_is_found() {
    let other = changed("multipart/alternative", "multipart/mixed");
    assert_eq!(found(&other), [Defect::Structure]);
    let nothing = Composed { bytes: b"no message\r\n".to_vec(), ..signed(&letter()) };
    assert_eq!(found(&nothing), [Defect::Header]);
}

#[test]
fn a_message_over_ten_mebibytes_is_found() {
    let html = format!("{}{}", letter().html, "x".repeat(10 * 1024 * 1024));
    assert_eq!(found(&signed(&Letter { html: &html, ..letter() })), [Defect::TooLarge]);
}
