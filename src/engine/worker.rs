//! One connection to one relay: takes jobs, hands messages over, tells the recorder.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use tokio::{
    sync::{Mutex, mpsc},
    time::{sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Pass, Passing, Result, sending::Claimed},
    domain::{
        address::Address,
        delivery::SkipReason,
        gate::{self, Refusal},
        ledger::sha256,
        reply::{Class, Stage},
    },
    mail::transport::{Envelope, Failure, Session, WireBody},
    store::{
        self,
        delivery::{End, Outcome},
    },
};

use super::{
    EngineSettings, RelaySettings, Relays,
    judge::Tried,
    letters::{Letters, Recipient},
    recorder::{Done, Recorder},
    relays::Open,
};

/// A connection without work is closed after this (§5.3).
const IDLE_MAX: Duration = Duration::from_mins(1);

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

/// The connection itself: open, or not now.
#[derive(Default)]
pub(super) struct Line {
    open: Option<(Session, Open)>,
    /// No new one before this, and no work.
    pub rests_until: Option<Instant>,
}

/// A message as it will be handed over.
pub(super) struct Message {
    mail_from: Address,
    pub rcpt_to: Address,
    body: WireBody,
    pub sha256: [u8; 32],
}

/// How far a message came on an open connection.
enum Handed {
    /// It was tried.
    Tried(Tried),
    /// The gate said no at the last moment.
    Refused(Refusal),
    /// Nothing of it is with the relay, and it goes back to the queue.
    Withheld,
}

/// The gate's last yes, and when it was asked for it.
struct LastYes<'a> {
    passing: Passing<'a>,
    asked_at: Instant,
}

impl Worker {
    /// Works until there are no more jobs to come.
    pub async fn run(self) {
        let mut line = Line::default();
        loop {
            self.rest(&mut line).await;
            let next = timeout(IDLE_MAX, async { self.jobs.lock().await.recv().await }).await;
            match next {
                Ok(Some(job)) => {
                    let done = if self.may_begin(&job) {
                        self.deliver(&job, &mut line).await
                    } else {
                        give_back(&job, self.app.now())
                    };
                    self.recorder.done(done).await;
                }
                Ok(None) => break,
                Err(_idle) => line.hang_up().await,
            }
        }
        line.hang_up().await;
    }

    async fn rest(&self, line: &mut Line) {
        if let Some(until) = line.rests_until.take() {
            line.hang_up().await;
            self.stop.run_until_cancelled(sleep_until(until.into())).await;
        }
    }

    /// What was claimed before a stop, a failure of the relay or a pause of the campaign goes back
    /// to the queue.
    fn may_begin(&self, job: &Job) -> bool {
        !self.stop.is_cancelled()
            && !self.relays.rests(self.relay, Instant::now())
            && !job.letters.is_set_aside()
    }

    pub(super) fn relay(&self) -> &RelaySettings {
        &self.settings.relays[self.relay]
    }

