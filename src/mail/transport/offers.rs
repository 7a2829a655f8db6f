//! What a server says it can do.

use lettre::transport::smtp::authentication::Mechanism;

/// The extensions of an EHLO reply that matter to us. (lettre's reader of them knows fewer, and a
/// blank line in the reply makes it panic.)
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Offers {
    pub(super) pipelining: bool,
    pub(super) eight_bit: bool,
    pub(super) smtputf8: bool,
    pub(super) starttls: bool,
    pub(super) size: SizeOffer,
    pub(super) mechanism: Option<Mechanism>,
}

/// What was said of `SIZE` (RFC 1870).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum SizeOffer {
    #[default]
    No,
    Unlimited,
    /// In octets.
    UpTo(usize),
}

impl Offers {
    /// From the lines of an EHLO reply, the first of which is the server's name.
    pub(super) fn read<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut offers = Self::default();
        for line in lines.skip(1) {
            let line = line.to_ascii_uppercase();
            // "AUTH=PLAIN" is how some servers still greet clients of the last century.
            let mut words = line.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("PIPELINING") => offers.pipelining = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.smtputf8 = true,
                Some("STARTTLS") => offers.starttls = true,
                Some("SIZE") => offers.size = limit(words.next()),
                Some("AUTH") => offers.mechanism = offers.mechanism.or_else(|| mechanism(words)),
                _ => {}
            }
        }
        offers
    }
}

fn limit(word: Option<&str>) -> SizeOffer {
    match word.and_then(|digits| digits.parse().ok()) {
        None | Some(0) => SizeOffer::Unlimited,
        Some(octets) => SizeOffer::UpTo(octets),
    }
}

/// PLAIN before LOGIN: one round trip instead of three.
fn mechanism<'a>(offered: impl Iterator<Item = &'a str>) -> Option<Mechanism> {
    offered.fold(None, |best, word| match word {
        "PLAIN" => Some(Mechanism::Plain),
        "LOGIN" => best.or(Some(Mechanism::Login)),
        _ => best,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &str) -> Offers {
        Offers::read(lines.lines())
    }

    #[test]
    fn extensions_are_read_whatever_their_case() {
        let offers =
            read("mail.example.kz\nPipelining\n8bitmime\nSIZE 1000\nauth LOGIN PLAIN\nSTARTTLS");
        assert!(offers.pipelining && offers.eight_bit && offers.starttls && !offers.smtputf8);
        assert_eq!(
            (offers.size, offers.mechanism),
            (SizeOffer::UpTo(1000), Some(Mechanism::Plain))
        );
    }

    #[test]
    fn a_size_of_nothing_is_no_limit() {
        assert_eq!(read("x\nSIZE").size, SizeOffer::Unlimited);
        assert_eq!(read("x\nSIZE 0").size, SizeOffer::Unlimited);
        assert_eq!(read("x").size, SizeOffer::No);
    }

    #[test]
    fn odd_lines_do_no_harm() {
        assert_eq!(read("x\n \n\n=\nAUTH\nAUTH GSSAPI"), Offers::default());
        assert_eq!(read("x\nAUTH=LOGIN").mechanism, Some(Mechanism::Login));
        assert_eq!(read("PIPELINING"), Offers::default(), "the first line is a name");
    }
}
