//! New key pairs for a domain.

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::Ed25519KeyPair,
};
use data_encoding::BASE64;

use super::{BadKey, DnsRecord, Signer};

/// A new private key and the record to publish before it signs anything.
pub struct GeneratedKey {
    /// Name for the file that keeps the key: `<selector>.<domain>.pem`.
    pub file_name: String,
    /// The private key, PKCS#8 in PEM: for a file that only the service may read.
    pub pem: String,
    /// The public half.
    pub record: DnsRecord,
}

/// Why there is no new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GenerateError {
    /// The names would not do for a signer, or the new key was not read back.
    #[error("no key can be made for these names")]
    Names(#[source] BadKey),
    /// Both selectors are the same: one record would hide the other.
    #[error("the RSA and the Ed25519 key need a selector each")]
    SameSelector,
    /// The operating system gave no randomness, or not enough memory.
    #[error("the cryptographic library could not make a key")]
    Library,
}

/// Makes an RSA-2048 and an Ed25519 key for `domain`, in this order. The randomness is the
/// cryptographic library's own: key generation takes no other (about 0.1 to 1 s for RSA).
///
/// # Errors
/// [`GenerateError`]; nothing was written anywhere.
pub fn generate(
    domain: &str,
    rsa_selector: &str,
    ed25519_selector: &str,
) -> Result<[GeneratedKey; 2], GenerateError> {
    if rsa_selector.eq_ignore_ascii_case(ed25519_selector) {
        return Err(GenerateError::SameSelector);
    }
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| GenerateError::Library)?;
    let rsa: Pkcs8V1Der<'_> = rsa.as_der().map_err(|_| GenerateError::Library)?;
    let ed25519 = Ed25519KeyPair::generate()
        .and_then(|pair| pair.to_pkcs8v1())
        .map_err(|_| GenerateError::Library)?;
    Ok([
        describe(domain, rsa_selector, rsa.as_ref())?,
        describe(domain, ed25519_selector, ed25519.as_ref())?,
    ])
}

/// Reads the key back as the service will, so that what is printed is what will sign.
fn describe(domain: &str, selector: &str, pkcs8: &[u8]) -> Result<GeneratedKey, GenerateError> {
    let pem = pem(pkcs8);
    let signer = Signer::from_pem(domain, selector, &pem).map_err(GenerateError::Names)?;
    Ok(GeneratedKey {
        file_name: format!("{}.{}.pem", signer.selector(), signer.domain()),
        record: signer.dns_record(),
        pem,
    })
}

/// Lines of 64 characters (RFC 7468, section 2).
fn pem(der: &[u8]) -> String {
    let text = BASE64.encode(der);
    let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        pem.push_str(line);
        pem.push('\n');
        rest = after;
    }
    pem.push_str("-----END PRIVATE KEY-----\n");
    pem
}
