//! The pages: the list, one message, and what one click did.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, SecondsFormat, Utc};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    Inbox,
    letter::{Letter, Opened},
    mailbox::LETTERS_MAX,
    one_click,
};
use crate::app::campaign;

/// Messages on one page of the list.
const PAGE_LETTERS: usize = 50;
/// Campaigns whose names are looked up for the list.
const CAMPAIGNS_MAX: i64 = 200;
/// Characters of `Feedback-ID`'s first part that name the campaign: the end of its id.
const RUN_CHARS: usize = 8;

/// A message's HTML may style itself and show pictures it brings along; it may not run, load,
/// embed or send anything. Links open a window of their own.
const LETTER_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
     form-action 'none'; frame-ancestors 'self'; \
     sandbox allow-popups allow-popups-to-escape-sandbox";

/// What the list is asked for.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(default)]
    q: String,
    before: Option<u64>,
}

/// Which part of a message is shown.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum View {
    #[default]
    Html,
    Text,
    Headers,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Shown {
    view: View,
}

/// `GET /`: what came, newest first.
pub(super) async fn list(State(inbox): State<Inbox>, Query(wanted): Query<Wanted>) -> Response {
    let mailbox = &inbox.0.mailbox;
    let slice = mailbox.page(&wanted.q, wanted.before, PAGE_LETTERS);
    let (arrived, kept) = mailbox.counts();
    let names = names(&inbox).await;
    let rows: Vec<_> = slice.letters.iter().map(|letter| row(&inbox, letter, &names)).collect();
    let last = slice.letters.last().filter(|_| slice.has_older).map(|letter| letter.number);
    let data = json!({
        "title": "Inbox",
        "q": wanted.q.trim(),
        "q_in_url": utf8_percent_encode(wanted.q.trim(), NON_ALPHANUMERIC).to_string(),
        "rows": rows,
        "older": last,
        "is_first": wanted.before.is_none(),
        "arrived": grouped(arrived),
        "dropped": (arrived > kept as u64).then(|| grouped(arrived - kept as u64)),
        "kept_max": grouped(LETTERS_MAX as u64),
    });
    inbox.0.pages.render(StatusCode::OK, "list", &data)
}

/// `GET /m/{number}`: one message.
pub(super) async fn message(
    State(inbox): State<Inbox>,
    Path(number): Path<u64>,
    Query(Shown { view }): Query<Shown>,
) -> Response {
    let Some((letter, opened)) = open(&inbox, number) else { return nothing(State(inbox)).await };
    let view = if view == View::Html && opened.html.is_none() { View::Text } else { view };
    let names = names(&inbox).await;
    let headers = opened
        .headers
        .iter()
        .map(|(name, value)| json!({"name": name, "value": value, "note": note(name)}));
    let data = json!({
        "title": letter.subject,
        "letter": row(&inbox, &letter, &names),
        "from": opened.from,
        "return_path": letter.return_path,
        "message_id": opened.message_id,
        "octets": grouped(letter.raw.len() as u64),
        "command": inbox.0.command,
        "has_html": opened.html.is_some(),
        "html": view == View::Html,
        "text": (view == View::Text).then_some(opened.text.as_deref().unwrap_or_default()),
        "headers": (view == View::Headers).then(|| headers.collect::<Vec<_>>()),
        "one_click": one_click::target(&opened).is_some(),
    });
    inbox.0.pages.render(StatusCode::OK, "message", &data)
}

/// `GET /m/{number}/html`: the HTML part, for the frame.
pub(super) async fn html(State(inbox): State<Inbox>, Path(number): Path<u64>) -> Response {
    let html = open(&inbox, number).and_then(|(_, opened)| opened.html);
    let Some(html) = html else { return nothing(State(inbox)).await };
    let policy = [(header::CONTENT_SECURITY_POLICY, LETTER_POLICY)];
    (policy, Html(with_links_outside(html))).into_response()
}

/// `GET /m/{number}/raw`: the octets that came.
pub(super) async fn raw(State(inbox): State<Inbox>, Path(number): Path<u64>) -> Response {
    let Some(letter) = inbox.0.mailbox.letter(number) else { return nothing(State(inbox)).await };
    let name = format!("attachment; filename=\"{number}.eml\"");
    let headers =
        [(header::CONTENT_TYPE, "message/rfc822".to_owned()), (header::CONTENT_DISPOSITION, name)];
    (headers, letter.raw.clone()).into_response()
}

