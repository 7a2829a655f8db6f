//! How far a campaign has come.

use std::collections::BTreeMap;

use crate::{
    app::{App, Error, Result},
    domain::{campaign::Campaign, delivery::State, id::CampaignId},
    store::{self, campaign::HistoryLine},
};

/// A campaign with what has become of its deliveries.
#[derive(Debug, Clone)]
pub struct Status {
    /// The campaign.
    pub campaign: Campaign,
    /// Deliveries by state.
    pub states: BTreeMap<State, i64>,
    /// Why deliveries were skipped, failed or became uncertain: state, reason, how many.
    pub reasons: Vec<(State, String, i64)>,
    /// What was done with it.
    pub history: Vec<HistoryLine>,
}

impl Status {
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

/// Counts a campaign's deliveries.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn status(app: &App, id: CampaignId) -> Result<Status> {
    let mut reader = app.store.read().await?;
    let campaign =
        store::campaign::find(reader.conn(), id).await?.ok_or(Error::NotFound("such campaign"))?;
    let history = store::campaign::history(reader.conn(), id).await?;
    let mut states = BTreeMap::new();
    let mut reasons = Vec::new();
    for (state, reason, n) in store::delivery::tally(reader.conn(), id).await? {
        *states.entry(state).or_default() += n;
        reasons.extend(reason.map(|reason| (state, reason, n)));
    }
    Ok(Status { campaign, states, reasons, history })
}
