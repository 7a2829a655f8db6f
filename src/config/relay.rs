//! The relays that mail is handed to.

use std::{collections::BTreeSet, path::PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use super::{keys, reader::Reader};
use crate::domain::pace::SendRate;

/// What reports call the relay of `[smtp]`.
pub const FIRST_RELAY: &str = "smtp";
/// Characters of a relay's name.
const NAME_CHARS_MAX: usize = 40;

/// A relay and what it may be given.
#[derive(Debug)]
pub struct RelaySettings {
    /// What reports call it.
    pub name: String,
    /// Host, port, login and use of TLS.
    pub url: SecretString,
    /// The most messages per time.
    pub rate: SendRate,
    /// Connections at once, 1 to 200.
    pub connections: u32,
    /// Messages over one connection, 1 to 10,000.
    pub messages_per_connection: u32,
    /// Certificates (PEM) to trust besides the system's.
    pub tls_ca_file: Option<PathBuf>,
}

/// Reads `[smtp]`, which must have a URL if `is_required`, and `[[relays]]`, in order.
pub(super) fn read(root: &Reader<'_>, is_required: bool) -> Vec<RelaySettings> {
    let mut names = BTreeSet::from([FIRST_RELAY.to_owned()]);
    let smtp = root.section(&keys::SMTP);
    let first = relay(&smtp, is_required).map(|relay| (FIRST_RELAY.to_owned(), relay));
    let further = root.rows(&keys::RELAYS).into_iter().filter_map(|row| {
        let name = row.read(&keys::RELAY_NAME, |text| name(text, &mut names));
        let relay = relay(&row, true);
        name.zip(relay)
    });
    first.into_iter().chain(further).map(|(name, relay)| RelaySettings { name, ..relay }).collect()
}

fn relay(reader: &Reader<'_>, is_required: bool) -> Option<RelaySettings> {
    let is_set = reader.is_set(&keys::RELAY_URL) || reader.is_set(&keys::RELAY_URL_FILE);
    if is_required && !is_set {
        reader.missing(&keys::RELAY_URL);
    }
    let url = reader
        .secret(&keys::RELAY_URL, &keys::RELAY_URL_FILE)
        .and_then(|url| relay_url(url).map_err(|error| reader.wrong(&keys::RELAY_URL, error)).ok());
    let rate = reader.parsed(&keys::RATE);
    let connections = reader.number(&keys::CONNECTIONS);
    let messages_per_connection = reader.number(&keys::PER_CONNECTION);
    let tls_ca_file = reader.file(&keys::TLS_CA_FILE);
    Some(RelaySettings {
        name: String::new(),
        url: url?,
        rate: rate?,
        connections: connections?,
        messages_per_connection: messages_per_connection?,
        tls_ca_file,
    })
}

/// The one place where a relay's URL is understood. No error shows it.
fn relay_url(url: SecretString) -> Result<SecretString, &'static str> {
    match Url::parse(url.expose_secret()) {
        Ok(parsed) if matches!(parsed.scheme(), "smtp" | "smtps") && parsed.has_host() => Ok(url),
        _ => {
            Err("is not a relay such as smtp://user:password@mail.example.kz:587?tls=required (in \
                  user and password write @ as %40, : as %3A, / as %2F, # as %23, % as %25)")
        }
    }
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
