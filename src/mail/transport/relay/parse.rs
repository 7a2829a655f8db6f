//! From a URL to a relay.

use std::{borrow::Cow, path::PathBuf, str::FromStr};

use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use url::Url;

use super::{Login, Relay, Timeouts, TlsUse};

/// Why a text is not a relay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRelay {
    /// Not a URL at all.
    #[error(
        "the relay is not a URL such as smtp://user:password@mail.example.kz:587?tls=required (in \
         user and password write @ as %40, : as %3A, / as %2F, # as %23, % as %25)"
    )]
    Syntax,
    /// Another scheme.
    #[error("the relay's URL begins with {0}://, but must begin with smtp:// or smtps://")]
    Scheme(String),
    /// No host.
    #[error("the relay's URL names no host: write smtp://mail.example.kz")]
    NoHost,
    /// Something after the host.
    #[error("the relay's URL has a path or fragment after the host: encode / as %2F and # as %23")]
    Path,
    /// A user without a password or the other way round.
    #[error("the relay's URL has a user without a password or a password without a user")]
    HalfALogin,
    /// Percent-encoding that is not UTF-8, or control characters.
    #[error("user and password of the relay's URL must be UTF-8 text without control characters")]
    Login,
    /// An unknown word after `tls=`.
    #[error("tls={0} in the relay's URL is not one of none, opportunistic, required, implicit")]
    Tls(String),
    /// `smtps` with another choice.
    #[error("smtps:// means tls=implicit: leave tls out, or write smtp://")]
    TlsTwice,
    /// Not a name for EHLO.
    #[error(
        "hello= in the relay's URL must be a host name such as mail.example.kz or an address such \
         as [192.0.2.1]"
    )]
    HelloName,
    /// A parameter that we do not know.
    #[error("the relay's URL has an unknown parameter \"{0}\": known are tls, ca_file, hello")]
    Parameter(String),
}

impl FromStr for Relay {
    type Err = BadRelay;

    fn from_str(text: &str) -> Result<Self, BadRelay> {
        let url = Url::parse(text.trim()).map_err(|_| BadRelay::Syntax)?;
        let is_implicit = match url.scheme() {
            "smtp" => false,
            "smtps" => true,
            other => return Err(BadRelay::Scheme(other.to_owned())),
        };
        let host = host_of(&url)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(BadRelay::Path);
        }
        let login = login_of(&url)?;
        let mut relay = Self {
            host,
            port: 0,
            tls: default_tls(is_implicit, login.is_some()),
            login,
            ca_file: None,
            hello_name: None,
            timeouts: Timeouts::default(),
        };
        for (name, value) in url.query_pairs() {
            relay.set(&name, value, is_implicit)?;
        }
        relay.port = url.port().unwrap_or_else(|| relay.default_port());
        Ok(relay)
    }
}

impl Relay {
    fn set(&mut self, name: &str, value: Cow<'_, str>, is_implicit: bool) -> Result<(), BadRelay> {
        match name {
            "tls" => self.tls = tls_of(&value, is_implicit)?,
            "ca_file" => self.ca_file = Some(PathBuf::from(value.into_owned())),
            "hello" => self.hello_name = Some(value.parse()?),
            _ => return Err(BadRelay::Parameter(name.to_owned())),
        }
        Ok(())
    }

    fn default_port(&self) -> u16 {
        match (self.tls, &self.login) {
            (TlsUse::Implicit, _) => 465,
            (_, Some(_)) => 587,
            (_, None) => 25,
        }
    }
}

fn default_tls(is_implicit: bool, has_login: bool) -> TlsUse {
    match (is_implicit, has_login) {
        (true, _) => TlsUse::Implicit,
        (false, true) => TlsUse::Required,
        (false, false) => TlsUse::Opportunistic,
    }
}

fn tls_of(word: &str, is_implicit: bool) -> Result<TlsUse, BadRelay> {
    let tls = match word {
        "none" => TlsUse::None,
        "opportunistic" => TlsUse::Opportunistic,
        "required" => TlsUse::Required,
        "implicit" => TlsUse::Implicit,
        _ => return Err(BadRelay::Tls(word.to_owned())),
    };
    if is_implicit && tls != TlsUse::Implicit {
        return Err(BadRelay::TlsTwice);
    }
    Ok(tls)
}

fn host_of(url: &Url) -> Result<String, BadRelay> {
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(BadRelay::NoHost)?;
    let host = percent_decode_str(host).decode_utf8().map_err(|_| BadRelay::Syntax)?;
    if let Some(literal) = host.strip_prefix('[') {
        return Ok(literal.trim_end_matches(']').to_owned());
    }
    idna::domain_to_ascii(&host).map_err(|_| BadRelay::Syntax)
}

