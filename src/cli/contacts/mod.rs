//! `kelisim contacts …`: who may be mailed, if they consented.

mod import;
mod listener;

use clap::{Args, Subcommand};

use crate::app::{
    App,
    contacts::{self, Changed},
};

use super::{address::AddressArgument, context::Context};

/// What can be done with contacts.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring in contacts, and their consents with what proves them, from a CSV file
    Import(import::Arguments),
    /// Stop all processing of a contact; mail on its way included
    Block(Block),
    /// Let the processing of a blocked contact go on
    Unblock(Block),
}

/// Which contact, and why.
#[derive(Debug, Args)]
pub struct Block {
    /// The address, or - to read it from standard input (arguments show in the process list)
    address: AddressArgument,
    /// Why: which request or decision
    #[arg(long)]
    reason: String,
}

/// Does it.
///
/// # Errors
/// In words for whoever typed the command.
pub async fn run(context: Context, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Import(arguments) => import::run(&context.app, arguments).await,
        Command::Block(block) => self::block(&context.app, block).await,
        Command::Unblock(block) => unblock(&context.app, block).await,
    }
}

async fn block(app: &App, block: Block) -> anyhow::Result<()> {
    let contact = contacts::by_address(app, &block.address.read()?).await?;
    match contacts::block(app, contact.id, &block.reason).await? {
        Changed::Now => println!("Blocked. No mail to this contact begins any more."),
        Changed::Already => println!("This contact was blocked before; nothing changed."),
    }
    Ok(())
}

async fn unblock(app: &App, block: Block) -> anyhow::Result<()> {
    let contact = contacts::by_address(app, &block.address.read()?).await?;
    match contacts::unblock(app, contact.id).await? {
        Changed::Now => {
            tracing::info!(contact = %contact.id, reason = block.reason, "unblocked");
            println!("Unblocked. Consents stand where they stood.");
        }
        Changed::Already => println!("This contact was not blocked; nothing changed."),
    }
    Ok(())
}
