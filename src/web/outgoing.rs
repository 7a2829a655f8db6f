//! What the configuration says of outgoing mail, for the settings' pages.

use crate::{
    domain::pace::SendRate,
    mail::{dkim::DnsRecord, transport::Connector},
};

/// Relays and signing keys of this process.
#[derive(Default)]
pub struct Outgoing {
    /// The relays, in the order in which they are tried.
    pub relays: Vec<OutgoingRelay>,
    /// The domain of return paths.
    pub bounce_domain: String,
    /// The signing keys.
    pub keys: Vec<SigningKey>,
}

/// A relay.
pub struct OutgoingRelay {
    /// Its name.
    pub name: String,
    /// Its limit.
    pub rate: SendRate,
    /// Connections at once.
    pub connections: usize,
    /// What opens sessions to it.
    pub connector: Connector,
}

/// A key that signs mail.
pub struct SigningKey {
    /// Whose mail.
    pub domain: String,
    /// What must be published for it.
    pub record: DnsRecord,
}
