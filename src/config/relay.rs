//! The relays that mail is handed to.

use std::{collections::BTreeSet, num::NonZeroUsize};

use secrecy::ExposeSecret as _;

use super::{keys, reader::Reader};
use crate::{
    domain::pace::SendRate,
    mail::transport::{HelloName, Relay},
};

/// What reports call the relay of `[smtp]`.
pub const FIRST_RELAY: &str = "smtp";
/// Characters of a relay's name.
const NAME_CHARS_MAX: usize = 40;

/// A relay and what it may be given.
#[derive(Debug, Clone)]
pub struct RelaySection {
    /// What reports call it.
    pub name: String,
    /// How to reach it.
    pub relay: Relay,
    /// The most messages per time.
    pub rate: SendRate,
    /// Connections at once, 1 to 200.
    pub connections: NonZeroUsize,
    /// Messages over one connection, 1 to 10,000.
    pub messages_per_connection: u32,
}

/// Reads `[smtp]`, which must have a URL if `is_required`, and `[[relays]]`, in order.
pub(super) fn read(root: &Reader<'_>, is_required: bool) -> Vec<RelaySection> {
    let hello_name = root.section(&keys::MAIL).read(&keys::HELLO_NAME, |text| {
        text.parse::<HelloName>()
            .map_err(|_| "must be a host name such as mail.example.kz or [192.0.2.1]")
    });
    let mut names = BTreeSet::from([FIRST_RELAY.to_owned()]);
    let smtp = section(&root.section(&keys::SMTP), Some(FIRST_RELAY.to_owned()), is_required);
    let further = root.rows(&keys::RELAYS).into_iter().filter_map(|row| {
        let name = row.read(&keys::RELAY_NAME, |text| name(text, &mut names));
        section(&row, name, true)
    });
    let mut relays: Vec<_> = smtp.into_iter().chain(further).collect();
    for section in &mut relays {
        let relay = &mut section.relay;
        relay.hello_name = relay.hello_name.take().or_else(|| hello_name.clone());
    }
    relays
}

fn section(reader: &Reader<'_>, name: Option<String>, is_required: bool) -> Option<RelaySection> {
    let is_set = reader.is_set(&keys::RELAY_URL) || reader.is_set(&keys::RELAY_URL_FILE);
    if is_required && !is_set {
        reader.missing(&keys::RELAY_URL);
    }
    let relay = reader.secret(&keys::RELAY_URL, &keys::RELAY_URL_FILE).and_then(|url| {
        let parsed = url.expose_secret().parse::<Relay>();
        parsed.map_err(|error| reader.wrong(&keys::RELAY_URL, error)).ok()
    });
    let rate = reader.parsed(&keys::RATE);
    let connections = reader.number(&keys::CONNECTIONS);
    let messages_per_connection = reader.number(&keys::PER_CONNECTION);
    let tls_ca_file = reader.file(&keys::TLS_CA_FILE);
    let mut relay = relay?;
    relay.ca_file = tls_ca_file.or(relay.ca_file);
    Some(RelaySection {
        name: name?,
        relay,
        rate: rate?,
        connections: NonZeroUsize::new(usize::try_from(connections?).ok()?)?,
        messages_per_connection: messages_per_connection?,
    })
}

fn name(text: &str, names: &mut BTreeSet<String>) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if text.is_empty() || text.len() > NAME_CHARS_MAX || !text.chars().all(fits) {
        return Err(format!("must be 1 to {NAME_CHARS_MAX} of a-z, 0-9, - and _"));
    }
    if names.insert(text.to_owned()) {
        Ok(text.to_owned())
    } else {
        Err(format!("\"{text}\" is the name of another relay"))
    }
}
