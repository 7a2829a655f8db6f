//! Consents and their events, as JSON.

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::consent,
    store::{consent::Consent, ledger::Entry},
};

/// Where one consent stands.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConsentView {
    id: Uuid,
    /// The purpose's key.
    #[schema(example = "news")]
    purpose: String,
    /// The party's key.
    #[schema(example = "institution")]
    party: String,
    /// `requested`, `given`, `refused`, `renewed`, `withdrawn`, `expired`, `invalidated`,
    /// `terminated` or `needs_reconfirmation`. Only given and renewed permit mail.
    #[schema(example = "given")]
    state: &'static str,
    /// When the person acted.
    since: DateTime<Utc>,
    /// The end of its term.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<DateTime<Utc>>,
    /// The number of the event that put it there.
    #[schema(example = 1204)]
    event: i64,
}

impl From<&Consent> for ConsentView {
    fn from(consent: &Consent) -> Self {
        Self {
            id: consent.id.0,
            purpose: consent.purpose.to_string(),
            party: consent.party.to_string(),
            state: consent.standing.state.as_str(),
            since: consent.standing.since,
            valid_until: consent.standing.valid_until,
            event: consent.standing.event_seq,
        }
    }
}

/// One event of the consent ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventView {
    /// Its number in the ledger, from 1.
    #[schema(example = 1204)]
    number: i64,
    id: Uuid,
    consent_id: Uuid,
    #[schema(example = "news")]
    purpose: String,
    #[schema(example = "institution")]
    party: String,
    /// Where it puts the consent.
    #[schema(example = "given")]
    state: &'static str,
    /// When the person acted.
    occurred_at: DateTime<Utc>,
    /// When we learnt of it.
    recorded_at: DateTime<Utc>,
    /// `subject`, `operator`, `system` or `authority`.
    #[schema(example = "subject")]
    actor: &'static str,
    /// How it came: `web_form`, `double_opt_in`, `import`, `api`, `one_click`, `link`, `mail`,
    /// `phone`, `feedback_loop` or `staff`.
    #[schema(example = "web_form")]
    channel: &'static str,
    /// The edition of the policy it was given under, and the SHA-256 of its text, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_version_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_sha256: Option<String>,
    /// SHA-256 of the words it was given to, in hex.
    #[serde(skip_serializing_if = "Option::is_none")]
    wording_sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<DateTime<Utc>>,
    /// What proves it; missing once redacted.
    #[serde(skip_serializing_if = "Option::is_none")]
    evidence: Option<EvidenceView>,
    /// The hash of the event before it, in hex.
    previous_hash: String,
    /// Its own hash, in hex.
    hash: String,
}

/// What proves an act.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EvidenceView {
    /// The form, page, document or system that the act was made with.
    #[schema(example = "https://example.kz/subscribe")]
    source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_name: Option<String>,
    /// The mail through which it was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    delivery_id: Option<Uuid>,
    /// The import that brought it, and the line of its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    import_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    import_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip_prefix: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    /// Why, in the words of the person or of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl From<consent::Evidence> for EvidenceView {
    fn from(evidence: consent::Evidence) -> Self {
        Self {
            source: evidence.source,
            subject_name: evidence.subject_name,
            delivery_id: evidence.delivery_id,
            import_id: evidence.import_id,
            import_line: evidence.import_line,
            ip_prefix: evidence.ip_prefix,
            user_agent: evidence.user_agent,
            reason: evidence.reason,
        }
    }
}

impl From<&Entry> for EventView {
    fn from(entry: &Entry) -> Self {
        let event = &entry.event;
        let evidence = entry.detail.as_ref().and_then(|(_, text)| serde_json::from_str(text).ok());
        Self {
            number: entry.seq,
            id: event.id.0,
            consent_id: event.consent_id.0,
            purpose: event.purpose.to_string(),
            party: event.party.to_string(),
            state: event.state.as_str(),
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
            actor: event.actor.as_str(),
            channel: event.channel.as_str(),
            policy_version_id: event.policy.map(|pin| pin.version_id.0),
            policy_sha256: event.policy.map(|pin| HEXLOWER.encode(&pin.sha256)),
            wording_sha256: event.wording.map(|pin| HEXLOWER.encode(&pin.sha256)),
            language: event.language.map(String::from),
            valid_until: event.valid_until,
            evidence: evidence.map(|one: consent::Evidence| one.into()),
            previous_hash: HEXLOWER.encode(&entry.prev_hash),
            hash: HEXLOWER.encode(&entry.hash),
        }
    }
}
