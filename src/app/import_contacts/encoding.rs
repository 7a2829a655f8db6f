//! How a file writes its characters, told by its beginning.

use std::{fmt, str::FromStr};

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1251};

use super::error::ImportError;

/// Bytes at the beginning of a file that are looked at.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

/// Share of zero bytes from which a text can be UTF-16: a delimiter or a line end in twenty bytes.
const ZEROS_PER_BYTES: usize = 20;

/// How a file writes its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextEncoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first ("Unicode text" of Excel).
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1251: Russian only; it has no letters for Kazakh sounds.
    Windows1251,
}

impl TextEncoding {
    pub(super) fn decoder(self) -> Decoder {
        let encoding: &'static Encoding = match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1251 => WINDOWS_1251,
        };
        encoding.new_decoder_without_bom_handling()
    }

    pub(super) const fn byte_order_mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => &[0xEF, 0xBB, 0xBF],
            Self::Utf16Le => &[0xFF, 0xFE],
            Self::Utf16Be => &[0xFE, 0xFF],
            Self::Windows1251 => &[],
        }
    }

    /// Tells the encoding by the beginning of a file.
    ///
    /// # Errors
    /// [`ImportError::NotText`] when it is a workbook or another binary file.
    pub(super) fn of(head: &[u8]) -> Result<Self, ImportError> {
        if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
            return Err(ImportError::NotText { what: "an Excel or another office document" });
        }
        let marked = [Self::Utf8, Self::Utf16Le, Self::Utf16Be]
            .into_iter()
            .find(|encoding| head.starts_with(encoding.byte_order_mark()));
        match marked {
            Some(encoding) => Ok(encoding),
            None if head.contains(&0) => Self::by_zeros(head),
            None if is_mostly_utf8(head) => Ok(Self::Utf8),
            None => Ok(Self::Windows1251),
        }
    }

    fn by_zeros(head: &[u8]) -> Result<Self, ImportError> {
        let zeros = |from| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
        let (first, second) = (zeros(0), zeros(1));
        let enough = (first + second) * ZEROS_PER_BYTES >= head.len();
        match (first * 4 < second, second * 4 < first) {
            (true, _) if enough => Ok(Self::Utf16Le),
            (_, true) if enough => Ok(Self::Utf16Be),
            _ => Err(ImportError::NotText { what: "a binary file" }),
        }
    }
}

impl fmt::Display for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1251 => "windows-1251",
        })
    }
}

/// Not one of the encodings that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not one of utf-8, utf-16le, utf-16be, windows-1251")]
pub struct NotAnEncoding(String);

impl FromStr for TextEncoding {
    type Err = NotAnEncoding;

    fn from_str(text: &str) -> Result<Self, NotAnEncoding> {
        match text.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Self::Utf8),
            "utf-16" | "utf-16le" | "utf16" | "utf16le" => Ok(Self::Utf16Le),
            "utf-16be" | "utf16be" => Ok(Self::Utf16Be),
            "windows-1251" | "cp1251" => Ok(Self::Windows1251),
            _ => Err(NotAnEncoding(text.to_owned())),
        }
    }
}

/// Windows-1251 read as UTF-8 hardly ever makes a whole character; damaged UTF-8 makes many. The
/// latter is reported as damaged rather than read as gibberish.
fn is_mostly_utf8(head: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        let is_cut_off = chunks.peek().is_none() && head.len() >= HEAD_BYTES;
        broken += usize::from(!chunk.invalid().is_empty() && !is_cut_off);
    }
    broken == 0 || whole > broken * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells_the_encoding() {
        let of = |head: &[u8]| TextEncoding::of(head).ok();
        assert_eq!(of(b""), Some(TextEncoding::Utf8));
        assert_eq!(of("қаз".as_bytes()), Some(TextEncoding::Utf8));
        assert_eq!(of(b"\xEF\xBB\xBFa"), Some(TextEncoding::Utf8));
        assert_eq!(of(b"\xFF\xFEa\0"), Some(TextEncoding::Utf16Le));
        assert_eq!(of(b"\0a\0,\0b"), Some(TextEncoding::Utf16Be));
        assert_eq!(of(b"\xE8\xEC\xFF;email"), Some(TextEncoding::Windows1251));
    }

    #[test]
    fn damaged_utf_8_is_not_taken_for_windows_1251() {
        let head = ["Айгүл".as_bytes(), b"\xD0\n", "Ерғали".as_bytes()].concat();
        assert_eq!(TextEncoding::of(&head).ok(), Some(TextEncoding::Utf8));
    }

    #[test]
    fn workbooks_and_other_binary_files_are_refused() {
        let letters_and_zero = b"abcdefghijklmnopqrstuvwxyz\0";
        for head in [&b"PK\x03\x04abc"[..], b"\xD0\xCF\x11\xE0", b"a\0\0b\0\0\0c", letters_and_zero]
        {
            assert!(matches!(TextEncoding::of(head), Err(ImportError::NotText { .. })));
        }
    }

    #[test]
    fn an_encoding_is_named_as_on_the_command_line() {
        assert_eq!("CP1251".parse(), Ok(TextEncoding::Windows1251));
        assert_eq!("utf-8".parse(), Ok(TextEncoding::Utf8));
        assert!("koi8-r".parse::<TextEncoding>().is_err());
    }
}
