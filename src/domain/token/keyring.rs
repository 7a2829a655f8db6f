//! Keys derived once from the master secrets.

use std::fmt;

use aws_lc_rs::{constant_time::verify_slices_are_equal, hmac};
use data_encoding::BASE32_NOPAD;

use super::{ID_OCTETS, KID_CHARS, MAC_OCTETS, TokenKind, VERSION};

/// Octets of a derived key, and the least that a master secret may have: the output of SHA-256.
const KEY_OCTETS: usize = 32;
/// Salt of HKDF (RFC 5869). A constant: the secrets are random already, it only names the use.
const SALT: &[u8] = b"kelisim/1";

/// Every key that is derived from the master secrets. The first secret signs; all of them verify,
/// so that links outlive keys.
///
/// `Debug` prints nothing of it.
pub struct Keyring {
    signing: MasterKey,
    also_verify: Vec<MasterKey>,
}

/// A master secret shorter than 32 octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a master secret must have at least {KEY_OCTETS} octets")]
pub struct WeakSecret;

impl Keyring {
    /// Derives all keys. `signing` makes new tokens; `also_verify`, newest first, are earlier
    /// secrets whose tokens are still in people's mailboxes.
    ///
    /// # Errors
    /// [`WeakSecret`] if any secret has fewer than 32 octets.
    pub fn new<S: AsRef<[u8]>>(
        signing: S,
        also_verify: impl IntoIterator<Item = S>,
    ) -> Result<Self, WeakSecret> {
        let also_verify = also_verify
            .into_iter()
            .map(|secret| MasterKey::derive(secret.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Self { signing: MasterKey::derive(signing.as_ref())?, also_verify })
    }

    /// What an address is remembered by on the suppression list: `HMAC-SHA-256` of its
    /// [`key`](crate::domain::address::Address::key) under the signing secret.
    #[must_use]
    pub fn address_hash(&self, key: &str) -> [u8; KEY_OCTETS] {
        self.signing.address_hash(key)
    }

    /// The hash of an address under every known secret, newest first: an entry made before a
    /// rotation must be found too.
    #[must_use]
    pub fn address_hashes(&self, key: &str) -> Vec<[u8; KEY_OCTETS]> {
        self.all().map(|master| master.address_hash(key)).collect()
    }

    /// The Ed25519 seed that signs the heads of the consent ledger.
    #[must_use]
    pub fn ledger_key(&self) -> [u8; KEY_OCTETS] {
        self.signing.ledger
    }

    /// The Ed25519 seeds of every known secret, newest first: heads signed before a rotation are
    /// verified with these.
    #[must_use]
    pub fn ledger_keys(&self) -> Vec<[u8; KEY_OCTETS]> {
        self.all().map(|master| master.ledger).collect()
    }

    /// The key that seals staff's second factors at rest (AES-256-GCM).
    #[must_use]
    pub fn staff_key(&self) -> [u8; KEY_OCTETS] {
        self.signing.staff
    }

    /// The same of every known secret, newest first: what was sealed before a rotation opens too.
    #[must_use]
    pub fn staff_keys(&self) -> Vec<[u8; KEY_OCTETS]> {
        self.all().map(|master| master.staff).collect()
    }

    pub(super) fn signing(&self) -> &MasterKey {
        &self.signing
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&self.signing).chain(&self.also_verify)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(…)")
    }
}

/// What one master secret gives.
pub(super) struct MasterKey {
    fingerprint: String,
    tokens: [hmac::Key; TokenKind::ALL.len()],
    addresses: hmac::Key,
    ledger: [u8; KEY_OCTETS],
    staff: [u8; KEY_OCTETS],
}

impl MasterKey {
    fn derive(secret: &[u8]) -> Result<Self, WeakSecret> {
        if secret.len() < KEY_OCTETS {
            return Err(WeakSecret);
        }
        let prk = extract(secret);
        Ok(Self {
            fingerprint: fingerprint(&expand(&prk, "kid")),
            tokens: TokenKind::ALL.map(|kind| hmac_key(&expand(&prk, kind.label()))),
            addresses: hmac_key(&expand(&prk, "address")),
            ledger: expand(&prk, "ledger"),
            staff: expand(&prk, "staff"),
        })
    }

