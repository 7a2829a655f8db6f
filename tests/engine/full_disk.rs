//! There is no room left for the embedded database.

use std::time::Duration;

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
    store::{Conn, Store},
};

use crate::{
    office::Office,
    relay::TestRelay,
    support::database::{Database, run},
};

#[tokio::test]
async fn sending_stops_safely_and_goes_on_when_there_is_room_again() {
    run(Database::sqlite(), fill).await;
}

async fn fill(office: Office) {
    let relay = TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(1) },
        _ => Action::Accept,
    })
    .await;
    let (campaign, _) = office.campaign_to(1_000).await;
    let engine = office.engine([relay.over(2)]);
    relay.until(|seen| seen.mails.len() > 50).await;
    // A connection on which SQLite ended the transaction is replaced, and the limit is gone with it.
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    for _ in 0..300 {
        ticks.tick().await;
        limit(&office.app.store, 1).await;
    }
    let before = relay.see(|seen| seen.mails.len());
    assert!(before < 1_000, "the campaign ended before the disk was full");
    limit(&office.app.store, 1_000_000).await;
    let status = office.finished(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 1_000);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
}

/// How many pages the database may have; those that it has are not taken away.
async fn limit(store: &Store, pages: u32) {
    let mut tx = store.begin().await.unwrap();
    let Conn::Sqlite(db) = tx.conn() else { panic!("embedded") };
    let text = sqlx::AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"));
    sqlx::query(text).execute(db).await.unwrap();
    tx.commit().await.unwrap();
}
