//! What stands between the cells.

use std::{fmt, str::FromStr};

/// Records that are looked at to tell the delimiter.
const RECORDS_LOOKED_AT: usize = 50;

/// What stands between two cells of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// `,`
    Comma,
    /// `;`: what Excel writes where the comma is the decimal sign, as in Kazakhstan.
    Semicolon,
    /// The tab character.
    Tab,
}

impl Delimiter {
    const ALL: [Self; 3] = [Self::Comma, Self::Semicolon, Self::Tab];

    /// The character.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }

    /// The one that cuts the beginning of a text into records that are as wide as the first; quoted
    /// cells are respected. When two do, not the comma, which stands in names and notes too. A text
    /// of one column has none: then it is the comma.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        let fits = Self::ALL.map(|delimiter| (delimiter.fit(head), delimiter));
        let best = fits.into_iter().filter(|(fit, _)| fit.is_some()).max_by_key(|(fit, _)| *fit);
        best.map_or(Self::Comma, |(_, delimiter)| delimiter)
    }

    /// How well it fits: records as wide as the first (in per mille), then its width.
    /// None when the first has one cell.
    fn fit(self, head: &[u8]) -> Option<(usize, usize)> {
        let widths = self.widths(head);
        match widths.first() {
            Some(&first) if first > 1 => {
                let alike = widths.iter().filter(|width| **width == first).count();
                Some((alike * 1000 / widths.len(), first))
            }
            _ => None,
        }
    }

    fn widths(self, head: &[u8]) -> Vec<usize> {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(self.byte())
            .has_headers(false)
            .flexible(true)
            .from_reader(head);
        let mut record = csv::ByteRecord::new();
        let mut widths = Vec::new();
        while widths.len() < RECORDS_LOOKED_AT
            && reader.read_byte_record(&mut record).unwrap_or(false)
        {
            widths.push(record.len());
        }
        let last_may_be_cut_off = reader.is_done() && widths.len() > 2 && !head.ends_with(b"\n");
        if last_may_be_cut_off {
            widths.pop();
        }
        widths
    }
}

impl fmt::Display for Delimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
        })
    }
}

/// Not one of the delimiters that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not one of comma, semicolon, tab")]
pub struct NotADelimiter(String);

impl FromStr for Delimiter {
    type Err = NotADelimiter;

    fn from_str(text: &str) -> Result<Self, NotADelimiter> {
        let named = Self::ALL.into_iter().find(|delimiter| {
            text.eq_ignore_ascii_case(&delimiter.to_string())
                || text.as_bytes() == [delimiter.byte()]
        });
        named.ok_or_else(|| NotADelimiter(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_what_cuts_all_records_alike() {
        for (text, delimiter) in [
            ("email,name\na@x.kz,A\n", Delimiter::Comma),
            ("email;name\na@x.kz;A\n", Delimiter::Semicolon),
            ("email\tname\na@x.kz\tA\n", Delimiter::Tab),
            ("Фамилия, имя;email\nСмирнов;a@x.kz\n", Delimiter::Semicolon),
            ("\"a;b;c\",email\n\"1;2;3\",a@x.kz\n", Delimiter::Comma),
            ("email,tags\na@x.kz,x;y;z\nb@x.kz,x;y\n", Delimiter::Comma),
            ("email;note\na@x.kz;\"one, two,\nthree\"\n", Delimiter::Semicolon),
            ("email;имя, должность\na@x.kz;Пётр, учитель\n", Delimiter::Semicolon),
            ("email\na@x.kz\n", Delimiter::Comma),
            ("", Delimiter::Comma),
        ] {
            assert_eq!(Delimiter::of(text.as_bytes()), delimiter, "{text}");
        }
    }

    #[test]
    fn a_cut_off_last_record_does_not_count() {
        assert_eq!(Delimiter::of(b"email;a;b,c\nx@x.kz;1;2,3\ny@x.kz;4,"), Delimiter::Semicolon);
    }

    #[test]
    fn a_delimiter_is_named_by_word_or_character() {
        assert_eq!("Semicolon".parse(), Ok(Delimiter::Semicolon));
        assert_eq!("\t".parse(), Ok(Delimiter::Tab));
        assert!("pipe".parse::<Delimiter>().is_err());
    }
}
