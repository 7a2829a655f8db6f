//! What proves that a message was allowed: a ledger event with everything it points to.

use crate::{
    app::{Result, consent::check_link},
    domain::{consent::Evidence, ledger::GENESIS, policy::PolicyVersion},
    store::{self, Conn, ledger::Entry},
};

use super::consent::Broken;

/// One ledger event, read for a person.
#[derive(Debug, Clone)]
pub struct Proof {
    /// The event and its place in the chain.
    pub entry: Entry,
    /// What proves the act; `None` once redacted.
    pub evidence: Option<Evidence>,
    /// The edition of the policy it was given under.
    pub policy: Option<PolicyVersion>,
    /// The words it was given to, unless they were the policy's own.
    pub wording: Option<String>,
    /// The terms then in force, as JSON: controller, third parties, borders, storage.
    pub terms: Option<String>,
    /// Whether the event is what its hash says and follows the one before it. That the whole chain
    /// is whole, is for [`super::consent::verify`] to say.
    pub link: std::result::Result<(), Broken>,
}

/// The event with this number. `None` when the ledger has no such number.
///
/// # Errors
/// The database's.
pub(in crate::app) async fn proof(mut conn: Conn<'_>, seq: i64) -> Result<Option<Proof>> {
    let Some(entry) = store::ledger::entry(conn.again(), seq).await? else {
        return Ok(None);
    };
    let link = match before(conn.again(), seq).await? {
        Some(last) => check_link(&entry, seq - 1, &last),
        None => Err(Broken::Missing(seq - 1)),
    };
    let policy = match entry.event.policy {
        Some(pin) => store::policy::versions(conn.again())
            .await?
            .into_iter()
            .find(|version| version.id == pin.version_id),
        None => None,
    };
    let wording = match entry.event.wording {
        Some(pin) => store::policy::wording(conn.again(), pin.id).await?,
        None => None,
    };
    let terms = store::ledger::terms(conn, &entry.event.terms_sha256).await?;
    let evidence = entry.detail.as_ref().and_then(|(_, text)| serde_json::from_str(text).ok());
    Ok(Some(Proof { entry, evidence, policy, wording, terms, link }))
}

/// The hash that the event must follow.
async fn before(conn: Conn<'_>, seq: i64) -> Result<Option<[u8; 32]>> {
    if seq == 1 {
        return Ok(Some(GENESIS));
    }
    Ok(store::ledger::entry(conn, seq - 1).await?.map(|entry| entry.hash))
}
