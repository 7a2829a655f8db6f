//! What arrives is what was sent, and nothing else.

use kelisim::{
    domain::{
        address::Address,
        reply::{Class, Stage},
    },
    mail::{
        listener::{Action, Settings},
        transport::{BadBody, Envelope, Failure, WireBody},
    },
};

use crate::support::*;

async fn good(settings: Settings) -> Server {
    Server::that_does(Action::Accept, Stage::Greeting, settings).await
}

fn without(keyword: &str) -> Settings {
    let mut settings = Settings::default();
    settings.keywords.retain(|offered| !offered.starts_with(keyword));
    settings
}

#[tokio::test]
async fn dots_arrive_as_they_were_written() {
    let server = good(Settings::default()).await;
    let mut session = server.session().await;
    let dots = "Subject: .\r\n\r\n.\r\n..\r\n.a\r\na.\r\n...\r\n\r\n.\r\n";
    send(&mut session, "anna@example.kz", dots).await.unwrap();
    send(&mut session, "anna@example.kz", ".").await.unwrap();
    let got: Vec<_> =
        server.mails().into_iter().map(|m| String::from_utf8(m.message).unwrap()).collect();
    assert_eq!(got, [dots, ".\r\n"]);
}

#[tokio::test]
async fn a_message_cannot_end_itself_and_begin_another_one() {
    let server = good(Settings::default()).await;
    let mut session = server.session().await;
    let smuggling =
        "\r\nx\r\n.\r\nMAIL FROM:<evil@example.kz>\r\nRCPT TO:<anna@example.kz>\r\nDATA\r\n";
    send(&mut session, "anna@example.kz", smuggling).await.unwrap();
    assert_eq!(server.mails().len(), 1);
    assert_eq!(server.mails()[0].message, smuggling.as_bytes());
    for lone in [smuggling.replace("\r\n.\r\n", "\n.\n"), smuggling.replace("\r\n.\r\n", "\r.\r")] {
        assert!(matches!(WireBody::new(lone.as_bytes()), Err(BadBody::LoneLineEnd { .. })));
    }
}

#[test]
fn no_address_holds_a_command() {
    for text in [
        "anna@example.kz\r\nRSET",
        "anna\r\nRSET\r\n@example.kz",
        "anna@example.kz>\u{85}RSET",
        "a> SIZE=1 <b@example.kz",
        "anna@example.kz>",
    ] {
        assert!(text.parse::<Address>().is_err(), "{text:?}");
    }
}

#[tokio::test]
async fn many_messages_go_over_one_connection_in_their_order() {
    for settings in both_settings() {
        let server = good(settings).await;
        let mut session = server.session().await;
        for n in 0..50 {
            send(&mut session, &format!("n{n}@example.kz"), MESSAGE).await.unwrap();
        }
        session.quit().await;
        let mails = server.mails();
        assert_eq!(mails.len(), 50);
        for (n, mail) in mails.iter().enumerate() {
            assert_eq!(mail.rcpt_to, [format!("n{n}@example.kz")]);
            assert_eq!((mail.connection, mail.mail_from.as_str()), (0, "news@example.kz"));
            assert_eq!(mail.message, MESSAGE.as_bytes());
        }
    }
}

#[tokio::test]
async fn pipelining_is_used_only_where_it_is_offered() {
    let server = good(Settings::default()).await;
    let mut session = server.session().await;
    let (from, to) = (address("news@example.kz"), address("anna@example.kz"));
    let body = WireBody::new(MESSAGE.as_bytes()).unwrap();
    let envelope = Envelope { from: Some(&from), to: &to, body: &body };
    let asked = session.write_envelope(envelope).await.unwrap();
    let all_asked = async {
        while !server.steps().contains(&"Data".to_owned()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, all_asked).await.unwrap();
    asked.answer().await.unwrap().send(&body).await.unwrap();
}

#[tokio::test]
async fn the_null_sender_is_written_as_empty_brackets() {
    let server = good(Settings::default()).await;
    let mut session = server.session().await;
    let to = address("anna@example.kz");
    let body = WireBody::new(MESSAGE.as_bytes()).unwrap();
    let envelope = Envelope { from: None, to: &to, body: &body };
    let asked = session.write_envelope(envelope).await.unwrap();
    asked.answer().await.unwrap().send(&body).await.unwrap();
    assert_eq!(server.mails()[0].mail_from, "");
}

#[tokio::test]
async fn a_foreign_mailbox_name_needs_smtputf8() {
    let server = good(Settings::default()).await;
    let mut session = server.session().await;
    send(&mut session, "әлия@example.kz", MESSAGE).await.unwrap();
    assert_eq!(server.mails()[0].rcpt_to, ["әлия@example.kz"]);
    assert!(server.mails()[0].parameters.ends_with(" SMTPUTF8"));

    let server = good(without("SMTPUTF8")).await;
    let mut session = server.session().await;
    let failure = send(&mut session, "әлия@example.kz", MESSAGE).await.unwrap_err();
    assert!(matches!(failure, Failure::Unsupported("SMTPUTF8")), "{failure}");
    assert_eq!(class(&failure), Some(Class::Content));
    assert_eq!(server.steps(), ["Connect", "Hello"], "nothing was asked of the server");
    send(&mut session, "anna@example.kz", MESSAGE).await.unwrap();
}

#[tokio::test]
async fn an_eight_bit_message_needs_8bitmime() {
    let server = good(Settings::default()).await;
    let mut session = server.session().await;
    send(&mut session, "anna@example.kz", "\r\nсәлем\r\n").await.unwrap();
    assert_eq!(server.mails()[0].parameters, "SIZE=14 BODY=8BITMIME");

    let server = good(without("8BITMIME")).await;
    let mut session = server.session().await;
    let failure = send(&mut session, "anna@example.kz", "\r\nсәлем\r\n").await.unwrap_err();
    assert!(matches!(failure, Failure::Unsupported("8BITMIME")), "{failure}");
}

#[tokio::test]
async fn a_message_over_the_servers_size_is_not_offered_to_it() {
    let mut settings = without("SIZE");
    settings.keywords.push("SIZE 30".to_owned());
    let server = good(settings).await;
    let mut session = server.session().await;
    send(&mut session, "anna@example.kz", MESSAGE).await.unwrap();
    let failure = send(&mut session, "anna@example.kz", &MESSAGE.repeat(2)).await.unwrap_err();
    assert_eq!(class(&failure), Some(Class::Content), "{failure}");
    assert!(session.is_usable());
}

#[tokio::test]
async fn a_reset_clears_the_way_for_the_next_message() {
    let server = good(Settings::default()).await;
    let mut session = server.session().await;
    session.reset().await.unwrap();
    send(&mut session, "anna@example.kz", MESSAGE).await.unwrap();
}

#[tokio::test]
async fn the_hello_name_is_said_and_without_one_our_address() {
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let names = std::sync::Arc::clone(&heard);
    let server = Server::start(Settings::default(), move |_, step| {
        if let kelisim::mail::listener::Step::Hello(name) = step {
            names.lock().unwrap().push((*name).to_owned());
        }
        Action::Accept
    })
    .await;
    open(relay(&format!("{}?hello=mail.example.kz", server.url()))).await.unwrap();
    open(server.relay()).await.unwrap();
    assert_eq!(*heard.lock().unwrap(), ["mail.example.kz", "[127.0.0.1]"]);
}
