//! AUTH.

use std::io;

use data_encoding::BASE64;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Dialogue, Flow};
use crate::mail::listener::Step;

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Dialogue<'_, S> {
    pub(super) async fn auth(&mut self, rest: &str) -> io::Result<Flow> {
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
}

fn decoded(answer: &str) -> Option<String> {
    String::from_utf8(BASE64.decode(answer.as_bytes()).ok()?).ok()
}
