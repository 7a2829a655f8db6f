//! `kelisim migrate`. Loading the context migrates; this command only says so.

use super::context::Context;

/// Says that it is done.
pub fn run(_migrated: &Context) {
    println!("The database is at the schema of version {}.", env!("CARGO_PKG_VERSION"));
}
