//! `kelisim consent …`: what can be proved, and the ledger that proves it.

mod report;

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand, ValueEnum};

use crate::{
    app::{
        App,
        consent::{self, Notice, Scope, Withdrawn},
    },
    domain::{consent::Channel, ledger::Head, party::PartyKey, purpose::PurposeKey},
};

use super::{address::AddressArgument, context::Context};

/// Octets of a kept head.
const HEAD_BYTES_MAX: u64 = 4_096;

/// What can be done with consents.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show a person's consents: where they stand, how they came there, and what proves it
    Show {
        /// The address, or - to read it from standard input (arguments show in the process list)
        address: AddressArgument,
    },
    /// Check every event of the ledger, its signed head, and where each consent stands
    Verify {
        /// A head that was kept elsewhere: the ledger must still hold what it covers
        #[arg(long)]
        head: Option<PathBuf>,
    },
    /// Print the ledger's signed head, to be kept where nobody here can change it
    Head,
    /// Derive from the ledger again where each consent stands
    Rebuild,
    /// Record that a person leaves, as told by phone, letter or staff
    Withdraw(Withdraw),
}

/// Who leaves what.
#[derive(Debug, Args)]
pub struct Withdraw {
    /// The address, or - to read it from standard input (arguments show in the process list)
    address: AddressArgument,
    /// The purpose to leave
    #[arg(long, required_unless_present = "all", conflicts_with = "all")]
    purpose: Option<PurposeKey>,
    /// On whose behalf; the institution unless given
    #[arg(long, requires = "purpose")]
    party: Option<PartyKey>,
    /// All marketing
    #[arg(long)]
    all: bool,
    /// What the person said, or which letter or call it was
    #[arg(long)]
    reason: String,
    /// How it came
    #[arg(long)]
    channel: Way,
}

/// How a withdrawal comes to staff.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Way {
    /// A call
    Phone,
    /// A letter or a mail to the support mailbox
    Mail,
    /// Said to staff
    Staff,
}

impl Way {
    const fn channel(self) -> Channel {
        match self {
            Self::Phone => Channel::Phone,
            Self::Mail => Channel::Mail,
            Self::Staff => Channel::Staff,
        }
    }
}

/// Does it.
///
/// # Errors
/// In words for whoever typed the command; for `verify` the first thing that is wrong.
pub async fn run(context: Context, command: Command) -> anyhow::Result<()> {
    let app = &*context.app;
    match command {
        Command::Show { address } => report::show(app, address.read()?).await,
        Command::Verify { head } => verify(app, head.as_deref()).await,
        Command::Head => {
            println!("{}", consent::head(app).await?);
            Ok(())
        }
        Command::Rebuild => {
            println!("{} consents stand where the ledger puts them.", consent::rebuild(app).await?);
            Ok(())
        }
        Command::Withdraw(withdraw) => self::withdraw(app, withdraw).await,
    }
}

async fn verify(app: &App, head: Option<&Path>) -> anyhow::Result<()> {
    let kept = head.map(read_head).transpose()?;
    match consent::verify(app, kept.as_ref()).await? {
        Ok(checked) => {
            println!(
                "The ledger is whole: {} events; {} consents stand where it puts them.",
                checked.events, checked.consents
            );
            Ok(())
        }
        Err(broken) => bail!("{broken}"),
    }
}

fn read_head(path: &Path) -> anyhow::Result<Head> {
    let cannot = || format!("{} cannot be read", path.display());
    let mut text = String::new();
    let file = File::open(path).with_context(cannot)?;
    file.take(HEAD_BYTES_MAX).read_to_string(&mut text).with_context(cannot)?;
    consent::read_head(&text).with_context(cannot)
}

async fn withdraw(app: &App, withdraw: Withdraw) -> anyhow::Result<()> {
    let scope = match withdraw.purpose {
        Some(purpose) => Scope::Purpose(purpose, withdraw.party.unwrap_or_default()),
        None => Scope::All,
    };
    let notice = Notice {
        address: withdraw.address.read()?,
        scope,
        occurred_at: app.now(),
        channel: withdraw.channel.channel(),
        source: format!("kelisim consent withdraw, {}", withdraw.channel.channel()),
        reason: Some(withdraw.reason),
    };
    match consent::withdraw_on_behalf(app, notice).await?.1 {
        Withdrawn::Now => println!("Withdrawn. No mail that it forbids begins any more."),
        Withdrawn::Already => println!("This was withdrawn before; nothing changed."),
    }
    Ok(())
}
