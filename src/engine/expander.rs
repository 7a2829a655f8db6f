//! Writes audiences out as deliveries, chunk by chunk; sending begins with the first chunk.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        App, Result,
        sending::{Expansion, expand},
    },
    domain::{campaign::Phase, id::CampaignId},
    store,
};

use super::Error;

/// How often to look for campaigns that have just been started.
const PERIOD: Duration = Duration::from_millis(250);

/// Expands running campaigns until stopped.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) -> Result<(), Error> {
    while stop.run_until_cancelled(sleep(PERIOD)).await.is_some() {
        if let Err(error) = expand_all(&app, &stop).await {
            tracing::warn!(%error, "looking for campaigns to write out failed");
        }
    }
    Ok(())
}

/// A chunk of each in turn, so that a large audience does not hold up the others.
async fn expand_all(app: &App, stop: &CancellationToken) -> Result<()> {
    let mut open = unexpanded(app).await?;
    while !open.is_empty() {
        for id in std::mem::take(&mut open) {
            if stop.is_cancelled() {
                return Ok(());
            }
            match expand(app, id).await {
                Ok(Expansion::More) => open.push(id),
                Ok(Expansion::Done) => {}
                Err(error) => {
                    tracing::warn!(campaign = %id, %error, "writing out an audience failed; it goes on where it stopped");
                }
            }
        }
    }
    Ok(())
}

async fn unexpanded(app: &App) -> Result<Vec<CampaignId>> {
    let mut reader = app.store.read().await?;
    let running = store::campaign::in_phase(reader.conn(), Phase::Running).await?;
    Ok(running.iter().filter(|one| one.expanded_at.is_none()).map(|one| one.id).collect())
}