    async fn deliver(&self, job: &Job, line: &mut Line) -> Done {
        let message = match self.compose(job) {
            Ok(message) => message,
            Err(reason) => return unwritable(job, &reason),
        };
        let handed = match self.connected(line).await {
            Ok(session) => self.hand_over(job, session, &message).await,
            Err(failure) => {
                let gate_at = self.app.now();
                Ok(Handed::Tried(Tried { gate_at, result: Err(failure) }))
            }
        };
        line.drop_unusable();
        match handed {
            Ok(Handed::Tried(tried)) => self.judge(job, &message, tried, line).await,
            Ok(Handed::Refused(refusal)) => end(job, End::Skipped(SkipReason::Gate(refusal))),
            Ok(Handed::Withheld) => give_back(job, self.app.now()),
            Err(error) => {
                let delivery = job.claimed.candidate.id;
                tracing::warn!(%delivery, %error, "the gate could not be asked again");
                give_back(job, self.app.now())
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

    async fn connected<'l>(&self, line: &'l mut Line) -> Result<&'l mut Session, Failure> {
        let most = self.relay().messages_per_connection;
        if line.open.as_ref().is_some_and(|(session, _)| session.sent() >= most) {
            line.hang_up().await;
        }
        line.drop_unusable();
        match &mut line.open {
            Some((session, _)) => Ok(session),
            closed => {
                let session = self.relay().connector.open().await?;
                Ok(&mut closed.insert((session, Open::count(&self.relays, self.relay))).0)
            }
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
        let LastYes { passing, asked_at } = match self.pass(job).await? {
            Ok(yes) => yes,
            Err(held) => return Ok(held),
        };
        let gate_at = self.app.now();
        let is_reused = session.sent() > 0;
        let envelope =
            Envelope { from: Some(&message.mail_from), to: &message.rcpt_to, body: &message.body };
        let written = session.write_envelope(envelope).await;
        drop(passing);
        let written = match written {
            Ok(written) => written,
            Err(failure) => return Ok(broken(is_reused, gate_at, failure)),
        };
        let (answer, is_marked) =
            tokio::join!(written.answer(), self.recorder.mark(job.claimed.candidate.id));
        let turn = match answer {
            Ok(turn) => turn,
            Err(failure) => return Ok(broken(is_reused, gate_at, failure)),
        };
        if !is_marked {
            // Most often the campaign was paused: its other messages need not even begin.
            job.letters.set_aside();
            return Ok(Handed::Withheld);
        }
        // Recording the mark may have taken a while.
        if self.app.permits.has_changed(job.claimed.candidate.contact_id, asked_at) {
            return Ok(Handed::Withheld);
        }
        Ok(Handed::Tried(Tried { gate_at, result: turn.send(&message.body).await }))
    }

    /// The last look at the gate. It is asked in the database only if something may have changed
    /// since the claim.
    async fn pass(&self, job: &Job) -> Result<Result<LastYes<'_>, Handed>> {
        let (claimed, campaign) = (&job.claimed, &job.letters.campaign);
        let contact = claimed.candidate.contact_id;
        let (mut asked_at, mut facts) = (claimed.asked_at, Some(claimed.candidate.facts));
        loop {
            match facts.map(|facts| gate::decide(&facts, self.app.now())) {
                Some(gate::Verdict::Allowed { consent_seq })
                    if consent_seq == claimed.consent_seq => {}
                // Allowed by another event than the recorded one: the next claim records it.
                Some(gate::Verdict::Allowed { .. }) => return Ok(Err(Handed::Withheld)),
                Some(gate::Verdict::Refused(refusal)) => return Ok(Err(Handed::Refused(refusal))),
                None => return Ok(Err(Handed::Refused(Refusal::NoConsent))),
            }
            if let Pass::Go(passing) = self.app.permits.pass(contact, asked_at) {
                return Ok(Ok(LastYes { passing, asked_at }));
            }
            asked_at = Instant::now();
            let mut reader = self.app.store.read().await?;
            let (purpose, party) = (&campaign.purpose, &campaign.party);
            let now = self.app.now();
            facts = store::consent::facts(reader.conn(), contact, purpose, party, now).await?;
        }
    }
}

impl Line {
    async fn hang_up(&mut self) {
        if let Some((session, _open)) = self.open.take() {
            session.quit().await;
        }
    }

    fn drop_unusable(&mut self) {
        if self.open.as_mut().is_some_and(|(session, _)| !session.is_usable()) {
            self.open = None;
        }
    }
}

/// A relay may close a connection between two messages: nothing was begun then, and over a fresh
/// one the message will go.
fn broken(is_reused: bool, gate_at: DateTime<Utc>, failure: Failure) -> Handed {
    match failure {
        Failure::Lost { stage: Stage::MailFrom, .. } if is_reused => Handed::Withheld,
        failure => Handed::Tried(Tried { gate_at, result: Err(failure) }),
    }
}

fn unwritable(job: &Job, reason: &str) -> Done {
    tracing::warn!(delivery = %job.claimed.candidate.id, reason, "a message could not be written");
    end(job, End::Failed { reason: Class::Content.as_str().to_owned() })
}

fn end(job: &Job, end: End) -> Done {
    let outcome = Outcome { id: job.claimed.candidate.id, end, attempt: None };
    Done { outcome, dead: None }
}

fn give_back(job: &Job, now: DateTime<Utc>) -> Done {
    end(job, End::Queued { due_at: now })
}
