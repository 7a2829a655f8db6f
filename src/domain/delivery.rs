//! One campaign to one contact: the durable row on which everything about that message stands.

use super::{gate::Refusal, id::DeliveryId, words::words};

words! {
    /// Where a delivery stands.
    State("delivery state") {
        /// Waits for its time and for the pace.
        Queued = "queued",
        /// A node holds it and has not begun the body: safe to give to another.
        Claimed = "claimed",
        /// The body may be on its way: nobody else may touch it.
        Handing = "handing",
        /// The relay took it.
        Sent = "sent",
        /// Refused for good, or given up.
        Failed = "failed",
        /// Never tried, for a reason.
        Skipped = "skipped",
        /// Handed over, the answer was lost: it may have been taken. Never resent by itself.
        Uncertain = "uncertain",
    }
}

impl State {
    /// Whether nothing more will happen to it by itself.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Skipped | Self::Uncertain)
    }
}

/// Why a delivery was skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkipReason {
    /// The gate said no.
    Gate(Refusal),
    /// The campaign was cancelled first.
    Cancelled,
}

impl SkipReason {
    /// The stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gate(refusal) => refusal.as_str(),
            Self::Cancelled => "cancelled",
        }
    }
}

/// The Message-ID of a delivery, without angle brackets: unique, the same at each retry (so that a
/// receiver can tell a repeat), and free of personal data.
#[must_use]
pub fn message_id(id: DeliveryId, sender_domain: &str) -> String {
    format!("{}@{sender_domain}", id.0.simple())
}

/// The delivery that a Message-ID (with or without angle brackets) or an id names.
#[must_use]
pub fn read_message_id(text: &str) -> Option<DeliveryId> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    let id = text.split('@').next().unwrap_or_default();
    id.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_leads_back_to_its_delivery() {
        let id = DeliveryId(uuid::Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        let text = message_id(id, "news.example.kz");
        assert_eq!(read_message_id(&format!("<{text}>")), Some(id));
        assert_eq!(read_message_id(&id.to_string()), Some(id));
        assert_eq!(read_message_id("someone-else@example.org"), None);
    }
}
