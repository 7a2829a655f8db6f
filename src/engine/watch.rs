//! Hears of permissions that shrank through other processes: another node, or the command line.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Result},
    store,
};

use super::Error;

/// Across processes a withdrawal takes effect within one second (invariant 2).
const PERIOD: Duration = Duration::from_millis(250);
/// Looked back this far behind the last look: a transaction that was slow to commit is still seen,
/// and so is one of a node whose clock is a little behind.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);

/// Looks for changed permissions until stopped.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) -> Result<(), Error> {
    let mut looked_at = app.now();
    while stop.run_until_cancelled(sleep(PERIOD)).await.is_some() {
        match look(&app, looked_at).await {
            Ok(at) => looked_at = at,
            Err(error) => tracing::warn!(%error, "looking for changed permissions failed"),
        }
    }
    Ok(())
}

/// From the last look on, by whichever clock reading is earlier: clocks are set, and a process can
/// be stopped for a while. Gives back when this look began.
async fn look(app: &App, last: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let (began, now) = (Instant::now(), app.now());
    let mut reader = app.store.read().await?;
    let since = last.min(now) - OVERLAP;
    let changed = store::suppression::changed_since(reader.conn(), since).await?;
    app.permits.note_others(&changed, began);
    Ok(now)
}
