//! How many messages may leave now.

use std::{
    num::NonZeroU32,
    time::{Duration, Instant},
};

use governor::{
    DefaultDirectRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use crate::domain::pace::SendRate;

/// What may leave at once after a silence: as much as in this time. Small, so that mail leaves
/// evenly, and large enough for whole batches at high rates.
const BURST: Duration = Duration::from_millis(100);

/// Hands out permits at a rate.
#[derive(Debug)]
pub(super) struct Pacer {
    limiter: DefaultDirectRateLimiter,
    clock: DefaultClock,
    burst: usize,
    /// Permits that came back unused: a campaign with nothing due must not use up the pace of the
    /// others.
    spare: usize,
}

impl Pacer {
    pub(super) fn new(rate: SendRate) -> Self {
        let interval = rate.interval().max(Duration::from_nanos(1));
        let burst = (BURST.as_nanos() / interval.as_nanos()).clamp(1, u128::from(u32::MAX));
        let burst = u32::try_from(burst).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
        // `None` only for an interval of zero, which a rate cannot have.
        let quota = Quota::with_period(interval)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(burst);
        Self {
            limiter: RateLimiter::direct(quota),
            clock: DefaultClock::default(),
            burst: usize::try_from(burst.get()).unwrap_or(usize::MAX),
            spare: 0,
        }
    }

    /// Up to `most` permits, as many as there are now; or when there will be one.
    pub(super) fn take(&mut self, most: usize) -> Result<usize, Instant> {
        let mut taken = most.min(self.spare);
        self.spare -= taken;
        while taken < most {
            if let Err(not_until) = self.limiter.check() {
                if taken > 0 {
                    break;
                }
                return Err(Instant::now() + not_until.wait_time_from(self.clock.now()));
            }
            taken += 1;
        }
        Ok(taken)
    }

    /// Takes back permits that were not used; no more than a burst is kept.
    pub(super) fn give_back(&mut self, unused: usize) {
        self.spare = (self.spare + unused).min(self.burst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pacer(rate: &str) -> Pacer {
        Pacer::new(rate.parse().unwrap())
    }

    #[test]
    fn a_slow_rate_lets_one_out_and_says_when_the_next_may() {
        let mut pacer = pacer("100/1m");
        assert_eq!(pacer.take(10), Ok(1));
        let next = pacer.take(10).unwrap_err();
        let wait = next.duration_since(Instant::now());
        assert!(
            wait <= Duration::from_millis(600) && wait > Duration::from_millis(300),
            "{wait:?}"
        );
    }

    #[test]
    fn a_high_rate_hands_out_whole_batches() {
        let taken = pacer("10000/1s").take(5_000).unwrap();
        assert!((1_000..1_500).contains(&taken), "{taken}");
    }

    #[test]
    fn what_comes_back_unused_can_be_taken_again_but_is_not_saved_up() {
        let mut pacer = pacer("1/1h");
        assert_eq!(pacer.take(1), Ok(1));
        pacer.give_back(1);
        assert_eq!(pacer.take(5), Ok(1));
        pacer.give_back(1);
        pacer.give_back(1);
        assert_eq!(pacer.take(5), Ok(1));
        assert!(pacer.take(1).is_err());
    }
}
