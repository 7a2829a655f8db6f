//! The connection breaks.

use kelisim::{
    domain::reply::{Class, Stage, Verdict},
    mail::{
        listener::{Action, Settings},
        transport::{Failure, Relay},
    },
};
use tokio::{io::AsyncWriteExt, net::TcpListener};

use crate::support::*;

#[tokio::test]
async fn a_refused_connection_is_the_relays_fault_and_tried_again() {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = socket.local_addr().unwrap();
    drop(socket);
    let failure = try_once(relay(&format!("smtp://{address}"))).await.unwrap_err();
    assert!(matches!(failure, Failure::Lost { stage: Stage::Connect, .. }), "{failure}");
    assert!(is_retried(&failure) && class(&failure) == Some(Class::Relay));
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_the_relays_fault() {
    let failure = try_once(relay("smtp://relay.invalid")).await.unwrap_err();
    assert_eq!((failure.stage(), class(&failure)), (Stage::Connect, Some(Class::Relay)));
}

#[tokio::test]
async fn a_connection_closed_before_the_message_is_tried_again() {
    for stage in [Stage::Greeting, Stage::Hello, Stage::MailFrom, Stage::RcptTo, Stage::Data] {
        for settings in both_settings() {
            let server = Server::that_does(Action::Close, stage, settings).await;
            let failure = try_once(server.relay()).await.unwrap_err();
            assert!(matches!(failure, Failure::Lost { .. }), "{stage}: {failure}");
            assert!(is_retried(&failure), "{stage}");
        }
    }
}

#[tokio::test]
async fn a_cut_in_the_message_before_its_dot_is_tried_again() {
    let large = "0123456789 0123456789 0123456789 0123456789 0123456789\r\n".repeat(200_000);
    let server = Server::that_does(Action::CutAfter(1000), Stage::Data, Settings::default()).await;
    let mut session = server.session().await;
    let failure = send(&mut session, "anna@example.kz", &large).await.unwrap_err();
    assert!(matches!(failure, Failure::Lost { stage: Stage::Body, .. }), "{failure}");
    assert!(is_retried(&failure) && !session.is_usable());
}

#[tokio::test]
async fn a_cut_after_the_final_dot_leaves_us_not_knowing() {
    let server = Server::that_does(Action::Close, Stage::Body, Settings::default()).await;
    let failure = try_once(server.relay()).await.unwrap_err();
    assert!(matches!(failure, Failure::Uncertain(_)), "{failure}");
    assert_eq!(failure.verdict(&FIRST_TRY), Verdict::Uncertain);
}

#[tokio::test]
async fn a_small_message_cut_in_the_middle_cannot_be_told_from_one_cut_after_its_dot() {
    let server = Server::that_does(Action::CutAfter(5), Stage::Data, Settings::default()).await;
    let failure = try_once(server.relay()).await.unwrap_err();
    assert_eq!(failure.verdict(&FIRST_TRY), Verdict::Uncertain, "{failure}");
}

#[tokio::test]
async fn a_server_that_closed_an_idle_connection_is_noticed_before_the_next_message() {
    let server = Server::that_does(Action::Accept, Stage::Greeting, Settings::default()).await;
    let mut session = server.session().await;
    send(&mut session, "anna@example.kz", MESSAGE).await.unwrap();
    assert!(session.is_usable());
    drop(server);
    let noticed = async {
        while session.is_usable() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, noticed).await.unwrap();
}

#[tokio::test]
async fn a_message_given_up_after_354_is_not_delivered() {
    let server = Server::that_does(Action::Accept, Stage::Data, Settings::default()).await;
    let mut session = server.session().await;
    let (from, to) = (address("news@example.kz"), address("anna@example.kz"));
    let body = kelisim::mail::transport::WireBody::new(MESSAGE.as_bytes()).unwrap();
    let envelope = kelisim::mail::transport::Envelope { from: Some(&from), to: &to, body: &body };
    let turn = session.write_envelope(envelope).await.unwrap().answer().await.unwrap();
    drop(turn);
    assert!(!session.is_usable());
    session.quit().await;
    assert!(server.mails().is_empty());
}

/// A server that says everything at once, whatever it is asked.
async fn parrot(said: &'static str) -> Relay {
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let relay = relay(&format!("smtp://{}", socket.local_addr().unwrap()));
    tokio::spawn(async move {
        let (mut tcp, _) = socket.accept().await.unwrap();
        tcp.write_all(said.as_bytes()).await.unwrap();
        tcp.shutdown().await.unwrap();
        tokio::io::copy(&mut tcp, &mut tokio::io::sink()).await.unwrap();
    });
    relay
}

#[tokio::test]
async fn a_word_said_before_the_message_is_not_taken_for_the_answer_to_it() {
    let relay = parrot("220 a\r\n250 b\r\n250 mail\r\n250 rcpt\r\n354 go\r\n250 taken\r\n").await;
    let failure = try_once(relay).await.unwrap_err();
    assert!(matches!(failure, Failure::Garbled { stage: Stage::Data, .. }), "{failure}");
    assert!(is_retried(&failure));
}

#[tokio::test]
async fn a_server_that_leaves_after_354_did_not_get_the_message() {
    let relay = parrot("220 a\r\n250 b\r\n250 mail\r\n250 rcpt\r\n354 go\r\n").await;
    let mut session = open(relay).await.unwrap();
    let failure = send(&mut session, "anna@example.kz", MESSAGE).await.unwrap_err();
    assert!(matches!(failure, Failure::Lost { stage: Stage::Data, .. }), "{failure}");
    assert!(is_retried(&failure) && !session.is_usable());

    let relay = parrot("220 a\r\n250 b\r\n250 mail\r\n250 rcpt\r\n354 go\r\n421 bye\r\n").await;
    let failure = try_once(relay).await.unwrap_err();
    assert_eq!(failure.reply().map(|reply| reply.code), Some(421), "{failure}");
}
