//! Passwords.

use kelisim::{
    domain::reply::{Brake, Class, Stage},
    mail::{
        listener::{Action, Settings, Step},
        transport::{Failure, Relay},
    },
};

use crate::support::*;

fn settings(mechanisms: &str) -> Settings {
    let mut settings = Settings::default();
    settings.keywords.push(mechanisms.to_owned());
    settings
}

async fn server(mechanisms: &str) -> Server {
    Server::start(settings(mechanisms), |_, step| match step {
        Step::Auth { user: "news@example.kz", password: "пароль: /#" } => Action::Accept,
        Step::Auth { .. } => Action::Reply(535, "5.7.8 news@example.kz: wrong password"),
        _ => Action::Accept,
    })
    .await
}

fn with_password(server: &Server, password: &str, tls: &str) -> Relay {
    relay(&format!("smtp://news%40example.kz:{password}@{}?tls={tls}", server.address))
}

const RIGHT: &str = "%D0%BF%D0%B0%D1%80%D0%BE%D0%BB%D1%8C%3A%20%2F%23";

#[tokio::test]
async fn plain_and_login_let_us_in() {
    for mechanisms in ["AUTH PLAIN LOGIN", "AUTH LOGIN", "AUTH=LOGIN PLAIN"] {
        let server = server(mechanisms).await;
        try_once(with_password(&server, RIGHT, "none")).await.unwrap();
        assert_eq!(server.mails()[0].user.as_deref(), Some("news@example.kz"), "{mechanisms}");
    }
}

#[tokio::test]
async fn a_wrong_password_is_the_relays_fault_and_the_message_waits() {
    for mechanisms in ["AUTH PLAIN", "AUTH LOGIN"] {
        let server = server(mechanisms).await;
        let failure = try_once(with_password(&server, "geheim", "none")).await.unwrap_err();
        assert_eq!((failure.stage(), class(&failure)), (Stage::Auth, Some(Class::Relay)));
        assert!(is_retried(&failure));
        assert!(matches!(failure.verdict(&FIRST_TRY).brake(), Brake::Relay(_)));
        let shown = format!("{failure} {failure:?}");
        assert!(!shown.contains("geheim") && !shown.contains("news@"), "{shown}");
    }
}

#[tokio::test]
async fn a_password_never_goes_in_the_clear_unless_tls_is_switched_off() {
    let server = server("AUTH PLAIN").await;
    for tls in ["opportunistic", "required"] {
        let failure = try_once(with_password(&server, RIGHT, tls)).await.unwrap_err();
        assert!(matches!(failure, Failure::TlsNotOffered), "{tls}: {failure}");
    }
    assert!(!server.steps().contains(&"Auth".to_owned()));
}

#[tokio::test]
async fn a_server_without_a_known_mechanism_is_named_as_such() {
    let server = server("AUTH GSSAPI").await;
    let failure = try_once(with_password(&server, RIGHT, "none")).await.unwrap_err();
    assert!(matches!(failure, Failure::LoginNotOffered), "{failure}");
    assert_eq!(class(&failure), Some(Class::Relay));
}

#[tokio::test]
async fn a_530_at_mail_from_means_that_we_should_have_logged_in() {
    let knock = Action::Reply(530, "5.7.0 Authentication required");
    let server = Server::that_does(knock, Stage::MailFrom, Settings::default()).await;
    let failure = try_once(server.relay()).await.unwrap_err();
    assert!(is_retried(&failure) && class(&failure) == Some(Class::Relay));
}
