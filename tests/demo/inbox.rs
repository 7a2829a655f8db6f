//! The demo's inbox, as a browser uses it, and the mail in it, read strictly.

use mail_parser::{Message, MessageParser, PartType};
use reqwest::{Client, Url};

/// The inbox.
pub(crate) struct Inbox {
    url: String,
    client: Client,
}

impl Inbox {
    pub(crate) fn at(url: String) -> Self {
        Self { url, client: Client::builder().no_proxy().build().unwrap() }
    }

    /// Waits until the inbox tells of so many messages.
    pub(crate) async fn has_mail(&self, count: u64) {
        let mut news = self.client.get(format!("{}/news", self.url)).send().await.unwrap();
        let last = format!("{}/m/{count}", self.url);
        while !self.client.get(&last).send().await.unwrap().status().is_success() {
            assert!(news.chunk().await.unwrap().is_some(), "the inbox has closed");
        }
    }

    async fn page(&self, path: &str) -> String {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        answer.error_for_status().unwrap().text().await.unwrap()
    }

    /// Everything that came, by its raw download.
    pub(crate) async fn all(&self) -> Vec<Mail> {
        let first = self.page("/").await;
        let newest = first.split("/m/").nth(1).unwrap().split('"').next().unwrap();
        let mut mails = Vec::new();
        for number in 1..=newest.parse().unwrap() {
            mails.push(self.mail(number).await);
        }
        mails
    }

    /// One message.
    pub(crate) async fn mail(&self, number: u64) -> Mail {
        let answer = self.client.get(format!("{}/m/{number}/raw", self.url)).send().await.unwrap();
        Mail::strictly(answer.error_for_status().unwrap().bytes().await.unwrap().to_vec())
    }

    /// Presses the mail program's button; gives back the page that tells what came of it.
    pub(crate) async fn press_one_click(&self, number: u64) -> String {
        let url = format!("{}/m/{number}/one-click", self.url);
        self.client.post(url).send().await.unwrap().text().await.unwrap()
    }

    /// Follows the link of a mail and chooses to get no mail at all.
    pub(crate) async fn leave_all(&self, mail: &Mail) {
        let request = self.client.post(mail.unsubscribe_url()).form(&[("scope", "all")]);
        request.send().await.unwrap().error_for_status().unwrap();
    }
}

/// A message that a strict reader takes.
pub(crate) struct Mail {
    pub(crate) raw: Vec<u8>,
}

impl Mail {
    fn strictly(raw: Vec<u8>) -> Self {
        let mail = Self { raw };
        let message = mail.read();
        assert!(message.parts.iter().all(|part| !part.is_encoding_problem), "encoding");
        assert!(mail.raw.iter().all(|octet| octet.is_ascii() && *octet != 0), "7 bits");
        let kinds: Vec<_> = message.parts.iter().map(|part| kind(&part.body)).collect();
        assert_eq!(kinds, ["multipart", "text", "html"]);
        assert_eq!(message.to().unwrap().iter().count(), 1);
        for field in ["From", "Subject", "Date", "Message-ID", "List-Id", "Content-Language"] {
            assert!(message.header(field).is_some(), "{field}");
        }
        mail
    }

    fn read(&self) -> Message<'_> {
        MessageParser::new().parse(&self.raw).unwrap()
    }

    fn field(&self, name: &str) -> String {
        self.read().header_raw(name).unwrap().replace("\r\n", "").trim().to_owned()
    }

    pub(crate) fn to(&self) -> String {
        self.read().to().unwrap().first().unwrap().address().unwrap().to_owned()
    }

    pub(crate) fn language(&self) -> String {
        self.field("Content-Language")
    }

    pub(crate) fn purpose(&self) -> String {
        self.field("Feedback-ID").split(':').nth(1).unwrap().to_owned()
    }

    pub(crate) fn message_id(&self) -> String {
        self.read().message_id().unwrap().to_owned()
    }

    fn unsubscribe_url(&self) -> Url {
        let field = self.field("List-Unsubscribe");
        field.split(['<', '>']).nth(1).unwrap().parse().unwrap()
    }
}

fn kind(body: &PartType<'_>) -> &'static str {
    match body {
        PartType::Multipart(_) => "multipart",
        PartType::Text(_) => "text",
        PartType::Html(_) => "html",
        _ => "other",
    }
}
