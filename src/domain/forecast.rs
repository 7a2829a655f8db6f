//! How long a campaign will take at its pace.

use std::time::Duration;

use super::pace::SendRate;

/// What decides how fast mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brake {
    /// The campaign's own pace.
    Campaign,
    /// What the relay may be given.
    Relay,
}

/// How long so many messages take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Forecast {
    /// Messages per second, if all goes well.
    pub per_second: f64,
    /// From the first to the last message.
    pub lasts: Duration,
    /// What is slowest.
    pub brake: Brake,
}

/// How long `people` messages take at the campaign's own `pace` through a relay with `relay`'s rate.
/// Retries and other campaigns come on top.
#[must_use]
pub fn forecast(people: u64, pace: Option<SendRate>, relay: SendRate) -> Forecast {
    let own = pace.filter(|pace| pace.per_second() < relay.per_second());
    let (rate, brake) = own.map_or((relay, Brake::Relay), |pace| (pace, Brake::Campaign));
    let gaps = u32::try_from(people.saturating_sub(1)).unwrap_or(u32::MAX);
    Forecast { per_second: rate.per_second(), lasts: rate.interval().saturating_mul(gaps), brake }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> SendRate {
        text.parse().expect("a rate")
    }

    #[test]
    fn the_slower_of_pace_and_relay_decides() {
        let slow = forecast(601, Some(rate("10/1m")), rate("100/1m"));
        assert_eq!((slow.lasts, slow.brake), (Duration::from_hours(1), Brake::Campaign));
        let fast = forecast(601, Some(rate("1000/1m")), rate("100/1m"));
        assert_eq!((fast.lasts, fast.brake), (Duration::from_mins(6), Brake::Relay));
        assert_eq!(forecast(601, None, rate("100/1m")), fast);
    }

    #[test]
    fn nobody_and_one_take_no_time() {
        for people in [0, 1] {
            assert_eq!(forecast(people, None, rate("1/1h")).lasts, Duration::ZERO);
        }
    }
}
