//! The figures of campaigns, and the people behind them.

mod campaigns;
mod departures;
mod histories;
mod people;
mod reports;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::{
    app::{
        App, Entropy, campaign,
        campaign::Standing,
        figures::{Collected, collect},
    },
    domain::{
        campaign::Campaign,
        delivery::State,
        figures::{Dimension, moment},
        id::CampaignId,
        token::Keyring,
    },
    store::{self, Conn},
};

use crate::support::scene::{Scene, institution};

/// What ended longer ago than this is folded.
const OLD: TimeDelta = TimeDelta::minutes(1);

fn app(scene: &Scene) -> App {
    let keys = Keyring::new([9; 32], []).unwrap();
    let (store, clock) = (scene.store.clone(), scene.clock.clone());
    App::new(store, clock, Entropy, keys, institution(), "https://mail.example.kz").unwrap()
}

async fn collect_all(app: &App) {
    while collect(app).await.unwrap() == Collected::More {}
}

async fn standing(scene: &Scene, campaign: &Campaign) -> Standing {
    let mut view = scene.store.snapshot().await.unwrap();
    let mut standing = campaign::standing(view.conn(), campaign.id).await.unwrap();
    standing.reasons.sort();
    standing
}

/// What each delivery says of itself.
type Row = (String, Option<String>, Option<String>, Option<String>, DateTime<Utc>);

async fn rows(scene: &Scene, campaign: CampaignId) -> Vec<Row> {
    const ALL: &str = "SELECT d.state, d.reason, c.address, c.language, d.state_since \
        FROM delivery d JOIN contact c ON c.id = d.contact_id WHERE d.campaign_id = $1";
    let mut reader = scene.store.read().await.unwrap();
    match reader.conn() {
        Conn::Sqlite(db) => sqlx::query_as(ALL).bind(campaign.0).fetch_all(db).await,
        Conn::Postgres(db) => sqlx::query_as(ALL).bind(campaign.0).fetch_all(db).await,
    }
    .unwrap()
}

/// Where the deliveries stand, counted one by one.
async fn counted(scene: &Scene, campaign: CampaignId) -> Standing {
    let mut states: BTreeMap<State, i64> = BTreeMap::new();
    let mut reasons: BTreeMap<(State, String), i64> = BTreeMap::new();
    for (state, reason, ..) in rows(scene, campaign).await {
        let state = state.parse().unwrap();
        *states.entry(state).or_default() += 1;
        if let Some(reason) = reason {
            *reasons.entry((state, reason)).or_default() += 1;
        }
    }
    let reasons = reasons.into_iter().map(|((state, reason), n)| (state, reason, n)).collect();
    Standing { states, reasons }
}

type Numbers = BTreeMap<(String, State), i64>;

/// The ended deliveries by one thing, counted one by one.
async fn counted_by(scene: &Scene, campaign: CampaignId, dimension: Dimension) -> Numbers {
    let mut numbers = Numbers::new();
    for (state, _, address, language, since) in rows(scene, campaign).await {
        let state: State = state.parse().unwrap();
        let key = match dimension {
            Dimension::Domain => address.unwrap().rsplit_once('@').unwrap().1.to_owned(),
            Dimension::Language => language.unwrap_or_default(),
            Dimension::Moment => moment(since).format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        };
        if state.is_final() {
            *numbers.entry((key, state)).or_default() += 1;
        }
    }
    numbers
}

/// The same as it is kept.
async fn folded_by(scene: &Scene, campaign: CampaignId, dimension: Dimension) -> Numbers {
    let mut reader = scene.store.read().await.unwrap();
    let rows = store::figure::folded(reader.conn(), campaign, dimension).await.unwrap();
    rows.into_iter().map(|(key, state, n)| ((key, state), n)).collect()
}

/// Whether the campaign's figures still move.
async fn is_unsettled(scene: &Scene, campaign: CampaignId) -> bool {
    let mut reader = scene.store.read().await.unwrap();
    let all = store::figure::unsettled(reader.conn(), DateTime::UNIX_EPOCH, 9).await.unwrap();
    all.iter().any(|one| one.campaign == campaign)
}
