//! How the campaigns are doing: a bar for each on a terminal, else a line now and then.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    app::{App, Result, campaign, campaign::Status},
    cli::campaign::report,
    domain::{
        campaign::{Phase, State},
        delivery,
        id::CampaignId,
    },
};

/// How often it is looked.
const LOOK: Duration = Duration::from_millis(400);
/// Without a terminal, a line about a running campaign this often.
const LINE_EVERY: Duration = Duration::from_secs(10);
/// Campaigns that are shown: the demo's, and some that somebody adds.
const CAMPAIGNS_MAX: i64 = 20;

/// Follows all campaigns. With `until_done` it returns as soon as none runs or waits for its time.
///
/// # Errors
/// The database's.
pub(super) async fn follow(app: &App, until_done: bool) -> Result<()> {
    let mut board = Board::default();
    let mut ticks = interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let mut is_done = true;
        for one in campaign::page(app, None, CAMPAIGNS_MAX).await?.into_iter().rev() {
            let phase = one.state.phase();
            if board.must_look(one.id, phase) {
                board.show(&campaign::status(app, one.id).await?);
            }
            is_done &= !matches!(phase, Phase::Running | Phase::Scheduled);
        }
        if until_done && is_done {
            return Ok(());
        }
    }
}

/// What is shown.
#[derive(Default)]
struct Board {
    bars: MultiProgress,
    known: HashMap<CampaignId, Shown>,
}

struct Shown {
    bar: ProgressBar,
    phase: Phase,
    line_at: Instant,
}

impl Board {
    /// Drafts are not shown, and what has ended does not change any more.
    fn must_look(&self, id: CampaignId, phase: Phase) -> bool {
        let shown = self.known.get(&id);
        phase == Phase::Running || shown.map_or(phase != Phase::Draft, |one| one.phase != phase)
    }

    fn show(&mut self, status: &Status) {
        let (id, phase) = (status.campaign.id, status.campaign.state.phase());
        let is_new = !self.known.contains_key(&id);
        let bars = &self.bars;
        let shown = self.known.entry(id).or_insert_with(|| Shown {
            bar: bars.add(bar(&status.campaign.name)),
            phase,
            line_at: Instant::now(),
        });
        let is_news = is_new || shown.phase != phase;
        shown.phase = phase;
        shown.bar.set_length(u64::try_from(status.total()).unwrap_or_default());
        shown.bar.set_position(u64::try_from(status.ended()).unwrap_or_default());
        shown.bar.set_message(in_words(status));
        if shown.bar.is_hidden() && (is_news || shown.line_at.elapsed() > LINE_EVERY) {
            shown.line_at = Instant::now();
            println!("{}: {}", status.campaign.name, in_words(status));
        }
        if matches!(phase, Phase::Finished | Phase::Cancelled) {
            shown.bar.abandon();
        }
    }
}

fn bar(name: &str) -> ProgressBar {
    let style = "{prefix}\n{wide_bar} {pos} of {len}  {per_sec}  {eta} left\n{wide_msg}\n";
    let style =
        ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style).with_prefix(name.to_owned())
}

fn in_words(status: &Status) -> String {
    let sent = status.count(delivery::State::Sent);
    let so_far = format!("{sent} sent; {}", report::reasons(status));
    match &status.campaign.state {
        State::Draft => "draft".to_owned(),
        State::Scheduled { .. } => "starts by itself".to_owned(),
        State::Running { .. } => format!("running: {so_far}"),
        State::Paused { reason, .. } => format!("paused ({reason}): {so_far}"),
        State::Finished { .. } => format!("finished: {so_far}"),
        State::Cancelled { .. } => format!("cancelled: {so_far}"),
    }
}