fn login_of(url: &Url) -> Result<Option<Login>, BadRelay> {
    let user = decoded(url.username())?;
    let password = url.password().map(decoded).transpose()?.unwrap_or_default();
    match (user.is_empty(), password.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => Ok(Some(Login { user, password: SecretString::from(password) })),
        _ => Err(BadRelay::HalfALogin),
    }
}

fn decoded(text: &str) -> Result<String, BadRelay> {
    let text = percent_decode_str(text).decode_utf8().map_err(|_| BadRelay::Login)?;
    if text.chars().any(char::is_control) {
        return Err(BadRelay::Login);
    }
    Ok(text.into_owned())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::mail::transport::HelloName;

    fn read(text: &str) -> Result<Relay, BadRelay> {
        text.parse()
    }

    #[test]
    fn port_and_tls_follow_from_scheme_and_password() {
        for (text, port, tls) in [
            ("smtp://mail.example.kz", 25, TlsUse::Opportunistic),
            ("smtp://u:p@mail.example.kz", 587, TlsUse::Required),
            ("smtps://u:p@mail.example.kz", 465, TlsUse::Implicit),
            ("smtp://mail.example.kz?tls=implicit", 465, TlsUse::Implicit),
            ("smtp://127.0.0.1:2525/?tls=none", 2525, TlsUse::None),
        ] {
            let relay = read(text).unwrap();
            assert_eq!((relay.port, relay.tls), (port, tls), "{text}");
        }
    }

    #[test]
    fn hosts_lose_their_brackets_and_become_a_labels() {
        assert_eq!(read("smtp://[::1]:2525").unwrap().host, "::1");
        assert_eq!(read("smtp://пошта.қаз").unwrap().host, "xn--80a1acn3a.xn--80ao21a");
    }

    #[test]
    fn user_and_password_are_decoded_and_never_shown() {
        let relay = read("smtp://news%40example.kz:p%3A%2F%23s@mail.example.kz").unwrap();
        let shown = format!("{relay:?}");
        let login = relay.login.unwrap();
        assert_eq!(
            (login.user.as_str(), login.password.expose_secret()),
            ("news@example.kz", "p:/#s")
        );
        assert!(!shown.contains("news") && !shown.contains("p:/#s") && !shown.contains("p%3A"));
    }

    #[test]
    fn what_is_wrong_is_named() {
        use BadRelay as Bad;
        for (text, error) in [
            ("mail.example.kz:25", Bad::Scheme("mail.example.kz".into())),
            ("mail", Bad::Syntax),
            ("http://mail.example.kz", Bad::Scheme("http".into())),
            ("smtp://", Bad::NoHost),
            ("smtp:///path", Bad::NoHost),
            ("smtp://u:p@mail.example.kz/x", Bad::Path),
            ("smtp://u:p#q@mail.example.kz", Bad::Syntax),
            ("smtp://u@mail.example.kz", Bad::HalfALogin),
            ("smtp://u:%0d%0aQUIT@mail.example.kz", Bad::Login),
            ("smtp://m.kz?tls=yes", Bad::Tls("yes".into())),
            ("smtps://m.kz?tls=none", Bad::TlsTwice),
            ("smtp://m.kz?hello=a%0d%0aRSET", Bad::HelloName),
            ("smtp://m.kz?retry=3", Bad::Parameter("retry".into())),
        ] {
            assert_eq!(read(text).unwrap_err(), error, "{text}");
        }
    }

    #[test]
    fn no_error_shows_the_password() {
        for text in
            ["smtp://u:geheim@", "smtp://u:geheim@h/x", "smtp://u:geheim#@h", "x://u:geheim@h"]
        {
            assert!(!format!("{0} {0:?}", read(text).unwrap_err()).contains("geheim"), "{text}");
        }
    }

    #[test]
    fn a_hello_name_holds_nothing_but_a_name() {
        for bad in ["", "[]", "a b", "a\r\nMAIL FROM:<x@y.kz>", "a\n", "имя.kz", &"a".repeat(256)]
        {
            assert_eq!(bad.parse::<HelloName>(), Err(BadRelay::HelloName), "{bad:?}");
        }
        assert!("mail.example.kz".parse::<HelloName>().is_ok());
        assert!("[IPv6:2001:db8::1]".parse::<HelloName>().is_ok());
    }
}
