//! How the campaigns are doing: a bar for each on a terminal, else a line now and then.

use std::{
    collections::HashMap,
    fmt::Write,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
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
                board.show(&campaign::status(app, one.id).await?, app.now());
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
        let moves = matches!(phase, Phase::Running | Phase::Scheduled);
        moves || shown.map_or(phase != Phase::Draft, |one| one.phase != phase)
    }

    fn show(&mut self, status: &Status, now: DateTime<Utc>) {
        let (id, phase) = (status.campaign.id, status.campaign.state.phase());
        let (bars, name) = (&self.bars, &status.campaign.name);
        let is_new = !self.known.contains_key(&id);
        let shown = self.known.entry(id).or_insert_with(|| Shown {
            bar: bars.add(ProgressBar::new(0).with_prefix(name.clone()).with_style(style(phase))),
            phase,
            line_at: Instant::now(),
        });
        let is_news = is_new || shown.phase != phase;
        if shown.phase != phase {
            shown.phase = phase;
            shown.bar.set_style(style(phase));
            shown.bar.reset();
        }
        // Those who fall out do so in the first second: counted in, they would spoil rate and time.
        let skipped = status.count(delivery::State::Skipped);
        shown.bar.set_length(u64::try_from(status.total() - skipped).unwrap_or_default());
        shown.bar.set_position(u64::try_from(status.ended() - skipped).unwrap_or_default());
        shown.bar.set_message(in_words(status, now));
        let is_due = phase == Phase::Running && shown.line_at.elapsed() > LINE_EVERY;
        if shown.bar.is_hidden() && (is_news || is_due) {
            shown.line_at = Instant::now();
            println!("{name}: {}", in_words(status, now));
        }
        if matches!(phase, Phase::Finished | Phase::Cancelled) {
            shown.bar.abandon();
        }
    }
}

/// A bar for what runs, else words.
fn style(phase: Phase) -> ProgressStyle {
    let template = match phase {
        Phase::Running => "{prefix}\n{wide_bar} {pos} of {len}  {rate}  {eta} left\n{wide_msg}\n",
        _ => "{prefix}\n{wide_msg}\n",
    };
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            // Only a terminal that is gone refuses, and then nobody reads it.
            let _ = write!(out, "{:.0}/s", state.per_sec());
        })
}

fn in_words(status: &Status, now: DateTime<Utc>) -> String {
    let sent = status.count(delivery::State::Sent);
    let so_far = format!("{sent} sent; {}", report::reasons(status));
    match &status.campaign.state {
        State::Draft => "draft".to_owned(),
        State::Scheduled { start_at } => {
            format!("starts by itself in {} s", (*start_at - now).num_seconds().max(0))
        }
        State::Running { .. } => format!("running: {so_far}"),
        State::Paused { reason, .. } => format!("paused ({reason}): {so_far}"),
        State::Finished { .. } => format!("finished: {so_far}"),
        State::Cancelled { .. } => format!("cancelled: {so_far}"),
    }
}
