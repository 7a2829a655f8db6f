//! Keeps the figures of campaigns up to what has happened.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::app::{
    App,
    figures::{Collected, collect},
};

use super::Error;

/// How often. What has not been collected yet is counted at each look.
const PERIOD: Duration = Duration::from_secs(5);
/// Pause between rounds when there is more to do: others want the database, too.
const BREATH: Duration = Duration::from_millis(50);

/// Collects until stopped.
pub(super) async fn run(app: Arc<App>, stop: CancellationToken) -> Result<(), Error> {
    let mut pause = PERIOD;
    while stop.run_until_cancelled(sleep(pause)).await.is_some() {
        pause = match collect(&app).await {
            Ok(Collected::More) => BREATH,
            Ok(Collected::All) => PERIOD,
            Err(error) => {
                tracing::warn!(%error, "collecting figures failed");
                PERIOD
            }
        };
    }
    Ok(())
}
