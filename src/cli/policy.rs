//! `kelisim policy …`: editions of the privacy policy.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::Subcommand;
use data_encoding::HEXLOWER;

use crate::{
    app::{App, catalogue, policy},
    domain::{language::Language, policy::ChangeKind},
};

use super::{context::Context, local::local};

/// What can be done with the policy.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Publish a version, in force from now on; its texts are kept for ever as they are
    Publish {
        /// A text file (UTF-8) per language
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The language of each file, in the same order
        #[arg(long = "language", required = true)]
        languages: Vec<Language>,
        /// editorial: consents carry over; material: they wait until the person confirms
        #[arg(long)]
        kind: ChangeKind,
    },
    /// List the published versions
    List,
}

/// Does it.
///
/// # Errors
/// In words for whoever typed the command.
pub async fn run(context: Context, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Publish { files, languages, kind } => {
            publish(&context.app, &files, &languages, kind).await
        }
        Command::List => list(&context.app).await,
    }
}

async fn publish(
    app: &App,
    files: &[PathBuf],
    languages: &[Language],
    kind: ChangeKind,
) -> anyhow::Result<()> {
    if files.len() != languages.len() {
        bail!("say --language once for each file, in the order of the files");
    }
    let texts = languages.iter().zip(files).map(|(language, file)| Ok((*language, read(file)?)));
    let texts = texts.collect::<anyhow::Result<Vec<_>>>()?;
    let version = policy::publish(app, texts, kind).await?;
    println!("Published version {} ({}).", version.number, version.kind);
    if kind == ChangeKind::Material && version.number > 1 {
        println!("Consents given under earlier versions wait until the person confirms.");
    }
    Ok(())
}

fn read(path: &Path) -> anyhow::Result<String> {
    let cannot = || format!("{} cannot be read", path.display());
    let mut bytes = Vec::new();
    let limit = policy::POLICY_BYTES_MAX as u64 + 1;
    File::open(path)
        .with_context(cannot)?
        .take(limit)
        .read_to_end(&mut bytes)
        .with_context(cannot)?;
    String::from_utf8(bytes)
        .ok()
        .with_context(|| format!("{} is not UTF-8 text; save it as UTF-8", path.display()))
}

async fn list(app: &App) -> anyhow::Result<()> {
    let editions = catalogue::editions(app).await?;
    if editions.is_empty() {
        println!("No version is published. Publish one with: kelisim policy publish");
    }
    for edition in editions {
        let version = edition.version;
        let when = local(app, version.published_at);
        println!("{:>4}  {:<9}  {when}", version.number, version.kind);
        for (language, sha256) in edition.texts {
            println!("      {language}  SHA-256 {}", HEXLOWER.encode(&sha256));
        }
    }
    Ok(())
}
