//! A bound on how often one link may be used. By link, never by network address: all of Gmail's
//! users come from Google's.

use std::num::NonZeroU32;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::domain::id::DeliveryId;

/// Uses of one link at once: scanners and curious people stay far below.
const BURST: NonZeroU32 = NonZeroU32::new(300).expect("not zero");
/// Uses of one link per second, in the long run.
const PER_SECOND: NonZeroU32 = NonZeroU32::new(2).expect("not zero");
/// Links that are remembered before those that have rested are forgotten.
const LINKS_MAX: usize = 20_000;

/// Counts the uses of links.
#[derive(Debug)]
pub(in crate::web) struct LinkPace(DefaultKeyedRateLimiter<DeliveryId>);

impl Default for LinkPace {
    fn default() -> Self {
        Self(RateLimiter::keyed(Quota::per_second(PER_SECOND).allow_burst(BURST)))
    }
}

/// Whether a link may be used now.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Pace {
    /// It may.
    Within,
    /// Too often.
    Over,
}

impl LinkPace {
    /// Counts one use.
    pub(in crate::web) fn count(&self, link: DeliveryId) -> Pace {
        if self.0.len() >= LINKS_MAX {
            self.0.retain_recent();
            self.0.shrink_to_fit();
        }
        if self.0.len() >= LINKS_MAX {
            // As many links are in use at this moment: whoever leaves now is not turned away.
            return Pace::Within;
        }
        if self.0.check_key(&link).is_ok() { Pace::Within } else { Pace::Over }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn one_link_is_bounded_and_the_others_are_not() {
        let pace = LinkPace::default();
        let (one, other) = (DeliveryId(Uuid::from_u128(1)), DeliveryId(Uuid::from_u128(2)));
        let within = (0..1_000).filter(|_| pace.count(one) == Pace::Within).count();
        assert!((300..400).contains(&within), "{within}");
        assert_eq!(pace.count(other), Pace::Within);
    }
}
