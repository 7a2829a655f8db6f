//! What may be done: one deed, one function, one transaction. Mail goes out after the commit.

mod clock;
mod entropy;
mod error;
mod permits;
mod proof;

pub mod api_tokens;
pub mod campaign;
pub mod campaign_folder;
pub mod catalogue;
pub mod consent;
pub mod contacts;
pub mod draft;
pub mod explain;
pub mod figures;
pub mod import_contacts;
pub mod import_jobs;
pub mod leave;
pub mod letters;
pub mod media;
pub mod parties;
pub mod people;
pub mod policy;
pub mod seed;
pub mod segments;
pub mod sending;
pub mod staff;
pub mod test_mail;

pub use clock::Clock;
pub use entropy::{Draws, Entropy};
pub use error::{Error, Problem, Result};
pub use permits::{Pass, Passing, Permits};
pub use proof::Proof;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::{
    domain::{
        address::Address,
        campaign::Sender,
        draft::Policy,
        institution::Institution,
        ledger::{self, HeadSigner},
        pace::SendRate,
        token::Keyring,
    },
    store::{self, Store},
};

/// Octets of an uploaded file of contacts, unless configured: about two million rows.
pub const IMPORT_OCTETS_MAX: u64 = 512 << 20;

/// Everything a deed needs. One per process.
#[derive(Debug)]
pub struct App {
    /// What is remembered.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Chance.
    pub entropy: Entropy,
    /// Keys for links, addresses and the ledger.
    pub keys: Arc<Keyring>,
    /// Who sends.
    pub institution: Institution,
    /// Where recipients reach us: `https://host`, without a slash at the end.
    pub public_url: String,
    /// What the configuration allows.
    pub rules: Rules,
    /// Whose permission has shrunk since a sender last asked.
    pub permits: Permits,
    /// Files that staff are bringing in.
    pub imports: import_jobs::Shelf,
    /// Rings when there may be something to send.
    pub work: Notify,
    /// Rings when there is a test mail to send.
    pub tests: Notify,
    signer: HeadSigner,
    terms: consent::Terms,
}

/// What the configuration allows campaigns and contacts to have.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Attributes of contacts that may be kept and merged into mail.
    pub attributes: BTreeSet<String>,
    /// Octets of a file of contacts that staff may upload; None: [`IMPORT_OCTETS_MAX`].
    pub import_octets_max: Option<u64>,
    /// Who may stand in `From`.
    pub senders: Vec<Sender>,
    /// What the relays may be given, in the order in which they are used.
    pub relay_rates: Vec<SendRate>,
    /// When campaigns of the staff app need a second person.
    pub approval: Policy,
    /// How long a start from the staff app can be taken back before the first mail leaves.
    pub undo: Duration,
    /// Addresses besides those of staff that test mails may go to.
    pub test_addresses: Vec<Address>,
}

/// The keys do not make a ledger key. Cannot happen with keys of the right length.
#[derive(Debug, thiserror::Error)]
#[error("the ledger's signing key could not be derived from secrets.keys")]
pub struct NoLedgerKey;

impl App {
    /// Puts the parts together. Touches nothing yet.
    ///
    /// # Errors
    /// [`NoLedgerKey`].
    pub fn new(
        store: Store,
        clock: Clock,
        entropy: Entropy,
        keys: Keyring,
        institution: Institution,
        public_url: &str,
    ) -> Result<Self, NoLedgerKey> {
        let signer = HeadSigner::from_seed(&keys.ledger_key()).ok_or(NoLedgerKey)?;
        Ok(Self {
            terms: consent::Terms::of(&institution),
            store,
            clock,
            entropy,
            keys: Arc::new(keys),
            institution,
            public_url: public_url.trim_end_matches('/').to_owned(),
            rules: Rules::default(),
            permits: Permits::default(),
            imports: import_jobs::Shelf::default(),
            work: Notify::new(),
            tests: Notify::new(),
            signer,
        })
    }

    /// The same with the configuration's rules.
    #[must_use]
    pub fn with_rules(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }

    /// Puts in place what every deed relies on: the catalogue, the institution, the beginning of
    /// the ledger. Safe to repeat.
    ///
    /// # Errors
    /// The database's.
    pub async fn prepare(&self) -> Result<()> {
        let now = self.now();
        seed::seed(&self.store, &self.institution, now).await?;
        let mut tx = self.store.begin().await?;
        let genesis = self.signer.sign(0, ledger::GENESIS, now);
        store::ledger::ensure_head(tx.conn(), &genesis).await?;
        store::ledger::ensure_terms(tx.conn(), &self.terms.sha256, &self.terms.body, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Octets of a file of contacts that staff may upload.
    #[must_use]
    pub fn import_octets_max(&self) -> u64 {
        self.rules.import_octets_max.unwrap_or(IMPORT_OCTETS_MAX)
    }

    /// The time, in whole microseconds: what both databases keep.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What stands for an address where the address itself must not. Of several keys the oldest
    /// is used, so that a rotation does not make two people of one: it stays for as long as
    /// suppressions do.
    #[must_use]
    pub fn address_hash(&self, address: &Address) -> [u8; 32] {
        address_hash(&self.keys, address)
    }
}

/// [`App::address_hash`], for threads that have the keys only.
fn address_hash(keys: &Keyring, address: &Address) -> [u8; 32] {
    let key = address.key();
    keys.address_hashes(&key).last().copied().unwrap_or_else(|| keys.address_hash(&key))
}
