//! `kelisim token …`: with what the institution's own systems use the API.

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use clap::Subcommand;
use secrecy::ExposeSecret as _;

use crate::{
    app::{
        App,
        api_tokens::{self, ApiToken},
    },
    domain::id::ApiTokenId,
};

use super::{context::Context, local::local};

/// What can be done with tokens.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a token; its secret is printed this once
    Create {
        /// Which system will use it
        name: String,
        /// Days until it ends by itself; never unless given
        #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
        days: Option<u16>,
    },
    /// List the tokens, without their secrets
    List,
    /// End a token at once
    Revoke {
        /// Its id, as `token list` prints it
        id: ApiTokenId,
    },
}

/// Does it.
///
/// # Errors
/// In words for whoever typed the command.
pub async fn run(context: Context, command: Command) -> anyhow::Result<()> {
    let app = &*context.app;
    match command {
        Command::Create { name, days } => create(app, &name, days).await,
        Command::List => list(app).await,
        Command::Revoke { id } => {
            api_tokens::revoke(app, id).await?;
            println!("Revoked.");
            Ok(())
        }
    }
}

async fn create(app: &App, name: &str, days: Option<u16>) -> anyhow::Result<()> {
    let end = |days: u16| app.now().checked_add_signed(TimeDelta::days(days.into()));
    let expires_at: Option<DateTime<Utc>> =
        days.map(|days| end(days).context("the end is too far away")).transpose()?;
    let (token, secret) = api_tokens::create(app, name, expires_at).await?;
    eprintln!("Token {} for {}. Keep the secret, it is not shown again:", token.id, token.name);
    println!("{}", secret.expose_secret());
    Ok(())
}

async fn list(app: &App) -> anyhow::Result<()> {
    for token in api_tokens::list(app).await? {
        println!("{}  {:<36}  {}", token.id, standing(app, &token), token.name);
    }
    Ok(())
}

fn standing(app: &App, token: &ApiToken) -> String {
    match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked {}", local(app, at)),
        (None, Some(at)) if at <= app.now() => format!("ended {}", local(app, at)),
        (None, Some(at)) => format!("until {}", local(app, at)),
        (None, None) => "without end".to_owned(),
    }
}
