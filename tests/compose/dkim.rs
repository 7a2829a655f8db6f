//! Signatures: two verifiers pass both algorithms, and whatever is changed on the way breaks them.

use chrono::DateTime;
use data_encoding::{BASE64, HEXLOWER};
use kelisim::mail::dkim::{BadKey, DnsRecord, GenerateError, Signer, generate, sign};

use crate::{
    letters::{DOMAIN, ed25519_signer, keys, letter, rsa_signer, signed, signers},
    verifiers::{both_pass, dkimpy, mail_auth},
};

fn records() -> Vec<DnsRecord> {
    keys().iter().map(|key| key.record.clone()).collect()
}

#[tokio::test]
async fn mail_auth_and_dkimpy_pass_both_signatures_with_rsa_on_top() {
    let message = signed(&letter()).bytes;
    assert_eq!(mail_auth(&message, &records()).await, both_pass());
    assert_eq!(dkimpy(&message, &records()), both_pass());
}

#[tokio::test]
async fn a_letter_without_optional_fields_passes_too() {
    let bare = kelisim::mail::compose::Letter { reply_to: None, complaints: None, ..letter() };
    let message = signed(&bare).bytes;
    assert_eq!(mail_auth(&message, &records()).await, both_pass());
    assert_eq!(dkimpy(&message, &records()), both_pass());
}

/// Bodies that other signers are known to canonicalise wrongly.
#[test]
fn dkimpy_passes_bodies_that_are_empty_or_end_in_lines_of_blanks() {
    let headers = b"From: news@news.example.kz\r\nSubject:  two   blanks \r\n\tand a fold\r\n";
    for body in ["", "\r\n", " \r\n\t\r\n", "a\r\n  \r\n \t \r\n", "a  \r\n\r\n b\t c\r\n"] {
        let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        let signatures = sign(&signers(), headers, body.as_bytes(), at).unwrap();
        let message = [signatures.as_bytes(), headers, b"\r\n", body.as_bytes()].concat();
        assert_eq!(dkimpy(&message, &records()), both_pass(), "{body:?}");
    }
}

fn replaced(message: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(message.to_vec()).unwrap();
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1).into_bytes()
}

#[tokio::test]
async fn tampering_breaks_both_signatures() {
    let message = signed(&letter()).bytes;
    for (from, to) in [
        ("To: <aliya@", "To: <other@"),
        ("List-Unsubscribe: <https://u.", "List-Unsubscribe: <https://evil."),
        ("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", ""),
        ("Feedback-ID: c2026w47", "Feedback-ID: c2026w48"),
        ("CFBL-Address: fbl@", "CFBL-Address: other@"),
        ("MIME-Version: 1.0\r\n", "MIME-Version: 1.0\r\nSubject: a second one\r\n"),
        ("MIME-Version: 1.0\r\n", "MIME-Version: 1.0\r\nFrom: <other@example.com>\r\n"),
        ("</body>", "</BODY>"),
        ("lang=3D\"kk\"", "lang=3D\"ru\""),
    ] {
        let tampered = replaced(&message, from, to);
        let none = |verdicts: Vec<(String, bool)>| {
            verdicts.len() == 2 && verdicts.iter().all(|(_, passed)| !passed)
        };
        assert!(none(mail_auth(&tampered, &records()).await), "mail-auth: {from}");
        assert!(none(dkimpy(&tampered, &records())), "dkimpy: {from}");
    }
}

#[tokio::test]
async fn what_relays_may_do_to_blanks_and_folding_does_not_break_a_signature() {
    let message = signed(&letter()).bytes;
    let relayed = replaced(&message, "Precedence: bulk", "precedence:   bulk  ");
    let relayed = replaced(&relayed, ">,\r\n <mailto:", ">,\r\n\t<mailto:");
    let relayed =
        [b"Received: from a by b; Sun, 22 Nov 2026 10:05:01 +0500\r\n", &*relayed].concat();
    assert_eq!(mail_auth(&relayed, &records()).await, both_pass());
    assert_eq!(dkimpy(&relayed, &records()), both_pass());
}

#[tokio::test]
async fn a_reply_to_added_on_the_way_breaks_the_signatures_though_there_was_none() {
    let bare = kelisim::mail::compose::Letter { reply_to: None, ..letter() };
    let message = signed(&bare).bytes;
    let tampered = replaced(&message, "\r\nTo: ", "\r\nReply-To: <other@example.com>\r\nTo: ");
    assert!(mail_auth(&tampered, &records()).await.iter().all(|(_, passed)| !passed));
    assert!(dkimpy(&tampered, &records()).iter().all(|(_, passed)| !passed));
}

