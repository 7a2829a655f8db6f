//! MAIL, RCPT, DATA and the message.

use std::io;

use tokio::io::{AsyncRead, AsyncWrite};

use super::{Dialogue, Flow};
use crate::mail::listener::{
    Action, RECIPIENTS_MAX, Received, Step,
    intake::{self, Message, Reading},
};

/// The answer to a message to nobody.
const NOBODY: &str = "5.5.1 no valid recipients";

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Dialogue<'_, S> {
    pub(super) async fn mail_from(&mut self, rest: &str) -> io::Result<Flow> {
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

    pub(super) async fn rcpt_to(&mut self, rest: &str) -> io::Result<Flow> {
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

    pub(super) async fn data(&mut self) -> io::Result<Flow> {
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
}

/// The address between the brackets and the parameters after them.
fn path<'t>(rest: &'t str, keyword: &str) -> Option<(&'t str, &'t str)> {
    let (start, rest) = rest.split_at_checked(keyword.len())?;
    let rest = rest.trim_start().strip_prefix('<')?;
    let (address, parameters) = rest.split_once('>')?;
    start.eq_ignore_ascii_case(keyword).then(|| (address, parameters.trim()))
}
