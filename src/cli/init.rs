//! `kelisim init`: a configuration to start from.

use std::path::PathBuf;

use crate::{app::Entropy, config::write_new};

/// Where to write.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// Writes kelisim.toml and a fresh secret; overwrites nothing.
///
/// # Errors
/// When a file is there already or cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<()> {
    for path in write_new(&arguments.folder, &Entropy.bytes::<32>())? {
        println!("Wrote {}", path.display());
    }
    println!("Edit kelisim.toml, then look at it with: kelisim config check");
    Ok(())
}
