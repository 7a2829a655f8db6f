//! `kelisim migrate`. Loading the context migrates; this command only says so.

use super::context::Context;

/// Says that it is done.
///
/// # Errors
/// None of its own.
pub fn run(context: Context) -> anyhow::Result<()> {
    drop(context);
    println!("The database is at the schema of version {}.", env!("CARGO_PKG_VERSION"));
    Ok(())
}
