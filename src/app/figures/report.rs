//! What became of a campaign, in numbers.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{
    app::{App, Error, Result, campaign, campaign::Standing},
    domain::{
        delivery::State,
        figures::{Dimension, moment},
        id::CampaignId,
    },
    store::{
        self, Conn,
        campaign::Brief,
        figure::{Figures, Group},
    },
};

use super::collect::keys;

/// What ended lately is read one by one, up to so many of a state and reason. Of more than these
/// the rest follows as soon as it is folded.
const NEW_MAX: i64 = 20_000;
/// The curve of a campaign is that of its first two days.
const CURVE: TimeDelta = TimeDelta::hours(48);
/// Earlier campaigns beside which one is set.
const COMPARED: i64 = 6;

/// Ended deliveries by how they ended.
pub type Counts = BTreeMap<State, i64>;

/// The report on one campaign.
#[derive(Debug, Clone)]
pub struct Report {
    /// The campaign.
    pub campaign: Brief,
    /// Where its deliveries stand.
    pub standing: Standing,
    /// People who left by a link of it.
    pub left: i64,
    /// By domain, the largest first.
    pub domains: Vec<(String, Counts)>,
    /// By the language that people asked for, the largest first.
    pub languages: Vec<(String, Counts)>,
    /// Its first two days in steps of ten minutes, without the empty ones.
    pub steps: Vec<Step>,
}

/// What happened in ten minutes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When they began.
    pub from: DateTime<Utc>,
    /// What ended, without what was skipped.
    pub ended: Counts,
    /// People who left.
    pub left: i64,
}

/// The report on a campaign as things stand.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn report(app: &App, id: CampaignId) -> Result<Report> {
    let mut view = app.store.snapshot().await?;
    let brief = store::campaign::brief(view.conn(), id).await?;
    let campaign = brief.ok_or(Error::NotFound("such campaign"))?;
    let standing = campaign::standing(view.conn(), id).await?;
    let left = store::departure::count(view.conn(), id).await?;
    let figures = figures(view.conn(), id).await?;
    let steps = steps(view.conn(), &campaign, &figures).await?;
    let domains = by(&figures, Dimension::Domain);
    let languages = by(&figures, Dimension::Language);
    Ok(Report { campaign, standing, left, domains, languages, steps })
}

/// All figures: those that are kept, and what ended since.
async fn figures(mut view: Conn<'_>, id: CampaignId) -> Result<Figures> {
    let mut figures = Figures::new();
    for &dimension in Dimension::ALL {
        for (key, state, n) in store::figure::folded(view.again(), id, dimension).await? {
            figures.insert((dimension, key, state), n);
        }
    }
    for group in store::figure::groups(view.again(), id).await? {
        add_new(view.again(), id, &group, &mut figures).await?;
    }
    Ok(figures)
}

async fn add_new(
    view: Conn<'_>,
    id: CampaignId,
    group: &Group,
    figures: &mut Figures,
) -> Result<()> {
    for one in store::figure::batch(view, id, group, store::LATEST, NEW_MAX).await? {
        let domain = one.domain.clone().unwrap_or_default();
        for (dimension, key) in keys(&one, domain) {
            *figures.entry((dimension, key, group.state)).or_default() += 1;
        }
    }
    Ok(())
}

fn by(figures: &Figures, dimension: Dimension) -> Vec<(String, Counts)> {
    let mut numbers: BTreeMap<&str, Counts> = BTreeMap::new();
    for ((_, key, state), n) in figures.iter().filter(|((one, ..), _)| *one == dimension) {
        *numbers.entry(key).or_default().entry(*state).or_default() += n;
    }
    let mut numbers: Vec<(String, Counts)> =
        numbers.into_iter().map(|(key, counts)| (key.to_owned(), counts)).collect();
    numbers.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.values().sum::<i64>()));
    numbers
}

async fn steps(view: Conn<'_>, campaign: &Brief, figures: &Figures) -> Result<Vec<Step>> {
    let Some(begin) = campaign.started_at.map(moment) else { return Ok(Vec::new()) };
    let mut steps: BTreeMap<DateTime<Utc>, Step> = BTreeMap::new();
    let at = |from| move || Step { from, ended: Counts::new(), left: 0 };
    for ((dimension, key, state), n) in figures {
        let read = DateTime::parse_from_rfc3339(key).map(|from| from.to_utc());
        if let (Dimension::Moment, Ok(from), true) = (dimension, read, *state != State::Skipped) {
            let step = steps.entry(from).or_insert_with(at(from));
            *step.ended.entry(*state).or_default() += n;
        }
    }
    for left_at in store::departure::times(view, campaign.id, begin + CURVE).await? {
        let from = moment(left_at);
        steps.entry(from).or_insert_with(at(from)).left += 1;
    }
    Ok(steps.into_values().filter(|step| step.from < begin + CURVE).collect())
}

/// A campaign's numbers beside those of others.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The campaign.
    pub campaign: Brief,
    /// Where its deliveries stand.
    pub standing: Standing,
    /// People who left by a link of it.
    pub left: i64,
}

/// The campaigns for the same purpose that were started before this one, the latest first.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn compare(app: &App, id: CampaignId) -> Result<Vec<Compared>> {
    let mut view = app.store.snapshot().await?;
    let brief = store::campaign::brief(view.conn(), id).await?;
    let campaign = brief.ok_or(Error::NotFound("such campaign"))?;
    let Some(started_at) = campaign.started_at else { return Ok(Vec::new()) };
    let (place, purpose) = ((started_at, id), Some(&campaign.purpose));
    let earlier = store::campaign::started_before(view.conn(), purpose, place, COMPARED).await?;
    beside(view.conn(), earlier).await
}

/// Up to `limit` campaigns that were started before a place, the latest first.
///
/// # Errors
/// The database's.
pub async fn page(
    app: &App,
    before: Option<(DateTime<Utc>, CampaignId)>,
    limit: i64,
) -> Result<Vec<Compared>> {
    let mut view = app.store.snapshot().await?;
    let place = before.unwrap_or((store::LATEST, CampaignId(uuid::Uuid::max())));
    let found = store::campaign::started_before(view.conn(), None, place, limit).await?;
    beside(view.conn(), found).await
}

async fn beside(mut view: Conn<'_>, campaigns: Vec<Brief>) -> Result<Vec<Compared>> {
    let mut compared = Vec::new();
    for campaign in campaigns {
        let standing = campaign::standing(view.again(), campaign.id).await?;
        let left = store::departure::count(view.again(), campaign.id).await?;
        compared.push(Compared { campaign, standing, left });
    }
    Ok(compared)
}
