//! How far a campaign has come.

use std::{collections::BTreeMap, ops::Deref};

use crate::{
    app::{App, Error, Result},
    domain::{campaign::Campaign, delivery::State, id::CampaignId},
    store::{self, Conn, campaign::HistoryLine},
};

/// A campaign with what has become of its deliveries.
#[derive(Debug, Clone)]
pub struct Status {
    /// The campaign.
    pub campaign: Campaign,
    /// Where its deliveries stand.
    pub standing: Standing,
    /// What was done with it.
    pub history: Vec<HistoryLine>,
}

impl Deref for Status {
    type Target = Standing;

    fn deref(&self) -> &Standing {
        &self.standing
    }
}

/// Where the deliveries of a campaign stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Deliveries by state.
    pub states: BTreeMap<State, i64>,
    /// Why deliveries were skipped, failed or became uncertain: state, reason, how many.
    pub reasons: Vec<(State, String, i64)>,
}

impl Standing {
    fn add(&mut self, state: State, reason: Option<String>, n: i64) {
        if n == 0 {
            return;
        }
        *self.states.entry(state).or_default() += n;
        let Some(reason) = reason else { return };
        match self.reasons.iter_mut().find(|one| one.0 == state && one.1 == reason) {
            Some(known) => known.2 += n,
            None => self.reasons.push((state, reason, n)),
        }
    }

    /// Deliveries in one state.
    #[must_use]
    pub fn count(&self, state: State) -> i64 {
        self.states.get(&state).copied().unwrap_or_default()
    }

    /// All deliveries written out so far.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.states.values().sum()
    }

    /// Deliveries to which nothing more will happen.
    #[must_use]
    pub fn ended(&self) -> i64 {
        self.states.iter().filter(|(state, _)| state.is_final()).map(|(_, n)| n).sum()
    }
}

/// Says where a campaign's deliveries stand. Costs what happened lately, not what was ever sent.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn status(app: &App, id: CampaignId) -> Result<Status> {
    let mut view = app.store.snapshot().await?;
    let campaign =
        store::campaign::find(view.conn(), id).await?.ok_or(Error::NotFound("such campaign"))?;
    let history = store::campaign::history(view.conn(), id).await?;
    let standing = standing(view.conn(), id).await?;
    Ok(Status { campaign, standing, history })
}

/// Where the deliveries of a campaign stand, in one snapshot of the database.
///
/// # Errors
/// The database's.
pub async fn standing(mut view: Conn<'_>, id: CampaignId) -> Result<Standing> {
    let mut standing = Standing::default();
    for group in store::figure::groups(view.again(), id).await? {
        let newer = store::figure::newer_than(view.again(), id, &group).await?;
        standing.add(group.state, group.reason, group.folded + newer);
    }
    for (state, reason, n) in store::figure::held(view.again(), id).await? {
        standing.add(state, reason, n);
    }
    let written = store::figure::written(view, id).await?;
    let queued = written - standing.total();
    standing.add(State::Queued, None, queued.max(0));
    Ok(standing)
}
