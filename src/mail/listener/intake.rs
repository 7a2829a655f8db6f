//! Lines and messages in, within bounds.

use std::{io, time::Duration};

use memchr::memmem;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader},
    time::{sleep, timeout},
};

use super::MESSAGE_BYTES_MAX;

/// The longest command line, in octets: what AUTH may need (RFC 4954 §4).
const LINE_BYTES_MAX: u64 = 12_288;
/// What ends a message, with the line end before it.
const END: &[u8] = b"\r\n.\r\n";

/// A command line.
pub(super) enum Line {
    Text(String),
    TooLong,
    Closed,
}

/// How a message is read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// Stop for good after so many octets.
    pub(super) bytes_max: usize,
    /// At most so many at a time.
    pub(super) at_once: usize,
    /// Before each part.
    pub(super) pause: Duration,
}

impl Reading {
    pub(super) const WELL: Self =
        Self { bytes_max: usize::MAX, at_once: usize::MAX, pause: Duration::ZERO };
}

/// A message, or why there is none.
pub(super) enum Message {
    Whole(Vec<u8>),
    TooLarge,
    Broken,
}

pub(super) async fn line<S>(reader: &mut BufReader<S>, idle: Duration) -> io::Result<Line>
where
    S: AsyncRead + Unpin,
{
    let mut bytes = Vec::new();
    let mut bounded = reader.take(LINE_BYTES_MAX);
    timeout(idle, bounded.read_until(b'\n', &mut bytes)).await??;
    if bytes.len() as u64 == LINE_BYTES_MAX {
        return Ok(Line::TooLong);
    }
    let Some(text) = bytes.strip_suffix(b"\n") else { return Ok(Line::Closed) };
    Ok(Line::Text(String::from_utf8_lossy(text.trim_ascii_end()).into_owned()))
}

/// Reads up to the final dot. One that is too large is read to its end and thrown away.
pub(super) async fn message<S>(
    reader: &mut BufReader<S>,
    idle: Duration,
    reading: Reading,
) -> io::Result<Message>
where
    S: AsyncRead + Unpin,
{
    // A line end before it all: a dot in the first line is then like any other.
    let mut raw = b"\r\n".to_vec();
    let mut total = 0;
    while total < reading.bytes_max {
        if !reading.pause.is_zero() {
            sleep(reading.pause).await;
        }
        let chunk = timeout(idle, reader.fill_buf()).await??;
        if chunk.is_empty() {
            return Ok(Message::Broken);
        }
        let taken = chunk.len().min(reading.at_once).min(reading.bytes_max - total);
        let unsearched = raw.len().saturating_sub(END.len() - 1);
        raw.extend_from_slice(&chunk[..taken]);
        total += taken;
        if let Some(at) = memmem::find(&raw[unsearched..], END) {
            let end = unsearched + at + END.len();
            reader.consume(taken - (raw.len() - end));
            let is_whole = total - (raw.len() - end) <= MESSAGE_BYTES_MAX;
            raw.truncate(end - END.len() + 2);
            return Ok(if is_whole { Message::Whole(unstuffed(&raw)) } else { Message::TooLarge });
        }
        reader.consume(taken);
        if raw.len() > MESSAGE_BYTES_MAX {
            raw.drain(..raw.len() - END.len());
        }
    }
    Ok(Message::Broken)
}

/// Without the first line end and without the first dot of each line.
fn unstuffed(raw: &[u8]) -> Vec<u8> {
    let mut message = Vec::with_capacity(raw.len());
    let mut copied = 2;
    for at in memmem::find_iter(raw, b"\r\n.") {
        message.extend_from_slice(&raw[copied.min(at + 2)..at + 2]);
        copied = at + 3;
    }
    message.extend_from_slice(&raw[copied..]);
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(bytes: &[u8]) -> Message {
        message(&mut BufReader::with_capacity(3, bytes), Duration::MAX, Reading::WELL)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn a_message_ends_at_its_dot_and_loses_the_doubled_ones() {
        for (sent, expected) in [
            ("a\r\n.\r\nMAIL", "a\r\n"),
            ("..a\r\nb\r\n...\r\n.\r\n", ".a\r\nb\r\n..\r\n"),
            (".\r\n", ""),
            ("a\n.\nb\r\n.\r\n", "a\n.\nb\r\n"),
        ] {
            let Message::Whole(bytes) = read(sent.as_bytes()).await else { panic!("{sent:?}") };
            assert_eq!(String::from_utf8(bytes).unwrap(), expected, "{sent:?}");
        }
    }

    #[tokio::test]
    async fn what_follows_the_dot_is_left_for_the_next_command() {
        let mut reader = BufReader::new(&b"a\r\n.\r\nQUIT\r\n"[..]);
        assert!(matches!(
            message(&mut reader, Duration::MAX, Reading::WELL).await,
            Ok(Message::Whole(_))
        ));
        assert!(
            matches!(line(&mut reader, Duration::MAX).await, Ok(Line::Text(text)) if text == "QUIT")
        );
    }

    #[tokio::test]
    async fn a_message_over_the_limit_is_read_to_its_end_and_dropped() {
        let mut sent = vec![b'x'; MESSAGE_BYTES_MAX + 100_000];
        sent.extend_from_slice(b"\r\n.\r\n");
        assert!(matches!(
            message(&mut BufReader::new(&sent[..]), Duration::MAX, Reading::WELL).await,
            Ok(Message::TooLarge)
        ));
    }

    #[tokio::test]
    async fn a_message_without_an_end_is_none() {
        assert!(matches!(read(b"a\r\n.\r").await, Message::Broken));
    }

    #[tokio::test]
    async fn no_line_is_longer_than_the_limit() {
        let sent = vec![b'x'; 20_000];
        assert!(matches!(
            line(&mut BufReader::new(&sent[..]), Duration::MAX).await,
            Ok(Line::TooLong)
        ));
    }
}
