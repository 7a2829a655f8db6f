//! Settings: a TOML file with environment variables over it, parsed and validated once, read only
//! by `cli`.
//!
//! Reading takes four steps. `tree` keeps what file and environment say together with where it
//! stands; `keys` lists every key with its shape, default and purpose; `reader` turns values
//! into types by that list; one module per section says what must hold. No step stops at the first
//! problem: [`Settings::load`] gives back all of them.

mod campaigns;
mod contacts;
mod database;
mod engine;
mod environment;
mod guarded;
mod institution;
mod key;
mod keys;
mod mail;
mod problem;
mod public_url;
mod reader;
mod relay;
mod secrets;
mod tree;
mod unknown;
mod worry;
mod write_new;

use std::{
    cell::RefCell,
    collections::BTreeSet,
    fs::File,
    io::{ErrorKind, Read as _},
    net::SocketAddr,
    path::{Path, PathBuf},
};

pub use self::{
    campaigns::CampaignsSection,
    database::DatabaseSection,
    engine::EngineSection,
    mail::{MailSection, Sender},
    problem::{ConfigErrors, Origin, Problem},
    public_url::{BadPublicUrl, PublicUrl},
    relay::{FIRST_RELAY, RelaySection},
    worry::Worry,
    write_new::{CONFIG_FILE, KEY_FILE, WriteError, write_new},
};
use crate::{
    domain::{institution::Institution, token::Keyring},
    mail::dkim::Signer,
    telemetry::Log,
};
use reader::Reader;
use tree::Table;

/// What names of environment variables begin with.
const PREFIX: &str = "KELISIM_";
/// The variable that names the file.
const FILE_VARIABLE: &str = "KELISIM_CONFIG";
/// Octets of the configuration file.
const FILE_OCTETS_MAX: u64 = 1_048_576;

/// Everything that can be set. Secrets in it do not print.
#[derive(Debug)]
pub struct Settings {
    /// Where the HTTP server listens.
    pub listen: SocketAddr,
    /// Where recipients reach it.
    pub public_url: PublicUrl,
    /// Where everything is remembered.
    pub database: DatabaseSection,
    /// The keys derived from the master secrets.
    pub keyring: Keyring,
    /// Who sends.
    pub institution: Institution,
    /// The relays, in the order in which they are tried; none only if the engine is disabled.
    pub relays: Vec<RelaySection>,
    /// What mail is sent from.
    pub mail: MailSection,
    /// What mail is signed with.
    pub dkim: Vec<Signer>,
    /// The attributes that may be kept of a person.
    pub attributes: BTreeSet<String>,
    /// What campaigns of the staff app must go through.
    pub campaigns: CampaignsSection,
    /// Octets of a file of contacts that staff may upload.
    pub import_octets_max: u64,
    /// Whether and how this process sends.
    pub engine: EngineSection,
    /// How and what to log.
    pub log: Log,
}

impl Settings {
    /// Reads the file at `path`, else the one that `KELISIM_CONFIG` names, else `kelisim.toml` in
    /// the working directory if there is one; lays `environment` over it; validates everything,
    /// reading the key files that it names.
    ///
    /// # Errors
    /// [`ConfigErrors`]: all problems together, each with its key, its place and what to do. A file
    /// that is not TOML is told alone.
    pub fn load(
        path: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigErrors> {
        let environment: Vec<_> = environment.into_iter().collect();
        let mut problems = Vec::new();
        let (file, mut tree) = read_file(path, &environment, &mut problems);
        if !problems.is_empty() {
            // What a half-read file seems to lack is no news.
            return Err(ConfigErrors(problems));
        }
        environment::overlay(&mut tree, keys::ALL, environment, &mut problems);
        let problems = RefCell::new(problems);
        let base = file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        let root = Reader::new(&tree, base, &problems);
        root.refuse_unknown(keys::ALL);
        let settings = read(&root);
        let mut problems = problems.into_inner();
        match settings {
            Some(settings) if problems.is_empty() => Ok(settings),
            _ => {
                problems.sort_by(|a, b| a.origin.cmp(&b.origin));
                Err(ConfigErrors(problems))
            }
        }
    }
}

fn read(root: &Reader<'_>) -> Option<Settings> {
    let listen = root.read(&keys::LISTEN, |text| {
        text.parse().map_err(|_| format!("\"{text}\" is not ADDRESS:PORT such as 127.0.0.1:8080"))
    });
    let public_url = root.parsed(&keys::PUBLIC_URL);
    let database = database::read(&root.section(&keys::DATABASE));
    let keyring = secrets::read(&root.section(&keys::SECRETS));
    let institution = institution::read(&root.section(&keys::INSTITUTION));
    let engine = engine::read(&root.section(&keys::ENGINE));
    let relays = relay::read(root, engine.is_some_and(|engine| engine.is_enabled));
    let mail = mail::read(&root.section(&keys::MAIL), institution.as_ref());
    let dkim = mail::read_signers(root);
    let attributes = contacts::read(&root.section(&keys::CONTACTS));
    let campaigns = campaigns::read(&root.section(&keys::CAMPAIGNS));
    let import_octets_max = contacts::import_octets_max(&root.section(&keys::CONTACTS));
    let log = log(&root.section(&keys::LOG));
    Some(Settings {
        listen: listen?,
        public_url: public_url?,
        database: database?,
        keyring: keyring?,
        institution: institution?,
        relays,
        mail: mail?,
        dkim,
        attributes: attributes?,
        campaigns: campaigns?,
        import_octets_max: import_octets_max?,
        engine: engine?,
        log: log?,
    })
}

fn log(reader: &Reader<'_>) -> Option<Log> {
    let format = reader.parsed(&keys::LOG_FORMAT);
    let filter = reader.parsed(&keys::LOG_FILTER);
    Some(Log { format: format?, filter: filter? })
}

/// The file that counts and what it says. Only the default one may be absent.
fn read_file(
    path: Option<&Path>,
    environment: &[(String, String)],
    problems: &mut Vec<Problem>,
) -> (Option<PathBuf>, Table) {
    let named = path.map(Path::to_owned).or_else(|| {
        let variable = environment.iter().find(|(name, _)| name == FILE_VARIABLE);
        variable.filter(|(_, text)| !text.is_empty()).map(|(_, text)| PathBuf::from(text))
    });
    let path = named.clone().unwrap_or_else(|| PathBuf::from(CONFIG_FILE));
    let shown = path.display().to_string();
    match read_text(&path) {
        Ok(text) => {
            let tree = tree::parse(&text, &shown, problems);
            (Some(path), tree)
        }
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {
            (None, Table::new())
        }
        Err(error) => {
            let what = format!("{shown} cannot be read: {error}. Make one with kelisim init");
            problems.push(Problem { origin: Origin::Nowhere, key: String::new(), what });
            (None, Table::new())
        }
    }
}

fn read_text(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(FILE_OCTETS_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > FILE_OCTETS_MAX {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(text)
}

#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
