//! The server says nothing, or takes its time.

use std::time::Duration;

use kelisim::{
    domain::reply::{Class, Stage, Verdict},
    mail::{
        listener::{Action, Settings},
        transport::{Failure, Relay},
    },
};

use crate::support::*;

/// The relay with a short limit for the step in question only.
fn impatient(mut relay: Relay, stage: Stage) -> Relay {
    let limit = match stage {
        Stage::Greeting => &mut relay.timeouts.greeting,
        Stage::Data => &mut relay.timeouts.data,
        Stage::Body => &mut relay.timeouts.dot,
        _ => &mut relay.timeouts.command,
    };
    *limit = SHORT;
    relay
}

#[tokio::test]
async fn a_hang_before_the_message_is_tried_again() {
    for stage in [Stage::Greeting, Stage::Hello, Stage::MailFrom, Stage::RcptTo, Stage::Data] {
        for settings in both_settings() {
            let server = Server::that_does(Action::Hang, stage, settings).await;
            let failure = try_once(impatient(server.relay(), stage)).await.unwrap_err();
            assert!(matches!(failure, Failure::TimedOut { .. }), "{stage}: {failure}");
            assert!(failure.stage() == stage && is_retried(&failure), "{stage}");
        }
    }
}

#[tokio::test]
async fn a_hang_at_the_greeting_is_the_relays_fault() {
    let server = Server::that_does(Action::Hang, Stage::Greeting, Settings::default()).await;
    let failure = open(impatient(server.relay(), Stage::Greeting)).await.unwrap_err();
    assert_eq!(class(&failure), Some(Class::Relay));
}

#[tokio::test]
async fn a_hang_after_the_final_dot_leaves_us_not_knowing() {
    let server = Server::that_does(Action::Hang, Stage::Body, Settings::default()).await;
    let mut session = open(impatient(server.relay(), Stage::Body)).await.unwrap();
    let failure = send(&mut session, "anna@example.kz", MESSAGE).await.unwrap_err();
    assert!(matches!(failure, Failure::Uncertain(_)), "{failure}");
    assert_eq!(failure.verdict(&FIRST_TRY), Verdict::Uncertain);
    assert!(!session.is_usable());
}

/// More than the system buffers between two sockets.
fn large() -> String {
    "0123456789 0123456789 0123456789 0123456789 0123456789 0123456789\r\n".repeat(150_000)
}

#[tokio::test]
async fn a_slow_reader_that_does_read_is_waited_for() {
    let slowly = Action::Slowly { bytes: 8 * 1024, pause: Duration::from_millis(1) };
    let server = Server::that_does(slowly, Stage::Data, Settings::default()).await;
    let mut relay = server.relay();
    relay.timeouts.block = Duration::from_secs(2);
    let mut session = open(relay).await.unwrap();
    send(&mut session, "anna@example.kz", &large()).await.unwrap();
    assert_eq!(server.mails()[0].message.len(), large().len());
}

#[tokio::test]
async fn a_reader_that_stops_reading_did_not_get_the_message() {
    let never = Action::Slowly { bytes: 1, pause: Duration::from_hours(1) };
    let server = Server::that_does(never, Stage::Data, Settings::default()).await;
    let mut relay = server.relay();
    relay.timeouts.block = SHORT;
    let mut session = open(relay).await.unwrap();
    let failure = send(&mut session, "anna@example.kz", &large()).await.unwrap_err();
    assert!(matches!(failure, Failure::TimedOut { stage: Stage::Body, .. }), "{failure}");
    assert!(is_retried(&failure) && !session.is_usable());
}

#[tokio::test]
async fn a_step_given_up_half_way_leaves_the_session_unusable() {
    let server = Server::that_does(Action::Hang, Stage::RcptTo, Settings::default()).await;
    let mut session = server.session().await;
    let step = send(&mut session, "anna@example.kz", MESSAGE);
    assert!(tokio::time::timeout(SHORT, step).await.is_err());
    assert!(!session.is_usable());
}

#[tokio::test]
async fn goodbye_does_not_wait_for_a_hanging_server() {
    let server = Server::that_does(Action::Hang, Stage::RcptTo, Settings::default()).await;
    let mut relay = server.relay();
    relay.timeouts.quit = SHORT;
    let session = open(relay).await.unwrap();
    tokio::time::timeout(LONG, session.quit()).await.unwrap();
}
