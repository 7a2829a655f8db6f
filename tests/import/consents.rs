//! Consents: recorded with what proves them, or not at all.

use chrono::{DateTime, Months, Utc};
use kelisim::{
    app::{
        import_contacts::{ImportOptions, Lack, Reason, Remark},
        parties,
    },
    domain::{
        consent::{Actor, Channel, Evidence, State},
        language::Language,
        ledger::sha256,
    },
};

use crate::{
    desk::{Desk, consented},
    support::database::on_both,
};

on_both!(
    a_consent_is_recorded_with_all_that_proves_it,
    the_words_that_a_person_saw_are_kept_once,
    without_evidence_the_contact_comes_in_and_the_consent_does_not,
    later_evidence_renews_and_earlier_adds_nothing,
    a_term_that_is_over_is_recorded_and_told,
    a_partners_purpose_needs_a_partner_and_ours_allows_none,
    a_policy_version_that_nobody_published_rejects_the_row,
    no_is_neither_a_consent_nor_a_withdrawal,
);

const LONG_AGO: &str = "2025-03-01T09:30:00Z";

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn a_consent_is_recorded_with_all_that_proves_it(desk: Desk) {
    let row = format!("a@example.kz,Айгүл Сейтқали,ru,,,,news,,Form 7,{LONG_AGO},1,");
    let heard = desk.import(&[row]).await;
    assert_eq!((heard.tally.given, heard.tally.claims()), (1, 1));
    let history = desk.history("a@example.kz").await;
    let event = &history.entries[0].event;
    let until = time(LONG_AGO).checked_add_months(Months::new(24)).unwrap();
    assert_eq!(
        (event.state, event.actor, event.channel),
        (State::Given, Actor::Subject, Channel::Import)
    );
    assert_eq!((event.occurred_at, event.recorded_at), (time(LONG_AGO), desk.now()));
    assert_eq!(event.valid_until, Some(until));
    let text = "Саясат, бірінші басылым";
    assert_eq!(event.policy.unwrap().sha256, sha256(text.as_bytes()));
    assert_eq!(event.language, Some(Language::KK), "there is no Russian text of this version");
    assert_eq!(event.wording, None);
    let (_, detail) = history.entries[0].detail.clone().unwrap();
    let evidence: Evidence = serde_json::from_str(&detail).unwrap();
    let told = Evidence {
        source: "Form 7".to_owned(),
        subject_name: Some("Айгүл Сейтқали".to_owned()),
        import_id: heard.imported.id.map(|id| id.0),
        import_line: Some(2),
        ..Evidence::default()
    };
    assert_eq!(evidence, told);
    assert_eq!(desk.events().await, 1);
}

async fn the_words_that_a_person_saw_are_kept_once(desk: Desk) {
    let row = |who: &str| format!("{who}@example.kz,,en,,,,news,,Form 7,{LONG_AGO},,Send me news");
    desk.import(&[row("a"), row("b")]).await;
    desk.import(&[row("c")]).await;
    let mut pins = Vec::new();
    for who in ["a", "b", "c"] {
        let history = desk.history(&format!("{who}@example.kz")).await;
        let event = history.entries[0].event.clone();
        assert_eq!((event.policy, event.language), (None, Some(Language::EN)));
        pins.push(event.wording.unwrap());
    }
    assert_eq!(pins[0].sha256, sha256(b"Send me news"));
    pins.dedup();
    assert_eq!(pins.len(), 1);
}

async fn without_evidence_the_contact_comes_in_and_the_consent_does_not(desk: Desk) {
    let rows = [
        format!("a@example.kz,,,,,,news,,,{LONG_AGO},1,"),
        "b@example.kz,,,,,,news,,Form 7,,,".to_owned(),
    ];
    let heard = desk.import(&rows).await;
    assert_eq!((heard.tally.new, heard.tally.without_evidence), (2, 2));
    let lacks = vec![Lack::GivenAt, Lack::PolicyVersionOrWording];
    assert_eq!(
        heard.remarks(),
        [(2, Remark::NoEvidence(vec![Lack::Source])), (3, Remark::NoEvidence(lacks))]
    );
    assert_eq!(desk.state("a@example.kz", "news").await, None);
    assert_eq!(desk.events().await, 0);
}

async fn later_evidence_renews_and_earlier_adds_nothing(desk: Desk) {
    desk.import(&[consented("a@example.kz", LONG_AGO)]).await;
    let later = "2025-09-01T00:00:00Z";
    let rows = [
        consented("a@example.kz", "2024-12-24"),
        consented("a@example.kz", later),
        consented("a@example.kz", "2025-06-01"),
    ];
    let tally = desk.import(&rows).await.tally;
    assert_eq!((tally.given, tally.renewed, tally.recorded_before), (0, 1, 2));
    let standing = desk.consent("a@example.kz", "news").await.unwrap().standing;
    assert_eq!((standing.state, standing.since), (State::Renewed, time(later)));
    assert_eq!(desk.events().await, 2);
}

async fn a_term_that_is_over_is_recorded_and_told(desk: Desk) {
    let heard = desk.import(&[consented("a@example.kz", "2023-01-01")]).await;
    assert_eq!((heard.tally.given, heard.tally.expired), (1, 1));
    assert_eq!(heard.remarks(), [(2, Remark::Expired)]);
    let standing = desk.consent("a@example.kz", "news").await.unwrap().standing;
    assert!(standing.valid_until.unwrap() < desk.now());
}

async fn a_partners_purpose_needs_a_partner_and_ours_allows_none(desk: Desk) {
    let names = [(Language::KK, "Акме".to_owned())].into();
    let added = parties::add(&desk.app, "acme".parse().unwrap(), names).await.unwrap();
    assert_eq!(added, parties::Added::New);
    let row = |of: &str| format!("{}@example.kz,,,,,,{of},,Form 7,{LONG_AGO},1,", of.len());
    let rows = [
        row("partner_offers:acme"),
        row("partner_offers"),
        row("news:acme"),
        row("partner_offers:other"),
    ];
    let heard = desk.import(&rows).await;
    assert_eq!(
        heard.rejects,
        [
            (3, vec![Reason::PartyMissing]),
            (4, vec![Reason::PartyNotAllowed]),
            (5, vec![Reason::UnknownParty]),
        ]
    );
    assert_eq!((heard.tally.new, heard.tally.given), (1, 1));
    let consents = desk.history("19@example.kz").await.consents;
    assert_eq!(consents[0].party.as_str(), "acme");
}

async fn a_policy_version_that_nobody_published_rejects_the_row(desk: Desk) {
    let row = format!("a@example.kz,,,,,,news,,Form 7,{LONG_AGO},2,I agree");
    let heard = desk.import(&[row]).await;
    assert_eq!(heard.rejects, [(2, vec![Reason::UnknownPolicyVersion])]);
    assert_eq!((heard.tally.rejected, heard.tally.new), (1, 0));
}

async fn no_is_neither_a_consent_nor_a_withdrawal(desk: Desk) {
    desk.import(&[consented("a@example.kz", LONG_AGO)]).await;
    let text = "email,consent_news,consent_events,consent_source,consent_given_at,policy_version\n\
                a@example.kz,no,yes,Form 8,2025-04-01,1\n";
    let tally = desk.try_import(text, ImportOptions::default()).await.unwrap().tally;
    assert_eq!((tally.declined, tally.given), (1, 1));
    assert_eq!(desk.state("a@example.kz", "news").await, Some(State::Given));
    assert_eq!(desk.state("a@example.kz", "events").await, Some(State::Given));
}
