//! Which relay to use: the first that is not resting after a failure.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
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
    /// Open connections.
    pub open: usize,
}

/// What a failure of one connection says of its relay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blame {
    /// The relay itself is down, or set up wrongly.
    Relay,
    /// The connection was turned away. If others are open, the relay takes no more of them, which
    /// is all there is to it.
    Connection,
}

/// Counts an open connection for as long as it lives.
#[derive(Debug)]
pub(super) struct Open {
    relays: Arc<Relays>,
    relay: usize,
}

impl Open {
    pub(super) fn count(relays: &Arc<Relays>, relay: usize) -> Self {
        if let Some(one) = relays.lock().get_mut(relay) {
            one.open += 1;
        }
        Self { relays: Arc::clone(relays), relay }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(one) = self.relays.lock().get_mut(self.relay) {
            one.open -= 1;
        }
    }
}

impl Relays {
    pub(super) fn new(relays: &[RelaySettings]) -> Self {
        let health =
            relays.iter().map(|one| RelayHealth { name: one.name.clone(), rest: None, open: 0 });
        Self(Mutex::new(health.collect()))
    }

    /// The first relay that may be used, or when one may be.
    pub(super) fn active(&self, now: Instant) -> Result<usize, Instant> {
        let health = self.lock();
        let usable = health.iter().position(|one| !one.rests(now));
        usable.ok_or_else(|| {
            let next = health.iter().filter_map(|one| one.rest).map(|(until, _)| until).min();
            next.unwrap_or(now + REST_MAX)
        })
    }

    /// Whether nothing may be handed to a relay now.
    pub(super) fn rests(&self, relay: usize, now: Instant) -> bool {
        self.lock().get(relay).is_none_or(|one| one.rests(now))
    }

    /// The relays that rest now: the name, and for how much longer.
    #[must_use]
    pub fn resting(&self) -> Vec<(String, Duration)> {
        let now = Instant::now();
        let left = |one: &RelayHealth| {
            let (until, _) = one.rest?;
            until.checked_duration_since(now).filter(|left| !left.is_zero())
        };
        self.lock().iter().filter_map(|one| Some((one.name.clone(), left(one)?))).collect()
    }

    /// Lets a relay rest for `at_least`; twice as long as the last time if it failed again right
    /// after its rest. If only the connection is to blame and others are open, gives back until
    /// when that one is to rest instead.
    pub(super) fn rest(
        &self,
        relay: usize,
        blame: Blame,
        at_least: Duration,
        now: Instant,
    ) -> Option<Instant> {
        let mut health = self.lock();
        let one = health.get_mut(relay)?;
        if blame == Blame::Connection && one.open > 0 {
            return Some(now + at_least);
        }
        let length = match one.rest {
            // Its other connections fail at the same moment: that is the same failure.
            Some((until, _)) if until > now => return None,
            Some((_, last)) => (last * 2).clamp(at_least, REST_MAX.max(at_least)),
            None => at_least,
        };
        one.rest = Some((now + length, length));
        tracing::warn!(relay = one.name, seconds = length.as_secs(), "relay rests after a failure");
        None
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

impl RelayHealth {
    fn rests(&self, now: Instant) -> bool {
        self.rest.is_some_and(|(until, _)| until > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);

    fn two() -> Arc<Relays> {
        let health = |name: &str| RelayHealth { name: name.into(), rest: None, open: 0 };
        Arc::new(Relays(Mutex::new(vec![health("a"), health("b")])))
    }

    #[test]
    fn the_next_relay_is_used_while_the_first_rests() {
        let (relays, now) = (two(), Instant::now());
        assert_eq!(relays.rest(0, Blame::Relay, MINUTE, now), None);
        assert_eq!(relays.active(now), Ok(1));
        assert_eq!(relays.active(now + MINUTE), Ok(0));
    }

    #[test]
    fn rests_double_while_it_keeps_failing_and_end_when_it_works() {
        let (relays, now) = (two(), Instant::now());
        relays.rest(0, Blame::Relay, MINUTE, now);
        relays.rest(0, Blame::Relay, MINUTE, now);
        relays.rest(0, Blame::Relay, MINUTE, now + MINUTE);
        assert_eq!(relays.active(now + MINUTE * 2), Ok(1));
        assert_eq!(relays.active(now + MINUTE * 3), Ok(0));
        relays.works(0);
        assert_eq!(relays.active(now), Ok(0));
    }

    #[test]
    fn when_all_rest_it_says_when_one_is_back() {
        let (relays, now) = (two(), Instant::now());
        relays.rest(0, Blame::Relay, MINUTE * 2, now);
        relays.rest(1, Blame::Relay, MINUTE, now);
        assert_eq!(relays.active(now), Err(now + MINUTE));
    }

    #[test]
    fn a_connection_too_many_rests_alone() {
        let (relays, now) = (two(), Instant::now());
        let open = Open::count(&relays, 0);
        assert_eq!(relays.rest(0, Blame::Connection, MINUTE, now), Some(now + MINUTE));
        assert_eq!(relays.active(now), Ok(0));
        drop(open);
        assert_eq!(relays.rest(0, Blame::Connection, MINUTE, now), None);
        assert_eq!(relays.active(now), Ok(1));
    }
}
