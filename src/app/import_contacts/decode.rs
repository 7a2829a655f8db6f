//! From bytes to UTF-8 text with plain line ends, in chunks.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult};

use super::{
    encoding::{HEAD_BYTES, TextEncoding},
    error::ImportError,
};

/// What ends the reading within a text; travels inside an [`io::Error`].
#[derive(Debug, thiserror::Error)]
pub(super) enum Stop {
    /// Bytes that are no character.
    #[error("not {encoding} at byte {offset}, line {line}")]
    Undecodable { encoding: TextEncoding, offset: u64, line: u64 },
    /// More text than a record may have.
    #[error("the record does not end")]
    RecordTooLong,
}

impl From<Stop> for io::Error {
    fn from(stop: Stop) -> Self {
        Self::new(io::ErrorKind::InvalidData, stop)
    }
}

/// A source as UTF-8 with `\n` as the only line end, also after the last line.
pub(super) struct Decoded<R> {
    source: R,
    encoding: TextEncoding,
    decoder: Decoder,
    raw: Vec<u8>,
    /// How much of `raw` is filled and not yet decoded.
    raw_filled: usize,
    text: Vec<u8>,
    text_at: usize,
    /// Bytes of the source that have been decoded.
    position: u64,
    /// Line ends in the text of those bytes.
    lines: u64,
    after_carriage_return: bool,
    ends_with_line_end: bool,
    finished: bool,
    allowance: usize,
}

impl<R: Read> Decoded<R> {
    /// Reads the beginning and tells the encoding, unless it is given.
    pub(super) fn open(source: R, encoding: Option<TextEncoding>) -> Result<Self, ImportError> {
        let mut decoded = Self {
            source,
            encoding: TextEncoding::Utf8,
            decoder: TextEncoding::Utf8.decoder(),
            raw: vec![0; HEAD_BYTES],
            raw_filled: 0,
            text: Vec::new(),
            text_at: 0,
            position: 0,
            lines: 0,
            after_carriage_return: false,
            ends_with_line_end: true,
            finished: false,
            allowance: usize::MAX,
        };
        decoded.fill_raw().map_err(ImportError::Read)?;
        let head = &decoded.raw[..decoded.raw_filled];
        decoded.encoding = encoding.map_or_else(|| TextEncoding::of(head), Ok)?;
        decoded.decoder = decoded.encoding.decoder();
        decoded.skip_byte_order_mark();
        Ok(decoded)
    }

