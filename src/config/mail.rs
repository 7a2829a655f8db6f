//! What mail is sent from and signed with.

use std::collections::{BTreeMap, BTreeSet};

use secrecy::ExposeSecret as _;

use super::{keys, reader::Reader};
use crate::{
    domain::{address::Address, institution::Institution, language::Language},
    mail::dkim::Signer,
};

/// Letters and digits of our name in Feedback-ID (Gmail: 5 to 15).
const SENDER_ID_CHARS: std::ops::RangeInclusive<usize> = 5..=15;
/// Octets of a host name (RFC 1035, 2.3.4).
const HOST_OCTETS_MAX: usize = 253;

/// What mail is sent from.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Verified senders, at least one.
    pub senders: Vec<Sender>,
    /// Domain of return paths, as A-labels.
    pub bounce_domain: String,
    /// Domain of List-Id and Message-ID, as A-labels.
    pub list_domain: String,
    /// What is said in EHLO, unless a literal of our address.
    pub hello_name: Option<String>,
    /// Our name in Feedback-ID: 5 to 15 letters and digits.
    pub sender_id: String,
}

/// An address that campaigns may be sent from.
#[derive(Debug, Clone)]
pub struct Sender {
    /// The address in From.
    pub address: Address,
    /// The name shown, by language; the institution's first language is among them.
    pub name: BTreeMap<Language, String>,
}

/// Reads `[mail]`.
pub(super) fn read(reader: &Reader<'_>, institution: Option<&Institution>) -> Option<MailSettings> {
    let required = institution.map(Institution::default_language);
    let rows = reader.rows(&keys::SENDERS);
    let senders: Option<Vec<_>> = rows.iter().map(|row| sender(row, required.as_slice())).collect();
    let senders = senders.filter(|senders| !senders.is_empty());
    if senders.is_none() && rows.is_empty() && reader.is_set(&keys::SENDERS) {
        reader.missing(&keys::SENDERS);
    }
    let fallback = senders.iter().flatten().next().map(|sender| sender.address.domain().to_owned());
    let bounce_domain = reader.read(&keys::BOUNCE_DOMAIN, domain);
    let list_domain = reader.read(&keys::LIST_DOMAIN, domain);
    let hello_name = reader.read(&keys::HELLO_NAME, host);
    let sender_id = reader.read(&keys::SENDER_ID, sender_id);
    Some(MailSettings {
        senders: senders?,
        bounce_domain: bounce_domain.or_else(|| fallback.clone())?,
        list_domain: list_domain.or(fallback)?,
        hello_name,
        sender_id: sender_id?,
    })
}

/// Reads `[[dkim]]`.
pub(super) fn read_signers(root: &Reader<'_>) -> Vec<Signer> {
    let mut names = BTreeSet::new();
    root.rows(&keys::DKIM).iter().filter_map(|row| signer(row, &mut names)).collect()
}

fn sender(row: &Reader<'_>, required: &[Language]) -> Option<Sender> {
    let address = row.parsed(&keys::SENDER_ADDRESS);
    let name = row.by_language(&keys::SENDER_NAME, required);
    Some(Sender { address: address?, name: name? })
}

fn signer(row: &Reader<'_>, names: &mut BTreeSet<String>) -> Option<Signer> {
    let domain = row.read(&keys::DKIM_DOMAIN, domain);
    let selector = row.parsed::<String>(&keys::DKIM_SELECTOR);
    let pem = row.guarded_file(&keys::DKIM_KEY_FILE);
    let signer = Signer::from_pem(&domain?, &selector?, pem?.expose_secret())
        .map_err(|error| row.wrong(&keys::DKIM_KEY_FILE, error))
        .ok()?;
    if !names.insert(signer.dns_record().name) {
        row.wrong(&keys::DKIM_SELECTOR, "another key has this domain and selector");
    }
    Some(signer)
}

/// A domain as A-labels. What an address takes after its `@` is what a domain is.
fn domain(text: &str) -> Result<String, String> {
    format!("x@{text}")
        .parse::<Address>()
        .map(|address| address.domain().to_owned())
        .map_err(|_| format!("\"{text}\" is not a domain such as example.kz"))
}

fn host(text: &str) -> Result<String, String> {
    let is_literal = text.starts_with('[') && text.ends_with(']');
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    let fits =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-') || is_literal && c == ':';
    if bare.is_empty() || text.len() > HOST_OCTETS_MAX || !bare.chars().all(fits) {
        return Err(
            "must be a host name such as mail.example.kz or a literal such as [192.0.2.1]".into()
        );
    }
    Ok(text.to_owned())
}

fn sender_id(text: &str) -> Result<String, String> {
    let is_id =
        SENDER_ID_CHARS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    is_id.then(|| text.to_owned()).ok_or_else(|| {
        format!(
            "must be {} to {} letters and digits",
            SENDER_ID_CHARS.start(),
            SENDER_ID_CHARS.end()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_becomes_a_labels() {
        assert_eq!(domain("Пошта.Қаз"), Ok("xn--80a1acn3a.xn--80ao21a".into()));
        for text in ["", "localhost", "a b.kz", "a@b.kz"] {
            assert!(domain(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_hello_name_is_a_host_or_a_literal() {
        for text in ["mail.example.kz", "[192.0.2.1]", "[IPv6:2001:db8::1]"] {
            assert!(host(text).is_ok(), "{text}");
        }
        for text in ["", "[]", "mail example.kz", "a:b", "a\r\nMAIL"] {
            assert!(host(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_sender_id_is_5_to_15_letters_and_digits() {
        assert!(sender_id("cpmkz").is_ok());
        for text in ["cpm", "cpm-kz", "abcdefghij123456"] {
            assert!(sender_id(text).is_err(), "{text}");
        }
    }
}
