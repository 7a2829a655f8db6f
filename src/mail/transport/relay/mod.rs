//! Where to hand mail over, read from one URL.

mod parse;

use std::{fmt, path::PathBuf, str::FromStr, time::Duration};

use secrecy::SecretString;

pub use parse::BadRelay;

/// A relay: `smtp://user:password@host:587?tls=required`.
///
/// | part | meaning |
/// |---|---|
/// | scheme | `smtp`, or `smtps` for TLS from the first byte |
/// | user, password | optional, percent-encoded |
/// | port | by default 465 for `smtps`, 587 with a password, else 25 |
/// | `tls` | `none`, `opportunistic`, `required` or `implicit`; see [`TlsUse`] for the default |
/// | `ca_file` | PEM file of certificates trusted besides the system's |
/// | `hello` | the name said in EHLO; by default the literal of our own IP address |
///
/// Neither `Debug` nor any error shows user or password.
///
/// # Examples
/// ```
/// # use kelisim::mail::transport::{Relay, TlsUse};
/// let relay: Relay = "smtp://news:p%40ss@mail.example.kz".parse().unwrap();
/// assert_eq!((relay.host.as_str(), relay.port, relay.tls), ("mail.example.kz", 587, TlsUse::Required));
/// assert!(!format!("{relay:?}").contains("p@ss"));
/// ```
#[derive(Debug, Clone)]
pub struct Relay {
    /// Host name or IP address, without brackets.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// When to speak TLS.
    pub tls: TlsUse,
    /// Who we are to the relay, if it asks.
    pub login: Option<Login>,
    /// More trusted certificates than the system's.
    pub ca_file: Option<PathBuf>,
    /// What to say in EHLO.
    pub hello_name: Option<HelloName>,
    /// How long to wait for what.
    pub timeouts: Timeouts,
}

/// When to speak TLS. Certificates are always checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsUse {
    /// Never, not even for the password: for a relay on the same machine.
    None,
    /// If offered. A password is still never sent in the clear. Default of `smtp://` without password.
    Opportunistic,
    /// STARTTLS or nothing. Default of `smtp://` with a password.
    Required,
    /// From the first byte (RFC 8314). The default, and the only choice, of `smtps://`.
    Implicit,
}

/// User and password.
#[derive(Clone)]
pub struct Login {
    /// Often an address, so it is not shown either.
    pub user: String,
    /// The password.
    pub password: SecretString,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Login(…)")
    }
}

/// How long each step may take. The defaults of all but `connect` and `quit` are the least that RFC
/// 5321 §4.5.3.2 asks for; a shorter `dot` makes duplicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Name resolution and TCP, all addresses together: 30 s.
    pub connect: Duration,
    /// The server's first line: 5 min.
    pub greeting: Duration,
    /// Each of EHLO, STARTTLS, the TLS handshake, AUTH, MAIL, RCPT, RSET: 5 min.
    pub command: Duration,
    /// The answer to DATA: 2 min.
    pub data: Duration,
    /// Each part of a message that the network takes: 3 min.
    pub block: Duration,
    /// The answer to the final dot: 10 min.
    pub dot: Duration,
    /// Saying goodbye: 5 s.
    pub quit: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            greeting: Duration::from_mins(5),
            command: Duration::from_mins(5),
            data: Duration::from_mins(2),
            block: Duration::from_mins(3),
            dot: Duration::from_mins(10),
            quit: Duration::from_secs(5),
        }
    }
}

/// A name for EHLO: a host name, or an address literal such as `[192.0.2.1]` (RFC 5321 §4.1.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelloName(String);

impl HelloName {
    /// The name as it is said.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for HelloName {
    type Err = BadRelay;

    fn from_str(text: &str) -> Result<Self, BadRelay> {
        let name = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).unwrap_or(text);
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        let good = !name.is_empty() && text.len() <= 255 && name.chars().all(fits);
        good.then(|| Self(text.to_owned())).ok_or(BadRelay::HelloName)
    }
}
