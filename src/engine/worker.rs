//! One connection to one relay: takes jobs, hands messages over, tells the recorder.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{
    sync::{Mutex, mpsc},
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Pass, Passing, Result, campaign, sending::Claimed},
    domain::{
        address::Address,
        campaign::Deed,
        delivery::SkipReason,
        gate::{self, Refusal},
        ledger::sha256,
        reply::{Brake, Class, MARKETING_TTL, Reply, Stage, Tries, Verdict},
    },
    mail::transport::{Envelope, Failure, Session, WireBody},
    store::{
        self,
        delivery::{Attempt, End, Outcome},
    },
};

use super::{
    EngineSettings, RelaySettings, Relays,
    letters::{Letters, Recipient},
    recorder::{Done, Recorder},
};

/// A connection without work is closed after this (§5.3).
const IDLE_MAX: Duration = Duration::from_secs(60);

/// One message to be sent.
#[derive(Debug)]
pub(super) struct Job {
    pub claimed: Claimed,
    pub letters: Arc<Letters>,
}

/// The jobs of one relay, shared by its connections.
pub(super) type Jobs = Arc<Mutex<mpsc::Receiver<Job>>>;

/// One connection's worth of work.
pub(super) struct Worker {
    pub app: Arc<App>,
    pub settings: Arc<EngineSettings>,
    pub relays: Arc<Relays>,
    pub relay: usize,
    pub recorder: Recorder,
    pub jobs: Jobs,
    pub stop: CancellationToken,
}

/// A message as it will be handed over.
struct Message {
    mail_from: Address,
    rcpt_to: Address,
    body: WireBody,
    sha256: [u8; 32],
}

/// How far a message came on an open connection.
enum Handed {
    /// The relay answered, or it did not; the gate had been passed at that time.
    Tried { gate_at: DateTime<Utc>, result: Result<Reply, Failure> },
    /// The gate said no at the last moment.
    Refused(Refusal),
    /// The delivery is no longer ours, or its campaign no longer runs.
    Withheld,
}

impl Worker {
    /// Works until there are no more jobs to come.
    pub async fn run(self) {
        let mut session: Option<Session> = None;
        loop {
            let next = timeout(IDLE_MAX, async { self.jobs.lock().await.recv().await }).await;
            match next {
                Ok(Some(job)) => {
                    let done = if self.stop.is_cancelled() {
                        give_back(&job, self.app.now())
                    } else {
                        self.deliver(&job, &mut session).await
                    };
                    self.recorder.done(done).await;
                }
                Ok(None) => break,
                Err(_idle) => hang_up(&mut session).await,
            }
        }
        hang_up(&mut session).await;
    }

    fn relay(&self) -> &RelaySettings {
        &self.settings.relays[self.relay]
    }

    async fn deliver(&self, job: &Job, session: &mut Option<Session>) -> Done {
        let message = match self.compose(job) {
            Ok(message) => message,
            Err(reason) => return self.unwritable(job, &reason),
        };
        loop {
            let open = match self.connected(session).await {
                Ok(open) => open,
                Err(failure) => {
                    return self.judge(job, &message, self.app.now(), Err(failure)).await;
                }
            };
            let reused = open.sent() > 0;
            let handed = match self.hand_over(job, open, &message).await {
                Ok(handed) => handed,
                Err(error) => {
                    tracing::warn!(delivery = %job.claimed.candidate.id, %error, "the gate could not be asked again");
                    Handed::Withheld
                }
            };
            if session.as_mut().is_some_and(|one| !one.is_usable()) {
                *session = None;
            }
            match handed {
                // The relay closed an idle connection: nothing was begun, a fresh one will do.
                Handed::Tried {
                    result: Err(Failure::Lost { stage: Stage::MailFrom, .. }), ..
                } if reused => {}
                Handed::Tried { gate_at, result } => {
                    return self.judge(job, &message, gate_at, result).await;
                }
                Handed::Refused(refusal) => {
                    return end(job, End::Skipped(SkipReason::Gate(refusal)));
                }
                Handed::Withheld => return give_back(job, self.app.now()),
            }
        }
    }

    fn compose(&self, job: &Job) -> Result<Message, String> {
        let candidate = &job.claimed.candidate;
        let address = candidate.address.as_ref().ok_or("the address is gone")?;
        let recipient = Recipient { id: candidate.id, address, profile: &candidate.profile };
        let composed = job.letters.compose(&self.app, recipient, self.app.now())?;
        Ok(Message {
            mail_from: composed.mail_from.parse().map_err(|_| "the return path is no address")?,
            rcpt_to: address.clone(),
            sha256: sha256(&composed.bytes),
            body: WireBody::new(&composed.bytes).map_err(|error| error.to_string())?,
        })
    }

