//! One connection: commands in, replies out.

use std::{io, time::Duration};

use data_encoding::BASE64;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, copy_buf, sink};

use super::{
    Action, Behaviour, RECIPIENTS_MAX, Received, Settings, Step, Tls,
    intake::{self, Line, Message, Reading},
};

/// How many bad commands a client may send.
const ERRORS_MAX: u32 = 20;
/// How long a client that was told to go may take to go.
const FAREWELL: Duration = Duration::from_secs(5);

/// The answer to a message to nobody.
const NOBODY: &str = "5.5.1 no valid recipients";

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

    async fn auth(&mut self, rest: &str) -> io::Result<Flow> {
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let login = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" => {
                let answer = match initial {
                    "" => self.challenge("334 ").await?,
                    given => decoded(given),
                };
                answer.and_then(|text| {
                    let mut parts = text.splitn(3, '\0').skip(1).map(str::to_owned);
                    parts.next().zip(parts.next())
                })
            }
            "LOGIN" => {
                let user = self.challenge("334 VXNlcm5hbWU6").await?;
                user.zip(self.challenge("334 UGFzc3dvcmQ6").await?)
            }
            _ => return Ok(self.error("504 5.5.4 no such mechanism")),
        };
        let Some((user, password)) = login else { return Ok(self.error("501 5.5.2 not base64")) };
        let step = Step::Auth { user: &user, password: &password };
        let flow = self.step(&step, "235 2.7.0 welcome").await?;
        if flow == Flow::Accepted {
            self.user = Some(user);
        }
        Ok(flow)
    }

    async fn challenge(&mut self, line: &str) -> io::Result<Option<String>> {
        self.say(line);
        Ok(self.next_line().await?.and_then(|answer| decoded(&answer)))
    }

    async fn mail_from(&mut self, rest: &str) -> io::Result<Flow> {
        let Some((address, parameters)) = path(rest, "FROM:") else {
            return Ok(self.error("501 5.5.4 write MAIL FROM:<address>"));
        };
        if self.mail.is_some() {
            return Ok(self.error("503 5.5.1 one sender is enough"));
        }
        let flow = self.step(&Step::MailFrom(address), "250 2.1.0 fine").await?;
        if flow == Flow::Accepted {
            self.mail = Some(Received {
                mail_from: address.to_owned(),
                parameters: parameters.to_owned(),
                rcpt_to: Vec::new(),
                message: Vec::new(),
                connection: self.number,
                is_encrypted: self.is_encrypted,
                user: self.user.clone(),
            });
        }
        Ok(flow)
    }

    async fn rcpt_to(&mut self, rest: &str) -> io::Result<Flow> {
        let Some((address, _)) = path(rest, "TO:").filter(|(address, _)| !address.is_empty())
        else {
            return Ok(self.error("501 5.5.4 write RCPT TO:<address>"));
        };
        match self.mail.as_ref().map(|mail| mail.rcpt_to.len()) {
            None => return Ok(self.error("503 5.5.1 MAIL FROM first")),
            Some(RECIPIENTS_MAX..) => return Ok(self.error("452 4.5.3 too many recipients")),
            Some(_) => {}
        }
        let flow = self.step(&Step::RcptTo(address), "250 2.1.5 fine").await?;
        if let (Flow::Accepted, Some(mail)) = (&flow, &mut self.mail) {
            mail.rcpt_to.push(address.to_owned());
        }
        Ok(flow)
    }

    async fn data(&mut self) -> io::Result<Flow> {
        let Some(mail) = self.mail.take() else {
            return Ok(self.error("503 5.5.1 MAIL FROM first"));
        };
        let action = match self.behaviour.at(self.number, &Step::Data) {
            Action::Accept if mail.rcpt_to.is_empty() => Action::Reply(554, NOBODY),
            action => action,
        };
        let reading = match action {
            Action::CutAfter(bytes_max) => Reading { bytes_max, ..Reading::WELL },
            Action::Slowly { bytes, pause } => Reading { at_once: bytes, pause, ..Reading::WELL },
            _ => Reading::WELL,
        };
        let is_refusal = matches!(action, Action::Reply(code, _) if code != 354);
        let flow = self.act(action, "354 end with a dot").await?;
        if is_refusal || flow != Flow::Accepted {
            return Ok(flow);
        }
        self.flush().await?;
        match intake::message(&mut self.stream, self.settings.idle, reading).await? {
            Message::Whole(message) => self.deliver(Received { message, ..mail }).await,
            Message::TooLarge => Ok(self.say("552 5.3.4 too large")),
            Message::Broken => Ok(Flow::End),
        }
    }

    async fn deliver(&mut self, mail: Received) -> io::Result<Flow> {
        if mail.rcpt_to.is_empty() {
            return self.act(Action::Reply(554, NOBODY), "").await;
        }
        let action = self.behaviour.at(self.number, &Step::Message(&mail));
        if action.accepts() {
            self.behaviour.received(mail);
        }
        self.act(action, "250 2.0.0 taken").await
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

fn decoded(answer: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(answer.as_bytes()).ok()?).ok()
}

/// The address between the brackets and the parameters after them.
fn path<'t>(rest: &'t str, keyword: &str) -> Option<(&'t str, &'t str)> {
    let (start, rest) = rest.split_at_checked(keyword.len())?;
    let rest = rest.trim_start().strip_prefix('<')?;
    let (address, parameters) = rest.split_once('>')?;
    start.eq_ignore_ascii_case(keyword).then(|| (address, parameters.trim()))
}
