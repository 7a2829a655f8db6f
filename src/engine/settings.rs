//! What the engine is told at its start.

use std::{fmt, num::NonZeroUsize, time::Duration};

use crate::{
    domain::{address::Address, pace::SendRate},
    mail::{dkim::Signer, transport::Connector},
};

/// Limits, relays and keys of one engine.
#[derive(Debug)]
pub struct EngineSettings {
    /// In the order in which they are used: the next one when those before it are down.
    pub relays: Vec<RelaySettings>,
    /// Names and keys that go into every message.
    pub mail: MailSettings,
    /// After how long without a sign of life a node counts as dead.
    pub node_timeout: Duration,
    /// A timed start that is missed by more than this is not made up for: the campaign is paused
    /// and says so.
    pub start_late_max: Duration,
    /// Longest wait at a stop for messages that are being handed over.
    pub shutdown: Duration,
}

/// One relay and its limits.
pub struct RelaySettings {
    /// What it is called in logs and proofs.
    pub name: String,
    /// How to reach it.
    pub connector: Connector,
    /// Messages in so much time, at most.
    pub rate: SendRate,
    /// Connections at once, at most.
    pub connections: NonZeroUsize,
    /// Messages over one connection before a fresh one is opened.
    pub messages_per_connection: u32,
}

impl fmt::Debug for RelaySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RelaySettings({})", self.name)
    }
}

/// What every message carries besides its content.
pub struct MailSettings {
    /// The domain of return paths (VERP) and of the mailto way out.
    pub bounce_domain: String,
    /// The domain under which `List-Id`s stand.
    pub list_domain: String,
    /// The last part of `Feedback-ID`: 5 to 15 characters (Gmail).
    pub sender_id: String,
    /// The name in `List-Id`, in ASCII.
    pub list_name: String,
    /// Where complaints go by RFC 9477, if anywhere.
    pub complaints: Option<Address>,
    /// DKIM keys, by the domain they sign for.
    pub signing: Vec<SigningDomain>,
}

/// A domain with its keys: RSA first, so that its signature stands on top.
pub struct SigningDomain {
    /// The `d=` of the signatures.
    pub domain: String,
    /// Its keys.
    pub signers: Vec<Signer>,
}

impl MailSettings {
    /// The keys for mail from `domain`: its own, else those of the nearest domain above it.
    #[must_use]
    pub fn signers_for(&self, domain: &str) -> &[Signer] {
        let covers = |one: &&SigningDomain| {
            domain == one.domain
                || domain.strip_suffix(&one.domain).is_some_and(|d| d.ends_with('.'))
        };
        let nearest = self.signing.iter().filter(covers).max_by_key(|one| one.domain.len());
        nearest.map_or(&[], |one| &one.signers)
    }
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MailSettings").finish_non_exhaustive()
    }
}
