//! How a session can fail, and what `domain` is told of it.

use std::{io, time::Duration};

use crate::domain::reply::{Outcome, Reply, Stage, Tries, Verdict, verdict};

/// Why a step of the dialogue did not succeed. No text of it holds an address or a secret.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server said no (or something that is no answer to the question).
    #[error("the server answered {reply} at {stage}")]
    Refused {
        /// Where.
        stage: Stage,
        /// Its words.
        reply: Reply,
    },
    /// No connection, or it broke. At [`Stage::Body`]: before the final dot was written.
    #[error("no connection, or it broke, at {stage}")]
    Lost {
        /// Where.
        stage: Stage,
        /// What the system says.
        #[source]
        cause: io::Error,
    },
    /// Nothing happened for too long. At [`Stage::Body`]: before the final dot was written.
    #[error("nothing happened at {stage} for {limit:?}")]
    TimedOut {
        /// Where.
        stage: Stage,
        /// The limit that passed, see [`Timeouts`](super::Timeouts).
        limit: Duration,
    },
    /// What came is not SMTP.
    #[error("the server's answer at {stage} is not SMTP: {why}")]
    Garbled {
        /// Where.
        stage: Stage,
        /// What is wrong with it.
        why: &'static str,
    },
    /// TLS is required, or a password is to be sent, and the server offers no STARTTLS.
    #[error(
        "the relay offers no STARTTLS, and neither mail nor password may go in the clear: use \
         smtps:// or another port, or allow it with ?tls=none"
    )]
    TlsNotOffered,
    /// The handshake failed: most often the certificate does not fit the name or is not trusted.
    #[error(
        "TLS with the relay failed: check its name and certificate, or trust it with ?ca_file="
    )]
    TlsFailed(#[source] io::Error),
    /// There is a password, and no mechanism in common.
    #[error("the relay offers neither AUTH PLAIN nor AUTH LOGIN, but the URL holds a password")]
    LoginNotOffered,
    /// The message cannot be carried by this server.
    #[error("the message needs {0}, which the relay does not offer")]
    Unsupported(&'static str),
    /// The final dot may have arrived; its answer did not. The message must not be sent again by
    /// itself.
    #[error("whether the message was accepted is unknown: the answer to its final dot is missing")]
    Uncertain(#[source] Box<Failure>),
}

impl Failure {
    /// Where in the dialogue it happened.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self::Refused { stage, .. }
            | Self::Lost { stage, .. }
            | Self::TimedOut { stage, .. }
            | Self::Garbled { stage, .. } => *stage,
            Self::TlsNotOffered | Self::TlsFailed(_) => Stage::Tls,
            Self::LoginNotOffered => Stage::Auth,
            Self::Unsupported(_) => Stage::MailFrom,
            Self::Uncertain(_) => Stage::Body,
        }
    }

    /// What the server said, if it said anything.
    #[must_use]
    pub fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Refused { reply, .. } => Some(reply),
            _ => None,
        }
    }

    /// The same as a word of the domain.
    #[must_use]
    pub fn outcome(&self) -> Outcome<'_> {
        match self {
            Self::Refused { reply, .. } => Outcome::Replied(reply),
            Self::Lost { .. } => Outcome::Lost,
            Self::TimedOut { .. } => Outcome::TimedOut,
            Self::Garbled { .. } => Outcome::Garbled,
            Self::TlsNotOffered | Self::TlsFailed(_) => Outcome::NoTls,
            Self::LoginNotOffered => Outcome::NoAuth,
            Self::Unsupported(_) => Outcome::Unsupported,
            Self::Uncertain(_) => Outcome::Unanswered,
        }
    }

    /// What becomes of the message, see [`verdict`].
    pub fn verdict(&self, tries: &Tries) -> Verdict {
        verdict(self.stage(), self.outcome(), tries)
    }
}
