//! The only place where the program asks for chance.

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// The operating system's generator, by way of AWS-LC.
#[derive(Debug, Clone, Copy, Default)]
pub struct Entropy;

impl Entropy {
    /// `N` octets nobody can guess.
    ///
    /// # Panics
    /// When the operating system has no randomness to give: nothing safe can be done then.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        #[expect(clippy::disallowed_methods, reason = "this is the Entropy")]
        aws_lc_rs::rand::fill(&mut bytes).expect("the operating system gives random octets");
        bytes
    }

    /// A `UUIDv7` (RFC 9562) of this moment: ids sort by the time they were made.
    #[must_use]
    pub fn uuid(&self, now: DateTime<Utc>) -> Uuid {
        uuid(now, &self.bytes())
    }

    /// Chance for many ids at once.
    #[must_use]
    pub fn draws(&self) -> Draws {
        Draws { entropy: *self, drawn: [0; DRAWN_OCTETS], left: 0 }
    }

    /// A number from -1 up to 1, for jitter.
    #[must_use]
    pub fn jitter(&self) -> f64 {
        f64::from(u32::from_be_bytes(self.bytes())) / f64::from(u32::MAX) * 2.0 - 1.0
    }
}

fn uuid(now: DateTime<Utc>, random: &[u8; 10]) -> Uuid {
    let ms = u64::try_from(now.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(ms, random).into_uuid()
}

/// Octets drawn at a time: a draw costs about as much for one id as for a hundred.
const DRAWN_OCTETS: usize = 2_048;

/// Octets drawn in advance, each given out once.
pub struct Draws {
    entropy: Entropy,
    drawn: [u8; DRAWN_OCTETS],
    left: usize,
}

impl Draws {
    /// `N` octets nobody can guess; `N` is at most 2,048.
    #[must_use]
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        if self.left < N {
            self.drawn = self.entropy.bytes();
            self.left = DRAWN_OCTETS;
        }
        let mut bytes = [0; N];
        bytes.copy_from_slice(&self.drawn[self.left - N..self.left]);
        self.left -= N;
        bytes
    }

    /// See [`Entropy::uuid`].
    #[must_use]
    pub fn uuid(&mut self, now: DateTime<Utc>) -> Uuid {
        uuid(now, &self.bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_octets_are_given_out_twice() {
        let mut draws = Entropy.draws();
        let given: HashSet<[u8; 16]> = (0..1_000).map(|_| draws.bytes()).collect();
        assert_eq!(given.len(), 1_000);
    }
}
