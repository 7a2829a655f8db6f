//! One connection: commands in, replies out.

mod login;
mod transaction;

use std::{io, time::Duration};

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, copy_buf, sink};

use super::{
    Action, Behaviour, Received, Settings, Step, Tls,
    intake::{self, Line},
};

/// How many bad commands a client may send.
const ERRORS_MAX: u32 = 20;
/// How long a client that was told to go may take to go.
const FAREWELL: Duration = Duration::from_secs(5);

/// How a dialogue ended.
pub(super) enum Ended<S> {
    Closed,
    /// What follows is a TLS handshake.
    StartTls(S),
}

/// What a step came to.
#[derive(PartialEq, Eq)]
enum Flow {
    Accepted,
    Refused,
    End,
}

pub(super) struct Dialogue<'a, S> {
    stream: BufReader<S>,
    /// Replies not yet written: those to pipelined commands leave together (RFC 2920 §3.2).
    replies: String,
    settings: &'a Settings,
    behaviour: &'a dyn Behaviour,
    number: u64,
    is_encrypted: bool,
    user: Option<String>,
    mail: Option<Received>,
    errors: u32,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin + Send> Dialogue<'a, S> {
    pub(super) fn new(
        stream: S,
        settings: &'a Settings,
        behaviour: &'a dyn Behaviour,
        number: u64,
        is_encrypted: bool,
    ) -> Self {
        Self {
            stream: BufReader::new(stream),
            replies: String::new(),
            settings,
            behaviour,
            number,
            is_encrypted,
            user: None,
            mail: None,
            errors: 0,
        }
    }

    /// Says the first line; false if the connection ended with it.
    pub(super) async fn welcome(&mut self) -> io::Result<bool> {
        Ok(self.step(&Step::Connect, "220 localhost ESMTP").await? != Flow::End)
    }

    /// Talks until one side ends it.
    pub(super) async fn talk(mut self) -> io::Result<Ended<S>> {
        while self.errors < ERRORS_MAX {
            let Some(line) = self.next_line().await? else { return Ok(Ended::Closed) };
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let flow = match verb.to_ascii_uppercase().as_str() {
                "EHLO" => self.hello(rest, true).await?,
                "HELO" => self.hello(rest, false).await?,
                "STARTTLS" if self.offers_tls() => {
                    match self.step(&Step::StartTls, "220 2.0.0 go ahead").await? {
                        Flow::Accepted => {
                            self.flush().await?;
                            return Ok(Ended::StartTls(self.stream.into_inner()));
                        }
                        other => other,
                    }
                }
                "AUTH" => self.auth(rest).await?,
                "MAIL" => self.mail_from(rest).await?,
                "RCPT" => self.rcpt_to(rest).await?,
                "DATA" => self.data().await?,
                "RSET" => {
                    self.mail = None;
                    self.say("250 2.0.0 forgotten")
                }
                "NOOP" => self.say("250 2.0.0 done"),
                "QUIT" => {
                    self.say("221 2.0.0 goodbye");
                    self.flush().await?;
                    Flow::End
                }
                _ => self.error("500 5.5.2 no such command"),
            };
            if flow == Flow::End {
                return Ok(Ended::Closed);
            }
        }
        self.close_with("421 4.7.0 too many errors").await?;
        Ok(Ended::Closed)
    }

    fn offers_tls(&self) -> bool {
        !self.is_encrypted && matches!(self.settings.tls, Tls::OnRequest(_))
    }

    async fn hello(&mut self, name: &str, is_extended: bool) -> io::Result<Flow> {
        self.mail = None;
        let mut words = vec!["localhost".to_owned()];
        if is_extended {
            words.extend(self.settings.keywords.iter().cloned());
            words.extend(self.offers_tls().then(|| "STARTTLS".to_owned()));
        }
        let reply = lines(250, &words.join("\n"));
        self.step(&Step::Hello(name), &reply).await
    }

    async fn step(&mut self, step: &Step<'_>, good: &str) -> io::Result<Flow> {
        let action = self.behaviour.at(self.number, step);
        self.act(action, good).await
    }

    async fn act(&mut self, action: Action, good: &str) -> io::Result<Flow> {
        let is_accepted = action.accepts();
        match action {
            Action::Accept | Action::CutAfter(_) | Action::Slowly { .. } => self.say(good),
            Action::Reply(code, text) => self.say(&lines(code, text)),
            Action::ReplyAndClose(code, text) => return self.close_with(&lines(code, text)).await,
            Action::Close => return Ok(Flow::End),
            Action::Hang => {
                self.flush().await?;
                self.drain(self.settings.idle).await;
                return Ok(Flow::End);
            }
        };
        Ok(if is_accepted { Flow::Accepted } else { Flow::Refused })
    }

    /// Waits for the client to close too: closing on unread commands would reset the connection, and
    /// the reply could be lost with it.
    async fn close_with(&mut self, reply: &str) -> io::Result<Flow> {
        self.say(reply);
        self.flush().await?;
        self.stream.get_mut().shutdown().await?;
        self.drain(FAREWELL).await;
        Ok(Flow::End)
    }

    /// Reads and forgets, until the client closes or the time is over.
    async fn drain(&mut self, limit: Duration) {
        drop(tokio::time::timeout(limit, copy_buf(&mut self.stream, &mut sink())).await);
    }

    fn say(&mut self, reply: &str) -> Flow {
        self.replies.push_str(reply);
        self.replies.push_str("\r\n");
        Flow::Refused
    }

    fn error(&mut self, reply: &str) -> Flow {
        self.errors += 1;
        self.say(reply)
    }

    async fn flush(&mut self) -> io::Result<()> {
        let socket = self.stream.get_mut();
        socket.write_all(self.replies.as_bytes()).await?;
        self.replies.clear();
        socket.flush().await
    }

    /// The next command; replies go out first unless it is here already.
    async fn next_line(&mut self) -> io::Result<Option<String>> {
        if !self.stream.buffer().contains(&b'\n') {
            self.flush().await?;
        }
        match intake::line(&mut self.stream, self.settings.idle).await? {
            Line::Text(text) => Ok(Some(text)),
            Line::Closed => Ok(None),
            Line::TooLong => {
                self.close_with("421 5.5.6 line too long").await?;
                Ok(None)
            }
        }
    }
}

impl Action {
    fn accepts(&self) -> bool {
        match self {
            Self::Accept | Self::CutAfter(_) | Self::Slowly { .. } => true,
            Self::Reply(code, _) => *code < 400,
            Self::ReplyAndClose(..) | Self::Hang | Self::Close => false,
        }
    }
}

/// A reply of as many lines as the text has.
fn lines(code: u16, text: &str) -> String {
    let last = text.matches('\n').count();
    let mark = |at| if at == last { ' ' } else { '-' };
    let lines = text.split('\n').enumerate().map(|(at, line)| format!("{code}{}{line}", mark(at)));
    lines.collect::<Vec<_>>().join("\r\n")
}
