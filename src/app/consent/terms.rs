//! What was true of the processing when a consent was given (§3.2: union of ISO/IEC TS 27560 and
//! Law 94-V art. 8(4)). Stored once per wording, pointed to by every event.

use serde_json::json;

use crate::domain::{institution::Institution, ledger::sha256};

/// The terms in force, as text and by hash.
#[derive(Debug)]
pub(in crate::app) struct Terms {
    pub(in crate::app) sha256: [u8; 32],
    pub(in crate::app) body: String,
}

impl Terms {
    /// The terms that the configuration states.
    pub(in crate::app) fn of(institution: &Institution) -> Self {
        let processing = &institution.processing;
        // serde_json sorts the keys, so the same terms always have the same hash.
        let body = json!({
            "schema_version": "kelisim/1",
            "jurisdiction": processing.jurisdiction,
            "controller": {
                "name": institution.name,
                "bin": institution.bin,
                "address": institution.address,
                "contact": institution.support_email,
                "phone": institution.phone,
            },
            "policy_url": institution.policy_url,
            "pii_types": processing.data,
            "third_party_transfer": !processing.third_parties.is_empty(),
            "third_parties": processing.third_parties,
            "cross_border": !processing.cross_border.is_empty(),
            "cross_border_countries": processing.cross_border,
            "public_dissemination": processing.published,
            "storage_location": processing.storage_location,
            "withdrawal_methods": ["one_click", "link", "mail", "phone"],
        })
        .to_string();
        Self { sha256: sha256(body.as_bytes()), body }
    }
}
