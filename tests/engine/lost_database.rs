//! The database goes away while a campaign is being sent.

use std::time::Duration;

use kelisim::{
    domain::delivery::State,
    mail::listener::{Action, Step},
    store::Conn,
};

use crate::{
    office::{Office, RunningEngine, held, settings},
    relay::TestRelay,
    support::database::{Database, on_both, run},
};

on_both!(an_engine_without_its_database_stops_and_the_next_one_goes_on);

async fn unhurried() -> TestRelay {
    TestRelay::that(|_, step| match step {
        Step::Data => Action::Slowly { bytes: 100_000, pause: Duration::from_millis(3) },
        _ => Action::Accept,
    })
    .await
}

async fn an_engine_without_its_database_stops_and_the_next_one_goes_on(office: Office) {
    let relay = unhurried().await;
    let (campaign, _) = office.campaign_to(200).await;
    let node = office.another_app().await;
    let engine = RunningEngine::start(&node, settings([relay.over(2)]));
    relay.until(|seen| seen.mails.len() > 30).await;
    node.store.close().await;
    engine.stop().await;
    assert!(held(&office.status(&campaign).await) > 0, "it could not give anything back");

    office.scene.wait(chrono::TimeDelta::minutes(5));
    let patient = settings([relay.over(2)]);
    let watchful =
        kelisim::engine::EngineSettings { node_timeout: Duration::from_secs(1), ..patient };
    let engine = RunningEngine::start(&office.app, watchful);
    let status = office.finished(&campaign).await;
    engine.stop().await;
    let (sent, uncertain) = (status.count(State::Sent), status.count(State::Uncertain));
    assert_eq!(sent + uncertain, 200);
    let mut arrived = relay.arrived();
    arrived.dedup();
    assert_eq!(arrived.len(), relay.see(|seen| seen.mails.len()), "nobody twice");
    let sent = office.in_state(&campaign, State::Sent).await;
    assert!(sent.iter().all(|id| arrived.contains(id)), "nothing is called sent that was not");
}

/// As when the server restarts, or the network breaks: every connection ends, at any moment of a
/// transaction.
#[tokio::test]
async fn broken_connections_lose_nothing() {
    run(Database::postgres().await, break_connections).await;
}

async fn break_connections(office: Office) {
    let relay = unhurried().await;
    let (campaign, _) = office.campaign_to(400).await;
    let engine = office.engine([relay.over(2)]);
    let elsewhere = office.place.connect().await;
    for round in 1..=10 {
        relay.until(|seen| seen.mails.len() > round * 30).await;
        let mut reader = elsewhere.read().await.unwrap();
        let Conn::Postgres(db) = reader.conn() else { panic!("a server") };
        let text = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
            WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sqlx::query(text).execute(db).await.unwrap();
    }
    elsewhere.close().await;
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    loop {
        looks.tick().await;
        if kelisim::app::campaign::find(&office.app, campaign.id).await.is_ok() {
            break;
        }
    }
    let status = office.finished_in_time(&campaign).await;
    engine.stop().await;
    assert_eq!(status.count(State::Sent), 400);
    assert_eq!(relay.arrived(), office.in_state(&campaign, State::Sent).await);
}
