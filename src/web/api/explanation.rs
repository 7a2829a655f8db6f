//! An explanation, as JSON.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::{
        Proof,
        explain::{Explanation, Question},
    },
    domain::gate::Verdict,
    store::delivery::Attempt,
};

use super::ledger::EventView;

/// Everything that stands about one message.
#[derive(Serialize, ToSchema)]
pub(super) struct ExplanationView {
    delivery_id: Uuid,
    /// `queued`, `claimed`, `handing`, `sent`, `failed`, `skipped` or `uncertain`.
    #[schema(example = "sent")]
    state: &'static str,
    /// Why, where the state needs a reason.
    reason: Option<String>,
    state_since: DateTime<Utc>,
    contact_id: Uuid,
    /// Missing once the person was forgotten.
    #[schema(example = "aigul@example.kz")]
    address: Option<String>,
    campaign_id: Uuid,
    #[schema(example = "Autumn news")]
    campaign: String,
    #[schema(example = "news")]
    purpose: String,
    #[schema(example = "3.1.7")]
    clause: String,
    #[schema(example = "institution")]
    party: String,
    /// The consent event that allowed it; missing when nothing did.
    consent: Option<ProofView>,
    /// When the gate was asked, in the order in which it happened.
    gate_asked: Vec<QuestionView>,
    /// What the gate says now: `allowed`, or the refusal's word.
    #[schema(example = "allowed")]
    gate_now: &'static str,
    attempts: Vec<AttemptView>,
}

/// A consent event with everything it points to.
#[derive(Serialize, ToSchema)]
pub(super) struct ProofView {
    event: EventView,
    /// The number of the policy's edition it was given under.
    #[schema(example = 3)]
    policy_number: Option<i64>,
    /// The words it was given to, unless they were the policy's own.
    wording: Option<String>,
    /// The terms then in force: controller, third parties, borders, storage, withdrawal.
    #[schema(value_type = Option<Object>)]
    terms: Option<Value>,
    /// Whether the event is what its hash says and follows the one before it.
    intact: bool,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    broken: Option<String>,
}

/// One time at which the gate was asked.
#[derive(Serialize, ToSchema)]
pub(super) struct QuestionView {
    /// `expansion`, `claim` or `mail_from`.
    #[schema(example = "mail_from")]
    moment: &'static str,
    /// The attempt's number, before whose `MAIL FROM` it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    attempt: Option<i64>,
    at: DateTime<Utc>,
}

/// One attempt, as the relay saw it.
#[derive(Serialize, ToSchema)]
pub(super) struct AttemptView {
    #[schema(example = 1)]
    number: i64,
    relay: String,
    ended_at: DateTime<Utc>,
    #[schema(example = "sent")]
    verdict: String,
    /// The SMTP stage it ended at.
    #[schema(example = "message")]
    stage: String,
    /// The reply code.
    #[schema(example = 250)]
    code: Option<i64>,
    /// The reply's text.
    #[schema(example = "250 2.0.0 Ok: queued as 4Xy")]
    reply: Option<String>,
}

impl From<Explanation> for ExplanationView {
    fn from(explanation: Explanation) -> Self {
        let gate_asked = explanation.questions().into_iter().map(QuestionView::from).collect();
        let delivery = explanation.delivery;
        Self {
            delivery_id: delivery.id.0,
            state: delivery.state.as_str(),
            reason: delivery.reason,
            state_since: delivery.state_since,
            contact_id: delivery.contact_id.0,
            address: explanation.contact.address.map(String::from),
            campaign_id: delivery.campaign_id.0,
            campaign: explanation.campaign.name,
            purpose: explanation.purpose.key.to_string(),
            clause: explanation.purpose.clause,
            party: explanation.party.key.to_string(),
            consent: explanation.proof.map(ProofView::from),
            gate_asked,
            gate_now: match explanation.gate_now {
                Verdict::Allowed { .. } => "allowed",
                Verdict::Refused(refusal) => refusal.as_str(),
            },
            attempts: explanation.attempts.into_iter().map(AttemptView::from).collect(),
        }
    }
}

impl From<Proof> for ProofView {
    fn from(proof: Proof) -> Self {
        Self {
            event: EventView::from(&proof.entry),
            policy_number: proof.policy.map(|version| version.number),
            wording: proof.wording,
            terms: proof.terms.and_then(|text| serde_json::from_str(&text).ok()),
            intact: proof.link.is_ok(),
            broken: proof.link.err().map(|broken| broken.to_string()),
        }
    }
}

impl From<(Question, DateTime<Utc>)> for QuestionView {
    fn from((question, at): (Question, DateTime<Utc>)) -> Self {
        let (moment, attempt) = match question {
            Question::Expansion => ("expansion", None),
            Question::Claim => ("claim", None),
            Question::MailFrom { attempt } => ("mail_from", Some(attempt)),
        };
        Self { moment, attempt, at }
    }
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> Self {
        Self {
            number: attempt.number,
            relay: attempt.relay,
            ended_at: attempt.ended_at,
            verdict: attempt.verdict,
            stage: attempt.stage,
            code: attempt.code,
            reply: attempt.reply,
        }
    }
}
