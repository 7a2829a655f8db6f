//! Private keys from PEM files.

use std::fmt;

use aws_lc_rs::{
    encoding::{AsDer, PublicKeyX509Der},
    signature::{Ed25519KeyPair, KeyPair, RsaKeyPair},
};
use data_encoding::BASE64;

use super::DnsRecord;

/// Bits of an RSA key: shorter is refused by RFC 8301, longer by some verifiers (RFC 6376, 3.3.3).
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;

/// A domain, a selector and the private key whose public half stands in the DNS under them.
pub struct Signer {
    pub(super) domain: String,
    pub(super) selector: String,
    pub(super) key: Key,
    /// The value of its TXT record.
    record: String,
}

pub(super) enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Why nothing can be signed with this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// Not `-----BEGIN PRIVATE KEY-----` or `-----BEGIN RSA PRIVATE KEY-----`.
    #[error("the key is not a PEM file with a PRIVATE KEY or an RSA PRIVATE KEY")]
    NotPem,
    /// The PEM holds something else, or a damaged key.
    #[error("the PEM file holds neither an RSA nor an Ed25519 private key")]
    NotAKey,
    /// RSA keys must have 2048 to 4096 bits.
    #[error("an RSA key for DKIM must have 2048 to 4096 bits")]
    Size,
    /// The domain or the selector is not made of DNS labels in ASCII.
    #[error("the domain and the selector must be DNS names in ASCII (A-labels)")]
    Name,
}

impl Signer {
    /// Reads a private key: PKCS#8 (RSA or Ed25519) or PKCS#1 (RSA). `domain` is the `d=` of the
    /// signatures and `selector` their `s=`.
    ///
    /// # Errors
    /// [`BadKey`], which never shows anything of the key.
    pub fn from_pem(domain: &str, selector: &str, pem: &str) -> Result<Self, BadKey> {
        if !is_dns_name(domain) || !is_dns_name(selector) {
            return Err(BadKey::Name);
        }
        let key = read_key(pem)?;
        let record = key.record()?;
        Ok(Self { domain: domain.to_ascii_lowercase(), selector: selector.to_owned(), key, record })
    }

    /// The `d=` of its signatures.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The `s=` of its signatures.
    #[must_use]
    pub fn selector(&self) -> &str {
        &self.selector
    }

    /// The TXT record that verifiers must find for its signatures to pass.
    #[must_use]
    pub fn dns_record(&self) -> DnsRecord {
        DnsRecord {
            name: format!("{}._domainkey.{}", self.selector, self.domain),
            value: self.record.clone(),
        }
    }

    /// Whether this is the RSA key: its signature goes on top, because older verifiers look at the
    /// first one only.
    pub(super) fn is_rsa(&self) -> bool {
        matches!(self.key, Key::Rsa(_))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}._domainkey.{})", self.selector, self.domain)
    }
}

impl Key {
    /// `p=` of an RSA key is its `SubjectPublicKeyInfo`, as in the examples of RFC 6376 (its text
    /// says otherwise), of an Ed25519 key the 32 octets alone (RFC 8463, section 4).
    fn record(&self) -> Result<String, BadKey> {
        let (algorithm, public) = match self {
            Self::Rsa(pair) => {
                let der: PublicKeyX509Der<'_> =
                    pair.public_key().as_der().map_err(|_| BadKey::NotAKey)?;
                ("rsa", BASE64.encode(der.as_ref()))
            }
            Self::Ed25519(pair) => ("ed25519", BASE64.encode(pair.public_key().as_ref())),
        };
        Ok(format!("v=DKIM1; k={algorithm}; p={public}"))
    }
}

fn read_key(pem: &str) -> Result<Key, BadKey> {
    if let Some(der) = pem_body(pem, "RSA PRIVATE KEY")? {
        return rsa(RsaKeyPair::from_der(&der).map_err(|_| BadKey::NotAKey)?);
    }
    let der = pem_body(pem, "PRIVATE KEY")?.ok_or(BadKey::NotPem)?;
    if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der) {
        return Ok(Key::Ed25519(pair));
    }
    rsa(RsaKeyPair::from_pkcs8(&der).map_err(|_| BadKey::NotAKey)?)
}

fn rsa(pair: RsaKeyPair) -> Result<Key, BadKey> {
    if RSA_BITS.contains(&(pair.public_modulus_len() * 8)) {
        Ok(Key::Rsa(pair))
    } else {
        Err(BadKey::Size)
    }
}

/// What stands between the armour lines for `label`, decoded; `None` without such lines.
fn pem_body(pem: &str, label: &str) -> Result<Option<Vec<u8>>, BadKey> {
    let begin = format!("-----BEGIN {label}-----");
    let end = format!("-----END {label}-----");
    let Some((_, after)) = pem.split_once(&begin) else { return Ok(None) };
    let (body, _) = after.split_once(&end).ok_or(BadKey::NotPem)?;
    let text: String = body.split_ascii_whitespace().collect();
    BASE64.decode(text.as_bytes()).map(Some).map_err(|_| BadKey::NotPem)
}

fn is_dns_name(name: &str) -> bool {
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    name.len() <= 253 && name.split('.').all(is_label)
}
