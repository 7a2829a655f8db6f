//! Bytes out and replies in, each within its time.

use std::{io, time::Duration};

use futures_util::FutureExt;
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    time::timeout,
};

use super::Failure;
use crate::domain::reply::{Reply, Stage};

/// The longest reply line, in octets: RFC 5321 allows 512, servers do not care, Postfix takes 2,048.
const LINE_BYTES_MAX: u64 = 2_048;
/// The longest reply, in octets.
const REPLY_BYTES_MAX: usize = 65_536;

/// What a session runs over.
pub(super) trait Socket: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Socket for S {}

/// One connection, in lines.
pub(super) struct Wire {
    stream: BufReader<Box<dyn Socket>>,
    line: Vec<u8>,
}

impl Wire {
    pub(super) fn new(socket: Box<dyn Socket>) -> Self {
        Self { stream: BufReader::new(socket), line: Vec::new() }
    }

    /// The socket, for the TLS handshake. What a server sent before it was in clear and could be
    /// anybody's, so nothing may be waiting (CVE-2011-0411).
    pub(super) fn into_socket(self) -> Result<Box<dyn Socket>, Failure> {
        if self.stream.buffer().is_empty() {
            Ok(self.stream.into_inner())
        } else {
            Err(Failure::Garbled {
                stage: Stage::Tls,
                why: "there is more after the answer to STARTTLS",
            })
        }
    }

    /// Whether the server neither closed the connection nor said anything unasked.
    pub(super) fn is_quiet(&mut self) -> bool {
        self.stream.fill_buf().now_or_never().is_none()
    }

    /// Writes it all. `limit` is for each part that the network takes, so a slow reader that does
    /// read is waited for. On an error at least the last byte was not written.
    pub(super) async fn write(
        &mut self,
        stage: Stage,
        limit: Duration,
        mut bytes: &[u8],
    ) -> Result<(), Failure> {
        let socket = self.stream.get_mut();
        while !bytes.is_empty() {
            match within(stage, limit, socket.write(bytes)).await? {
                0 => return Err(Failure::Lost { stage, cause: io::ErrorKind::WriteZero.into() }),
                taken => bytes = &bytes[taken..],
            }
        }
        Ok(())
    }

    /// Pushes out what TLS holds back.
    pub(super) async fn flush(&mut self, stage: Stage, limit: Duration) -> Result<(), Failure> {
        within(stage, limit, self.stream.get_mut().flush()).await
    }

    /// Writes a command line or several.
    pub(super) async fn say(
        &mut self,
        stage: Stage,
        limit: Duration,
        commands: &str,
    ) -> Result<(), Failure> {
        self.write(stage, limit, commands.as_bytes()).await?;
        self.flush(stage, limit).await
    }

    /// The next reply.
    pub(super) async fn reply(&mut self, stage: Stage, limit: Duration) -> Result<Reply, Failure> {
        let (code, lines) = self.lines(stage, limit).await?;
        Ok(Reply::new(code, &lines))
    }

    /// The next reply with its lines as they are, separated by `\n`.
    pub(super) async fn lines(
        &mut self,
        stage: Stage,
        limit: Duration,
    ) -> Result<(u16, String), Failure> {
        match timeout(limit, self.read_lines(stage)).await {
            Ok(read) => read,
            Err(_) => Err(Failure::TimedOut { stage, limit }),
        }
    }

    async fn read_lines(&mut self, stage: Stage) -> Result<(u16, String), Failure> {
        let garbled = |why| Failure::Garbled { stage, why };
        let mut text = String::new();
        let mut expected = None;
        loop {
            self.read_line(stage).await?;
            let (code, is_last, words) = split(&self.line).ok_or(garbled("no reply code"))?;
            if *expected.get_or_insert(code) != code {
                return Err(garbled("its lines have different codes"));
            }
            text.push_str(&String::from_utf8_lossy(words));
            if is_last {
                return Ok((code, text));
            }
            if text.len() > REPLY_BYTES_MAX {
                return Err(garbled("it is too long"));
            }
            text.push('\n');
        }
    }

