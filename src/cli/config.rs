//! `kelisim config …`.

use std::path::Path;

use clap::Subcommand;

use super::context::settings;

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read it as the server would, and list everything that is wrong or should worry
    Check,
}

/// Does it.
///
/// # Errors
/// All problems together, each with its key and what to do.
pub fn run(command: &Command, config: Option<&Path>) -> anyhow::Result<()> {
    let Command::Check = command;
    let settings = settings(config)?;
    for worry in settings.worries() {
        println!("{worry}");
    }
    println!("The configuration can be used.");
    Ok(())
}