#[test]
fn signature_fields_are_folded_within_76_columns_and_have_a_time_but_no_end() {
    let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
    let block = sign(&signers(), b"From: a@example.kz\r\n", b"x\r\n", at).unwrap();
    assert!(block.split("\r\n").all(|line| line.len() <= 76), "{block}");
    let flat = block.replace("\r\n ", "");
    assert_eq!(flat.lines().count(), 2);
    for (line, algorithm) in flat.lines().zip(["rsa-sha256", "ed25519-sha256"]) {
        assert!(line.contains(&format!("a={algorithm};")), "{line}");
        assert!(line.contains("c=relaxed/relaxed;") && line.contains("t=1795000000;"), "{line}");
        assert!(!line.contains(" l=") && !line.contains(" x="), "{line}");
    }
}

#[test]
fn generated_keys_come_with_records_to_publish_and_files_to_keep() {
    let [rsa, ed25519] = keys() else { panic!("two keys") };
    assert_eq!(rsa.file_name, "rsa2026a.news.example.kz.pem");
    assert_eq!(rsa.record.name, "rsa2026a._domainkey.news.example.kz");
    assert!(rsa.record.value.starts_with("v=DKIM1; k=rsa; p=MIIBIjAN"));
    assert!(rsa.record.strings().count() == 2 && rsa.record.strings().all(|s| s.len() <= 255));
    assert!(ed25519.record.value.starts_with("v=DKIM1; k=ed25519; p="));
    assert_eq!(ed25519.record.value.len(), "v=DKIM1; k=ed25519; p=".len() + 44);
    assert_eq!(rsa_signer().dns_record(), rsa.record);
    assert_eq!(ed25519_signer().dns_record(), ed25519.record);
}

#[test]
fn names_that_cannot_stand_in_the_dns_or_would_hide_each_other_get_no_keys() {
    assert_eq!(generate(DOMAIN, "same", "Same").err(), Some(GenerateError::SameSelector));
    let injected = generate("news.example.kz; l=0", "rsa", "ed").err();
    assert_eq!(injected, Some(GenerateError::Names(BadKey::Name)));
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", BASE64.encode(der))
}

/// The key of RFC 8463, appendix A.2, in PKCS#8 as openssl writes it.
#[test]
fn the_key_of_rfc_8463_gives_the_record_of_rfc_8463() {
    let mut der = HEXLOWER.decode(b"302e020100300506032b657004220420").unwrap();
    der.extend(BASE64.decode(b"nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=").unwrap());
    let signer =
        Signer::from_pem("football.example.com", "brisbane", &pem("PRIVATE KEY", &der)).unwrap();
    let record = signer.dns_record();
    assert_eq!(record.name, "brisbane._domainkey.football.example.com");
    assert_eq!(record.value, "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
}

#[test]
fn an_rsa_key_is_read_from_pkcs_1_too() {
    let body: String = keys()[0].pem.lines().filter(|line| !line.starts_with("---")).collect();
    let pkcs8 = BASE64.decode(body.as_bytes()).unwrap();
    // Version, algorithm and two headers take 26 octets before the key of RFC 8017.
    let pkcs1 = pem("RSA PRIVATE KEY", &pkcs8[26..]);
    let signer = Signer::from_pem(DOMAIN, "rsa2026a", &pkcs1).unwrap();
    assert_eq!(signer.dns_record(), keys()[0].record);
}

#[test]
fn what_is_no_key_is_refused_and_says_nothing_of_its_content() {
    let bad = |pem: &str| Signer::from_pem(DOMAIN, "s", pem).err();
    assert_eq!(bad("secret"), Some(BadKey::NotPem));
    assert_eq!(bad("-----BEGIN PRIVATE KEY-----\nAAAA"), Some(BadKey::NotPem));
    assert_eq!(bad(&pem("PRIVATE KEY", b"nonsense")), Some(BadKey::NotAKey));
    assert_eq!(bad(&pem("RSA PRIVATE KEY", b"nonsense")), Some(BadKey::NotAKey));
    assert_eq!(bad(&pem("PUBLIC KEY", b"nonsense")), Some(BadKey::NotPem));
    let signer = format!("{:?}", rsa_signer());
    assert_eq!(signer, "Signer(rsa2026a._domainkey.news.example.kz)");
}
