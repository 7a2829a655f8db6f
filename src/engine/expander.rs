//! Writes audiences out as deliveries, chunk by chunk; sending begins with the first chunk.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        App, Result,
        sending::{Expansion, expand},
    },
    domain::campaign::Phase,
    store,
};

use super::Error;

/// How often to look for campaigns that have just been started.
const PERIOD: Duration = Duration::from_millis(250);

/// Expands running campaigns until stopped.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) -> Result<(), Error> {
    while stop.run_until_cancelled(sleep(PERIOD)).await.is_some() {
        if let Err(error) = expand_all(&app, &stop).await {
            tracing::warn!(%error, "writing out an audience failed; it goes on where it stopped");
        }
    }
    Ok(())
}

async fn expand_all(app: &App, stop: &CancellationToken) -> Result<()> {
    let running = {
        let mut reader = app.store.read().await?;
        store::campaign::in_phase(reader.conn(), Phase::Running).await?
    };
    for campaign in running.iter().filter(|campaign| campaign.expanded_at.is_none()) {
        while !stop.is_cancelled() && expand(app, campaign.id).await? == Expansion::More {}
    }
    Ok(())
}
