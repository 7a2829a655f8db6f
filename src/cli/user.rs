//! `kelisim user …`: who works here. The first admin is made here; the others on the pages.

use anyhow::Context as _;
use clap::Subcommand;
use secrecy::ExposeSecret as _;

use crate::{
    app::{
        App,
        staff::users::{self, By, LINK_LIFE, NewUser},
    },
    domain::{
        address::Address,
        language::Language,
        staff::{Role, User},
    },
};

use super::{address::AddressArgument, context::Context};

/// What can be done with users.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Add somebody; prints the link with which they set their password
    Create {
        /// Their address, with which they sign in; - reads it from standard input
        address: AddressArgument,
        /// What colleagues call them; the address unless given
        #[arg(long)]
        name: Option<String>,
        /// What they are here for: viewer, author, approver, officer, admin; may be given more
        /// than once
        #[arg(long = "role", default_values = ["admin"])]
        roles: Vec<Role>,
        /// The language of their pages; the institution's first unless given
        #[arg(long)]
        language: Option<Language>,
    },
    /// Print a new link with which somebody sets their password; the old password works until then
    Link {
        /// Their address; - reads it from standard input
        address: AddressArgument,
    },
    /// List everybody
    List,
}

/// Does it.
///
/// # Errors
/// In words for whoever typed the command.
pub async fn run(context: Context, command: Command) -> anyhow::Result<()> {
    let app = &*context.app;
    match command {
        Command::Create { address, name, roles, language } => {
            let address: Address = address.read()?;
            let new = NewUser {
                name: name.unwrap_or_else(|| address.as_str().to_owned()),
                address,
                language: language.unwrap_or_else(|| app.institution.default_language()),
                roles: roles.into_iter().collect(),
            };
            let user = users::create(app, new, By::Operator).await?;
            print_link(app, &user).await
        }
        Command::Link { address } => {
            let address: Address = address.read()?;
            let all = users::all(app).await?;
            let user = all.iter().find(|user| user.address.key() == address.key());
            print_link(app, user.context("nobody with this address works here")?).await
        }
        Command::List => list(app).await,
    }
}

async fn print_link(app: &App, user: &User) -> anyhow::Result<()> {
    let hours = LINK_LIFE.num_hours();
    eprintln!("Open this link within {hours} hours to set a password; it works once:");
    println!("{}", welcome_url(app, user).await?);
    Ok(())
}

/// A new link with which `user` sets a password.
///
/// # Errors
/// The database's.
pub(super) async fn welcome_url(app: &App, user: &User) -> anyhow::Result<String> {
    let key = users::link(app, user, By::Operator).await?;
    Ok(format!("{}/welcome?key={}", app.public_url, key.expose_secret()))
}

async fn list(app: &App) -> anyhow::Result<()> {
    for user in users::all(app).await? {
        let roles: Vec<&str> = user.roles.iter().map(|role| role.as_str()).collect();
        let state = match (user.disabled_at, user.has_password) {
            (Some(_), _) => "disabled",
            (None, false) => "invited",
            (None, true) => "active",
        };
        println!("{}  {}  {state}  {}", user.address.as_str(), roles.join(","), user.name);
    }
    Ok(())
}
