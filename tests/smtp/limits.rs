//! The server's own limits, and clients that do not behave.

use std::{sync::Arc, time::Duration};

use kelisim::{
    domain::reply::Stage,
    mail::listener::{Action, CONNECTIONS_MAX, RECIPIENTS_MAX, Settings},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::*;

async fn good(settings: Settings) -> Server {
    Server::that_does(Action::Accept, Stage::Greeting, settings).await
}

/// Everything that the server answers to `said` until it closes the connection.
async fn answers(server: &Server, said: &str) -> String {
    let mut tcp = TcpStream::connect(server.address).await.unwrap();
    tcp.write_all(said.as_bytes()).await.unwrap();
    let mut heard = String::new();
    tokio::time::timeout(LONG, tcp.read_to_string(&mut heard)).await.unwrap().unwrap();
    heard
}

#[tokio::test]
async fn commands_out_of_their_order_are_refused() {
    let server = good(Settings::default()).await;
    let said =
        "RCPT TO:<a@b.kz>\r\nDATA\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\nDATA\r\nMAIL\r\nquit\r\n";
    let heard = answers(&server, said).await;
    let codes: Vec<_> = heard.lines().map(|line| &line[..3]).collect();
    assert_eq!(codes, ["220", "503", "503", "250", "503", "554", "501", "221"]);
}

#[tokio::test]
async fn a_client_that_only_errs_is_sent_away() {
    let server = good(Settings::default()).await;
    let heard = answers(&server, &"WHAT\r\n".repeat(50)).await;
    assert_eq!(heard.lines().filter(|line| line.starts_with("500")).count(), 20);
    assert!(heard.ends_with("421 4.7.0 too many errors\r\n"), "{heard}");
}

#[tokio::test]
async fn an_endless_line_is_not_read_to_its_end() {
    let server = good(Settings::default()).await;
    let heard = answers(&server, &"x".repeat(100_000)).await;
    assert!(heard.contains("421 5.5.6"), "{heard}");
}

#[tokio::test]
async fn a_message_has_a_limited_number_of_recipients() {
    let server = good(Settings::default()).await;
    let rcpt = "RCPT TO:<a@b.kz>\r\n".repeat(RECIPIENTS_MAX + 1);
    let heard = answers(&server, &format!("MAIL FROM:<>\r\n{rcpt}QUIT\r\n")).await;
    assert_eq!(heard.matches("250 2.1.5").count(), RECIPIENTS_MAX);
    assert_eq!(heard.matches("452 4.5.3").count(), 1);
}

#[tokio::test]
async fn a_silent_client_is_let_go() {
    let server = good(Settings { idle: SHORT, ..Settings::default() }).await;
    assert!(answers(&server, "NOOP\r\n").await.contains("250"));
}

#[tokio::test]
async fn one_connection_too_many_hears_421() {
    let server = good(Settings::default()).await;
    let mut guests = Vec::new();
    for _ in 0..CONNECTIONS_MAX {
        let mut tcp = TcpStream::connect(server.address).await.unwrap();
        tcp.read_u8().await.unwrap();
        guests.push(tcp);
    }
    let failure = try_once(server.relay()).await.unwrap_err();
    assert_eq!(failure.reply().map(|reply| reply.code), Some(421), "{failure}");
}

#[tokio::test]
async fn many_sessions_at_once_lose_nothing() {
    let server = Arc::new(good(Settings::default()).await);
    let sessions = (0..16).map(|s| {
        let server = Arc::clone(&server);
        tokio::spawn(async move {
            let mut session = server.session().await;
            for n in 0..20 {
                send(&mut session, &format!("s{s}-n{n}@example.kz"), MESSAGE).await.unwrap();
            }
        })
    });
    for session in sessions.collect::<Vec<_>>() {
        tokio::time::timeout(Duration::from_mins(1), session).await.unwrap().unwrap();
    }
    let mut to: Vec<_> = server.mails().into_iter().flat_map(|mail| mail.rcpt_to).collect();
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 320);
}
