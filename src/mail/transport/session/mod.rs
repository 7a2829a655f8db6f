//! The dialogue for each message on an open connection.

mod turns;

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

pub use turns::{BodyTurn, EnvelopeWritten};

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
