//! `kelisim purpose …`: the purpose catalogue.

use clap::Subcommand;

use crate::app::{App, catalogue};

use super::context::Context;

/// What can be done with purposes.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List what people can consent to, by clause of the policy
    List,
}

/// Does it.
///
/// # Errors
/// The database's.
pub async fn run(context: Context, command: &Command) -> anyhow::Result<()> {
    let Command::List = command;
    list(&context.app).await
}

async fn list(app: &App) -> anyhow::Result<()> {
    let language = app.institution.default_language();
    for purpose in catalogue::purposes(app).await? {
        println!(
            "{:<16} clause {:<7} on behalf of {:<11} for {:>3} months  {}",
            purpose.key,
            purpose.clause,
            purpose.behalf,
            purpose.term_months,
            purpose.title(language, language)
        );
    }
    Ok(())
}
