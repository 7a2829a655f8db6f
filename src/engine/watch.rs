//! Hears of permissions that shrank through other processes: another node, or the command line.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Result},
    store,
};

use super::Error;

/// Across processes a withdrawal takes effect within one second (invariant 2).
const PERIOD: Duration = Duration::from_millis(250);
/// Looked back this far each time: a transaction that was slow to commit is still seen, and so is
/// one of a node whose clock is a little behind.
const OVERLAP: TimeDelta = TimeDelta::seconds(10);

/// Looks for changed permissions until stopped.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) -> Result<(), Error> {
    while stop.run_until_cancelled(sleep(PERIOD)).await.is_some() {
        if let Err(error) = look(&app).await {
            tracing::warn!(%error, "looking for changed permissions failed");
        }
    }
    Ok(())
}

async fn look(app: &App) -> Result<()> {
    let mut reader = app.store.read().await?;
    let changed = store::suppression::changed_since(reader.conn(), app.now() - OVERLAP).await?;
    app.permits.note(&changed);
    Ok(())
}
