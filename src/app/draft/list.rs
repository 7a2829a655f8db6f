//! The list of drafts and campaigns: by chip, by name, and what needs whoever looks.

use crate::{
    app::{App, Result},
    domain::{campaign::Phase, draft::StageWord, id::CampaignId, words::words},
    store::{self, draft::Line},
};

/// Lines read at a time.
const WINDOW: i64 = 200;
/// Most lines that one page looks at; whoever wants more goes on from there.
const LOOKED_AT_MAX: usize = 2_000;

words! {
    /// Where a draft or campaign stands, in one word for whoever looks at the list.
    Chip("kind of campaign") {
        /// Being written.
        Editing = "editing",
        /// Waits for an approver.
        Submitted = "submitted",
        /// Sent back to its authors.
        Returned = "returned",
        /// Approved and not started.
        Approved = "approved",
        /// Came by folder or API and was not started.
        Ready = "ready",
        /// Starts by itself.
        Scheduled = "scheduled",
        /// Being sent.
        Running = "running",
        /// Held.
        Paused = "paused",
        /// All of it has ended.
        Finished = "finished",
        /// Stopped for good.
        Cancelled = "cancelled",
    }
}

impl Chip {
    /// For a draft's stage and a campaign's phase; at least one of the two is there.
    #[must_use]
    pub const fn of(stage: Option<StageWord>, phase: Option<Phase>) -> Self {
        match (phase, stage) {
            (Some(Phase::Scheduled), _) => Self::Scheduled,
            (Some(Phase::Running), _) => Self::Running,
            (Some(Phase::Paused), _) => Self::Paused,
            (Some(Phase::Finished), _) => Self::Finished,
            (Some(Phase::Cancelled), _) => Self::Cancelled,
            (None | Some(Phase::Draft), Some(StageWord::Submitted)) => Self::Submitted,
            (None | Some(Phase::Draft), Some(StageWord::Returned)) => Self::Returned,
            (None | Some(Phase::Draft), Some(StageWord::Approved)) => Self::Approved,
            (Some(Phase::Draft), None) => Self::Ready,
            (None | Some(Phase::Draft), Some(StageWord::Editing)) | (None, None) => Self::Editing,
        }
    }
}

/// Which lines are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only these; all if none.
    pub chips: Vec<Chip>,
    /// In the name, whatever its case.
    pub search: String,
    /// Only what waits for who asks.
    pub needs_me: bool,
    /// Whether who asks may approve.
    pub may_approve: bool,
}

impl Wanted {
    fn is(&self, line: &Line) -> bool {
        let chip = Chip::of(line.stage, line.phase);
        (self.chips.is_empty() || self.chips.contains(&chip))
            && line.name.to_lowercase().contains(&self.search.trim().to_lowercase())
            && (!self.needs_me || needs(line, chip, self.may_approve))
    }
}

/// Whether a line waits for who asks: an approval that this person may give, or their own draft that
/// came back, may be started, or was paused.
#[must_use]
pub fn needs(line: &Line, chip: Chip, may_approve: bool) -> bool {
    match chip {
        Chip::Submitted => may_approve && !line.is_mine,
        Chip::Returned | Chip::Approved | Chip::Paused => line.is_mine,
        _ => false,
    }
}

/// One page of the list.
#[derive(Debug, Default)]
pub struct Listed {
    /// Newest first.
    pub lines: Vec<Line>,
    /// Where the next page begins; none at the end.
    pub next: Option<CampaignId>,
}

/// Up to `limit` lines before `before` that are wanted, for `asking`. It may give fewer, with a place
/// to go on from, when it has looked at many.
///
/// # Errors
/// The database's.
pub async fn list(
    app: &App,
    asking: &str,
    wanted: &Wanted,
    before: Option<CampaignId>,
    limit: usize,
) -> Result<Listed> {
    let mut reader = app.store.read().await?;
    let mut listed = Listed { lines: Vec::new(), next: before };
    for _ in 0..LOOKED_AT_MAX / usize::try_from(WINDOW).unwrap_or(1) {
        let window = store::draft::lines(reader.conn(), asking, listed.next, WINDOW).await?;
        let is_last = window.len() < usize::try_from(WINDOW).unwrap_or(usize::MAX);
        for line in window {
            if listed.lines.len() == limit {
                return Ok(listed);
            }
            listed.next = Some(line.id);
            if wanted.is(&line) {
                listed.lines.push(line);
            }
        }
        if is_last {
            listed.next = None;
            return Ok(listed);
        }
    }
    Ok(listed)
}
