//! `kelisim explain`: the whole chain behind one message, as text.

use std::fmt::Write as _;

use anyhow::Context as _;
use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::HEXLOWER;

use crate::{
    app::{
        Proof,
        explain::{Explanation, Question, explain},
    },
    domain::{delivery::read_message_id, gate::Verdict},
    store::delivery::Attempt,
};

use super::context::Context;

/// Width of the column of names.
const NAMES: usize = 12;

/// Which message.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Its Message-ID, with or without angle brackets, or the delivery's id
    message: String,
}

/// Prints the chain. Fails when a link of it does not hold, after printing.
///
/// # Errors
/// For an unknown message; when the consent event is not as it was recorded.
pub async fn run(context: Context, arguments: &Arguments) -> anyhow::Result<()> {
    let id = read_message_id(&arguments.message).with_context(|| {
        format!("\"{}\" is neither a Message-ID of ours nor a delivery's id", arguments.message)
    })?;
    let explanation = explain(&context.app, id).await?;
    print!("{}", render(&explanation));
    match explanation.proof.map(|proof| proof.link) {
        Some(Err(broken)) => Err(broken.into()),
        _ => Ok(()),
    }
}

/// The explanation as an operator reads it.
#[must_use]
pub fn render(explanation: &Explanation) -> String {
    let mut text = String::new();
    message(&mut text, explanation);
    match &explanation.proof {
        Some(proof) => consent(&mut text, proof),
        None => head(&mut text, "Consent: none allowed it"),
    }
    gate(&mut text, explanation);
    attempts(&mut text, &explanation.attempts);
    text
}

fn message(text: &mut String, explanation: &Explanation) {
    let delivery = &explanation.delivery;
    head(text, &format!("Message {}", delivery.id));
    let address = explanation.contact.address.as_ref().map_or("(forgotten)", |one| one.as_str());
    line(text, "to", &format!("{address} (contact {})", delivery.contact_id));
    let campaign = &explanation.campaign;
    line(text, "campaign", &format!("{} ({})", campaign.name, campaign.id));
    let purpose = &explanation.purpose;
    line(text, "purpose", &format!("{} (clause {})", purpose.key, purpose.clause));
    line(text, "party", explanation.party.key.as_str());
    let why = delivery.reason.as_ref().map(|why| format!(", {why}")).unwrap_or_default();
    line(text, "state", &format!("{}{why} since {}", delivery.state, time(delivery.state_since)));
}

fn consent(text: &mut String, proof: &Proof) {
    let (entry, event) = (&proof.entry, &proof.entry.event);
    head(text, &format!("Consent: event {} of the ledger", entry.seq));
    let act = format!("{} by the {} ({})", event.state, event.actor, event.channel);
    line(text, "act", &format!("{act} at {}", time(event.occurred_at)));
    line(text, "recorded", &time(event.recorded_at));
    if let Some(end) = event.valid_until {
        line(text, "valid until", &time(end));
    }
    evidence(text, proof);
    if let Some(pin) = &event.policy {
        let number = proof.policy.as_ref().map_or("?".to_owned(), |one| one.number.to_string());
        let hash = HEXLOWER.encode(&pin.sha256);
        line(text, "policy", &format!("edition {number}, SHA-256 {hash}"));
    }
    if let Some(pin) = &event.wording {
        line(text, "wording", &format!("SHA-256 {}", HEXLOWER.encode(&pin.sha256)));
        line(text, "", proof.wording.as_deref().unwrap_or("(text not found)"));
    }
    line(text, "terms", &format!("SHA-256 {}", HEXLOWER.encode(&event.terms_sha256)));
    line(text, "hash", &HEXLOWER.encode(&entry.hash));
    match &proof.link {
        Ok(()) => line(text, "chain", "the event is what its hash says and follows the one before"),
        Err(broken) => line(text, "chain", &format!("BROKEN: {broken}")),
    }
}

fn evidence(text: &mut String, proof: &Proof) {
    let Some(evidence) = &proof.evidence else {
        return line(text, "evidence", "(redacted)");
    };
    line(text, "evidence", &evidence.source);
    if let (Some(import), row) = (evidence.import_id, evidence.import_line) {
        let row = row.map(|row| format!(", line {row}")).unwrap_or_default();
        line(text, "", &format!("import {import}{row}"));
    }
    let rest = [
        ("name", &evidence.subject_name),
        ("network", &evidence.ip_prefix),
        ("client", &evidence.user_agent),
        ("reason", &evidence.reason),
    ];
    for (name, value) in rest {
        if let Some(value) = value {
            line(text, "", &format!("{name}: {value}"));
        }
    }
}

fn gate(text: &mut String, explanation: &Explanation) {
    head(text, "Gate");
    for (question, at) in explanation.questions() {
        let asked = match question {
            Question::Expansion => "asked when the audience was written out".to_owned(),
            Question::Claim => "asked when a node last took it off the queue".to_owned(),
            Question::MailFrom { attempt } => {
                format!("asked right before MAIL FROM of attempt {attempt}")
            }
        };
        line(text, "", &format!("{} {asked}", time(at)));
    }
    let now = match explanation.gate_now {
        Verdict::Allowed { consent_seq } => format!("allowed by event {consent_seq}"),
        Verdict::Refused(refusal) => format!("refused: {refusal}"),
    };
    line(text, "now", &now);
}

fn attempts(text: &mut String, attempts: &[Attempt]) {
    head(text, &format!("Attempts: {}", attempts.len()));
    for one in attempts {
        let what = format!("{} at {} by {}", one.verdict, one.stage, one.relay);
        line(text, &one.number.to_string(), &format!("{what}, {}", time(one.ended_at)));
        if let Some(reply) = &one.reply {
            line(text, "", reply);
        }
        if let Some(hash) = &one.body_sha256 {
            line(text, "", &format!("message SHA-256 {}", HEXLOWER.encode(hash)));
        }
    }
}

fn head(text: &mut String, title: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(title);
    text.push('\n');
}

/// One line; what others wrote (a relay, an author) cannot begin a new one or move the cursor.
fn line(text: &mut String, name: &str, value: &str) {
    let plain = value.replace(|c: char| c.is_control(), " ");
    // Writing to a String cannot fail.
    let _ = writeln!(text, "  {name:NAMES$} {plain}");
}

fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}
