//! The steps of one message, each of which hands back the right to the next.

use super::Session;
use crate::{
    domain::reply::{Reply, Stage},
    mail::transport::{Failure, WireBody},
};

/// The reply after which the server closes the connection, at whatever stage (RFC 5321 §3.8).
const CLOSING: u16 = 421;
/// "Go on", the one good answer to DATA.
const GO_ON: u16 = 354;

/// MAIL FROM is with the network; the answers are not read yet.
#[must_use = "without reading the answers the session is lost"]
pub struct EnvelopeWritten<'s> {
    pub(super) session: &'s mut Session,
    /// RCPT TO, if it was not written with MAIL FROM.
    pub(super) rcpt: Option<String>,
}

/// The server said 354 and waits for the message. Dropping this gives the message up, and with it
/// the session: once 354 was said only the message, or the end of the connection, can follow.
#[must_use = "the server waits for the message"]
pub struct BodyTurn<'s> {
    session: &'s mut Session,
}

/// An envelope that was not taken, and what the server is left waiting for.
struct NotTaken {
    failure: Failure,
    then: Then,
}

enum Then {
    /// The connection ends.
    Gone,
    /// The next command.
    Command,
    /// A message, although it refused the only recipient (RFC 2920 §3.1).
    Message,
}

impl<'s> EnvelopeWritten<'s> {
    /// Reads what the server says to MAIL FROM, RCPT TO and DATA.
    ///
    /// # Errors
    /// [`Failure::Refused`] with the first refusal; the session is then usable for the next message
    /// unless the server closes it (421) or breaks off. Else when the connection fails.
    pub async fn answer(self) -> Result<BodyTurn<'s>, Failure> {
        let Self { session, rcpt } = self;
        match session.hear_envelope(rcpt).await {
            Ok(()) => Ok(BodyTurn { session }),
            Err(NotTaken { failure, then }) => {
                // A session that cannot be cleared stays unusable, which is all there is to know.
                drop(session.clear(then).await);
                Err(failure)
            }
        }
    }
}

impl Session {
    /// Reads the three answers. With `rcpt` (no PIPELINING) writes each command after the answer to
    /// the one before.
    async fn hear_envelope(&mut self, rcpt: Option<String>) -> Result<(), NotTaken> {
        let mut refusal: Option<Failure> = None;
        let mut then = Then::Command;
        for stage in [Stage::MailFrom, Stage::RcptTo, Stage::Data] {
            if refusal.is_some() && rcpt.is_some() {
                break;
            }
            let reply = match self.hear(stage, rcpt.as_deref()).await {
                Ok(reply) => reply,
                Err(failure) => {
                    return Err(NotTaken { failure: refusal.unwrap_or(failure), then: Then::Gone });
                }
            };
            let is_go_on = stage == Stage::Data && reply.code == GO_ON;
            if is_go_on {
                then = Then::Message;
            } else if reply.code == CLOSING {
                let failure = refusal.unwrap_or(Failure::Refused { stage, reply });
                return Err(NotTaken { failure, then: Then::Gone });
            } else if stage == Stage::Data || !reply.is_completion() {
                refusal.get_or_insert(Failure::Refused { stage, reply });
            }
        }
        refusal.map_or(Ok(()), |failure| Err(NotTaken { failure, then }))
    }

    async fn hear(&mut self, stage: Stage, rcpt: Option<&str>) -> Result<Reply, Failure> {
        let limit = if stage == Stage::Data { self.timeouts.data } else { self.timeouts.command };
        match (stage, rcpt) {
            (Stage::RcptTo, Some(rcpt)) => self.wire.say(stage, limit, rcpt).await?,
            (Stage::Data, Some(_)) => self.wire.say(stage, limit, "DATA\r\n").await?,
            _ => {}
        }
        self.wire.reply(stage, limit).await
    }

    /// After a refusal: back to where the next MAIL FROM can be said, if the server is still there.
    async fn clear(&mut self, then: Then) -> Result<(), Failure> {
        match then {
            Then::Gone => return Ok(()),
            Then::Command => {}
            Then::Message => {
                // An empty message ends it, and has nobody to go to.
                self.wire.say(Stage::Data, self.timeouts.data, ".\r\n").await?;
                self.wire.reply(Stage::Data, self.timeouts.data).await?;
            }
        }
        self.reset().await
    }
}

impl BodyTurn<'_> {
    /// Writes the message with its final dot in one go and reads the answer. Writes nothing if the
    /// server closed the connection, or said more, while it waited.
    ///
    /// # Errors
    /// [`Failure::Lost`] or [`Failure::TimedOut`] while the final dot was not with the network: the
    /// message was not delivered. [`Failure::Uncertain`] once it was and no answer came.
    /// [`Failure::Refused`] when the answer is no; the session is usable then, except after a 421.
    pub async fn send(self, body: &WireBody) -> Result<Reply, Failure> {
        let session = self.session;
        session.expect_silence().await?;
        session.wire.write(Stage::Body, session.timeouts.block, body.bytes()).await?;
        let answered = session.hear_verdict().await;
        let reply = answered.map_err(|failure| Failure::Uncertain(Box::new(failure)))?;
        session.is_idle = reply.code != CLOSING;
        if reply.is_completion() {
            session.sent += 1;
            return Ok(reply);
        }
        Err(Failure::Refused { stage: Stage::Body, reply })
    }
}

impl Session {
    /// A word said too early would be taken for the answer to the final dot.
    async fn expect_silence(&mut self) -> Result<(), Failure> {
        if self.wire.is_quiet() {
            return Ok(());
        }
        let stage = Stage::Data;
        let reply = self.wire.reply(stage, self.timeouts.data).await?;
        if reply.is_completion() {
            return Err(Failure::Garbled { stage, why: "it answers before it has the message" });
        }
        Err(Failure::Refused { stage, reply })
    }

    async fn hear_verdict(&mut self) -> Result<Reply, Failure> {
        self.wire.flush(Stage::Body, self.timeouts.block).await?;
        let reply = self.wire.reply(Stage::Body, self.timeouts.dot).await?;
        if (300..400).contains(&reply.code) {
            return Err(Failure::Garbled { stage: Stage::Body, why: "neither yes nor no" });
        }
        Ok(reply)
    }
}
