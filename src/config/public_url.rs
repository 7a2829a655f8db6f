//! Where recipients reach the service.

use std::{fmt, net::IpAddr, str::FromStr};

use url::{Host, Url};

/// Scheme, host and port, without a path: `https`, or `http` on this machine only.
///
/// # Examples
/// ```
/// # use kelisim::config::PublicUrl;
/// let url: PublicUrl = "https://news.example.kz/".parse().unwrap();
/// assert_eq!(url.to_string(), "https://news.example.kz");
/// assert!("http://news.example.kz".parse::<PublicUrl>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    origin: String,
    host: String,
    is_loopback: bool,
}

/// Why a text is not the service's public URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPublicUrl {
    /// Not a URL, or not of the web.
    #[error("this is not a URL such as https://news.example.kz")]
    Syntax,
    /// One-click unsubscribing is https only (RFC 8058, section 3.1).
    #[error("links in mail must begin with https:// (http:// is for localhost only)")]
    Plain,
    /// More than scheme, host and port.
    #[error("the URL must end after the host and the port: no path, query, user or fragment")]
    TooMuch,
}

impl PublicUrl {
    /// `https://news.example.kz`: without a slash at the end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// The host, as A-labels.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether links with it work on this machine only.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.is_loopback
    }
}

impl FromStr for PublicUrl {
    type Err = BadPublicUrl;

    fn from_str(text: &str) -> Result<Self, BadPublicUrl> {
        let url = Url::parse(text.trim()).map_err(|_| BadPublicUrl::Syntax)?;
        let host = url.host().ok_or(BadPublicUrl::Syntax)?;
        let is_loopback = match &host {
            Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
            Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
            Host::Ipv6(address) => IpAddr::from(*address).is_loopback(),
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            "http" => return Err(BadPublicUrl::Plain),
            _ => return Err(BadPublicUrl::Syntax),
        }
        let has_login = !url.username().is_empty() || url.password().is_some();
        let has_tail = url.path() != "/" || url.query().is_some() || url.fragment().is_some();
        if has_login || has_tail {
            return Err(BadPublicUrl::TooMuch);
        }
        let origin = url.origin().ascii_serialization();
        Ok(Self { origin, host: host.to_string(), is_loopback })
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for text in ["http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:8080"] {
            assert!(text.parse::<PublicUrl>().is_ok_and(|url| url.is_loopback()), "{text}");
        }
        for text in ["http://news.example.kz", "http://10.0.0.1", "http://localhost.example.kz"] {
            assert_eq!(text.parse::<PublicUrl>(), Err(BadPublicUrl::Plain), "{text}");
        }
    }

    #[test]
    fn nothing_may_follow_the_host() {
        for tail in ["/mail", "/?a=b", "/#x"] {
            let text = format!("https://news.example.kz{tail}");
            assert_eq!(text.parse::<PublicUrl>(), Err(BadPublicUrl::TooMuch), "{text}");
        }
        assert_eq!("https://u:p@x.kz".parse::<PublicUrl>(), Err(BadPublicUrl::TooMuch));
        assert_eq!("ftp://x.kz".parse::<PublicUrl>(), Err(BadPublicUrl::Syntax));
        assert_eq!("news.example.kz".parse::<PublicUrl>(), Err(BadPublicUrl::Syntax));
    }

    #[test]
    fn the_host_travels_as_a_labels() {
        let url: PublicUrl = "https://хат.қаз:8443".parse().unwrap();
        assert_eq!(url.as_str(), "https://xn--80a0bh.xn--80ao21a:8443");
        assert_eq!(url.host(), "xn--80a0bh.xn--80ao21a");
    }
}
