//! `kelisim campaign …`: from a folder to sent mail.

pub(super) mod report;
mod watch;

use std::{io::IsTerminal as _, path::PathBuf};

use anyhow::{Context as _, bail};
use clap::Subcommand;

use crate::{
    app::{App, campaign, campaign_folder},
    domain::campaign::{Campaign, Deed},
    mail::render::{CampaignFile, Finding, StartAt},
};

use super::context::Context;

/// Who the command line is in a campaign's history.
const ACTOR: &str = "cli";
/// Campaigns that `list` shows.
const LISTED: i64 = 50;

/// What can be done with campaigns.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check a folder with campaign.toml and its bodies, and save it as a draft
    Create {
        /// The folder
        folder: PathBuf,
    },
    /// List what would stop a campaign and what should worry
    Check {
        /// A folder, or a saved campaign's id or name
        campaign: String,
    },
    /// List the newest campaigns
    List,
    /// Count who would get a campaign and why the others would not
    Funnel {
        /// Id or name
        campaign: String,
    },
    /// Start a campaign now, or at a time
    Start {
        /// Id or name
        campaign: String,
        /// When, such as "2026-12-01 10:00" on the institution's clock, or with an offset
        #[arg(long)]
        at: Option<String>,
        /// Show the progress until the campaign has ended; send from here if nothing else does
        #[arg(long)]
        wait: bool,
    },
    /// Hold a campaign; nothing more leaves until it is resumed
    Pause {
        /// Id or name
        campaign: String,
        /// Why
        #[arg(long, default_value = "paused from the command line")]
        reason: String,
    },
    /// Go on with a paused campaign
    Resume {
        /// Id or name
        campaign: String,
    },
    /// Stop a campaign for good; what has not left never will
    Cancel {
        /// Id or name
        campaign: String,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
    /// Show how far a campaign has come
    Status {
        /// Id or name
        campaign: String,
    },
}

/// Does it.
///
/// # Errors
/// In words for whoever typed the command.
pub async fn run(context: Context, command: Command) -> anyhow::Result<()> {
    let app = std::sync::Arc::clone(&context.app);
    let app = &*app;
    match command {
        Command::Create { folder } => create(app, &folder).await,
        Command::Check { campaign } => check(app, &campaign).await,
        Command::List => list(app).await,
        Command::Funnel { campaign } => {
            let campaign = campaign::find_by_word(app, &campaign).await?;
            report::funnel(app, &campaign).await
        }
        Command::Start { campaign, at, wait } => start(context, &campaign, at, wait).await,
        Command::Pause { campaign, reason } => {
            let done = change(app, &campaign, &Deed::Pause(reason)).await?;
            println!(
                "{} is paused. Resume it with: kelisim campaign resume {}",
                done.name, done.id
            );
            Ok(())
        }
        Command::Resume { campaign } => {
            let done = change(app, &campaign, &Deed::Resume).await?;
            println!("{} goes on.", done.name);
            Ok(())
        }
        Command::Cancel { campaign, yes } => cancel(app, &campaign, yes).await,
        Command::Status { campaign } => {
            let id = campaign::find_by_word(app, &campaign).await?.id;
            report::status(app, &campaign::status(app, id).await?);
            Ok(())
        }
    }
}

async fn create(app: &App, folder: &std::path::Path) -> anyhow::Result<()> {
    let (source, mut findings) = read(folder)?;
    let (campaign, more) = campaign::create(app, &source, ACTOR).await?;
    findings.extend(more);
    print_findings(&findings);
    println!("Saved as a draft: {} ({})", campaign.name, campaign.id);
    report::funnel(app, &campaign).await?;
    println!("Start it with: kelisim campaign start {} --wait", campaign.id);
    Ok(())
}

fn read(folder: &std::path::Path) -> anyhow::Result<(campaign::Source, Vec<Finding>)> {
    let read = campaign_folder::read(folder)?;
    match CampaignFile::read(&read.campaign) {
        Ok(campaign) => Ok((campaign::Source { campaign, bodies: read.bodies }, read.findings)),
        Err(findings) => {
            print_findings(&findings);
            bail!("campaign.toml cannot be used as it is");
        }
    }
}

async fn check(app: &App, what: &str) -> anyhow::Result<()> {
    let folder = std::path::Path::new(what);
    let (source, mut findings) = if folder.is_dir() {
        read(folder)?
    } else {
        let campaign = campaign::find_by_word(app, what).await?;
        let stored: campaign::StoredSource =
            serde_json::from_str(&campaign.source).context("the stored source cannot be read")?;
        (stored.try_into()?, Vec::new())
    };
    let inspected = campaign::inspect(app, &source).await?;
    findings.extend(inspected.findings.iter().cloned());
    print_findings(&findings);
    if !inspected.may_start() {
        bail!("the campaign cannot be sent as it is");
    }
    println!("Nothing stops it.");
    Ok(())
}

fn print_findings(findings: &[Finding]) {
    for finding in findings {
        println!("{finding}");
    }
}

async fn list(app: &App) -> anyhow::Result<()> {
    for campaign in campaign::page(app, None, LISTED).await? {
        println!(
            "{}  {:<10} {:<14} {}",
            campaign.id,
            campaign.state.phase(),
            campaign.purpose,
            campaign.name
        );
    }
    Ok(())
}

async fn start(context: Context, word: &str, at: Option<String>, wait: bool) -> anyhow::Result<()> {
    let app = std::sync::Arc::clone(&context.app);
    let app = &*app;
    let campaign = campaign::find_by_word(app, word).await?;
    let at = at
        .map(|text| StartAt::try_from(toml::Value::String(text)).map_err(anyhow::Error::msg))
        .transpose()?
        .map(|at| campaign::moment(app, at))
        .transpose()?;
    report::funnel(app, &campaign).await?;
    let started = campaign::start(app, campaign.id, at, ACTOR).await?;
    report::started(app, &started);
    if wait {
        return watch::until_ended(context, started.id).await;
    }
    if !crate::engine::is_alive(app, context.node_timeout()).await? {
        println!(
            "No engine is running: start one with `kelisim serve`, or add --wait to send from here."
        );
    }
    Ok(())
}

async fn change(app: &App, word: &str, deed: &Deed) -> anyhow::Result<Campaign> {
    let campaign = campaign::find_by_word(app, word).await?;
    Ok(campaign::change(app, campaign.id, deed, ACTOR).await?)
}

async fn cancel(app: &App, word: &str, yes: bool) -> anyhow::Result<()> {
    let campaign = campaign::find_by_word(app, word).await?;
    if !yes {
        if !std::io::stdin().is_terminal() {
            bail!("cancelling cannot be undone: add --yes to confirm");
        }
        println!("Cancelling \"{}\" cannot be undone. Type its name to confirm:", campaign.name);
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        if line.trim() != campaign.name {
            bail!("the name does not match; nothing was changed");
        }
    }
    campaign::change(app, campaign.id, &Deed::Cancel, ACTOR).await?;
    report::status(app, &campaign::status(app, campaign.id).await?);
    Ok(())
}