    async fn connected<'s>(
        &self,
        session: &'s mut Option<Session>,
    ) -> Result<&'s mut Session, Failure> {
        let most = self.relay().messages_per_connection;
        let worn = |one: &mut Session| one.sent() >= most || !one.is_usable();
        if session.as_mut().is_some_and(worn) {
            hang_up(session).await;
        }
        match session {
            Some(open) => Ok(open),
            None => Ok(session.insert(self.relay().connector.open().await?)),
        }
    }

    /// Envelope, mark, body. The gate is asked right before `MAIL FROM` is written; the body
    /// begins only when the mark that it does is durable.
    async fn hand_over(
        &self,
        job: &Job,
        session: &mut Session,
        message: &Message,
    ) -> Result<Handed> {
        let passing = match self.pass(job).await? {
            Ok(passing) => passing,
            Err(held) => return Ok(held),
        };
        let gate_at = self.app.now();
        let tried = |result| Ok(Handed::Tried { gate_at, result });
        let envelope =
            Envelope { from: Some(&message.mail_from), to: &message.rcpt_to, body: &message.body };
        let written = session.write_envelope(envelope).await;
        drop(passing);
        let written = match written {
            Ok(written) => written,
            Err(failure) => return tried(Err(failure)),
        };
        let (answer, ours) =
            tokio::join!(written.answer(), self.recorder.mark(job.claimed.candidate.id));
        match answer {
            Err(failure) => tried(Err(failure)),
            Ok(_turn) if !ours => Ok(Handed::Withheld),
            Ok(turn) => tried(turn.send(&message.body).await),
        }
    }

    /// The last look at the gate. It is asked in the database only if something changed since the
    /// claim.
    async fn pass(&self, job: &Job) -> Result<Result<Passing<'_>, Handed>> {
        let (claimed, campaign) = (&job.claimed, &job.letters.campaign);
        let mut asked_at = claimed.asked_at;
        loop {
            if let Pass::Go(passing) = self.app.permits.pass(claimed.candidate.contact_id, asked_at)
            {
                return Ok(Ok(passing));
            }
            asked_at = Instant::now();
            let mut reader = self.app.store.read().await?;
            let facts = store::consent::facts(
                reader.conn(),
                claimed.candidate.contact_id,
                &campaign.purpose,
                &campaign.party,
                self.app.now(),
            )
            .await?;
            let verdict = facts.map(|facts| gate::decide(&facts, self.app.now()));
            match verdict {
                Some(gate::Verdict::Allowed { consent_seq })
                    if consent_seq == claimed.consent_seq => {}
                // Allowed by another event than the recorded one: the next claim records it.
                Some(gate::Verdict::Allowed { .. }) => return Ok(Err(Handed::Withheld)),
                Some(gate::Verdict::Refused(refusal)) => return Ok(Err(Handed::Refused(refusal))),
                None => return Ok(Err(Handed::Refused(Refusal::NoConsent))),
            }
        }
    }

    async fn judge(
        &self,
        job: &Job,
        message: &Message,
        gate_at: DateTime<Utc>,
        result: Result<Reply, Failure>,
    ) -> Done {
        let now = self.app.now();
        let candidate = &job.claimed.candidate;
        let tries = Tries {
            made: u32::try_from(candidate.attempts + 1).unwrap_or(u32::MAX),
            age: (now - candidate.created_at).to_std().unwrap_or_default(),
            time_to_live: MARKETING_TTL,
            jitter: self.app.entropy.jitter(),
        };
        let verdict = match &result {
            Ok(_) => Verdict::Sent,
            Err(failure) => failure.verdict(&tries),
        };
        self.brake(job, verdict, &result).await;
        let (stage, reply) = match &result {
            Ok(reply) => (Stage::Body, Some(reply)),
            Err(failure) => (failure.stage(), failure.reply()),
        };
        let attempt = Attempt {
            number: candidate.attempts + 1,
            relay: self.relay().name.clone(),
            gate_at,
            ended_at: now,
            verdict: word(verdict).to_owned(),
            stage: stage.as_str().to_owned(),
            code: reply.map(|reply| i64::from(reply.code)),
            reply: match &result {
                Ok(reply) => Some(reply.to_string()),
                Err(failure) => Some(failure.to_string()),
            },
            body_sha256: Some(message.sha256.to_vec()),
        };
        let dead = verdict.suppresses().then(|| {
            let hash = self.app.address_hash(&message.rcpt_to);
            (candidate.contact_id, hash)
        });
        let outcome =
            Outcome { id: candidate.id, end: ending(verdict, now), attempt: Some(attempt) };
        Done { outcome, dead }
    }

    async fn brake(&self, job: &Job, verdict: Verdict, result: &Result<Reply, Failure>) {
        match verdict.brake() {
            Brake::Relay(rest) => self.relays.rest(self.relay, rest, Instant::now()),
            Brake::Campaign => {
                let said = result.as_ref().err().map(ToString::to_string).unwrap_or_default();
                let reason =
                    format!("the relay {} refuses the campaign: {said}", self.relay().name);
                let id = job.letters.campaign.id;
                // Another connection may have paused it a moment ago.
                if let Err(error) =
                    campaign::change(&self.app, id, &Deed::Pause(reason), "engine").await
                {
                    tracing::debug!(campaign = %id, %error, "not paused again");
                }
            }
            Brake::None | Brake::Provider(_) if verdict.class() != Some(Class::Relay) => {
                self.relays.works(self.relay);
            }
            Brake::None | Brake::Provider(_) => {}
        }
    }

    fn unwritable(&self, job: &Job, reason: &str) -> Done {
        tracing::warn!(delivery = %job.claimed.candidate.id, reason, "a message could not be written");
        end(job, End::Failed { reason: Class::Content.as_str().to_owned() })
    }
}

async fn hang_up(session: &mut Option<Session>) {
    if let Some(session) = session.take() {
        session.quit().await;
    }
}

fn end(job: &Job, end: End) -> Done {
    let outcome = Outcome { id: job.claimed.candidate.id, end, attempt: None };
    Done { outcome, dead: None }
}

fn give_back(job: &Job, now: DateTime<Utc>) -> Done {
    end(job, End::Queued { due_at: now })
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
