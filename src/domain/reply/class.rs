//! Why a message was not taken, as one word.

use std::{fmt, str::FromStr};

/// The reason behind a refusal or a delay. The names are stored and shown in reports: they never
/// change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// There is no such mailbox.
    HardUser,
    /// There is no such domain, or it takes no mail (RFC 7505).
    HardDomain,
    /// The mailbox was closed or moved.
    HardDisabled,
    /// The mailbox is full.
    SoftFull,
    /// Something passing: greylisting, a broken connection, a busy server.
    SoftTemp,
    /// We are too fast for the receiving provider.
    Rate,
    /// The receiver distrusts us: reputation, block list, authentication, our sender address.
    Policy,
    /// This message is unacceptable: size, format, a mailbox name that the server cannot carry.
    Content,
    /// One side breaks the protocol: a defect to report.
    Protocol,
    /// Our own relay is unreachable or wrongly set up: TLS, password, permission to relay, quota.
    Relay,
    /// Refused for good without a reason that we can read. It proves nothing against the address.
    Refused,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 11] = [
        Self::HardUser,
        Self::HardDomain,
        Self::HardDisabled,
        Self::SoftFull,
        Self::SoftTemp,
        Self::Rate,
        Self::Policy,
        Self::Content,
        Self::Protocol,
        Self::Relay,
        Self::Refused,
    ];

    /// The stable name, as stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::HardUser => "hard_user",
            Self::HardDomain => "hard_domain",
            Self::HardDisabled => "hard_disabled",
            Self::SoftFull => "soft_full",
            Self::SoftTemp => "soft_temp",
            Self::Rate => "rate",
            Self::Policy => "policy",
            Self::Content => "content",
            Self::Protocol => "protocol",
            Self::Relay => "relay",
            Self::Refused => "refused",
        }
    }

    /// Whether a *final* failure of this class proves that the address is dead. A delay never does:
    /// ask [`Verdict::suppresses`](super::Verdict::suppresses).
    #[must_use]
    pub fn suppresses(self) -> bool {
        matches!(self, Self::HardUser | Self::HardDomain | Self::HardDisabled)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Not the name of a class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a class of refusal")]
pub struct NotAClass(String);

impl FromStr for Class {
    type Err = NotAClass;

    fn from_str(text: &str) -> Result<Self, NotAClass> {
        Self::ALL
            .into_iter()
            .find(|class| class.as_str() == text)
            .ok_or_else(|| NotAClass(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for class in Class::ALL {
            assert_eq!(class.as_str().parse(), Ok(class));
        }
        assert!("hard.user".parse::<Class>().is_err());
    }

    #[test]
    fn only_proof_against_the_mailbox_suppresses() {
        let suppressing: Vec<_> = Class::ALL.into_iter().filter(|c| c.suppresses()).collect();
        assert_eq!(suppressing, [Class::HardUser, Class::HardDomain, Class::HardDisabled]);
    }
}
