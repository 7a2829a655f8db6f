//! An import never revives a withdrawal, whatever the file says (invariant 4).

use chrono::TimeDelta;
use kelisim::{
    app::{consent::Scope, import_contacts::Remark},
    domain::{
        consent::State,
        party::PartyKey,
        suppression::{Reason, Suppression},
    },
    store,
};

use crate::{
    desk::{Desk, consented},
    support::{
        database::on_both,
        scene::{address, purpose},
    },
};

on_both!(
    a_withdrawal_is_not_revived_by_the_same_file,
    a_withdrawal_is_not_revived_by_a_later_date,
    a_withdrawal_is_not_revived_by_another_spelling_of_the_address,
    who_left_everything_gets_no_new_consent_either,
    a_suppressed_address_gets_no_consent,
    a_suppression_that_has_ended_is_none,
    an_objection_to_one_purpose_leaves_the_others,
    an_objection_to_what_was_never_consented_to_counts_too,
);

const A: &str = "a@example.kz";

fn news() -> Scope {
    Scope::Purpose(purpose("news"), PartyKey::institution())
}

async fn withdrawn(desk: &Desk, scope: Scope) {
    desk.import(&[consented(A, "2025-03-01")]).await;
    desk.withdraw(A, scope, desk.now() - TimeDelta::days(30)).await;
}

async fn a_withdrawal_is_not_revived_by_the_same_file(desk: Desk) {
    withdrawn(&desk, news()).await;
    let events = desk.events().await;
    let heard = desk.import(&[consented(A, "2025-03-01")]).await;
    assert_eq!((heard.tally.objected, heard.tally.unchanged), (1, 1));
    assert_eq!(heard.remarks(), [(2, Remark::Objected)]);
    assert_eq!(desk.state(A, "news").await, Some(State::Withdrawn));
    assert_eq!(desk.events().await, events, "nothing was added");
}

async fn a_withdrawal_is_not_revived_by_a_later_date(desk: Desk) {
    withdrawn(&desk, news()).await;
    let yesterday = (desk.now() - TimeDelta::days(1)).to_rfc3339();
    let tally = desk.import(&[consented(A, &yesterday)]).await.tally;
    assert_eq!((tally.objected, tally.given, tally.renewed), (1, 0, 0));
    assert_eq!(desk.state(A, "news").await, Some(State::Withdrawn));
}

async fn a_withdrawal_is_not_revived_by_another_spelling_of_the_address(desk: Desk) {
    desk.import(&[consented("asel@мектеп.қаз", "2025-03-01")]).await;
    desk.withdraw("asel@мектеп.қаз", news(), desk.now()).await;
    let rows = [
        consented("ASEL@МЕКТЕП.ҚАЗ", "2025-03-01"),
        consented("Asel@xn--e1aaogsq.xn--80ao21a", "2026-11-01"),
    ];
    let tally = desk.import(&rows).await.tally;
    assert_eq!((tally.objected, tally.new), (2, 0));
    assert_eq!(desk.state("asel@мектеп.қаз", "news").await, Some(State::Withdrawn));
}

async fn who_left_everything_gets_no_new_consent_either(desk: Desk) {
    withdrawn(&desk, Scope::All).await;
    let row = format!("{A},,,,,,news;events,,Form 8,2026-11-01,1,");
    let heard = desk.import(&[row]).await;
    assert_eq!((heard.tally.objected, heard.tally.suppressed, heard.tally.given), (1, 1, 0));
    assert_eq!(heard.remarks(), [(2, Remark::Objected), (2, Remark::Suppressed)]);
    assert_eq!(desk.state(A, "events").await, None);
}

async fn suppress(desk: &Desk, reason: Reason, ends_in: Option<TimeDelta>) {
    let ends_at = ends_in.map(|delta| desk.now() + delta);
    let entry = Suppression { address_hash: desk.app.address_hash(&address(A)), reason, ends_at };
    let id = desk.app.entropy.uuid(desk.now());
    let mut tx = desk.app.store.begin().await.unwrap();
    store::suppression::insert(tx.conn(), id, &entry, desk.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_suppressed_address_gets_no_consent(desk: Desk) {
    suppress(&desk, Reason::HardBounce, None).await;
    let heard = desk.import(&[consented("A@EXAMPLE.kz", "2026-11-01")]).await;
    assert_eq!((heard.tally.new, heard.tally.suppressed, heard.tally.given), (1, 1, 0));
    assert_eq!(heard.remarks(), [(2, Remark::Suppressed)]);
    assert_eq!(desk.events().await, 0);
}

async fn a_suppression_that_has_ended_is_none(desk: Desk) {
    suppress(&desk, Reason::SoftBounces, Some(TimeDelta::days(7))).await;
    desk.app.clock.shift(TimeDelta::days(8));
    let tally = desk.import(&[consented(A, "2026-11-01")]).await.tally;
    assert_eq!((tally.suppressed, tally.given), (0, 1));
}

async fn an_objection_to_one_purpose_leaves_the_others(desk: Desk) {
    withdrawn(&desk, news()).await;
    let row = format!("{A},,,,,,news;events,,Form 8,2026-11-01,1,");
    let tally = desk.import(&[row]).await.tally;
    assert_eq!((tally.objected, tally.given), (1, 1));
    assert_eq!(desk.state(A, "events").await, Some(State::Given));
}

async fn an_objection_to_what_was_never_consented_to_counts_too(desk: Desk) {
    desk.import(&[consented(A, "2025-03-01")]).await;
    let events = Scope::Purpose(purpose("events"), PartyKey::institution());
    desk.withdraw(A, events, desk.now()).await;
    let row = format!("{A},,,,,,events,,Form 8,2026-11-01,1,");
    assert_eq!(desk.import(&[row]).await.tally.objected, 1);
    assert_eq!(desk.state(A, "events").await, Some(State::Withdrawn));
}
