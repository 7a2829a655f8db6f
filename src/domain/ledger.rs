//! The chain that makes the history of consents tamper-evident.
//!
//! Each event's hash covers the one before it and a canonical form of the event (the JSON of
//! RFC 8785: sorted keys, no blanks, strings and null only). The head, signed with Ed25519, covers
//! the number and hash of the last event, so that neither a cut tail nor a re-hashed history passes.

use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey},
};
use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::HEXLOWER;
use uuid::Uuid;

use super::{
    consent::{Event, Evidence},
    language::Language,
};

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

/// The fields by name. Written straight into one text: of what an import computes for a row this
/// was a third.
fn canonical(seq: i64, event: &Event) -> String {
    let mut json = String::with_capacity(CANONICAL_OCTETS);
    let policy = event.policy.as_ref();
    let wording = event.wording.as_ref();
    let fields: [(&str, Option<&dyn Canonical>); 20] = [
        ("actor", Some(&event.actor.as_str())),
        ("address_hash", Some(&event.address_hash)),
        ("channel", Some(&event.channel.as_str())),
        ("consent", Some(&event.consent_id.0)),
        ("contact", Some(&event.contact_id.0)),
        ("detail_hash", Some(&event.detail_hash)),
        ("id", Some(&event.id.0)),
        ("language", event.language.as_ref().map(|language| language as _)),
        ("occurred_at", Some(&event.occurred_at)),
        ("party", Some(&event.party.as_str())),
        ("policy", policy.map(|pin| &pin.version_id.0 as _)),
        ("policy_sha256", policy.map(|pin| &pin.sha256 as _)),
        ("purpose", Some(&event.purpose.as_str())),
        ("recorded_at", Some(&event.recorded_at)),
        ("seq", Some(&seq)),
        ("state", Some(&event.state.as_str())),
        ("terms_sha256", Some(&event.terms_sha256)),
        ("valid_until", event.valid_until.as_ref().map(|time| time as _)),
        ("wording", wording.map(|pin| &pin.id.0 as _)),
        ("wording_sha256", wording.map(|pin| &pin.sha256 as _)),
    ];
    for (place, (name, value)) in fields.into_iter().enumerate() {
        json.push_str(if place == 0 { "{\"" } else { ",\"" });
        json.push_str(name);
        match value {
            Some(value) => {
                json.push_str("\":\"");
                value.write(&mut json);
                json.push('"');
            }
            None => json.push_str("\":null"),
        }
    }
    json.push('}');
    json
}

/// More than the canonical form of an event has.
const CANONICAL_OCTETS: usize = 1_024;

/// What stands in the canonical form; none of it needs escaping.
trait Canonical {
    fn write(&self, json: &mut String);
}

/// A word or a key: lower-case letters, digits and `_`.
impl Canonical for &str {
    fn write(&self, json: &mut String) {
        json.push_str(self);
    }
}

impl Canonical for Language {
    fn write(&self, json: &mut String) {
        json.push_str(self.as_str());
    }
}

impl Canonical for [u8; 32] {
    fn write(&self, json: &mut String) {
        HEXLOWER.encode_append(self, json);
    }
}

impl Canonical for Uuid {
    fn write(&self, json: &mut String) {
        json.push_str(self.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    }
}

impl Canonical for i64 {
    fn write(&self, json: &mut String) {
        json.push_str(&self.to_string());
    }
}

impl Canonical for DateTime<Utc> {
    fn write(&self, json: &mut String) {
        json.push_str(&canonical_time(*self));
    }
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
    use crate::domain::{
        consent::{Actor, Channel, State, WordingPin},
        id::{ConsentId, ContactId, EventId, WordingId},
    };

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
    fn the_canonical_form_stays_what_it_was() {
        let wording = WordingPin { id: WordingId(Uuid::from_u128(5)), sha256: [6; 32] };
        let full = event(Some(wording));
        let sorted: serde_json::Value = serde_json::from_str(&canonical(7, &full)).unwrap();
        assert_eq!(canonical(7, &full), sorted.to_string(), "sorted keys, no blanks");
        assert_eq!(
            canonical(1, &event(None)),
            concat!(
                r#"{"actor":"subject","#,
                r#""address_hash":"0404040404040404040404040404040404040404040404040404040404040404","#,
                r#""channel":"import","consent":"00000000-0000-0000-0000-000000000002","#,
                r#""contact":"00000000-0000-0000-0000-000000000003","#,
                r#""detail_hash":"0606060606060606060606060606060606060606060606060606060606060606","#,
                r#""id":"00000000-0000-0000-0000-000000000001","language":"kk","#,
                r#""occurred_at":"1970-01-01T00:00:00.000000Z","party":"institution","policy":null,"#,
                r#""policy_sha256":null,"purpose":"news","recorded_at":"1970-01-01T00:00:00.000000Z","#,
                r#""seq":"1","state":"given","#,
                r#""terms_sha256":"0505050505050505050505050505050505050505050505050505050505050505","#,
                r#""valid_until":null,"wording":null,"wording_sha256":null}"#,
            )
        );
    }

    fn event(wording: Option<WordingPin>) -> Event {
        Event {
            id: EventId(Uuid::from_u128(1)),
            consent_id: ConsentId(Uuid::from_u128(2)),
            contact_id: ContactId(Uuid::from_u128(3)),
            purpose: "news".parse().unwrap(),
            party: "institution".parse().unwrap(),
            state: State::Given,
            occurred_at: DateTime::UNIX_EPOCH,
            recorded_at: DateTime::UNIX_EPOCH,
            actor: Actor::Subject,
            channel: Channel::Import,
            policy: None,
            wording,
            language: Some(Language::KK),
            valid_until: wording.map(|_| DateTime::UNIX_EPOCH),
            address_hash: [4; 32],
            terms_sha256: [5; 32],
            detail_hash: [6; 32],
        }
    }

    #[test]
    fn the_same_evidence_with_another_salt_looks_different() {
        let text = detail(&Evidence { source: "form 1".into(), ..Evidence::default() });
        assert_eq!(text, r#"{"source":"form 1"}"#);
        assert_ne!(detail_hash(b"a", &text), detail_hash(b"b", &text));
    }
}
