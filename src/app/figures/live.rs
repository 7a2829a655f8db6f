//! How campaigns get on at this moment.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::{App, Error, Result, campaign, campaign::Standing},
    domain::{
        campaign::{Phase, State},
        delivery::State as Delivered,
        figures,
        id::CampaignId,
    },
    store::{self, Conn, campaign::Brief},
};

/// Campaigns of each kind on the board.
const CAMPAIGNS_MAX: i64 = 50;
/// A campaign that has ended stays on the board for so long, so that who watches it sees its end.
const ENDED_SHOWN: TimeDelta = TimeDelta::minutes(10);
/// Over how long the rate is taken.
const RATE_OVER: TimeDelta = TimeDelta::minutes(1);

/// One campaign at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// The campaign.
    pub campaign: Brief,
    /// Where its deliveries stand.
    pub standing: Standing,
    /// Messages that relays took in the last minute.
    pub per_minute: i64,
    /// When it will have ended, if it goes on like this.
    pub end: Option<DateTime<Utc>>,
    /// People who left by a link of it so far.
    pub left: i64,
}

/// All campaigns on which something happens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// What is being sent, is paused, or has ended just now.
    pub campaigns: Vec<Live>,
}

impl Board {
    /// The campaign with this id, if it is on the board.
    #[must_use]
    pub fn find(&self, id: CampaignId) -> Option<&Live> {
        self.campaigns.iter().find(|one| one.campaign.id == id)
    }
}

/// Looks at all campaigns on which something happens, at one moment.
///
/// # Errors
/// The database's.
pub async fn board(app: &App) -> Result<Board> {
    let now = app.now();
    let mut view = app.store.snapshot().await?;
    let mut briefs = Vec::new();
    for (phase, since) in [
        (Phase::Running, DateTime::UNIX_EPOCH),
        (Phase::Paused, DateTime::UNIX_EPOCH),
        (Phase::Finished, now - ENDED_SHOWN),
        (Phase::Cancelled, now - ENDED_SHOWN),
    ] {
        let limit = CAMPAIGNS_MAX;
        briefs.extend(store::campaign::standing_since(view.conn(), phase, since, limit).await?);
    }
    let mut board = Board::default();
    for brief in briefs {
        board.campaigns.push(look(view.conn(), brief, now).await?);
    }
    Ok(board)
}

/// Looks at one campaign.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn live(app: &App, id: CampaignId) -> Result<Live> {
    let mut view = app.store.snapshot().await?;
    let brief = store::campaign::brief(view.conn(), id).await?;
    look(view.conn(), brief.ok_or(Error::NotFound("such campaign"))?, app.now()).await
}

async fn look(mut view: Conn<'_>, campaign: Brief, now: DateTime<Utc>) -> Result<Live> {
    let id = campaign.id;
    let standing = campaign::standing(view.again(), id).await?;
    let left = store::departure::count(view.again(), id).await?;
    let (mut per_minute, mut end) = (0, None);
    if let State::Running { since } = campaign.state {
        per_minute = store::figure::sent_since(view, id, now - RATE_OVER).await?;
        // Of a minute that has only begun, the rate is that of its part.
        let ran = (now - since).num_seconds().clamp(1, RATE_OVER.num_seconds());
        per_minute = per_minute * RATE_OVER.num_seconds() / ran;
        let is_written_out = campaign.expanded_at.is_some();
        end = figures::end(waiting(&standing), per_minute, now).filter(|_| is_written_out);
    }
    Ok(Live { campaign, standing, per_minute, end, left })
}

fn waiting(standing: &Standing) -> i64 {
    [Delivered::Queued, Delivered::Claimed, Delivered::Handing]
        .into_iter()
        .map(|state| standing.count(state))
        .sum()
}

/// Up to `limit` campaigns that start by themselves, the next first.
///
/// # Errors
/// The database's.
pub async fn coming(app: &App, limit: i64) -> Result<Vec<Brief>> {
    let mut reader = app.store.read().await?;
    Ok(store::campaign::coming(reader.conn(), limit).await?)
}
