//! A bound on attempts to sign in from one network address: 20 in 10 minutes (ASVS 5.0, 6.3.1).
//! What stands against guesses at one account is kept in the database.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    time::Duration,
};

use axum::{
    extract::{ConnectInfo, Request},
    http::HeaderMap,
};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

/// Attempts at once.
const BURST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
/// One more every so often.
const EVERY: Duration = Duration::from_secs(30);
/// Addresses that are remembered.
const ADDRESSES_MAX: usize = 10_000;

/// Counts attempts.
#[derive(Debug)]
pub(in crate::web) struct SignInPace(DefaultKeyedRateLimiter<IpAddr>);

impl Default for SignInPace {
    fn default() -> Self {
        let quota = Quota::with_period(EVERY).unwrap_or_else(|| Quota::per_minute(BURST));
        Self(RateLimiter::keyed(quota.allow_burst(BURST)))
    }
}

impl SignInPace {
    /// Whether an attempt from there may be made now.
    pub(super) fn admits(&self, from: Option<IpAddr>) -> bool {
        let Some(from) = from else { return true };
        if self.0.len() >= ADDRESSES_MAX {
            self.0.retain_recent();
            self.0.shrink_to_fit();
        }
        self.0.check_key(&from).is_ok()
    }
}

/// Where a request comes from: the other end of the connection; if that is a proxy on this machine,
/// what it says last in `X-Forwarded-For`.
pub(super) fn origin(request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip())?;
    if peer.is_loopback() { forwarded(request.headers()).or(Some(peer)) } else { Some(peer) }
}

fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let value = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    value.rsplit(',').next()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_bounded_and_the_others_are_not() {
        let pace = SignInPace::default();
        let (one, other) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        let admitted = (0..40).filter(|_| pace.admits(Some(one))).count();
        assert!((20..=21).contains(&admitted), "{admitted}");
        assert!(pace.admits(Some(other)));
    }

    #[test]
    fn only_a_proxy_on_this_machine_is_believed() {
        let from = |peer: [u8; 4]| {
            let mut request = Request::new(axum::body::Body::empty());
            request.extensions_mut().insert(ConnectInfo(SocketAddr::from((peer, 1))));
            let value = "192.0.2.1, 198.51.100.7".parse().unwrap();
            request.headers_mut().insert("x-forwarded-for", value);
            origin(&request).unwrap()
        };
        assert_eq!(from([127, 0, 0, 1]), IpAddr::from([198, 51, 100, 7]));
        assert_eq!(from([203, 0, 113, 9]), IpAddr::from([203, 0, 113, 9]));
    }
}
