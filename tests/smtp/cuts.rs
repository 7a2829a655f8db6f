//! The connection breaks.

use kelisim::{
    domain::reply::{Class, Stage, Verdict},
    mail::{
        listener::{Action, Settings},
        transport::Failure,
    },
};
use tokio::net::TcpListener;

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