/// `POST /m/{number}/one-click`: does what a mail provider does when a person presses its button.
pub(super) async fn press(State(inbox): State<Inbox>, Path(number): Path<u64>) -> Response {
    let Some((letter, opened)) = open(&inbox, number) else { return nothing(State(inbox)).await };
    let names = names(&inbox).await;
    let outcome = match one_click::target(&opened) {
        Some(url) => one_click::press(&url).await.map(|answer| (url, answer)),
        None => Err(one_click::NotPressed::NotOffered),
    };
    let data = match &outcome {
        Ok((url, answer)) => json!({
            "done": (200..300).contains(&answer.status),
            "url": url.as_str(),
            "status": answer.status,
            "answer": answer.text,
            "error": null,
        }),
        Err(error) => json!({
            "done": false, "url": null, "status": null, "answer": null, "error": error.to_string(),
        }),
    };
    let page = json!({
        "title": "One-click unsubscribe",
        "letter": row(&inbox, &letter, &names),
        "command": inbox.0.command,
        "pressed": data,
    });
    inbox.0.pages.render(StatusCode::OK, "pressed", &page)
}

/// Any other address.
pub(super) async fn nothing(State(inbox): State<Inbox>) -> Response {
    let data = json!({"title": "Nothing here", "kept_max": grouped(LETTERS_MAX as u64)});
    inbox.0.pages.render(StatusCode::NOT_FOUND, "nothing", &data)
}

fn open(inbox: &Inbox, number: u64) -> Option<(Arc<Letter>, Opened)> {
    let letter = inbox.0.mailbox.letter(number)?;
    let opened = letter.open()?;
    Some((letter, opened))
}

/// Names of campaigns by what `Feedback-ID` calls them. Without a database there are none, and the
/// list shows the purpose alone.
async fn names(inbox: &Inbox) -> BTreeMap<String, String> {
    let page = campaign::page(&inbox.0.app, None, CAMPAIGNS_MAX).await.unwrap_or_default();
    let named = page.into_iter().map(|campaign| {
        let id = campaign.id.0.simple().to_string();
        (format!("c{}", &id[id.len() - RUN_CHARS..]), campaign.name)
    });
    named.collect()
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    number: u64,
    to: &'a str,
    subject: &'a str,
    language: &'a str,
    campaign: &'a str,
    purpose: &'a str,
    iso: String,
    time: String,
}

fn row<'a>(inbox: &Inbox, letter: &'a Letter, names: &'a BTreeMap<String, String>) -> Row<'a> {
    Row {
        number: letter.number,
        to: &letter.to,
        subject: if letter.subject.is_empty() { "(no subject)" } else { &letter.subject },
        language: &letter.language,
        campaign: names.get(&letter.campaign).map_or(letter.purpose.as_str(), String::as_str),
        purpose: &letter.purpose,
        iso: letter.received_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        time: on_the_wall(inbox, letter.received_at),
    }
}

fn on_the_wall(inbox: &Inbox, time: DateTime<Utc>) -> String {
    time.with_timezone(&inbox.0.app.institution.time_zone).format("%H:%M:%S").to_string()
}

/// Digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Makes every link open a window of its own: inside the frame it could show nothing.
fn with_links_outside(html: String) -> String {
    let outside = "<base target=\"_blank\">";
    let head = html
        .to_ascii_lowercase()
        .find("<head")
        .and_then(|at| html[at..].find('>').map(|end| at + end + 1));
    let mut html = html;
    html.insert_str(head.unwrap_or_default(), outside);
    html
}

/// What a field is for, where that is worth a word.
fn note(name: &str) -> Option<&'static str> {
    let notes = [
        ("DKIM-Signature", "proves the domain that sent it, and that nothing was changed"),
        ("List-Unsubscribe", "where a mail program's own button goes; signed"),
        ("List-Unsubscribe-Post", "the button needs one click only (RFC 8058); signed"),
        ("List-Id", "lets people sort and block by purpose"),
        ("Feedback-ID", "campaign and purpose, for Gmail's Postmaster Tools"),
        ("Message-ID", "names the delivery: give it to kelisim explain"),
        ("Auto-Submitted", "keeps absence notices away"),
    ];
    notes.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, note)| *note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_open_a_window_of_their_own_wherever_the_head_is() {
        let page = with_links_outside("<html><HEAD lang=kk><title>".into());
        assert_eq!(page, "<html><HEAD lang=kk><base target=\"_blank\"><title>");
        assert_eq!(with_links_outside("<p>".into()), "<base target=\"_blank\"><p>");
    }

    #[test]
    fn numbers_are_read_in_groups_of_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
