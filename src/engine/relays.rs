//! Which relay to use: the first that is not resting after a failure.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::RelaySettings;

/// A relay that keeps failing rests no longer than this at a time (law of §5.2: 1 to 30 min).
const REST_MAX: Duration = Duration::from_mins(30);

/// The health of all relays of this process.
#[derive(Debug)]
pub struct Relays(Mutex<Vec<RelayHealth>>);

/// How one relay is doing.
#[derive(Debug, Clone)]
pub struct RelayHealth {
    /// Its name.
    pub name: String,
    /// Until when nothing is handed to it, and for how long that was decided.
    pub rest: Option<(Instant, Duration)>,
}

impl Relays {
    pub(super) fn new(relays: &[RelaySettings]) -> Self {
        let health = relays.iter().map(|one| RelayHealth { name: one.name.clone(), rest: None });
        Self(Mutex::new(health.collect()))
    }

    /// The first relay that may be used, or when one may be.
    pub(super) fn active(&self, now: Instant) -> Result<usize, Instant> {
        let health = self.lock();
        let usable = health.iter().position(|one| one.rest.is_none_or(|(until, _)| until <= now));
        usable.ok_or_else(|| {
            let next = health.iter().filter_map(|one| one.rest).map(|(until, _)| until).min();
            next.unwrap_or(now + REST_MAX)
        })
    }

    /// Lets a relay rest for `at_least`; twice as long as the last time if it failed again right
    /// after its rest.
    pub(super) fn rest(&self, relay: usize, at_least: Duration, now: Instant) {
        let mut health = self.lock();
        let Some(one) = health.get_mut(relay) else { return };
        let length = match one.rest {
            // Its other connections fail at the same moment: that is the same failure.
            Some((until, _)) if until > now => return,
            Some((_, last)) => (last * 2).clamp(at_least, REST_MAX),
            None => at_least,
        };
        one.rest = Some((now + length, length));
        tracing::warn!(relay = one.name, seconds = length.as_secs(), "relay rests after a failure");
    }

    /// Notes that a relay works.
    pub(super) fn works(&self, relay: usize) {
        if let Some(one) = self.lock().get_mut(relay) {
            one.rest = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RelayHealth>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Relays {
        let health = |name: &str| RelayHealth { name: name.into(), rest: None };
        Relays(Mutex::new(vec![health("a"), health("b")]))
    }

    #[test]
    fn the_next_relay_is_used_while_the_first_rests() {
        let (relays, now) = (two(), Instant::now());
        relays.rest(0, Duration::from_mins(1), now);
        assert_eq!(relays.active(now), Ok(1));
        assert_eq!(relays.active(now + Duration::from_mins(1)), Ok(0));
    }

    #[test]
    fn rests_double_while_it_keeps_failing_and_end_when_it_works() {
        let (relays, now) = (two(), Instant::now());
        relays.rest(0, Duration::from_mins(1), now);
        relays.rest(0, Duration::from_mins(1), now);
        relays.rest(0, Duration::from_mins(1), now + Duration::from_mins(1));
        assert_eq!(relays.active(now + Duration::from_mins(2)), Ok(1));
        assert_eq!(relays.active(now + Duration::from_mins(3)), Ok(0));
        relays.works(0);
        assert_eq!(relays.active(now), Ok(0));
    }

    #[test]
    fn when_all_rest_it_says_when_one_is_back() {
        let (relays, now) = (two(), Instant::now());
        relays.rest(0, Duration::from_mins(2), now);
        relays.rest(1, Duration::from_mins(1), now);
        assert_eq!(relays.active(now), Err(now + Duration::from_mins(1)));
    }
}
