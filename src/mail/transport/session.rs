//! The dialogue for each message on an open connection.

use std::fmt;

use super::{
    Failure, Timeouts, WireBody,
    offers::{Offers, SizeOffer},
    wire::Wire,
};
use crate::domain::{
    address::Address,
    reply::{Reply, Stage},
};

/// The reply after which the server closes the connection, at whatever stage (RFC 5321 §3.8).
const CLOSING: u16 = 421;
/// "Go on", the one good answer to DATA.
const GO_ON: u16 = 354;

/// An open, greeted, encrypted and logged-in connection.
///
/// It is usable from one message to the next, also after a refusal. It is not after a failure that
/// leaves unclear what the server is waiting for, nor after a step that was given up half-way: then
/// drop it.
pub struct Session {
    wire: Wire,
    offers: Offers,
    timeouts: Timeouts,
    is_encrypted: bool,
    /// False while a message is under way: a step that never returns leaves it so.
    is_idle: bool,
    sent: u32,
}

/// From whom, to whom, and what: one recipient each.
#[derive(Clone, Copy)]
pub struct Envelope<'a> {
    /// The return path; `None` is the null sender `<>`.
    pub from: Option<&'a Address>,
    /// The recipient.
    pub to: &'a Address,
    /// The message, whose size and kind are told beforehand.
    pub body: &'a WireBody,
}

/// MAIL FROM is with the network; the answers are not read yet.
#[must_use = "without reading the answers the session is lost"]
pub struct EnvelopeWritten<'s> {
    session: &'s mut Session,
    /// RCPT TO, if it was not written with MAIL FROM.
    rcpt: Option<String>,
}

/// The server said 354 and waits for the message. Dropping this gives the message up, and with it
/// the session: once 354 was said only the message, or the end of the connection, can follow.
#[must_use = "the server waits for the message"]
pub struct BodyTurn<'s> {
    session: &'s mut Session,
}

impl Session {
    pub(super) fn new(wire: Wire, offers: Offers, timeouts: Timeouts, is_encrypted: bool) -> Self {
        Self { wire, offers, timeouts, is_encrypted, is_idle: true, sent: 0 }
    }

    /// Writes MAIL FROM, and with PIPELINING also RCPT TO and DATA in the same write. Returns when
    /// the bytes are with the network: a last look at the gate belongs right before this call.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] before anything is written, when the server cannot carry the
    /// message; else when the connection breaks.
    pub async fn write_envelope(
        &mut self,
        envelope: Envelope<'_>,
    ) -> Result<EnvelopeWritten<'_>, Failure> {
        let mut commands = self.mail_command(&envelope)?;
        let rcpt = format!("RCPT TO:<{}>\r\n", envelope.to.as_str());
        let mut later = None;
        if self.offers.pipelining {
            commands.push_str(&rcpt);
            commands.push_str("DATA\r\n");
        } else {
            later = Some(rcpt);
        }
        self.is_idle = false;
        self.wire.say(Stage::MailFrom, self.timeouts.command, &commands).await?;
        Ok(EnvelopeWritten { session: self, rcpt: later })
    }

    /// Clears whatever the server remembers of a message.
    ///
    /// # Errors
    /// When the connection is gone or the server refuses; the session is then unusable.
    pub async fn reset(&mut self) -> Result<(), Failure> {
        self.is_idle = false;
        let reply = self.ask(Stage::MailFrom, "RSET\r\n").await?;
        if !reply.is_completion() {
            return Err(Failure::Refused { stage: Stage::MailFrom, reply });
        }
        self.is_idle = true;
        Ok(())
    }

    /// Says goodbye and closes; waits no longer than [`Timeouts::quit`].
    pub async fn quit(mut self) {
        if self.is_usable() {
            let limit = self.timeouts.quit;
            let goodbye = async {
                self.wire.say(Stage::MailFrom, limit, "QUIT\r\n").await?;
                self.wire.reply(Stage::MailFrom, limit).await
            };
            // Whatever comes of it, the connection ends here.
            drop(tokio::time::timeout(limit, goodbye).await);
        }
    }

    /// Whether the next message can go over it: nothing is half-way, and the server has neither
    /// closed the connection nor said anything unasked. Costs no round trip.
    #[must_use]
    pub fn is_usable(&mut self) -> bool {
        self.is_idle && self.wire.is_quiet()
    }

    /// How many messages the server took over this connection.
    #[must_use]
    pub fn sent(&self) -> u32 {
        self.sent
    }

    /// Whether it runs over TLS.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.is_encrypted
    }

    /// Nothing here can hold a line end: an [`Address`] has none.
    fn mail_command(&self, envelope: &Envelope<'_>) -> Result<String, Failure> {
        let from = envelope.from.map_or("", Address::as_str);
        let size = match (self.offers.size, envelope.body.size()) {
            (SizeOffer::UpTo(limit), size) if size > limit => {
                return Err(Failure::Unsupported("a larger SIZE"));
            }
            (SizeOffer::No, _) => String::new(),
            (_, size) => format!(" SIZE={size}"),
        };
        let is_foreign =
            envelope.to.needs_smtputf8() || envelope.from.is_some_and(Address::needs_smtputf8);
        let body = extension(
            !envelope.body.is_seven_bit(),
            self.offers.eight_bit,
            "8BITMIME",
            " BODY=8BITMIME",
        )?;
        let utf8 = extension(is_foreign, self.offers.smtputf8, "SMTPUTF8", " SMTPUTF8")?;
        Ok(format!("MAIL FROM:<{from}>{size}{body}{utf8}\r\n"))
    }

    async fn ask(&mut self, stage: Stage, command: &str) -> Result<Reply, Failure> {
        self.wire.say(stage, self.timeouts.command, command).await?;
        self.wire.reply(stage, self.timeouts.command).await
    }
}

/// The parameter for MAIL FROM, if it is needed and offered.
fn extension(
    is_needed: bool,
    is_offered: bool,
    name: &'static str,
    parameter: &'static str,
) -> Result<&'static str, Failure> {
    match (is_needed, is_offered) {
        (false, _) => Ok(""),
        (true, true) => Ok(parameter),
        (true, false) => Err(Failure::Unsupported(name)),
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("offers", &self.offers)
            .field("is_encrypted", &self.is_encrypted)
            .field("is_idle", &self.is_idle)
            .field("sent", &self.sent)
            .finish_non_exhaustive()
    }
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
    /// Writes the message with its final dot in one go and reads the answer.
    ///
    /// # Errors
    /// [`Failure::Lost`] or [`Failure::TimedOut`] while the final dot was not with the network: the
    /// message was not delivered. [`Failure::Uncertain`] once it was and no answer came.
    /// [`Failure::Refused`] when the answer is no; the session is usable then, except after a 421.
    pub async fn send(self, body: &WireBody) -> Result<Reply, Failure> {
        let session = self.session;
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
    async fn hear_verdict(&mut self) -> Result<Reply, Failure> {
        self.wire.flush(Stage::Body, self.timeouts.block).await?;
        let reply = self.wire.reply(Stage::Body, self.timeouts.dot).await?;
        if (300..400).contains(&reply.code) {
            return Err(Failure::Garbled { stage: Stage::Body, why: "neither yes nor no" });
        }
        Ok(reply)
    }
}
