//! The server says no.

use kelisim::{
    domain::reply::{Brake, Class, Stage, Verdict},
    mail::{listener::Action, listener::Settings, listener::Step, transport::Failure},
};

use crate::support::*;

const TALKING: [Stage; 6] =
    [Stage::Greeting, Stage::Hello, Stage::MailFrom, Stage::RcptTo, Stage::Data, Stage::Body];

#[tokio::test]
async fn a_421_at_any_stage_is_tried_again_and_rests_the_relay() {
    for settings in both_settings() {
        for stage in TALKING {
            let goodbye = Action::ReplyAndClose(421, "4.3.2 shutting down");
            let server = Server::that_does(goodbye, stage, settings.clone()).await;
            let failure = try_once(server.relay()).await.unwrap_err();
            assert_eq!(failure.reply().map(|reply| reply.code), Some(421), "{stage}: {failure}");
            assert_eq!(failure.stage(), stage);
            let verdict = failure.verdict(&FIRST_TRY);
            assert!(matches!(verdict, Verdict::Retry { brake: Brake::Relay(_), .. }), "{stage}");
            assert!(server.mails().is_empty());
        }
    }
}

#[tokio::test]
async fn after_a_421_the_session_is_not_used_again() {
    for stage in [Stage::MailFrom, Stage::RcptTo, Stage::Data, Stage::Body] {
        let goodbye = Action::Reply(421, "4.3.2 shutting down");
        let server = Server::that_does(goodbye, stage, Settings::default()).await;
        let mut session = server.session().await;
        send(&mut session, "anna@example.kz", MESSAGE).await.unwrap_err();
        assert!(!session.is_usable(), "{stage}");
    }
}

#[tokio::test]
async fn a_450_at_rcpt_is_tried_again() {
    let busy = Action::Reply(450, "4.2.0 mailbox busy");
    let server = Server::that_does(busy, Stage::RcptTo, Settings::default()).await;
    let failure = try_once(server.relay()).await.unwrap_err();
    assert!(is_retried(&failure) && failure.stage() == Stage::RcptTo, "{failure}");
}

#[tokio::test]
async fn after_a_550_at_rcpt_the_next_message_goes_over_the_same_connection() {
    for settings in both_settings() {
        let server = Server::start(settings, |_, step| match step {
            Step::RcptTo("gone@example.kz") => Action::Reply(550, "5.1.1 no such user"),
            _ => Action::Accept,
        })
        .await;
        let mut session = server.session().await;
        send(&mut session, "anna@example.kz", MESSAGE).await.unwrap();
        let failure = send(&mut session, "gone@example.kz", MESSAGE).await.unwrap_err();
        assert!(failure.verdict(&FIRST_TRY).suppresses(), "{failure}");
        assert_eq!(failure.stage(), Stage::RcptTo);
        assert!(session.is_usable());
        send(&mut session, "bota@example.kz", MESSAGE).await.unwrap();

        let got: Vec<_> = server.mails().into_iter().map(|m| (m.connection, m.rcpt_to)).collect();
        assert_eq!(got, [(0, vec!["anna@example.kz".into()]), (0, vec!["bota@example.kz".into()])]);
        assert_eq!(session.sent(), 2);
    }
}

#[tokio::test]
async fn after_a_refused_sender_the_connection_lives_on() {
    for settings in both_settings() {
        let refused = std::sync::atomic::AtomicBool::new(false);
        let server = Server::start(settings, move |_, step| match step {
            Step::MailFrom(_) if !refused.swap(true, std::sync::atomic::Ordering::Relaxed) => {
                Action::Reply(550, "5.7.1 sender address rejected")
            }
            _ => Action::Accept,
        })
        .await;
        let mut session = server.session().await;
        let failure = send(&mut session, "anna@example.kz", MESSAGE).await.unwrap_err();
        assert_eq!((failure.stage(), class(&failure)), (Stage::MailFrom, Some(Class::Policy)));
        send(&mut session, "anna@example.kz", MESSAGE).await.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_wants_the_message_for_a_refused_recipient_gets_an_empty_one() {
    let server = Server::start(Settings::default(), |_, step| match step {
        Step::RcptTo("gone@example.kz") => Action::Reply(550, "5.1.1 no such user"),
        Step::Data => Action::Reply(354, "go on"),
        _ => Action::Accept,
    })
    .await;
    let mut session = server.session().await;
    let failure = send(&mut session, "gone@example.kz", MESSAGE).await.unwrap_err();
    assert_eq!((failure.stage(), class(&failure)), (Stage::RcptTo, Some(Class::HardUser)));
    assert!(session.is_usable());
    send(&mut session, "anna@example.kz", MESSAGE).await.unwrap();
    assert_eq!(server.mails().len(), 1);
}

#[tokio::test]
async fn a_554_after_the_message_fails_it_and_the_connection_lives_on() {
    let distrust = Action::Reply(554, "5.7.1 looks like spam");
    let server = Server::that_does(distrust, Stage::Body, Settings::default()).await;
    let mut session = server.session().await;
    for _ in 0..2 {
        let failure = send(&mut session, "anna@example.kz", MESSAGE).await.unwrap_err();
        let verdict = failure.verdict(&FIRST_TRY);
        assert!(matches!(verdict, Verdict::Failed { class: Class::Policy, .. }), "{verdict:?}");
        assert!(!verdict.suppresses() && session.is_usable());
    }
    assert_eq!(session.sent(), 0);
}

#[tokio::test]
async fn a_452_after_the_message_is_tried_again() {
    let full = Action::Reply(452, "4.3.1 no space left");
    let server = Server::that_does(full, Stage::Body, Settings::default()).await;
    let failure = try_once(server.relay()).await.unwrap_err();
    assert!(is_retried(&failure) && failure.stage() == Stage::Body);
}

#[tokio::test]
async fn a_strange_answer_to_the_final_dot_leaves_us_not_knowing() {
    for answer in [Action::Reply(354, "again?"), Action::Reply(299, "a\nb")] {
        let is_yes = answer == Action::Reply(299, "a\nb");
        let server = Server::that_does(answer, Stage::Body, Settings::default()).await;
        let result = try_once(server.relay()).await;
        assert_eq!(result.is_ok(), is_yes);
        assert!(is_yes || matches!(result, Err(Failure::Uncertain(_))));
    }
}

#[tokio::test]
async fn a_server_of_before_ehlo_is_greeted_with_helo() {
    let server = Server::start(Settings::default(), |_, step| match step {
        Step::Hello(_) => Action::Reply(502, "5.5.2 what?"),
        _ => Action::Accept,
    })
    .await;
    let failure = try_once(server.relay()).await.unwrap_err();
    assert_eq!(server.steps(), ["Connect", "Hello", "Hello"]);
    assert_eq!((failure.stage(), class(&failure)), (Stage::Hello, Some(Class::Relay)));
}
