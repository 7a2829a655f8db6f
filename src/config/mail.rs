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
/// Characters of the name in List-Id, which stands on one line with the id.
const LIST_NAME_CHARS_MAX: usize = 60;

/// What mail is sent from.
#[derive(Debug, Clone)]
pub struct MailSection {
    /// Verified senders, at least one.
    pub senders: Vec<Sender>,
    /// Domain of return paths, as A-labels.
    pub bounce_domain: String,
    /// Domain of List-Id and Message-ID, as A-labels.
    pub list_domain: String,
    /// The name in List-Id, printable ASCII.
    pub list_name: String,
    /// Where providers may send complaints (RFC 9477).
    pub complaints: Option<Address>,
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
pub(super) fn read(reader: &Reader<'_>, institution: Option<&Institution>) -> Option<MailSection> {
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
    let list_name = reader.read(&keys::LIST_NAME, list_name);
    let complaints = reader.parsed(&keys::COMPLAINTS);
    let sender_id = reader.read(&keys::SENDER_ID, sender_id);
    Some(MailSection {
        senders: senders?,
        bounce_domain: bounce_domain.or_else(|| fallback.clone())?,
        list_domain: list_domain.or(fallback)?,
        list_name: list_name.or_else(|| sender_id.clone())?,
        complaints,
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

fn list_name(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | '-' | '.' | '_');
    let is_name = (1..=LIST_NAME_CHARS_MAX).contains(&text.len()) && text.chars().all(fits);
    is_name.then(|| text.to_owned()).ok_or_else(|| {
        format!("must be 1 to {LIST_NAME_CHARS_MAX} of A-Z, a-z, 0-9, blank, -, . and _")
    })
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
    fn a_list_name_needs_no_quotes() {
        assert!(list_name("Center of Pedagogical Excellence").is_ok());
        for text in ["", "Орталық", "a\"b", "a<b", "a\r\nb", &"a".repeat(61)] {
            assert!(list_name(text).is_err(), "{text}");
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
