//! Starts things, knows everything: one command per file.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

mod campaign;
mod config;
mod context;
mod health;
mod init;
mod migrate;
mod sending;
mod serve;

/// Mail only to people whose consent can be proved.
#[derive(Debug, Parser)]
#[command(name = "kelisim", version)]
struct Arguments {
    /// The configuration file; ./kelisim.toml unless given
    #[arg(long, global = true, env = "KELISIM_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a kelisim.toml to start from, and a secret key beside it
    Init(init::Arguments),
    /// Look at the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Bring the database to the schema of this version
    Migrate,
    /// Serve pages and API, and send what is due
    Serve,
    /// Ask the running server whether it is ready
    Health,
    /// Create, check, start, hold and watch campaigns
    #[command(subcommand)]
    Campaign(campaign::Command),
}

/// Runs the command that the process was given. The exit code is 0 when it was done, 1 when it
/// was refused or failed, 2 when it was not understood.
#[must_use]
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("kelisim: the runtime could not be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(dispatch(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kelisim: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn dispatch(arguments: Arguments) -> anyhow::Result<()> {
    let load = || context::Context::load(arguments.config.as_deref());
    match arguments.command {
        Command::Init(init) => init::run(&init),
        Command::Config(command) => config::run(&command, arguments.config.as_deref()),
        Command::Migrate => migrate::run(load().await?),
        Command::Serve => serve::run(load().await?).await,
        Command::Health => health::run(arguments.config.as_deref()),
        Command::Campaign(command) => campaign::run(load().await?, command).await,
    }
}
