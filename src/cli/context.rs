//! What every command stands on: the settings, and the App made from them.

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Duration};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use crate::{
    app::{App, Clock, Entropy, Rules},
    config::{
        CONFIG_FILE, ConfigErrors, EngineSection, MailSection, Origin, Problem, RelaySection,
        Settings,
    },
    domain::campaign::Sender,
    engine::{EngineSettings, MailSettings, RelaySettings, SigningDomain},
    mail::{dkim::Signer, transport::Connector},
    store::Store,
    telemetry,
    web::{Outgoing, OutgoingRelay, SigningKey},
};

/// An App on a migrated database, and what is needed to send and to serve.
pub struct Context {
    /// The App.
    pub app: Arc<App>,
    /// Where the HTTP server listens.
    pub listen: std::net::SocketAddr,
    engine: EngineSection,
    relays: Vec<RelaySection>,
    mail: MailSection,
    signers: Vec<Signer>,
}

impl Context {
    /// Reads the settings, starts logging, connects and brings the database to this version.
    ///
    /// # Errors
    /// All problems of the configuration together; or that the database is out of reach.
    pub async fn load(config: Option<&Path>) -> anyhow::Result<Self> {
        let settings = settings(config)?;
        telemetry::init(&settings.log.for_commands())?;
        Box::pin(Self::open(settings)).await
    }

    /// The same for a server: it logs as configured.
    ///
    /// # Errors
    /// As [`Context::load`].
    pub async fn load_server(config: Option<&Path>) -> anyhow::Result<Self> {
        let settings = settings(config)?;
        telemetry::init(&settings.log)?;
        Box::pin(Self::open(settings)).await
    }

    /// The same with settings at hand and logging as it is.
    ///
    /// # Errors
    /// That the database is out of reach or cannot be migrated.
    pub async fn open(settings: Settings) -> anyhow::Result<Self> {
        let database = &settings.database;
        let store = Store::connect(database.url.expose_secret(), database.connections)
            .await
            .context("the database cannot be reached: check database.url (KELISIM_DATABASE_URL)")?;
        store.migrate().await?;
        let senders = settings.mail.senders.iter().map(|sender| Sender {
            address: sender.address.clone(),
            reply_to: None,
            name: sender.name.clone(),
        });
        let rules = Rules {
            attributes: settings.attributes,
            senders: senders.collect(),
            relay_rates: settings.relays.iter().map(|relay| relay.rate).collect(),
            approval: settings.campaigns.approval,
            undo: settings.campaigns.undo,
            test_addresses: settings.campaigns.test_addresses,
            import_octets_max: settings.import_octets_max,
        };
        let app = App::new(
            store,
            Clock::System,
            Entropy,
            settings.keyring,
            settings.institution,
            settings.public_url.as_str(),
        )?
        .with_rules(rules);
        app.prepare().await?;
        Ok(Self {
            app: Arc::new(app),
            listen: settings.listen,
            engine: settings.engine,
            relays: settings.relays,
            mail: settings.mail,
            signers: settings.dkim,
        })
    }

    /// Whether this process is to send.
    #[must_use]
    pub const fn sends(&self) -> bool {
        self.engine.is_enabled
    }

    /// After how long without a sign of life an engine counts as gone.
    #[must_use]
    pub const fn node_timeout(&self) -> Duration {
        self.engine.node_timeout
    }

    /// What the settings' pages tell of outgoing mail.
    ///
    /// # Errors
    /// When a relay's certificates cannot be read.
    pub fn outgoing(&self) -> anyhow::Result<Outgoing> {
        let relays = self.relays.iter().cloned().map(|section| {
            let RelaySettings { name, connector, rate, connections, .. } = relay(section)?;
            Ok(OutgoingRelay { name, rate, connections: connections.get(), connector })
        });
        let keys = self.signers.iter().map(|signer| SigningKey {
            domain: signer.domain().to_owned(),
            record: signer.dns_record(),
        });
        Ok(Outgoing {
            relays: relays.collect::<anyhow::Result<_>>()?,
            bounce_domain: self.mail.bounce_domain.clone(),
            keys: keys.collect(),
        })
    }

    /// What the engine is told.
    ///
    /// # Errors
    /// When a relay's certificates cannot be read.
    pub fn into_engine_settings(self) -> anyhow::Result<EngineSettings> {
        let relays = self.relays.into_iter().map(relay).collect::<anyhow::Result<_>>()?;
        Ok(EngineSettings {
            relays,
            mail: MailSettings {
                bounce_domain: self.mail.bounce_domain,
                list_domain: self.mail.list_domain,
                sender_id: self.mail.sender_id,
                list_name: self.mail.list_name,
                complaints: self.mail.complaints,
                signing: by_domain(self.signers),
            },
            node_timeout: self.engine.node_timeout,
            start_late_max: self.engine.start_late_max,
            shutdown: self.engine.shutdown,
        })
    }
}

/// The settings of the file and of the environment. A variable that is no Unicode text is none of
/// ours.
///
/// # Errors
/// All problems together.
pub fn settings(config: Option<&Path>) -> Result<Settings, ConfigErrors> {
    let variables = std::env::vars_os();
    let readable = variables
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Settings::load(config, readable).map_err(|mut errors| {
        if config.is_none() && !Path::new(CONFIG_FILE).exists() {
            let what =
                format!("there is no {CONFIG_FILE} in this folder. Make one with kelisim init");
            errors.0.push(Problem { origin: Origin::Nowhere, key: String::new(), what });
        }
        errors
    })
}

fn relay(section: RelaySection) -> anyhow::Result<RelaySettings> {
    let connector = Connector::new(section.relay)
        .with_context(|| format!("the relay {} cannot be used", section.name))?;
    Ok(RelaySettings {
        name: section.name,
        connector,
        rate: section.rate,
        connections: section.connections,
        messages_per_connection: section.messages_per_connection,
    })
}

fn by_domain(signers: Vec<Signer>) -> Vec<SigningDomain> {
    let mut domains: BTreeMap<String, Vec<Signer>> = BTreeMap::new();
    for signer in signers {
        domains.entry(signer.domain().to_owned()).or_default().push(signer);
    }
    domains.into_iter().map(|(domain, signers)| SigningDomain { domain, signers }).collect()
}
