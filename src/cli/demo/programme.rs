//! The three sample campaigns: one starts now, one by itself, one by hand.

use anyhow::anyhow;
use chrono::TimeDelta;

use crate::{
    app::{App, campaign, campaign_folder},
    domain::campaign::Campaign,
    mail::render::CampaignFile,
};

use super::folder::Folder;

/// Who the demo is in a campaign's history.
const ACTOR: &str = "demo";

/// The sample campaigns.
pub(super) struct Programme {
    /// Runs.
    pub news: Campaign,
    /// Starts by itself.
    pub event: Campaign,
    /// A draft.
    pub offer: Campaign,
    /// In how many seconds the invitation starts.
    pub event_after_s: u32,
}

/// Creates them from the folder and starts two.
///
/// # Errors
/// A deed's.
pub(super) async fn begin(
    app: &App,
    folder: &Folder,
    event_after_s: u32,
) -> anyhow::Result<Programme> {
    let news = create(app, folder, "news").await?;
    let event = create(app, folder, "event").await?;
    let offer = create(app, folder, "offer").await?;
    let later = app.now() + TimeDelta::seconds(event_after_s.into());
    let news = campaign::start(app, news.id, None, ACTOR).await?;
    let event = campaign::start(app, event.id, Some(later), ACTOR).await?;
    Ok(Programme { news, event, offer, event_after_s })
}

async fn create(app: &App, folder: &Folder, name: &str) -> anyhow::Result<Campaign> {
    let read = campaign_folder::read(&folder.path().join("campaigns").join(name))?;
    let campaign = CampaignFile::read(&read.campaign)
        .map_err(|findings| anyhow!("the campaign {name} cannot be used: {findings:?}"))?;
    let source = campaign::Source { campaign, bodies: read.bodies };
    Ok(campaign::create(app, &source, ACTOR).await?.0)
}
