//! The demo as a newcomer runs it: what it sends arrives, adds up, verifies, and stops when asked.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod books;
mod inbox;
mod process;
#[path = "../compose/verifiers.rs"]
mod verifiers;

use std::collections::{BTreeMap, BTreeSet};

use kelisim::{
    domain::{delivery::State, gate::Refusal},
    mail::dkim::DnsRecord,
};

use books::Books;
use inbox::{Inbox, Mail};
use process::{Demo, kelisim};
use verifiers::{both_pass, dkimpy, mail_auth};

const NEWS: &str = "Желтоқсан жаңалықтары";
const EVENT: &str = "«Заманауи сабақ – 2027» конференциясына шақыру";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_demo_sends_arrives_adds_up_verifies_and_stops_when_asked() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(&folder.path().join("demo"));
    let url = demo.line_with("Inbox").split_whitespace().nth(1).unwrap().to_owned();
    let inbox = Inbox::at(url);
    demo.line_with("Ctrl-C ends the demo");

    inbox.has_mail(2).await;
    let [leaves_news, leaves_all] = [inbox.mail(1).await, inbox.mail(2).await];
    assert!(inbox.press_one_click(1).await.contains("<strong>Done.</strong>"));
    inbox.leave_all(&leaves_all).await;

    // A campaign that waits keeps the demo open after the others have ended.
    let again = demo.folder.join("campaigns/news");
    let created = kelisim(&demo.config(), &["campaign", "create", again.to_str().unwrap()]);
    let id = created.split(['(', ')']).nth(1).unwrap().to_owned();
    kelisim(&demo.config(), &["campaign", "start", &id, "--at", "2100-01-01 00:00"]);

    demo.line_with(&format!("{NEWS}: finished"));
    demo.line_with(&format!("{EVENT}: finished"));
    let mails = inbox.all().await;
    Box::pin(everything_adds_up(&demo, &mails)).await;
    nobody_got_a_campaign_twice(&mails);
    both_verifiers_pass_every_language(&demo, &mails).await;
    let invited = |one: &Mail| one.purpose() == "events" && one.to() == leaves_all.to();
    assert!(!mails.iter().any(invited), "who had left all mail was invited");
    let why = kelisim(&demo.config(), &["explain", &leaves_news.message_id()]);
    assert!(why.contains(NEWS), "{why}");

    let (_, before) = demo.books().await.campaign(NEWS).await;
    kelisim(&demo.config(), &["campaign", "start", &id]);
    demo.ends_well();
    let (_, after) = demo.books().await.campaign_with(&id).await;
    let left: BTreeSet<String> = [leaves_news.to(), leaves_all.to()].into();
    let left = i64::try_from(left.len()).unwrap();
    assert_eq!(after.count(State::Sent), before.count(State::Sent) - left);
    assert!(kelisim(&demo.config(), &["consent", "verify"]).contains("events"));
}

/// What arrived is what was recorded as sent, and with those who fell out it is the whole audience.
async fn everything_adds_up(demo: &Demo, mails: &[Mail]) {
    let books = demo.books().await;
    for (name, purpose) in [(NEWS, "news"), (EVENT, "events")] {
        let (funnel, status) = books.campaign(name).await;
        let arrived = mails.iter().filter(|one| one.purpose() == purpose).count();
        assert_eq!(status.count(State::Sent), i64::try_from(arrived).unwrap(), "{name}");
        assert_eq!(status.ended(), status.total(), "{name}");
        assert_eq!(status.total(), funnel.matched, "{name}");
        assert_eq!(status.count(State::Sent) + status.count(State::Skipped), status.total());
        assert_eq!(funnel.allowed + funnel.refused.values().sum::<i64>(), funnel.matched);
    }
    let (funnel, _) = books.campaign(NEWS).await;
    let reasons: Vec<&str> = funnel.refused.keys().map(|one| one.as_str()).collect();
    assert_eq!(reasons.len(), Refusal::ALL.len() - 1, "all but an ended record: {reasons:?}");
}

fn nobody_got_a_campaign_twice(mails: &[Mail]) {
    let each: BTreeSet<_> = mails.iter().map(|one| (one.purpose(), one.to())).collect();
    let ids: BTreeSet<_> = mails.iter().map(Mail::message_id).collect();
    assert_eq!((each.len(), ids.len()), (mails.len(), mails.len()));
}

async fn both_verifiers_pass_every_language(demo: &Demo, mails: &[Mail]) {
    let records: Vec<DnsRecord> = demo
        .read("dkim-records.txt")
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(name, value)| DnsRecord { name: name.to_owned(), value: value.to_owned() })
        .collect();
    let samples: BTreeMap<_, &Mail> =
        mails.iter().map(|one| ((one.purpose(), one.language()), one)).collect();
    assert_eq!(samples.len(), 6, "two campaigns in three languages");
    for (what, mail) in samples {
        assert_eq!(mail_auth(&mail.raw, &records).await, both_pass(), "{what:?}");
        assert_eq!(dkimpy(&mail.raw, &records), both_pass(), "{what:?}");
    }
}
