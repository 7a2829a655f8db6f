//! Secrets that people carry: in a cookie, a link or a printed code. Only their hash is kept.

use data_encoding::BASE32_NOPAD;
use secrecy::{ExposeSecret as _, SecretString};

use crate::{app::App, domain::ledger::sha256};

/// Octets of chance: 256 bits (ASVS 5.0, 7.2.3 asks for 128).
const OCTETS: usize = 32;

/// A new secret in lower-case base32: 52 characters.
pub(super) fn generate(app: &App) -> SecretString {
    let mut text = BASE32_NOPAD.encode(&app.entropy.bytes::<OCTETS>());
    text.make_ascii_lowercase();
    SecretString::from(text)
}

/// What is kept of it. Looking up by hash takes a time that says nothing of how much of a guess
/// was right.
pub(super) fn hash(secret: &SecretString) -> [u8; 32] {
    sha256(secret.expose_secret().as_bytes())
}
