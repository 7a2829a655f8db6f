//! `kelisim dkim …`: keys that sign mail.

use std::{
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::Subcommand;

use crate::mail::dkim::{GeneratedKey, generate};

/// For the owner only.
const MODE: u32 = 0o600;

/// What can be done with DKIM keys.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make an RSA and an Ed25519 key, and print the DNS records and the configuration for them
    Generate {
        /// The domain that signs, such as example.kz
        #[arg(long)]
        domain: String,
        /// Name of the RSA key in the DNS
        #[arg(long, default_value = "k1")]
        selector: String,
        /// Name of the Ed25519 key in the DNS
        #[arg(long, default_value = "k2")]
        ed25519_selector: String,
        /// The folder for the key files
        #[arg(long, default_value = ".")]
        out: PathBuf,
    },
}

/// Does it.
///
/// # Errors
/// When a name will not do, or a file is there already or cannot be written.
pub fn run(command: &Command) -> anyhow::Result<()> {
    let Command::Generate { domain, selector, ed25519_selector, out } = command;
    let domain = idna::domain_to_ascii_strict(domain)
        .ok()
        .with_context(|| format!("\"{domain}\" is not a domain name"))?;
    let keys = generate(&domain, selector, ed25519_selector)?;
    for key in &keys {
        let path = out.join(&key.file_name);
        if path.exists() {
            bail!("{} is there already: remove it, or choose other selectors", path.display());
        }
    }
    for key in &keys {
        write(&out.join(&key.file_name), &key.pem)?;
    }
    print_records(&keys);
    for (key, selector) in keys.iter().zip([selector, ed25519_selector]) {
        print_section(&domain, selector, &out.join(&key.file_name));
    }
    Ok(())
}

fn write(path: &Path, pem: &str) -> anyhow::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(MODE)
        .open(path)
        .with_context(|| format!("{} cannot be written", path.display()))?;
    file.write_all(pem.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("{} cannot be written", path.display()))
}

fn print_records(keys: &[GeneratedKey]) {
    println!("Publish these TXT records, and wait until they are seen, before mail is signed:\n");
    for key in keys {
        println!("{}\n", key.record);
    }
    println!("The same for a provider's web form, name and value:\n");
    for key in keys {
        println!("{}\n{}\n", key.record.name, key.record.value);
    }
    println!("Then add to kelisim.toml; a relative key_file counts from its folder:\n");
}

fn print_section(domain: &str, selector: &str, file: &Path) {
    let file = file.display().to_string();
    println!(
        "[[dkim]]\ndomain = {domain:?}\nselector = {selector:?}\nkey_file = {}\n",
        toml::Value::String(file)
    );
}
