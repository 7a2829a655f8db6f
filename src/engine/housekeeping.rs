//! Small chores: old notices, queues of campaigns that have ended.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Result, campaign},
    store,
};

use super::Error;

/// How often.
const PERIOD: Duration = Duration::from_secs(10);
/// Notices of changed permissions are of no use to a sender after this: every claim is younger.
const NOTICES_KEPT: TimeDelta = TimeDelta::hours(1);

/// Does the chores until stopped.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) -> Result<(), Error> {
    while stop.run_until_cancelled(sleep(PERIOD)).await.is_some() {
        if let Err(error) = tidy(&app).await {
            tracing::warn!(%error, "housekeeping failed");
        }
    }
    Ok(())
}

async fn tidy(app: &App) -> Result<()> {
    let mut tx = app.store.begin().await?;
    store::suppression::forget_changes(tx.conn(), app.now() - NOTICES_KEPT).await?;
    tx.commit().await?;
    let ended = {
        let mut reader = app.store.read().await?;
        store::campaign::ended_with_queue(reader.conn()).await?
    };
    for id in ended {
        campaign::skip_queued(app, id).await?;
    }
    Ok(())
}
