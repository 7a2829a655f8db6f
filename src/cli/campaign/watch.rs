//! `--wait`: a live bar until the campaign has ended, sending from here if nothing else does.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Result, campaign, campaign::Status},
    cli::{context::Context, sending},
    domain::{
        campaign::{Phase, State},
        delivery,
        id::CampaignId,
    },
};

use super::report;

/// The shortest time between two looks.
const LOOK: Duration = Duration::from_millis(100);
/// Counting a large campaign takes the database's time: no more than a tenth of it.
const LOOK_SHARE: u32 = 10;
/// Without a terminal, a line this often.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Shows the progress until the campaign is finished, cancelled or paused.
pub(super) async fn until_ended(context: Context, id: CampaignId) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    let app = Arc::clone(&context.app);
    let alive = crate::engine::is_alive(&app, context.node_timeout()).await?;
    let engine = if alive { None } else { Some(sending::spawn(context, &stop)?) };
    let watched = tokio::select! {
        watched = watch(&app, id) => watched,
        _ = tokio::signal::ctrl_c() => {
            println!("Stopping; the campaign stays as it is and goes on with the next engine.");
            campaign::status(&app, id).await
        }
    };
    stop.cancel();
    if let Some(engine) = engine {
        engine.await??;
    }
    let status = watched?;
    report::status(&app, &status);
    match &status.campaign.state {
        State::Paused { reason, .. } => anyhow::bail!("the campaign was paused: {reason}"),
        _ => Ok(()),
    }
}

async fn watch(app: &Arc<App>, id: CampaignId) -> Result<Status> {
    let campaign = campaign::find(app, id).await?;
    let funnel =
        campaign::funnel(app, &campaign.audience, &campaign.purpose, &campaign.party).await?;
    let bar = bar(funnel.matched);
    let mut line_at = Instant::now();
    loop {
        let began = Instant::now();
        let status = campaign::status(app, id).await?;
        show(&bar, &status, funnel.matched);
        if bar.is_hidden() && line_at.elapsed() > LINE_EVERY {
            line_at = Instant::now();
            println!(
                "{} of {} ended, {} sent",
                status.ended(),
                status.total(),
                status.count(delivery::State::Sent)
            );
        }
        let phase = status.campaign.state.phase();
        if !matches!(phase, Phase::Running | Phase::Scheduled) {
            bar.finish();
            return Ok(status);
        }
        sleep(LOOK.max(began.elapsed() * LOOK_SHARE)).await;
    }
}

fn bar(expected: i64) -> ProgressBar {
    let bar = ProgressBar::new(u64::try_from(expected).unwrap_or_default());
    let style = "{wide_bar} {pos} of {len}  {per_sec}  {eta} left\n{msg}";
    bar.set_style(
        ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    bar
}

fn show(bar: &ProgressBar, status: &Status, matched: i64) {
    // While the audience is being written out, what it matched is the better length.
    let total = if status.campaign.expanded_at.is_some() { status.total() } else { matched };
    bar.set_length(u64::try_from(total).unwrap_or_default());
    bar.set_position(u64::try_from(status.ended()).unwrap_or_default());
    let sent = status.count(delivery::State::Sent);
    bar.set_message(match &status.campaign.state {
        State::Scheduled { start_at } => format!("starts at {start_at}"),
        _ => format!("{sent} sent; {}", report::reasons(status)),
    });
}