    /// The key's fingerprint: [`KID_CHARS`] lower-case base32 characters.
    pub(super) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The truncated MAC that proves an id for a kind of deed.
    pub(super) fn proof(&self, kind: TokenKind, id: &[u8; ID_OCTETS]) -> [u8; MAC_OCTETS] {
        let mut context = hmac::Context::with_key(&self.tokens[kind as usize]);
        context.update(VERSION.as_bytes());
        context.update(kind.label().as_bytes());
        context.update(id);
        let mut proof = [0; MAC_OCTETS];
        proof.copy_from_slice(&context.sign().as_ref()[..MAC_OCTETS]);
        proof
    }

    /// Whether `mac` proves `id`, in a time that does not depend on where they differ.
    pub(super) fn proves(&self, kind: TokenKind, id: &[u8; ID_OCTETS], mac: &[u8]) -> bool {
        verify_slices_are_equal(&self.proof(kind, id), mac).is_ok()
    }

    fn address_hash(&self, key: &str) -> [u8; KEY_OCTETS] {
        let mut hash = [0; KEY_OCTETS];
        hash.copy_from_slice(hmac::sign(&self.addresses, key.as_bytes()).as_ref());
        hash
    }
}

/// HKDF-Extract (RFC 5869, section 2.2).
fn extract(secret: &[u8]) -> hmac::Key {
    let salt = hmac::Key::new(hmac::HMAC_SHA256, SALT);
    hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&salt, secret).as_ref())
}

/// HKDF-Expand (RFC 5869, section 2.3) for one block, which is all that a key needs: written out,
/// it cannot fail, while `aws_lc_rs::hkdf` returns an error for lengths that are not asked here.
fn expand(prk: &hmac::Key, label: &str) -> [u8; KEY_OCTETS] {
    let mut block = hmac::Context::with_key(prk);
    block.update(label.as_bytes());
    block.update(&[1]);
    let mut key = [0; KEY_OCTETS];
    key.copy_from_slice(block.sign().as_ref());
    key
}

fn hmac_key(raw: &[u8; KEY_OCTETS]) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, raw)
}

fn fingerprint(raw: &[u8; KEY_OCTETS]) -> String {
    let mut text = BASE32_NOPAD.encode(raw);
    text.truncate(KID_CHARS);
    text.make_ascii_lowercase();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_secret_is_refused_wherever_it_stands() {
        assert_eq!(Keyring::new(&[0; 31][..], []).err(), Some(WeakSecret));
        assert_eq!(Keyring::new(&[0; 32][..], [&[0; 31][..]]).err(), Some(WeakSecret));
    }

    #[test]
    fn a_suppressed_address_is_found_after_the_secret_was_rotated() {
        let before = Keyring::new([1; 32], []).unwrap();
        let after = Keyring::new([2; 32], [[1; 32]]).unwrap();
        let entry = before.address_hash("aigul@example.kz");
        assert!(after.address_hashes("aigul@example.kz").contains(&entry));
        assert_eq!(
            after.address_hashes("aigul@example.kz")[0],
            after.address_hash("aigul@example.kz")
        );
        assert_ne!(after.address_hash("aigul@example.kz"), entry);
        assert!(!after.address_hashes("dana@example.kz").contains(&entry));
    }

    #[test]
    fn the_ledger_key_is_none_of_the_others_and_survives_a_rotation() {
        let before = Keyring::new([1; 32], []).unwrap();
        let after = Keyring::new([2; 32], [[1; 32]]).unwrap();
        assert_eq!(after.ledger_keys(), [after.ledger_key(), before.ledger_key()]);
        assert_ne!(after.ledger_key(), before.ledger_key());
    }

    #[test]
    fn derivation_is_hkdf_sha_256() {
        use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
        let mut expected = [0; KEY_OCTETS];
        let prk = Salt::new(HKDF_SHA256, SALT).extract(&[1; 40]);
        prk.expand(&[b"ledger"], HKDF_SHA256).unwrap().fill(&mut expected).unwrap();
        assert_eq!(Keyring::new([1; 40], []).unwrap().ledger_key(), expected);
    }

    #[test]
    fn debug_prints_no_key() {
        assert_eq!(format!("{:?}", Keyring::new([1; 32], []).unwrap()), "Keyring(…)");
    }
}
