//! Two DKIM verifiers that know nothing of Kelisim, and none of the network.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    io::Write,
    process::{Command, Stdio},
    time::Instant,
};

use kelisim::mail::dkim::DnsRecord;
use mail_auth::{
    AuthenticatedMessage, DkimResult, MessageAuthenticator, Parameters, ResolverCache, Txt,
    common::{parse::TxtRecordParser, verify::DomainKey},
};

/// What each signature came to, from the top: algorithm and whether it passed.
pub(crate) type Verdicts = Vec<(String, bool)>;

pub(crate) fn both_pass() -> Verdicts {
    vec![("rsa-sha256".into(), true), ("ed25519-sha256".into(), true)]
}

/// The DNS as far as the test goes.
struct Records(HashMap<String, Txt>);

impl ResolverCache<Box<str>, Txt> for Records {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let known = self.0.iter().find(|(known, _)| {
            let known: Box<str> = known.as_str().into();
            <Box<str> as Borrow<Q>>::borrow(&known) == name
        });
        Some(known.expect("a record that the test did not publish").1.clone())
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

pub(crate) async fn mail_auth(message: &[u8], records: &[DnsRecord]) -> Verdicts {
    let published = records.iter().map(|record| {
        let key = DomainKey::parse(record.value.as_bytes()).unwrap();
        (format!("{}.", record.name), Txt::from(key))
    });
    let records = Records(published.collect());
    let authenticator = MessageAuthenticator::new_cloudflare().unwrap();
    let message = AuthenticatedMessage::parse(message).unwrap();
    let parameters = Parameters::new(&message).with_txt_cache(&records);
    let outputs = authenticator.verify_dkim(parameters).await;
    outputs
        .iter()
        .map(|output| {
            let algorithm = match output.signature().map(|signature| signature.a) {
                Some(mail_auth::common::crypto::Algorithm::RsaSha256) => "rsa-sha256",
                Some(mail_auth::common::crypto::Algorithm::Ed25519Sha256) => "ed25519-sha256",
                _ => "other",
            };
            (algorithm.to_owned(), *output.result() == DkimResult::Pass)
        })
        .collect()
}

pub(crate) fn dkimpy(message: &[u8], records: &[DnsRecord]) -> Verdicts {
    let python = std::env::var("KELISIM_TEST_PYTHON").expect(
        "KELISIM_TEST_PYTHON must name a Python that has dkimpy and PyNaCl; run scripts/test, \
         which sets it up (tests/support/requirements.txt)",
    );
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for record in records {
        writeln!(file, "{}\t{}", record.name, record.value).unwrap();
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/dkimpy_verify.py");
    let mut child = Command::new(python)
        .arg(script)
        .arg(file.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(message).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "dkimpy_verify.py failed; its message stands above");
    let lines = String::from_utf8(output.stdout).unwrap();
    lines
        .lines()
        .map(|line| {
            let (algorithm, verdict) = line.split_once(' ').unwrap();
            (algorithm.to_owned(), verdict == "pass")
        })
        .collect()
}
