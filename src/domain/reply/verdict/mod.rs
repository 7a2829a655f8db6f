//! From a reply to what is done about it.

use std::time::Duration;

use super::{Class, Reply, Stage, Tries, table};

/// How long to leave a relay alone whose connection failed.
const RELAY_REST: Duration = Duration::from_mins(1);
/// How long to leave a relay alone that must be set up differently: retrying a wrong password locks
/// accounts.
const MISCONFIGURED_REST: Duration = Duration::from_mins(10);

/// How many tries over which time make a missing domain certain (ours).
const DOMAIN_TRIES_MIN: u32 = 3;
const DOMAIN_AGE_MIN: Duration = Duration::from_hours(24);

/// What a try to hand over one message came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// The server answered.
    Replied(&'a Reply),
    /// The connection could not be made or broke, before the final dot was written.
    Lost,
    /// A time limit passed, before the final dot was written.
    TimedOut,
    /// What came back is not SMTP.
    Garbled,
    /// The final dot may have arrived and its answer did not.
    Unanswered,
    /// TLS is required and was not offered, or its handshake failed.
    NoTls,
    /// The relay offers no way to log in that we know.
    NoAuth,
    /// The message needs an extension that the server lacks (SMTPUTF8, 8BITMIME, its SIZE).
    Unsupported,
}

/// What becomes of the message. Who must slow down or stop for it stands beside it, in a [`Brake`]:
/// these are two questions, and a failed message can raise the second one too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Verdict {
    /// The server took responsibility.
    Sent,
    /// Try again after `wait`.
    Retry {
        /// Why.
        class: Class,
        /// How long, from now.
        wait: Duration,
        /// Who slows down.
        brake: Brake,
    },
    /// Never try this message to this person again.
    Failed {
        /// Why.
        class: Class,
        /// Who slows down.
        brake: Brake,
    },
    /// It may or may not have arrived; it must not be sent again by itself.
    Uncertain,
}

/// Who must slow down or stop because of a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Brake {
    /// Nobody.
    None,
    /// All mail to the recipient's provider, for at least so long.
    Provider(Duration),
    /// New connections to the relay, for at least so long (double it while it lasts, up to 30 min).
    Relay(Duration),
    /// The campaign, until a person looked: every further message would be refused likewise.
    Campaign,
}

impl Verdict {
    /// Why the message was not taken; `None` for sent and uncertain.
    #[must_use]
    pub fn class(self) -> Option<Class> {
        match self {
            Self::Retry { class, .. } | Self::Failed { class, .. } => Some(class),
            Self::Sent | Self::Uncertain => None,
        }
    }

    /// Who slows down.
    pub fn brake(self) -> Brake {
        match self {
            Self::Retry { brake, .. } | Self::Failed { brake, .. } => brake,
            Self::Sent | Self::Uncertain => Brake::None,
        }
    }

    /// Whether the address is proved dead and goes on the suppression list.
    #[must_use]
    pub fn suppresses(self) -> bool {
        matches!(self, Self::Failed { class, .. } if class.suppresses())
    }
}

/// Judges one try: what becomes of the message, and who slows down.
///
/// A 4xx and everything short of a reply is tried again until [`Tries::time_to_live`] is over; a 5xx
/// never is, except where our own relay is at fault. A person is only ever suppressed by a 5xx that
/// came after the recipient was named (or by a domain that stayed missing for a day).
pub fn verdict(stage: Stage, outcome: Outcome<'_>, tries: &Tries) -> Verdict {
    let finding = match outcome {
        Outcome::Replied(reply) => match judge(stage, reply) {
            Ok(finding) => finding,
            Err(settled) => return settled,
        },
        Outcome::Unanswered => return Verdict::Uncertain,
        Outcome::Lost | Outcome::TimedOut | Outcome::Garbled => broken(stage),
        Outcome::NoTls | Outcome::NoAuth => passing(Class::Relay, Brake::Relay(MISCONFIGURED_REST)),
        Outcome::Unsupported => {
            Finding { class: Class::Content, brake: Brake::None, lasting: true }
        }
    };
    finding.settle(tries)
}

/// What a try says, before asking whether there is time for another one.
struct Finding {
    class: Class,
    brake: Brake,
    lasting: bool,
}

fn judge(stage: Stage, reply: &Reply) -> Result<Finding, Verdict> {
    match (stage, reply.code) {
        (Stage::Body, 200..300) => return Err(Verdict::Sent),
        // An answer to the final dot that is neither yes nor no leaves us not knowing.
        (Stage::Body, 0..400 | 600..) => return Err(Verdict::Uncertain),
        _ => {}
    }
    let Some(row) = table::row_for(stage, reply) else {
        return Ok(passing(Class::Protocol, Brake::None));
    };
    let lasting = reply.code >= 500 && row.class != Class::Relay;
    Ok(Finding { class: row.class, brake: row.brake, lasting })
}

fn broken(stage: Stage) -> Finding {
    match stage {
        Stage::MailFrom | Stage::RcptTo | Stage::Data | Stage::Body => {
            passing(Class::SoftTemp, Brake::None)
        }
        _ => passing(Class::Relay, Brake::Relay(RELAY_REST)),
    }
}

fn passing(class: Class, brake: Brake) -> Finding {
    Finding { class, brake, lasting: false }
}

impl Finding {
    fn settle(self, tries: &Tries) -> Verdict {
        let Self { class, brake, lasting } = self;
        if lasting {
            return Verdict::Failed { class, brake };
        }
        let class = if class.suppresses() && !stayed_missing(class, tries) {
            Class::SoftTemp
        } else {
            class
        };
        match tries.next_wait() {
            Some(wait) => Verdict::Retry { class, wait, brake },
            None => Verdict::Failed { class, brake },
        }
    }
}

fn stayed_missing(class: Class, tries: &Tries) -> bool {
    class == Class::HardDomain && tries.made >= DOMAIN_TRIES_MIN && tries.age >= DOMAIN_AGE_MIN
}

#[cfg(test)]
mod tests;