    /// The text that will be read next, without taking it: about 64 KB, less at the end.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        while self.text_at == self.text.len() && !self.finished {
            self.decode_chunk()?;
        }
        Ok(&self.text[self.text_at..])
    }

    pub(super) const fn encoding(&self) -> TextEncoding {
        self.encoding
    }

    /// Bytes of the source that have been decoded.
    pub(super) const fn position(&self) -> u64 {
        self.position
    }

    /// From here on no more than `bytes` of text are handed out before the next such call.
    pub(super) const fn allow(&mut self, bytes: usize) {
        self.allowance = bytes;
    }

    fn skip_byte_order_mark(&mut self) {
        let mark = self.encoding.byte_order_mark();
        if self.raw[..self.raw_filled].starts_with(mark) {
            self.raw.copy_within(mark.len()..self.raw_filled, 0);
            self.raw_filled -= mark.len();
            self.position = mark.len() as u64;
        }
    }

    fn fill_raw(&mut self) -> io::Result<()> {
        while self.raw_filled < self.raw.len() {
            match self.source.read(&mut self.raw[self.raw_filled..]) {
                Ok(0) => break,
                Ok(read) => self.raw_filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn decode_chunk(&mut self) -> io::Result<()> {
        self.fill_raw()?;
        let last = self.raw_filled < self.raw.len();
        let room = self.decoder.max_utf8_buffer_length_without_replacement(self.raw_filled);
        self.text.resize(room.unwrap_or(HEAD_BYTES * 4), 0);
        let raw = &self.raw[..self.raw_filled];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(raw, &mut self.text, last);
        self.text.truncate(written);
        if let DecoderResult::Malformed(bad, after) = result {
            let seen = (read as u64).saturating_sub(u64::from(bad) + u64::from(after));
            return Err(Stop::Undecodable {
                encoding: self.encoding,
                offset: self.position + seen,
                line: self.lines + count_line_ends(&self.text) + 1,
            }
            .into());
        }
        self.position += read as u64;
        self.raw_filled = 0;
        self.text_at = 0;
        self.finished = last;
        self.settle_line_ends();
        Ok(())
    }

    fn settle_line_ends(&mut self) {
        if self.after_carriage_return || self.text.contains(&b'\r') {
            let after = &mut self.after_carriage_return;
            self.text.retain_mut(|byte| {
                let doubled = *byte == b'\n' && *after;
                *after = *byte == b'\r';
                if *after {
                    *byte = b'\n';
                }
                !doubled
            });
        }
        self.ends_with_line_end = self.text.last().map_or(self.ends_with_line_end, |b| *b == b'\n');
        if self.finished && !self.ends_with_line_end {
            self.text.push(b'\n');
        }
        self.lines += count_line_ends(&self.text);
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        if self.allowance == 0 {
            return Err(Stop::RecordTooLong.into());
        }
        let text = self.peek()?;
        let length = text.len().min(target.len());
        target[..length].copy_from_slice(&text[..length]);
        self.text_at += length;
        self.allowance = self.allowance.saturating_sub(length);
        Ok(length)
    }
}

fn count_line_ends(text: &[u8]) -> u64 {
    text.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1251;

    use super::*;

    const LINE: &str = "аты;почта\r\nАйгүл Ерғалиқызы;a@мектеп.қаз\r\n";

    fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(order).collect()
    }

    fn read(bytes: &[u8]) -> (TextEncoding, String) {
        let mut decoded = Decoded::open(bytes, None).unwrap();
        let mut text = String::new();
        decoded.read_to_string(&mut text).unwrap();
        assert_eq!(decoded.position(), bytes.len() as u64);
        (decoded.encoding(), text)
    }

    #[test]
    fn every_encoding_becomes_the_same_text_with_plain_line_ends() {
        let text = LINE.replace('\r', "");
        let marked = |text: &str| format!("\u{feff}{text}");
        assert_eq!(read(LINE.as_bytes()), (TextEncoding::Utf8, text.clone()));
        assert_eq!(read(marked(LINE).as_bytes()), (TextEncoding::Utf8, text.clone()));
        for line in [LINE.to_owned(), marked(LINE)] {
            let little = utf16(&line, u16::to_le_bytes);
            assert_eq!(read(&little), (TextEncoding::Utf16Le, text.clone()));
            let big = utf16(&line, u16::to_be_bytes);
            assert_eq!(read(&big), (TextEncoding::Utf16Be, text.clone()));
        }
        let (russian, _, _) = WINDOWS_1251.encode("имя;почта\rПётр;p@x.kz");
        let text = "имя;почта\nПётр;p@x.kz\n".to_owned();
        assert_eq!(read(&russian), (TextEncoding::Windows1251, text));
    }

    #[test]
    fn a_character_or_a_line_end_may_lie_across_two_chunks() {
        for fill in HEAD_BYTES - 4..=HEAD_BYTES {
            let text = format!("{}ң\r\nң", "x".repeat(fill));
            let (encoding, read) = read(text.as_bytes());
            assert_eq!(encoding, TextEncoding::Utf8);
            assert_eq!(read.len(), text.len());
            assert!(read.ends_with("ң\nң\n"));
        }
    }

    #[test]
    fn a_late_byte_that_is_not_utf_8_is_named_by_its_place() {
        let mut bytes = "a@x.kz\r\n".repeat(20_000).into_bytes();
        bytes.extend(b"caf\xE9\n");
        let mut decoded = Decoded::open(&bytes[..], None).unwrap();
        let error = decoded.read_to_string(&mut String::new()).unwrap_err();
        let stop = error.get_ref().unwrap().to_string();
        assert_eq!(stop, "not utf-8 at byte 160003, line 20001");
    }

    #[test]
    fn damaged_utf_8_is_an_error() {
        let bytes = [LINE.as_bytes(), b"\xD0\n", LINE.as_bytes()].concat();
        let mut decoded = Decoded::open(&bytes[..], None).unwrap();
        assert_eq!(decoded.encoding(), TextEncoding::Utf8);
        assert!(decoded.peek().is_err());
    }

    #[test]
    fn an_encoding_that_is_told_is_not_guessed() {
        let mut decoded = Decoded::open(&b"\xE0"[..], Some(TextEncoding::Windows1251)).unwrap();
        assert_eq!(decoded.peek().unwrap(), "а\n".as_bytes());
    }
}