    async fn read_line(&mut self, stage: Stage) -> Result<(), Failure> {
        self.line.clear();
        let mut bounded = (&mut self.stream).take(LINE_BYTES_MAX);
        let read = bounded.read_until(b'\n', &mut self.line).await;
        read.map_err(|cause| Failure::Lost { stage, cause })?;
        if self.line.ends_with(b"\n") {
            Ok(())
        } else if self.line.len() as u64 == LINE_BYTES_MAX {
            Err(Failure::Garbled { stage, why: "a line is too long" })
        } else {
            Err(Failure::Lost { stage, cause: io::ErrorKind::UnexpectedEof.into() })
        }
    }
}

async fn within<T>(
    stage: Stage,
    limit: Duration,
    step: impl Future<Output = io::Result<T>>,
) -> Result<T, Failure> {
    match timeout(limit, step).await {
        Ok(done) => done.map_err(|cause| Failure::Lost { stage, cause }),
        Err(_) => Err(Failure::TimedOut { stage, limit }),
    }
}

/// Code, whether no line follows, and the words of one reply line.
fn split(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let line = line.trim_ascii_end();
    let (digits, rest) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let is_last = match rest.first() {
        None | Some(b' ') => true,
        Some(b'-') => false,
        Some(_) => return None,
    };
    (200..600).contains(&code).then(|| (code, is_last, rest.get(1..).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(50);

    async fn heard(bytes: &[u8]) -> Result<String, Failure> {
        let (ours, mut theirs) = tokio::io::duplex(256 * 1024);
        theirs.write_all(bytes).await.unwrap();
        drop(theirs);
        let reply = Wire::new(Box::new(ours)).reply(Stage::MailFrom, LIMIT).await?;
        Ok(reply.to_string())
    }

    async fn garbled(bytes: &[u8]) -> bool {
        matches!(heard(bytes).await, Err(Failure::Garbled { .. }))
    }

    #[tokio::test]
    async fn replies_of_one_and_of_many_lines_are_joined() {
        assert_eq!(heard(b"250 2.1.0 Ok\r\n").await.unwrap(), "250 2.1.0 Ok");
        assert_eq!(
            heard(b"550-5.1.1 a\r\n550-5.1.1 b\r\n550 5.1.1 c\r\n").await.unwrap(),
            "550 5.1.1 a b c"
        );
    }

    #[tokio::test]
    async fn sloppy_servers_are_understood() {
        assert_eq!(heard(b"250\r\n").await.unwrap(), "250");
        assert_eq!(heard(b"250 ok\n").await.unwrap(), "250 ok");
        assert_eq!(heard(b"550 \xff\xfe\r\n").await.unwrap(), "550 \u{fffd}\u{fffd}");
    }

    #[tokio::test]
    async fn what_is_not_smtp_is_called_so() {
        assert!(garbled(b"HTTP/1.1 400 Bad Request\r\n").await);
        assert!(garbled(b"250-a\r\n550 b\r\n").await);
        assert!(
            garbled(b"999 x\r\n").await && garbled(b"25\r\n").await && garbled(b"+25 x\r\n").await
        );
        assert!(garbled(&[b'2'; 5_000]).await);
        assert!(garbled(&b"250-more and more\r\n".repeat(10_000)).await);
    }

    #[tokio::test]
    async fn half_a_reply_is_a_lost_connection() {
        for bytes in [&b""[..], b"25", b"250 o", b"250-a\r\n"] {
            assert!(matches!(heard(bytes).await, Err(Failure::Lost { .. })), "{bytes:?}");
        }
    }

    #[tokio::test]
    async fn what_was_slipped_in_before_the_handshake_is_not_believed() {
        for (sent, is_clean) in
            [(&b"220 go\r\n"[..], true), (b"220 go\r\n250 AUTH PLAIN\r\n", false)]
        {
            let (ours, mut theirs) = tokio::io::duplex(64);
            theirs.write_all(sent).await.unwrap();
            let mut wire = Wire::new(Box::new(ours));
            wire.reply(Stage::Tls, LIMIT).await.unwrap();
            assert_eq!(wire.into_socket().is_ok(), is_clean);
        }
    }

    #[tokio::test]
    async fn an_unasked_word_or_a_closed_door_is_noticed() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let mut wire = Wire::new(Box::new(ours));
        assert!(wire.is_quiet());
        theirs.write_all(b"421 idle too long\r\n").await.unwrap();
        assert!(!wire.is_quiet());

        let (ours, theirs) = tokio::io::duplex(64);
        drop(theirs);
        assert!(!Wire::new(Box::new(ours)).is_quiet());
    }
}
