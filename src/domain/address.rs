//! An e-mail address in one canonical form.

use std::{fmt, str::FromStr};

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

/// A syntactically valid address (RFC 5322 addr-spec without quotes, comments and literals): the
/// domain as lower-case A-labels (UTS #46), the local part as given. At most 254 octets (RFC 5321).
///
/// Two addresses are one contact's when their [`Address::key`]s are equal. `Debug` and logs never
/// show it; ask for [`Address::as_str`] where a person or the SMTP dialogue needs it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

/// Why a text is not an address we can mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Nothing there.
    #[error("the address is empty")]
    Empty,
    /// Over 254 octets, or a local part over 64.
    #[error("the address is longer than 254 octets, or its part before the @ longer than 64")]
    TooLong,
    /// A blank, a control character, a line end.
    #[error("the address holds a space or a control character")]
    Control,
    /// No `@`, two of them, or characters that may not stand there.
    #[error("this is not an address of the form name@domain.tld")]
    Syntax,
    /// The domain is not one by UTS #46.
    #[error("the part after the @ is not a domain name")]
    Domain,
}

impl Address {
    /// The address as it goes to `RCPT TO`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// What stands after the `@`, as A-labels.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// What makes two spellings the same person: the whole address in lower case. RFC 5321 lets a
    /// local part be case-sensitive; no provider of note does, and one person must not be two.
    #[must_use]
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }

    /// `a•••@example.kz`: for pages that a link holder may see.
    #[must_use]
    pub fn masked(&self) -> String {
        let first: String = self.local_part().chars().take(1).collect();
        format!("{first}•••@{}", self.domain())
    }

    /// Whether the relay must offer SMTPUTF8 (RFC 6531): only a local part can still be non-ASCII.
    #[must_use]
    pub fn needs_smtputf8(&self) -> bool {
        !self.0.is_ascii()
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BadAddress::Empty);
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(BadAddress::Control);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(BadAddress::Syntax)?;
        if local.contains(['"', '@']) {
            return Err(BadAddress::Syntax);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| BadAddress::Domain)?;
        if !ends_in_top_level(&domain) {
            return Err(BadAddress::Domain);
        }
        let whole = format!("{local}@{}", domain.to_ascii_lowercase());
        if whole.len() > 254 || local.len() > 64 {
            return Err(BadAddress::TooLong);
        }
        let options =
            Options::default().without_display_text().without_domain_literal().with_required_tld();
        EmailAddress::parse_with_options(&whole, options).map_err(|_| BadAddress::Syntax)?;
        Ok(Self(whole))
    }
}

/// Whether the last label can be a top-level domain: two characters or more, not a number (a number
/// would make it an IPv4 address: RFC 3696, section 2). Without a dot the syntax check objects.
fn ends_in_top_level(domain: &str) -> bool {
    domain
        .rsplit_once('.')
        .is_none_or(|(_, last)| last.len() >= 2 && !last.bytes().all(|b| b.is_ascii_digit()))
}

impl TryFrom<String> for Address {
    type Error = BadAddress;

    fn try_from(text: String) -> Result<Self, BadAddress> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, BadAddress> {
        text.parse::<Address>().map(|a| a.0)
    }

    #[test]
    fn the_domain_becomes_lower_case_a_labels_and_the_local_part_stays() {
        assert_eq!(read(" Aigul.S@Example.KZ "), Ok("Aigul.S@example.kz".into()));
        assert_eq!(read("info@мектеп.қаз"), Ok("info@xn--e1aaogsq.xn--80ao21a".into()));
        assert_eq!(read("әлия@mail.kz"), Ok("әлия@mail.kz".into()));
    }

    #[test]
    fn what_cannot_be_mailed_is_refused_with_its_reason() {
        assert_eq!(read("  "), Err(BadAddress::Empty));
        assert_eq!(read("no-at.kz"), Err(BadAddress::Syntax));
        assert_eq!(read("a@localhost"), Err(BadAddress::Syntax));
        assert_eq!(read("a@[127.0.0.1]"), Err(BadAddress::Domain));
        assert_eq!(read("a@127.0.0.1"), Err(BadAddress::Domain));
        assert_eq!(read("a@x.k"), Err(BadAddress::Domain));
        assert_eq!(read("a\u{200b}b@x.kz"), Err(BadAddress::Syntax));
        assert_eq!(read("\"a b\"@x.kz"), Err(BadAddress::Control));
        assert_eq!(read("a\r\nRCPT TO:<b@x.kz>@x.kz"), Err(BadAddress::Control));
        assert_eq!(read(&format!("{}@x.kz", "a".repeat(65))), Err(BadAddress::TooLong));
    }

    #[test]
    fn debug_and_mask_do_not_tell_the_address() {
        let address: Address = "aigul@example.kz".parse().unwrap();
        assert_eq!(format!("{address:?}"), "Address(…)");
        assert_eq!(address.masked(), "a•••@example.kz");
    }
}
