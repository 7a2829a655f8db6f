//! From how a try went to what is recorded, and to who slows down.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::{Error, campaign},
    domain::{
        campaign::Deed,
        reply::{Brake, Class, MARKETING_TTL, Reply, Stage, Tries, Verdict},
    },
    mail::transport::Failure,
    store::delivery::{Attempt, End, Outcome},
};

use super::{
    recorder::Done,
    relays::Blame,
    worker::{Job, Line, Message, Worker},
};

/// The reply with which a server closes a connection (RFC 5321 §3.8).
const CLOSING: u16 = 421;

/// How a try went: the gate was passed at that time, and the relay answered, or it did not.
pub(super) struct Tried {
    pub gate_at: DateTime<Utc>,
    pub result: Result<Reply, Failure>,
}

impl Worker {
    /// What is recorded of a try. Brakes are put on at once.
    pub(super) async fn judge(
        &self,
        job: &Job,
        message: &Message,
        tried: Tried,
        line: &mut Line,
    ) -> Done {
        let now = self.app.now();
        let candidate = &job.claimed.candidate;
        let so_far = Tries {
            made: u32::try_from(candidate.attempts + 1).unwrap_or(u32::MAX),
            age: (now - candidate.created_at).to_std().unwrap_or_default(),
            time_to_live: MARKETING_TTL,
            jitter: self.app.entropy.jitter(),
        };
        let verdict = match &tried.result {
            Ok(_) => Verdict::Sent,
            Err(failure) => failure.verdict(&so_far),
        };
        self.brake(job, verdict, &tried.result, line).await;
        let dead = verdict.suppresses().then(|| {
            let hash = self.app.address_hash(&message.rcpt_to);
            (candidate.contact_id, hash)
        });
        let attempt = self.attempt(job, message, &tried, verdict, now);
        let outcome =
            Outcome { id: candidate.id, end: ending(verdict, now), attempt: Some(attempt) };
        Done { outcome, dead }
    }

    fn attempt(
        &self,
        job: &Job,
        message: &Message,
        tried: &Tried,
        verdict: Verdict,
        now: DateTime<Utc>,
    ) -> Attempt {
        let (stage, reply) = match &tried.result {
            Ok(reply) => (Stage::Body, Some(reply)),
            Err(failure) => (failure.stage(), failure.reply()),
        };
        Attempt {
            number: job.claimed.candidate.attempts + 1,
            relay: self.relay().name.clone(),
            gate_at: tried.gate_at,
            ended_at: now,
            verdict: word(verdict).to_owned(),
            stage: stage.as_str().to_owned(),
            code: reply.map(|reply| i64::from(reply.code)),
            reply: Some(match &tried.result {
                Ok(reply) => reply.to_string(),
                Err(failure) => failure.to_string(),
            }),
            body_sha256: Some(message.sha256.to_vec()),
        }
    }

    async fn brake(
        &self,
        job: &Job,
        verdict: Verdict,
        result: &Result<Reply, Failure>,
        line: &mut Line,
    ) {
        match verdict.brake() {
            Brake::Relay(rest) => {
                let blame = result.as_ref().err().map_or(Blame::Relay, blame);
                line.rests_until = self.relays.rest(self.relay, blame, rest, Instant::now());
            }
            Brake::Campaign => {
                let said = result.as_ref().err().map(ToString::to_string).unwrap_or_default();
                self.pause(job, &said).await;
            }
            Brake::None | Brake::Provider(_) if verdict.class() != Some(Class::Relay) => {
                self.relays.works(self.relay);
            }
            Brake::None | Brake::Provider(_) => {}
        }
    }

    async fn pause(&self, job: &Job, said: &str) {
        job.letters.set_aside();
        let id = job.letters.campaign.id;
        let reason = format!("the relay {} refuses the campaign: {said}", self.relay().name);
        match campaign::change(&self.app, id, &Deed::Pause(reason), "engine").await {
            // A conflict: another connection paused it a moment ago.
            Ok(_) | Err(Error::Conflict(_)) => {}
            Err(error) => tracing::warn!(campaign = %id, %error, "it could not be paused"),
        }
    }
}

/// Who is turned away before it could say anything, or in mid-dialogue, may just be one too many.
fn blame(failure: &Failure) -> Blame {
    let is_closed = failure.reply().is_some_and(|reply| reply.code == CLOSING);
    match failure.stage() {
        Stage::Connect | Stage::Greeting | Stage::Hello => Blame::Connection,
        _ if is_closed => Blame::Connection,
        _ => Blame::Relay,
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Sent => "sent",
        Verdict::Retry { .. } => "retry",
        Verdict::Failed { .. } => "failed",
        Verdict::Uncertain => "uncertain",
    }
}

fn ending(verdict: Verdict, now: DateTime<Utc>) -> End {
    match verdict {
        Verdict::Sent => End::Sent,
        // The fault is the relay's, which rests: the message need not wait longer than that.
        Verdict::Retry { class: Class::Relay, .. } => End::Queued { due_at: now },
        Verdict::Retry { wait, .. } => {
            End::Queued { due_at: now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::hours(4)) }
        }
        Verdict::Failed { class, .. } => End::Failed { reason: class.as_str().to_owned() },
        Verdict::Uncertain => End::Uncertain { reason: "answer_lost".to_owned() },
    }
}
