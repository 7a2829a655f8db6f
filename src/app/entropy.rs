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
        let ms = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(ms, &self.bytes()).into_uuid()
    }

    /// A number from -1 up to 1, for jitter.
    #[must_use]
    pub fn jitter(&self) -> f64 {
        f64::from(u32::from_be_bytes(self.bytes())) / f64::from(u32::MAX) * 2.0 - 1.0
    }
}
