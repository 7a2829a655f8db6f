//! The chain that makes the history of consents tamper-evident.
//!
//! Each event's hash covers the one before it and a canonical form of the event (the JSON of
//! RFC 8785: sorted keys, no blanks, strings and null only). The head, signed with Ed25519, covers
//! the number and hash of the last event, so that neither a cut tail nor a re-hashed history passes.

use std::collections::BTreeMap;

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::HEXLOWER;

use super::consent::{Event, Evidence};

/// The hash before the first event.
pub const GENESIS: [u8; 32] = [0; 32];

/// SHA-256.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// The evidence as it is stored and hashed.
#[must_use]
pub fn detail(evidence: &Evidence) -> String {
    serde_json::to_string(evidence).unwrap_or_default()
}

/// What stands for the evidence in the chain: a salted hash, so that redacting the text leaves
/// nothing that could be guessed back.
#[must_use]
pub fn detail_hash(salt: &[u8], detail: &str) -> [u8; 32] {
    sha256(&[b"kelisim.detail.v1\n", salt, b"\n", detail.as_bytes()].concat())
}

/// The event's hash in the chain, after `prev`, as number `seq`.
#[must_use]
pub fn event_hash(prev: &[u8; 32], seq: i64, event: &Event) -> [u8; 32] {
    sha256(&[b"kelisim.event.v1\n", prev.as_slice(), canonical(seq, event).as_bytes()].concat())
}

/// A time as it is hashed: RFC 3339 in UTC with microseconds, which both databases keep.
#[must_use]
pub fn canonical_time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn canonical(seq: i64, event: &Event) -> String {
    let hex = |bytes: &[u8]| HEXLOWER.encode(bytes);
    let fields: BTreeMap<&str, Option<String>> = BTreeMap::from([
        ("seq", Some(seq.to_string())),
        ("id", Some(event.id.to_string())),
        ("consent", Some(event.consent_id.to_string())),
        ("contact", Some(event.contact_id.to_string())),
        ("purpose", Some(event.purpose.to_string())),
        ("party", Some(event.party.to_string())),
        ("state", Some(event.state.to_string())),
        ("occurred_at", Some(canonical_time(event.occurred_at))),
        ("recorded_at", Some(canonical_time(event.recorded_at))),
        ("actor", Some(event.actor.to_string())),
        ("channel", Some(event.channel.to_string())),
        ("policy", event.policy.map(|pin| pin.version_id.to_string())),
        ("policy_sha256", event.policy.map(|pin| hex(&pin.sha256))),
        ("wording", event.wording.map(|pin| pin.id.to_string())),
        ("wording_sha256", event.wording.map(|pin| hex(&pin.sha256))),
        ("language", event.language.map(|language| language.to_string())),
        ("valid_until", event.valid_until.map(canonical_time)),
        ("address_hash", Some(hex(&event.address_hash))),
        ("terms_sha256", Some(hex(&event.terms_sha256))),
        ("detail_hash", Some(hex(&event.detail_hash))),
    ]);
    serde_json::to_string(&fields).unwrap_or_default()
}

/// The signed end of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The number of the last event; 0 before the first.
    pub seq: i64,
    /// Its hash; [`GENESIS`] before the first.
    pub hash: [u8; 32],
    /// When it was signed.
    pub signed_at: DateTime<Utc>,
    /// The Ed25519 key it was signed with.
    pub public_key: Vec<u8>,
    /// The signature (64 octets).
    pub signature: Vec<u8>,
}

/// Signs heads.
pub struct HeadSigner(Ed25519KeyPair);

impl std::fmt::Debug for HeadSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HeadSigner(…)")
    }
}

impl HeadSigner {
    /// From the 32-octet seed of the keyring. `None` if the seed has another length.
    #[must_use]
    pub fn from_seed(seed: &[u8]) -> Option<Self> {
        Ed25519KeyPair::from_seed_unchecked(seed).ok().map(Self)
    }

    /// The key that verifies its heads.
    #[must_use]
    pub fn public_key(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// The head for the chain's end at `seq`.
    #[must_use]
    pub fn sign(&self, seq: i64, hash: [u8; 32], signed_at: DateTime<Utc>) -> Head {
        let signature = self.0.sign(&head_message(seq, &hash, signed_at)).as_ref().to_vec();
        Head { seq, hash, signed_at, public_key: self.public_key().to_vec(), signature }
    }
}

impl Head {
    /// Whether the signature is that of one of `trusted` keys.
    #[must_use]
    pub fn is_signed_by(&self, trusted: &[Vec<u8>]) -> bool {
        let message = head_message(self.seq, &self.hash, self.signed_at);
        trusted.contains(&self.public_key)
            && UnparsedPublicKey::new(&ED25519, &self.public_key)
                .verify(&message, &self.signature)
                .is_ok()
    }
}

fn head_message(seq: i64, hash: &[u8; 32], signed_at: DateTime<Utc>) -> Vec<u8> {
    let hash = HEXLOWER.encode(hash);
    format!("kelisim.head.v1\n{seq}\n{hash}\n{}", canonical_time(signed_at)).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_valid_only_as_signed_and_only_for_a_trusted_key() {
        let signer = HeadSigner::from_seed(&[7; 32]).unwrap();
        let head = signer.sign(3, [1; 32], DateTime::UNIX_EPOCH);
        let trusted = vec![signer.public_key().to_vec()];
        assert!(head.is_signed_by(&trusted));
        assert!(!Head { seq: 2, ..head.clone() }.is_signed_by(&trusted));
        let other = HeadSigner::from_seed(&[8; 32]).unwrap();
        assert!(!other.sign(3, [1; 32], DateTime::UNIX_EPOCH).is_signed_by(&trusted));
    }

    #[test]
    fn the_same_evidence_with_another_salt_looks_different() {
        let text = detail(&Evidence { source: "form 1".into(), ..Evidence::default() });
        assert_eq!(text, r#"{"source":"form 1"}"#);
        assert_ne!(detail_hash(b"a", &text), detail_hash(b"b", &text));
    }
}
