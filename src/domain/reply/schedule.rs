//! When to try again, and when to stop.

use std::time::Duration;

/// How long a marketing message is tried: later it is stale news (ours; queues of others keep 48 h
/// to 5 days, RFC 5321 §4.5.4.1 asks 4 to 5 days of a general relay).
pub const MARKETING_TTL: Duration = Duration::from_hours(48);

/// The waits after the first, second, … try, in minutes; the last one repeats. Two tries in the
/// first hour and then every few hours is what RFC 5321 §4.5.4.1 suggests; five minutes suits
/// greylisting.
const WAITS_MIN: [u64; 6] = [5, 15, 30, 60, 120, 240];

/// How far a wait may be off its plan, so that one outage is not answered in one wave.
const JITTER: f64 = 0.2;

/// How long to wait after try number `tries` (1 is the first) failed. `jitter` is a random number
/// from −1 to 1 and moves the wait by up to 20 %.
#[must_use]
pub fn retry_delay(tries: u32, jitter: f64) -> Duration {
    let step = usize::try_from(tries.saturating_sub(1)).unwrap_or(usize::MAX);
    let minutes = WAITS_MIN[step.min(WAITS_MIN.len() - 1)];
    Duration::from_mins(minutes).mul_f64(1.0 + JITTER * jitter.clamp(-1.0, 1.0))
}

/// What has been done for a message so far, this try included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tries {
    /// How often it was tried, with this one: at least 1.
    pub made: u32,
    /// How long ago it was first due.
    pub age: Duration,
    /// How long it may be tried at all, such as [`MARKETING_TTL`].
    pub time_to_live: Duration,
    /// A random number from −1 to 1, see [`retry_delay`].
    pub jitter: f64,
}

impl Tries {
    /// How long to wait for the next try; `None` when it would come after the end.
    #[must_use]
    pub fn next_wait(&self) -> Option<Duration> {
        let wait = retry_delay(self.made, self.jitter);
        (self.age + wait <= self.time_to_live).then_some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(tries: u32, jitter: f64) -> u64 {
        retry_delay(tries, jitter).as_secs() / 60
    }

    #[test]
    fn the_waits_grow_to_four_hours_and_stay_there() {
        let plan: Vec<_> = (1..=8).map(|tries| minutes(tries, 0.0)).collect();
        assert_eq!(plan, [5, 15, 30, 60, 120, 240, 240, 240]);
        assert_eq!(minutes(u32::MAX, 0.0), 240);
    }

    #[test]
    fn chance_moves_a_wait_by_a_fifth_at_most() {
        assert_eq!((minutes(4, -1.0), minutes(4, 1.0)), (48, 72));
        assert_eq!((minutes(4, -9.0), minutes(4, 9.0)), (48, 72));
    }

    #[test]
    fn nobody_is_tried_after_the_end() {
        let at = |hours, made| Tries {
            made,
            age: Duration::from_hours(hours),
            time_to_live: MARKETING_TTL,
            jitter: 0.0,
        };
        assert_eq!(at(44, 16).next_wait(), Some(Duration::from_hours(4)));
        assert_eq!(at(45, 16).next_wait(), None);
        assert_eq!(at(72, 1).next_wait(), None);
    }
}
