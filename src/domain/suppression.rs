//! Addresses that must not be mailed, whatever a consent says.

use chrono::{DateTime, Utc};

use super::words::words;

words! {
    /// Why an address is suppressed.
    Reason("suppression reason") {
        /// A provider said that there is no such mailbox.
        HardBounce = "hard_bounce",
        /// It failed too often.
        SoftBounces = "soft_bounces",
        /// The person pressed "this is spam".
        Complaint = "complaint",
        /// The person was forgotten.
        Erased = "erased",
        /// The person wants no marketing at all.
        AllWithdrawn = "all_withdrawn",
        /// Staff entered it.
        Staff = "staff",
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Keyed hash of the address.
    pub address_hash: [u8; 32],
    /// Why.
    pub reason: Reason,
    /// When it ends by itself; `None`: never.
    pub ends_at: Option<DateTime<Utc>>,
}
