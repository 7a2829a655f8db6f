//! The `kelisim` program: parses arguments, calls `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // One crypto provider for the whole process; an error only says that it is there already.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    kelisim::cli::run()
}
