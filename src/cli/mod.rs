//! Starts things, knows everything: one command per file.

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

mod address;
mod campaign;
mod config;
mod consent;
mod contacts;
mod context;
mod demo;
mod dkim;
pub mod explain;
mod health;
mod init;
mod local;
mod migrate;
mod named;
mod party;
mod policy;
mod purpose;
mod sending;
mod serve;
mod token;
mod user;

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
    /// Publish the privacy policy
    #[command(subcommand)]
    Policy(policy::Command),
    /// Look at what people can consent to
    #[command(subcommand)]
    Purpose(purpose::Command),
    /// Name the partners on whose behalf mail is sent
    #[command(subcommand)]
    Party(party::Command),
    /// Bring in contacts and their consents, block and unblock
    #[command(subcommand)]
    Contacts(contacts::Command),
    /// Show, check and withdraw consents
    #[command(subcommand)]
    Consent(consent::Command),
    /// Make and end tokens for the API
    #[command(subcommand)]
    Token(token::Command),
    /// Say who works here; make the first admin
    #[command(subcommand)]
    User(user::Command),
    /// Make keys that sign mail
    #[command(subcommand)]
    Dkim(dkim::Command),
    /// Serve pages and API, and send what is due
    Serve,
    /// Show everything on sample people; nothing leaves this machine
    Demo(demo::Arguments),
    /// Ask the running server whether it is ready
    Health,
    /// Create, check, start, hold and watch campaigns
    #[command(subcommand)]
    Campaign(campaign::Command),
    /// Print the whole chain behind one message: why that person got it
    Explain(explain::Arguments),
}

/// Runs the command that the process was given. The exit code is 0 when it was done, 1 when it
/// was refused or failed, 2 when it was not understood.
#[must_use]
pub fn run() -> ExitCode {
    end_quietly_when_nobody_reads();
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

/// `kelisim … | head` closes our output early: that is no failure worth a panic message.
fn end_quietly_when_nobody_reads() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let said = panic.payload().downcast_ref::<String>().map_or("", String::as_str);
        if said.starts_with("failed printing to stdout") {
            std::process::exit(0);
        }
        usual(panic);
    }));
}

async fn dispatch(arguments: Arguments) -> anyhow::Result<()> {
    let load = || Box::pin(context::Context::load(arguments.config.as_deref()));
    match arguments.command {
        Command::Init(init) => init::run(&init),
        Command::Config(command) => config::run(&command, arguments.config.as_deref()),
        Command::Migrate => {
            migrate::run(&load().await?);
            Ok(())
        }
        Command::Policy(command) => policy::run(load().await?, command).await,
        Command::Purpose(command) => purpose::run(load().await?, &command).await,
        Command::Party(command) => party::run(load().await?, command).await,
        Command::Contacts(command) => contacts::run(load().await?, command).await,
        Command::Consent(command) => consent::run(load().await?, command).await,
        Command::Token(command) => token::run(load().await?, command).await,
        Command::User(command) => user::run(load().await?, command).await,
        Command::Dkim(command) => dkim::run(&command),
        Command::Serve => {
            let context = context::Context::load_server(arguments.config.as_deref());
            serve::run(Box::pin(context).await?).await
        }
        Command::Demo(demo) => Box::pin(demo::run(demo)).await,
        Command::Health => health::run(arguments.config.as_deref()),
        Command::Campaign(command) => campaign::run(load().await?, command).await,
        Command::Explain(message) => explain::run(load().await?, &message).await,
    }
}
