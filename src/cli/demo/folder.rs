//! The demo's folder: configuration, keys, campaigns, the policy, and in a moment the database.

use std::{
    fmt::Write as _,
    fs::{self, OpenOptions},
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use data_encoding::BASE64;
use rust_embed::RustEmbed;
use tempfile::TempDir;

use crate::{
    app::Entropy,
    config::{CONFIG_FILE, KEY_FILE},
    domain::pace::SendRate,
    mail::dkim,
};

/// The domain of the senders in the sample campaigns.
const DOMAIN: &str = "example.kz";
/// Selectors of the RSA and the Ed25519 key.
const SELECTORS: [&str; 2] = ["r1", "e1"];
/// What verifiers would find in the DNS: a line per record, name and value with a tab between.
const RECORDS_FILE: &str = "dkim-records.txt";

const CONFIG: &str = include_str!("../../../assets/demo/kelisim.toml");

#[derive(RustEmbed)]
#[folder = "assets/demo"]
#[include = "campaigns/*"]
#[include = "policy/*"]
struct Samples;

/// Where everything of one demo lies.
pub(super) struct Folder {
    path: PathBuf,
    /// Removes the folder when dropped.
    temporary: Option<TempDir>,
}

/// Where the parts of the demo listen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Addresses {
    /// The service.
    pub web: SocketAddr,
    /// The inbox.
    pub inbox: SocketAddr,
    /// The mail catcher.
    pub smtp: SocketAddr,
}

impl Folder {
    /// At `kept`, which must be empty or missing; without one, a folder that vanishes at the end.
    ///
    /// # Errors
    /// When it cannot be made or holds something.
    pub(super) fn new(kept: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = kept else {
            let temporary = tempfile::Builder::new().prefix("kelisim-demo-").tempdir()?;
            return Ok(Self { path: temporary.path().canonicalize()?, temporary: Some(temporary) });
        };
        let cannot = || format!("{} cannot be used", path.display());
        fs::create_dir_all(path).with_context(cannot)?;
        if path.read_dir().with_context(cannot)?.next().is_some() {
            bail!("{} is not empty: name a new folder with --keep", path.display());
        }
        Ok(Self { path: path.canonicalize().with_context(cannot)?, temporary: None })
    }

    /// Whether it vanishes at the end.
    pub(super) fn is_temporary(&self) -> bool {
        self.temporary.is_some()
    }

    /// The folder itself.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The configuration file.
    pub(super) fn config(&self) -> PathBuf {
        self.path.join(CONFIG_FILE)
    }

    /// The text of an embedded or written file.
    pub(super) fn read(&self, name: &str) -> anyhow::Result<String> {
        let path = self.path.join(name);
        fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
    }

    /// Writes a file for the owner only.
    pub(super) fn write(&self, name: &str, octets: &[u8]) -> anyhow::Result<PathBuf> {
        let path = self.path.join(name);
        let cannot = || format!("{} cannot be written", path.display());
        fs::create_dir_all(path.parent().unwrap_or(&self.path)).with_context(cannot)?;
        let file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path);
        file.and_then(|mut file| file.write_all(octets)).with_context(cannot)?;
        Ok(path)
    }

    /// Writes the configuration, fresh keys, the sample campaigns with this pace, and the policy.
    pub(super) fn furnish(&self, at: Addresses, pace: SendRate) -> anyhow::Result<()> {
        self.write(KEY_FILE, format!("{}\n", BASE64.encode(&Entropy.bytes::<32>())).as_bytes())?;
        let mut records = String::new();
        for key in dkim::generate(DOMAIN, SELECTORS[0], SELECTORS[1])? {
            self.write(&key.file_name, key.pem.as_bytes())?;
            writeln!(records, "{}\t{}", key.record.name, key.record.value)?;
        }
        self.write(RECORDS_FILE, records.as_bytes())?;
        self.write(CONFIG_FILE, self.configuration(at).as_bytes())?;
        for name in Samples::iter() {
            let Some(sample) = Samples::get(&name) else { continue };
            let text = String::from_utf8_lossy(&sample.data);
            let text = if name.ends_with(".toml") { paced(&text, pace) } else { text.into_owned() };
            self.write(&name, text.as_bytes())?;
        }
        Ok(())
    }

    fn configuration(&self, at: Addresses) -> String {
        let database = self.path.join("kelisim.db");
        let database = database.to_string_lossy();
        CONFIG
            .replace(
                "{database}",
                &percent_encoding::utf8_percent_encode(&database, PATH).to_string(),
            )
            .replace("{web}", &at.web.to_string())
            .replace("{smtp}", &at.smtp.to_string())
    }
}

/// What stands for itself in the path of a URL.
const PATH: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_');

/// A `campaign.toml` with another pace.
fn paced(text: &str, pace: SendRate) -> String {
    let lines = text.lines().map(|line| {
        if line.starts_with("pace = ") { format!("pace = \"{pace}\"") } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::config::Settings;

    pub(in super::super) fn addresses() -> Addresses {
        Addresses { web: here(1), inbox: here(2), smtp: here(3) }
    }

    fn here(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    #[test]
    fn the_configuration_that_is_written_can_be_used() {
        let folder = Folder::new(None).unwrap();
        folder.furnish(addresses(), "7/1s".parse().unwrap()).unwrap();
        let settings = Settings::load(Some(&folder.config()), []).unwrap();
        assert_eq!(settings.listen, here(1));
        assert_eq!(settings.public_url.as_str(), "http://127.0.0.1:1");
        assert_eq!(settings.dkim.len(), 2);
        for campaign in ["news", "offer", "event"] {
            let text = folder.read(&format!("campaigns/{campaign}/campaign.toml")).unwrap();
            assert!(text.contains("pace = \"7/1s\"\n"), "{text}");
        }
        assert_eq!(folder.read(RECORDS_FILE).unwrap().lines().count(), 2);
    }

    #[test]
    fn a_folder_that_holds_something_is_left_alone() {
        let full = tempfile::tempdir().unwrap();
        fs::write(full.path().join("mine"), "").unwrap();
        assert!(Folder::new(Some(full.path())).is_err());
        assert!(Folder::new(Some(&full.path().join("new"))).is_ok());
    }
}
