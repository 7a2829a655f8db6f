//! Brings the kept figures up to what has happened. Safe to be interrupted, repeated, and run by
//! several nodes.

use std::collections::BTreeSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use crate::{
    app::{App, Result},
    domain::{
        campaign::Phase,
        delivery::State,
        figures::{Dimension, moment},
        id::CampaignId,
    },
    store::{
        self,
        figure::{Ended, Figures, Folding, Group},
    },
};

/// A transaction writes the time at which it began to wait for the database; it waits up to 30 s.
/// What ended longer ago than this is complete.
const LAG: TimeDelta = TimeDelta::seconds(45);
/// Deliveries that are folded at a time.
const DELIVERIES_PER_BATCH: i64 = 5_000;
/// Batches of one group in one round: other campaigns have their turn, too.
const BATCHES_PER_ROUND: usize = 20;
/// Campaigns that are looked at in one round.
const CAMPAIGNS_PER_ROUND: i64 = 100;
/// A node that was lost may mend what it held; not after so long.
const MENDED_WITHIN: TimeDelta = TimeDelta::days(30);
/// Domains of a campaign that are kept apart. All others share the empty name.
const DOMAINS_MAX: usize = 1_000;
/// Events of the ledger that are searched at a time.
const EVENTS_PER_BATCH: i64 = 5_000;

/// What a round came to.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collected {
    /// There is more.
    More,
    /// The figures are up to date.
    All,
}

/// One round over all campaigns whose figures are not complete, and over the ledger.
///
/// # Errors
/// The database's; what was folded before stays so.
pub async fn collect(app: &App) -> Result<Collected> {
    let now = app.now();
    let unsettled = {
        let mut reader = app.store.read().await?;
        let since = now - MENDED_WITHIN;
        store::figure::unsettled(reader.conn(), since, CAMPAIGNS_PER_ROUND).await?
    };
    let mut collected = search_departures(app).await?;
    for one in unsettled {
        if fold_campaign(app, one.campaign, now - LAG).await? == Collected::More {
            collected = Collected::More;
        } else if matches!(one.phase, Phase::Finished | Phase::Cancelled) {
            settle(app, one.campaign).await?;
        }
    }
    Ok(collected)
}

async fn fold_campaign(app: &App, id: CampaignId, until: DateTime<Utc>) -> Result<Collected> {
    let groups = {
        let mut reader = app.store.read().await?;
        store::figure::groups(reader.conn(), id).await?
    };
    let mut collected = Collected::All;
    for group in groups {
        if fold_group(app, id, group, until).await? == Collected::More {
            collected = Collected::More;
        }
    }
    Ok(collected)
}

async fn fold_group(
    app: &App,
    id: CampaignId,
    mut group: Group,
    until: DateTime<Utc>,
) -> Result<Collected> {
    for _ in 0..BATCHES_PER_ROUND {
        // Read first and write then: SQLite's one writer is not held while the rows are read.
        let (batch, known) = {
            let mut reader = app.store.read().await?;
            let limit = DELIVERIES_PER_BATCH;
            let batch = store::figure::batch(reader.conn(), id, &group, until, limit).await?;
            let known = store::figure::folded(reader.conn(), id, Dimension::Domain).await?;
            (batch, known.into_iter().map(|(domain, ..)| domain).collect())
        };
        let Some(folding) = folding(group.state, &batch, known) else {
            return Ok(Collected::All);
        };
        let mut tx = app.store.begin().await?;
        if !store::figure::fold(tx.conn(), id, &group, &folding).await? {
            // Another node is at it.
            return Ok(Collected::All);
        }
        tx.commit().await?;
        if i64::try_from(batch.len()).is_ok_and(|n| n < DELIVERIES_PER_BATCH) {
            return Ok(Collected::All);
        }
        (group.folded, group.upto) = (group.folded + folding.n, folding.upto);
    }
    Ok(Collected::More)
}

fn folding(state: State, batch: &[Ended], mut domains: BTreeSet<String>) -> Option<Folding> {
    let last = batch.last()?;
    let mut figures = Figures::new();
    for one in batch {
        let domain = one.domain.clone().unwrap_or_default();
        let is_apart = domains.contains(&domain) || domains.len() < DOMAINS_MAX;
        let domain = if is_apart { domain } else { String::new() };
        domains.insert(domain.clone());
        for (dimension, key) in keys(one, domain) {
            *figures.entry((dimension, key, state)).or_default() += 1;
        }
    }
    let n = i64::try_from(batch.len()).unwrap_or(i64::MAX);
    Some(Folding { n, upto: (last.at, last.id), figures })
}

/// What a delivery is counted by.
pub(super) fn keys(one: &Ended, domain: String) -> [(Dimension, String); 3] {
    [
        (Dimension::Domain, domain),
        (Dimension::Language, one.language.clone().unwrap_or_default()),
        (Dimension::Moment, moment(one.at).to_rfc3339_opts(SecondsFormat::Secs, true)),
    ]
}

/// A campaign has ended and all that is old enough is folded. If that is everything, its figures
/// are complete. If something was missed, they are counted anew.
async fn settle(app: &App, id: CampaignId) -> Result<()> {
    let mut view = app.store.snapshot().await?;
    let mut folded = 0;
    for group in store::figure::groups(view.conn(), id).await? {
        folded += group.folded;
        if store::figure::newer_than(view.conn(), id, &group).await? > 0 {
            return Ok(());
        }
    }
    let is_held = !store::figure::held(view.conn(), id).await?.is_empty();
    if is_held || store::delivery::is_open(view.conn(), id).await? {
        return Ok(());
    }
    let written = store::figure::written(view.conn(), id).await?;
    drop(view);
    let mut tx = app.store.begin().await?;
    if folded == written {
        store::figure::settle(tx.conn(), id, app.now()).await?;
    } else {
        tracing::warn!(campaign = %id, folded, written, "figures are counted anew");
        store::figure::forget(tx.conn(), id).await?;
        store::figure::count_again(tx.conn(), id).await?;
    }
    tx.commit().await?;
    Ok(())
}

async fn search_departures(app: &App) -> Result<Collected> {
    for _ in 0..BATCHES_PER_ROUND {
        let (seq, stretch) = {
            let mut reader = app.store.read().await?;
            let seq = store::departure::searched(reader.conn()).await?;
            (seq, store::departure::search(reader.conn(), seq, EVENTS_PER_BATCH).await?)
        };
        let Some(stretch) = stretch else { return Ok(Collected::All) };
        let mut tx = app.store.begin().await?;
        if !store::departure::keep(tx.conn(), seq, &stretch).await? {
            return Ok(Collected::All);
        }
        tx.commit().await?;
    }
    Ok(Collected::More)
}
