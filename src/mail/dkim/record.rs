//! What must stand in the DNS for a signature to pass.

use std::fmt;

/// Octets of one character-string in a TXT record (RFC 1035, section 3.3).
const STRING_OCTETS_MAX: usize = 255;

/// A TXT record. Displays as a line of a zone file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DnsRecord {
    /// `selector._domainkey.domain`, without a dot at the end.
    pub name: String,
    /// The whole value. Providers' web forms want it like this and split it themselves.
    pub value: String,
}

impl DnsRecord {
    /// The value cut into strings of at most 255 octets, as a zone file wants it. Verifiers join
    /// them without a blank (RFC 6376, section 3.6.2.2).
    pub fn strings(&self) -> impl Iterator<Item = &str> {
        let mut rest = self.value.as_str();
        std::iter::from_fn(move || {
            let (string, after) = rest.split_at(rest.len().min(STRING_OCTETS_MAX));
            rest = after;
            (!string.is_empty()).then_some(string)
        })
    }
}

impl fmt::Display for DnsRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}. IN TXT (", self.name)?;
        for string in self.strings() {
            write!(f, " \"{string}\"")?;
        }
        f.write_str(" )")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_into_strings_that_join_to_itself() {
        let record = DnsRecord { name: "s._domainkey.example.kz".into(), value: "x".repeat(600) };
        let lengths: Vec<_> = record.strings().map(str::len).collect();
        assert_eq!(lengths, [255, 255, 90]);
        assert_eq!(record.strings().collect::<String>(), record.value);
    }

    #[test]
    fn a_short_value_is_one_string_in_the_zone_file() {
        let record = DnsRecord {
            name: "s._domainkey.example.kz".into(),
            value: "v=DKIM1; k=ed25519; p=AA==".into(),
        };
        assert_eq!(
            record.to_string(),
            "s._domainkey.example.kz. IN TXT ( \"v=DKIM1; k=ed25519; p=AA==\" )"
        );
    }
}
