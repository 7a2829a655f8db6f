//! Starts timed campaigns. The ticker only wakes; who starts one is decided in the database, by
//! the change of its state, which succeeds once.

use std::{sync::Arc, time::Duration};

use tokio::{sync::Notify, time::timeout};
use tokio_cron_scheduler::{Job, JobScheduler};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Result, campaign},
    domain::{
        campaign::{Deed, State},
        id::CampaignId,
    },
    store,
};

use super::{EngineSettings, Error};

/// Looked at this often even if the ticker is silent.
const PERIOD: Duration = Duration::from_secs(5);

/// Wakes every second and starts what is due, until stopped.
pub(super) async fn run(
    app: Arc<App>,
    settings: Arc<EngineSettings>,
    stop: CancellationToken,
) -> Result<(), Error> {
    let tick = Arc::new(Notify::new());
    let mut ticker = JobScheduler::new().await?;
    let bell = Arc::clone(&tick);
    ticker.add(Job::new("* * * * * *", move |_, _| bell.notify_one())?).await?;
    ticker.start().await?;
    while stop.run_until_cancelled(timeout(PERIOD, tick.notified())).await.is_some() {
        if let Err(error) = start_due(&app, &settings).await {
            tracing::warn!(%error, "looking for due campaigns failed");
        }
    }
    ticker.shutdown().await?;
    Ok(())
}

async fn start_due(app: &App, settings: &EngineSettings) -> Result<()> {
    let due = {
        let mut reader = app.store.read().await?;
        store::campaign::due(reader.conn(), app.now()).await?
    };
    for id in due {
        // Another node may have been first: that is as it should be.
        match start(app, settings, id).await {
            Ok(()) | Err(crate::app::Error::Conflict(_)) => {}
            Err(error) => tracing::warn!(campaign = %id, %error, "a timed start failed"),
        }
    }
    Ok(())
}

async fn start(app: &App, settings: &EngineSettings, id: CampaignId) -> Result<()> {
    let campaign = campaign::find(app, id).await?;
    let State::Scheduled { start_at } = campaign.state else { return Ok(()) };
    let now = app.now();
    if start_at > now {
        return Ok(());
    }
    let late = (now - start_at).to_std().unwrap_or_default();
    let deed = if late > settings.start_late_max {
        Deed::Pause(format!(
            "its start at {start_at} was missed by {} minutes because nothing was running; resume it to send now",
            late.as_secs() / 60
        ))
    } else {
        Deed::Start
    };
    campaign::change(app, id, &deed, "schedule").await?;
    Ok(())
}
