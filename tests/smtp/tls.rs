//! Encryption: demanded, missing, untrusted.

use std::{io::Write, sync::Arc};

use kelisim::{
    domain::reply::{Class, Stage},
    mail::{
        listener::{Action, Settings, Tls},
        transport::Failure,
    },
};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};
use tempfile::NamedTempFile;

use crate::support::*;

/// A certificate for `name`, and the file with which a client trusts it.
fn certificate(name: &str) -> (Arc<ServerConfig>, NamedTempFile) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed([name.to_owned()]).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(cert.pem().as_bytes()).unwrap();
    (Arc::new(config), file)
}

async fn server(tls: Tls) -> Server {
    let settings = Settings { tls, ..Settings::default() };
    Server::that_does(Action::Accept, Stage::Greeting, settings).await
}

#[tokio::test]
async fn mail_goes_over_starttls_and_over_tls_from_the_first_byte() {
    let (config, ca) = certificate("127.0.0.1");
    let ca = ca.path().display();
    for (tls, scheme, how) in [
        (Tls::OnRequest(Arc::clone(&config)), "smtp", "tls=required"),
        (Tls::OnRequest(Arc::clone(&config)), "smtp", "tls=opportunistic"),
        (Tls::Always(Arc::clone(&config)), "smtps", "tls=implicit"),
    ] {
        let server = server(tls).await;
        let url = format!("{scheme}://{}?{how}&ca_file={ca}", server.address);
        let mut session = open(relay(&url)).await.unwrap();
        send(&mut session, "anna@example.kz", MESSAGE).await.unwrap();
        send(&mut session, "bota@example.kz", MESSAGE).await.unwrap();
        assert!(session.is_encrypted() && session.is_usable());
        assert!(server.mails().iter().all(|mail| mail.is_encrypted), "{how}");
        assert_eq!(server.mails().len(), 2);
    }
}

#[tokio::test]
async fn required_tls_that_is_not_offered_sends_nothing() {
    let server = server(Tls::None).await;
    let failure = try_once(relay(&format!("{}?tls=required", server.url()))).await.unwrap_err();
    assert!(matches!(failure, Failure::TlsNotOffered), "{failure}");
    assert!(is_retried(&failure) && class(&failure) == Some(Class::Relay));
    assert_eq!(server.steps(), ["Connect", "Hello"]);
}

#[tokio::test]
async fn opportunistic_tls_that_is_not_offered_goes_in_the_clear() {
    let server = server(Tls::None).await;
    try_once(relay(&format!("{}?tls=opportunistic", server.url()))).await.unwrap();
    assert!(!server.mails()[0].is_encrypted);
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (config, _) = certificate("127.0.0.1");
    let server = server(Tls::OnRequest(config)).await;
    let failure =
        try_once(relay(&format!("{}?tls=opportunistic", server.url()))).await.unwrap_err();
    assert!(matches!(failure, Failure::TlsFailed(_)), "{failure}");
    assert!(server.mails().is_empty());
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let (config, ca) = certificate("mail.example.kz");
    let server = server(Tls::OnRequest(config)).await;
    let url = format!("{}?tls=required&ca_file={}", server.url(), ca.path().display());
    let failure = try_once(relay(&url)).await.unwrap_err();
    assert!(matches!(failure, Failure::TlsFailed(_)), "{failure}");
    assert_eq!(class(&failure), Some(Class::Relay));
}

#[tokio::test]
async fn a_refused_starttls_is_the_relays_fault() {
    let (config, ca) = certificate("127.0.0.1");
    let settings = Settings { tls: Tls::OnRequest(config), ..Settings::default() };
    let later = Action::Reply(454, "4.7.0 TLS not available");
    let server = Server::that_does(later, Stage::Tls, settings).await;
    let url = format!("{}?tls=required&ca_file={}", server.url(), ca.path().display());
    let failure = try_once(relay(&url)).await.unwrap_err();
    assert_eq!((failure.stage(), class(&failure)), (Stage::Tls, Some(Class::Relay)));
}

#[tokio::test]
async fn a_server_that_speaks_plainly_where_tls_is_due_is_refused() {
    let server = server(Tls::None).await;
    let failure = try_once(relay(&format!("smtps://{}", server.address))).await.unwrap_err();
    assert!(matches!(failure, Failure::TlsFailed(_)), "{failure}");
}
