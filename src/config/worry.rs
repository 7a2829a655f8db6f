//! What is allowed but should worry whoever runs a service with it.

use std::fmt;

use super::Settings;

/// One worry: a key and what may go wrong. `kelisim config check` shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worry {
    /// The dotted key.
    pub key: &'static str,
    /// What may go wrong, and what to do.
    pub what: String,
}

impl fmt::Display for Worry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.what)
    }
}

impl Settings {
    /// What should be put right before real people get mail.
    #[must_use]
    pub fn worries(&self) -> Vec<Worry> {
        let mut worries = Vec::new();
        let mut worry = |key, what| worries.push(Worry { key, what });
        if self.public_url.is_loopback() {
            worry(
                "public_url",
                "links in mail will work on this machine only; set the https address that \
                 recipients reach"
                    .to_owned(),
            );
        }
        if self.institution.bin.bytes().all(|digit| digit == b'0') {
            worry("institution.bin", "this is the example's; write your own BIN".to_owned());
        }
        for sender in &self.mail.senders {
            let domain = sender.address.domain();
            if !self.dkim.iter().any(|signer| is_aligned(domain, signer.domain())) {
                worry(
                    "dkim",
                    format!(
                        "mail from {domain} will not be signed and providers will refuse it; run \
                         kelisim dkim generate and add [[dkim]]"
                    ),
                );
            }
        }
        worries
    }
}

/// Whether a signature by `signer` speaks for `domain`: its own or a parent domain (RFC 7489, 3.1.1,
/// relaxed, without the list of public suffixes).
fn is_aligned(domain: &str, signer: &str) -> bool {
    domain == signer || domain.strip_suffix(signer).is_some_and(|rest| rest.ends_with('.'))
}
