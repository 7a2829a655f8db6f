//! How fast mail may leave.

use std::{fmt, num::NonZeroU32, str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

/// So many messages in so much time, written `100/1m`. A rate of nothing cannot be written.
///
/// # Examples
/// ```
/// # use kelisim::domain::pace::SendRate;
/// let rate: SendRate = "100/1m".parse().unwrap();
/// assert_eq!(rate.interval().as_millis(), 600);
/// assert!("0/1s".parse::<SendRate>().is_err());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SendRate {
    messages: NonZeroU32,
    unit: Unit,
    units: NonZeroU32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
}

/// Not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a rate: write messages per time, such as 100/1m, 5/s or 2000/1h \
     (units s, m, h, d; both numbers at least 1; at most 100000 a second)"
)]
pub struct NotARate(String);

impl SendRate {
    /// The time between two messages at this rate, in nanosecond precision.
    #[must_use]
    pub fn interval(&self) -> Duration {
        self.period() / self.messages.get()
    }

    /// Messages per second.
    #[must_use]
    pub fn per_second(&self) -> f64 {
        f64::from(self.messages.get()) / self.period().as_secs_f64()
    }

    fn period(&self) -> Duration {
        let unit_s = match self.unit {
            Unit::Second => 1,
            Unit::Minute => 60,
            Unit::Hour => 3_600,
            Unit::Day => 86_400,
        };
        Duration::from_secs(unit_s * u64::from(self.units.get()))
    }

    fn parse(text: &str) -> Option<Self> {
        let (messages, time) = text.trim().split_once('/')?;
        let time = time.trim();
        let digits = time.find(|c: char| !c.is_ascii_digit()).unwrap_or(time.len());
        let units = if digits == 0 { "1" } else { &time[..digits] };
        let unit = match time[digits..].trim() {
            "s" => Unit::Second,
            "m" => Unit::Minute,
            "h" => Unit::Hour,
            "d" => Unit::Day,
            _ => return None,
        };
        let rate =
            Self { messages: messages.trim().parse().ok()?, unit, units: units.parse().ok()? };
        (rate.per_second() <= 100_000.0).then_some(rate)
    }
}

impl FromStr for SendRate {
    type Err = NotARate;

    fn from_str(text: &str) -> Result<Self, NotARate> {
        Self::parse(text).ok_or_else(|| NotARate(text.to_owned()))
    }
}

impl TryFrom<String> for SendRate {
    type Error = NotARate;

    fn try_from(text: String) -> Result<Self, NotARate> {
        text.parse()
    }
}

impl From<SendRate> for String {
    fn from(rate: SendRate) -> Self {
        rate.to_string()
    }
}

impl fmt::Display for SendRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Second => 's',
            Unit::Minute => 'm',
            Unit::Hour => 'h',
            Unit::Day => 'd',
        };
        write!(f, "{}/{}{unit}", self.messages, self.units)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_written_back() {
        for (text, per_second) in [("100/1m", 100.0 / 60.0), ("5/s", 5.0), ("7200/2h", 1.0)] {
            let rate: SendRate = text.parse().unwrap();
            assert!((rate.per_second() - per_second).abs() < 1e-9, "{text}");
            assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }

    #[test]
    fn no_rate_is_zero_negative_or_endless() {
        for text in
            ["0/1s", "10/0s", "-1/s", "10", "10/", "10/1w", "/s", "200000/1s", "9999999999/s"]
        {
            assert!(text.parse::<SendRate>().is_err(), "{text}");
        }
    }
}
