//! An address as an argument.

use std::{io::Read as _, str::FromStr};

use anyhow::Context as _;

use crate::domain::address::{Address, BadAddress};

/// Octets of standard input that are looked at: RFC 5321 allows an address 254.
const INPUT_MAX: u64 = 1_024;

/// An address, or `-`: arguments are visible in the list of processes, standard input is not.
#[derive(Debug, Clone)]
pub(super) enum AddressArgument {
    Typed(Address),
    StandardInput,
}

impl FromStr for AddressArgument {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        if text == "-" { Ok(Self::StandardInput) } else { text.parse().map(Self::Typed) }
    }
}

impl AddressArgument {
    /// The address.
    ///
    /// # Errors
    /// When standard input does not hold one.
    pub(super) fn read(self) -> anyhow::Result<Address> {
        match self {
            Self::Typed(address) => Ok(address),
            Self::StandardInput => {
                let mut text = String::new();
                std::io::stdin()
                    .take(INPUT_MAX)
                    .read_to_string(&mut text)
                    .context("standard input cannot be read")?;
                text.parse().context("on standard input")
            }
        }
    }
}
