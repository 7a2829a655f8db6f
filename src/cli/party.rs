//! `kelisim party …`: the institution and its partners.

use std::collections::BTreeMap;

use anyhow::bail;
use clap::Subcommand;

use crate::{
    app::{
        App, catalogue,
        parties::{self, Added},
    },
    domain::party::PartyKey,
};

use super::{context::Context, named::Named};

/// What can be done with parties.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add a partner, or give it new names
    Add {
        /// Its key in files and commands: lower-case letters, digits and _
        key: PartyKey,
        /// A name that people read, as LANGUAGE=NAME; once per language
        #[arg(long = "name", required = true)]
        names: Vec<Named>,
    },
    /// List the institution and its partners
    List,
}

/// Does it.
///
/// # Errors
/// In words for whoever typed the command.
pub async fn run(context: Context, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { key, names } => add(&context.app, key, names).await,
        Command::List => list(&context.app).await,
    }
}

async fn add(app: &App, key: PartyKey, names: Vec<Named>) -> anyhow::Result<()> {
    let mut by_language = BTreeMap::new();
    for Named { language, text } in names {
        if by_language.insert(language, text).is_some() {
            bail!("there are two names in {language}");
        }
    }
    match parties::add(app, key.clone(), by_language).await? {
        Added::New => println!("Added {key}."),
        Added::Renamed => println!("{key} has these names now."),
    }
    Ok(())
}

async fn list(app: &App) -> anyhow::Result<()> {
    for party in catalogue::parties(app).await? {
        let names: Vec<String> =
            party.names.iter().map(|(language, name)| format!("{language}: {name}")).collect();
        println!("{:<20} {:<11} {}", party.key, party.kind, names.join("; "));
    }
    Ok(())
}
