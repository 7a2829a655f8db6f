//! What is known of one person's consents: for `kelisim consent show` and the officer.

use crate::{
    app::{App, Error, Result},
    domain::{address::Address, contact::Contact, suppression::Suppression},
    store::{self, consent::Consent, ledger::Entry},
};

/// One person's consents, where they stand and how they came there.
#[derive(Debug)]
pub struct History {
    /// The person.
    pub contact: Contact,
    /// Where each consent stands.
    pub consents: Vec<Consent>,
    /// All events, in the ledger's order.
    pub entries: Vec<Entry>,
    /// Suppressions in force.
    pub suppressions: Vec<Suppression>,
}

/// The history of whoever has this address.
///
/// # Errors
/// [`Error::NotFound`] when nobody has; the database's.
pub async fn show(app: &App, address: &Address) -> Result<History> {
    let hash = app.address_hash(address);
    let mut reader = app.store.read().await?;
    let contact = store::contact::find_by_hashes(reader.conn(), &[hash])
        .await?
        .into_iter()
        .next()
        .ok_or(Error::NotFound("contact with this address"))?;
    let consents = store::consent::of_contacts(reader.conn(), &[contact.id]).await?;
    let entries = store::ledger::of_contact(reader.conn(), contact.id).await?;
    let suppressions = store::suppression::among(reader.conn(), &[hash], app.now()).await?;
    Ok(History { contact, consents, entries, suppressions })
}
