//! The session's cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::staff::SESSION_MAX;

/// Bound to this host and to TLS (RFC 6265bis, section 4.1.3.2; ASVS 5.0, 3.3.1 to 3.3.4).
const NAME: &str = "__Host-sid";
/// The same where there is no TLS, which the configuration allows on loopback only.
const PLAIN_NAME: &str = "sid";

/// The secret in a request's cookie.
pub(super) fn token(headers: &HeaderMap, is_tls: bool) -> Option<SecretString> {
    let wanted = if is_tls { NAME } else { PLAIN_NAME };
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| value.to_owned().into())
}

/// Has the browser keep a secret.
pub(super) fn keep(token: &SecretString, is_tls: bool) -> HeaderValue {
    set(token.expose_secret(), SESSION_MAX.num_seconds(), is_tls)
}

/// Has the browser forget it.
pub(super) fn forget(is_tls: bool) -> HeaderValue {
    set("", 0, is_tls)
}

fn set(value: &str, age_s: i64, is_tls: bool) -> HeaderValue {
    let (name, secure) = if is_tls { (NAME, "; Secure") } else { (PLAIN_NAME, "") };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}");
    let mut value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_found_among_others_and_only_under_its_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=b; sid=plain; __Host-sid=x=y"));
        assert_eq!(token(&headers, true).unwrap().expose_secret(), "x=y");
        assert_eq!(token(&headers, false).unwrap().expose_secret(), "plain");
        assert!(token(&HeaderMap::new(), true).is_none());
    }

    #[test]
    fn with_tls_it_is_bound_to_the_host() {
        let kept = keep(&"secret".to_owned().into(), true);
        assert_eq!(
            kept.to_str().unwrap(),
            "__Host-sid=secret; Path=/; HttpOnly; SameSite=Lax; Max-Age=28800; Secure"
        );
    }
}
