//! What a server does at each step.

use std::time::Duration;

/// Decides what happens at each step, and gets the mail.
pub trait Behaviour: Send + Sync + 'static {
    /// What to do now. `connection` counts from 0 over the life of the listener.
    fn at(&self, connection: u64, step: &Step<'_>) -> Action {
        let _ = (connection, step);
        Action::Accept
    }

    /// A message that was accepted, before the client hears of it.
    fn received(&self, mail: Received);
}

/// A step of the dialogue that the client has just taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// It connected.
    Connect,
    /// EHLO or HELO, with the name it gave.
    Hello(&'a str),
    /// STARTTLS.
    StartTls,
    /// AUTH, with everything that was asked for.
    Auth {
        /// The user.
        user: &'a str,
        /// The password.
        password: &'a str,
    },
    /// MAIL FROM: the address without brackets.
    MailFrom(&'a str),
    /// RCPT TO: the address without brackets.
    RcptTo(&'a str),
    /// DATA. Without an accepted recipient [`Action::Accept`] is a 554; only `Reply(354, …)` goes on.
    Data,
    /// The final dot.
    Message(&'a Received),
}

/// What the server does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// What a good server does.
    Accept,
    /// Says this: a code from 200 to 599 and its text, whose lines are separated by `\n`. A code
    /// that is no refusal counts as having accepted.
    Reply(u16, &'static str),
    /// Says this and closes, as after 421.
    ReplyAndClose(u16, &'static str),
    /// Says nothing any more, and keeps the connection.
    Hang,
    /// Closes without a word.
    Close,
    /// At [`Step::Data`]: says 354, reads so many octets of the message, and closes.
    CutAfter(usize),
    /// At [`Step::Data`]: says 354 and reads so many octets at a time, each after a pause.
    Slowly {
        /// How many octets.
        bytes: usize,
        /// How long a pause.
        pause: Duration,
    },
}

/// A message that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The return path, empty for the null sender.
    pub mail_from: String,
    /// What followed it, such as `SIZE=1000 BODY=8BITMIME`.
    pub parameters: String,
    /// The recipients.
    pub rcpt_to: Vec<String>,
    /// The message, with single dots again.
    pub message: Vec<u8>,
    /// On which connection, from 0.
    pub connection: u64,
    /// Whether it came over TLS.
    pub is_encrypted: bool,
    /// Who had logged in.
    pub user: Option<String>,
}
