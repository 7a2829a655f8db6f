//! What a sender's domain publishes in the DNS, and what it should.
//!
//! [`look_up`] asks, [`judge`] decides; only the first touches the network.

mod lookup;

pub use lookup::{NoResolver, look_up};

use super::dkim::DnsRecord;

/// What was found under one name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// These TXT records; none if empty.
    Records(Vec<String>),
    /// The DNS did not answer.
    Unknown,
}

/// What stands in the DNS for one domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// TXT records of the domain that bounces go to.
    pub spf: Found,
    /// TXT records of `_dmarc.domain`.
    pub dmarc: Found,
    /// TXT records of each signing key, in the order of the keys.
    pub dkim: Vec<Found>,
}

/// What a check is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Who may send for the return path's domain (RFC 7208).
    Spf,
    /// Whether receivers can verify this key's signatures (RFC 6376).
    Dkim(DnsRecord),
    /// What receivers shall do with mail that passes neither (RFC 7489).
    Dmarc,
}

/// How one of them stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As it should.
    Good,
    /// Nothing is published.
    Missing,
    /// Something is published that does not do.
    Wrong,
    /// The DNS did not answer: ask again later.
    Unknown,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// About what.
    pub subject: Subject,
    /// How it stands.
    pub standing: Standing,
    /// What was found, if anything.
    pub found: Vec<String>,
    /// Name and value to publish, unless all is well.
    pub publish: Option<DnsRecord>,
}

/// Judges what a domain publishes. `bounce_domain` is the return path's, `keys` are the records
/// that the signing keys want.
#[must_use]
pub fn judge(domain: &str, bounce_domain: &str, keys: &[DnsRecord], it: &Published) -> Vec<Check> {
    let mut checks = vec![spf(bounce_domain, &it.spf)];
    checks.extend(keys.iter().zip(&it.dkim).map(|(key, found)| dkim(key, found)));
    checks.push(dmarc(domain, &it.dmarc));
    checks
}

fn check(subject: Subject, standing: Standing, found: Vec<String>, advice: DnsRecord) -> Check {
    let publish = matches!(standing, Standing::Missing | Standing::Wrong).then_some(advice);
    Check { subject, standing, found, publish }
}

/// The records of a kind, or that nobody knows.
fn of_kind(found: &Found, tag: &str) -> Option<Vec<String>> {
    let Found::Records(records) = found else { return None };
    let is_kind = |record: &&String| record.trim_start().to_ascii_lowercase().starts_with(tag);
    Some(records.iter().filter(is_kind).cloned().collect())
}

/// Exactly one record that ends in `-all` or `~all` or sends on elsewhere (RFC 7208, 3.2 and 4.5).
fn spf(domain: &str, found: &Found) -> Check {
    let advice = DnsRecord { name: domain.to_owned(), value: "v=spf1 mx ~all".to_owned() };
    let Some(records) = of_kind(found, "v=spf1") else {
        return check(Subject::Spf, Standing::Unknown, Vec::new(), advice);
    };
    let standing = match records.as_slice() {
        [] => Standing::Missing,
        [one] => {
            let ends = |word: &str| one.split_whitespace().any(|term| term.starts_with(word));
            let is_closed = ["-all", "~all", "redirect="].iter().any(|word| ends(word));
            if is_closed { Standing::Good } else { Standing::Wrong }
        }
        _ => Standing::Wrong,
    };
    check(Subject::Spf, standing, records, advice)
}

fn dkim(key: &DnsRecord, found: &Found) -> Check {
    let subject = Subject::Dkim(key.clone());
    let Found::Records(records) = found else {
        return check(subject, Standing::Unknown, Vec::new(), key.clone());
    };
    let standing = match records.as_slice() {
        [] => Standing::Missing,
        [one] if public_key(one) == public_key(&key.value) => Standing::Good,
        _ => Standing::Wrong,
    };
    check(subject, standing, records.clone(), key.clone())
}

/// The value of `p=`, without the blanks that providers' forms leave.
fn public_key(record: &str) -> Option<String> {
    let value = record.split(';').find_map(|tag| tag.trim().strip_prefix("p="))?;
    Some(value.chars().filter(|c| !c.is_whitespace()).collect())
}

/// Exactly one record with a policy (RFC 7489, 6.6.3). Gmail and Yahoo want one, even `p=none`.
fn dmarc(domain: &str, found: &Found) -> Check {
    let name = format!("_dmarc.{domain}");
    let value = format!("v=DMARC1; p=quarantine; rua=mailto:dmarc@{domain}");
    let advice = DnsRecord { name, value };
    let Some(records) = of_kind(found, "v=dmarc1") else {
        return check(Subject::Dmarc, Standing::Unknown, Vec::new(), advice);
    };
    let standing = match records.as_slice() {
        [] => Standing::Missing,
        [one] => {
            let policy = one.split(';').find_map(|tag| tag.trim().strip_prefix("p="));
            let is_known = policy
                .is_some_and(|policy| ["none", "quarantine", "reject"].contains(&policy.trim()));
            if is_known { Standing::Good } else { Standing::Wrong }
        }
        _ => Standing::Wrong,
    };
    check(Subject::Dmarc, standing, records, advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(texts: &[&str]) -> Found {
        Found::Records(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn spf_must_be_one_and_closed() {
        let standing = |texts: &[&str]| spf("b.kz", &records(texts)).standing;
        assert_eq!(standing(&["v=spf1 ip4:192.0.2.1 -all", "other"]), Standing::Good);
        assert_eq!(standing(&["V=SPF1 redirect=_spf.example.kz"]), Standing::Good);
        assert_eq!(standing(&["v=spf1 mx +all"]), Standing::Wrong);
        assert_eq!(standing(&["v=spf1 -all", "v=spf1 ~all"]), Standing::Wrong);
        assert_eq!(standing(&["google-site-verification=x"]), Standing::Missing);
        assert_eq!(spf("b.kz", &Found::Unknown).standing, Standing::Unknown);
    }

    #[test]
    fn a_key_must_be_the_one_that_signs() {
        let key = DnsRecord {
            name: "k1._domainkey.example.kz".to_owned(),
            value: "v=DKIM1; k=rsa; p=AbC".to_owned(),
        };
        let standing = |texts: &[&str]| dkim(&key, &records(texts)).standing;
        assert_eq!(standing(&["v=DKIM1;k=rsa;p=A bC"]), Standing::Good);
        assert_eq!(standing(&["v=DKIM1; k=rsa; p=xyz"]), Standing::Wrong);
        assert_eq!(standing(&["v=DKIM1; p="]), Standing::Wrong);
        let missing = dkim(&key, &records(&[]));
        assert_eq!((missing.standing, missing.publish), (Standing::Missing, Some(key)));
    }

    #[test]
    fn dmarc_needs_a_policy() {
        let standing = |texts: &[&str]| dmarc("example.kz", &records(texts)).standing;
        assert_eq!(standing(&["v=DMARC1; p=reject; rua=mailto:x@example.kz"]), Standing::Good);
        assert_eq!(standing(&["v=DMARC1; sp=none"]), Standing::Wrong);
        assert_eq!(standing(&["v=spf1 -all"]), Standing::Missing);
    }
}
