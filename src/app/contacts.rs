//! Deeds with one contact.

use crate::{
    app::{App, Error, Result},
    domain::{
        address::Address,
        contact::{AddressState, Contact, Profile},
        id::ContactId,
        suppression::Reason,
    },
    store::{self, Conn, Tx},
};

/// Characters of the reason for a block.
pub const REASON_CHARS_MAX: usize = 500;

/// How often a contact is tried that somebody else has just stored.
const TRIES_MAX: usize = 3;

/// What became of a contact.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upserted {
    /// It was not known.
    New(Contact),
    /// Something was learnt of it.
    Updated(Contact),
    /// Nothing was learnt of it.
    Unchanged(Contact),
}

/// Whether a block changed anything.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It did.
    Now,
    /// It stood like that before.
    Already,
}

/// Stores a contact, or adds to what is known of it: a value that `profile` has wins, one that it
/// lacks stays; tags are added. No consent comes of it.
///
/// # Errors
/// [`Error::Conflict`] when its processing is blocked, when the person had the data deleted, or
/// when the external id is another contact's; the database's.
pub async fn upsert(
    app: &App,
    address: &Address,
    profile: &Profile,
    tags: &[String],
) -> Result<Upserted> {
    for _ in 1..TRIES_MAX {
        match try_upsert(app, address, profile, tags).await {
            Err(Error::Store(error)) if error.is_unique_violation() => {}
            other => return other,
        }
    }
    try_upsert(app, address, profile, tags).await
}

async fn try_upsert(
    app: &App,
    address: &Address,
    profile: &Profile,
    tags: &[String],
) -> Result<Upserted> {
    let hash = app.address_hash(address);
    let mut tx = app.store.begin().await?;
    let stored = find(tx.conn(), hash).await?;
    refuse(app, &mut tx, hash, stored.as_ref(), profile).await?;
    let upserted = match stored {
        None => Upserted::New(insert(app, &mut tx, address, hash, profile).await?),
        Some(contact) => update(app, &mut tx, contact, profile, tags).await?,
    };
    let (Upserted::New(contact) | Upserted::Updated(contact) | Upserted::Unchanged(contact)) =
        &upserted;
    let tags: Vec<_> = tags.iter().map(|tag| (contact.id, tag.as_str())).collect();
    store::contact::add_tags(tx.conn(), &tags).await?;
    tx.commit().await?;
    Ok(upserted)
}

async fn refuse(
    app: &App,
    tx: &mut Tx,
    hash: [u8; 32],
    stored: Option<&Contact>,
    profile: &Profile,
) -> Result<()> {
    let conflict = |message: &str| Err(Error::Conflict(message.to_owned()));
    if stored.is_some_and(|contact| contact.blocked_reason.is_some()) {
        return conflict("processing of this contact is blocked");
    }
    let suppressions = store::suppression::among(tx.conn(), &[hash], app.now()).await?;
    if suppressions.iter().any(|entry| entry.reason == Reason::Erased) {
        return conflict("this person had the data deleted and is not stored again");
    }
    let Some(external_id) = profile.external_id.as_deref() else { return Ok(()) };
    let owners = store::contact::owners_of_external_ids(tx.conn(), &[external_id]).await?;
    if owners.iter().any(|(_, owner)| Some(*owner) != stored.map(|contact| contact.id)) {
        return conflict("the external id is that of a contact with another address");
    }
    Ok(())
}

async fn insert(
    app: &App,
    tx: &mut Tx,
    address: &Address,
    address_hash: [u8; 32],
    profile: &Profile,
) -> Result<Contact> {
    let now = app.now();
    let contact = Contact {
        id: ContactId(app.entropy.uuid(now)),
        address: Some(address.clone()),
        address_hash,
        address_state: AddressState::Ok,
        profile: profile.clone(),
        blocked_reason: None,
    };
    store::contact::insert(tx.conn(), &[&contact], now).await?;
    store::finding::insert(tx.conn(), &[&contact]).await?;
    Ok(contact)
}

async fn update(
    app: &App,
    tx: &mut Tx,
    mut contact: Contact,
    profile: &Profile,
    tags: &[String],
) -> Result<Upserted> {
    let known = store::contact::tags(tx.conn(), contact.id).await?;
    let merged = contact.profile.merged(profile);
    let learnt = merged != contact.profile;
    if learnt {
        store::contact::update_profile(tx.conn(), contact.id, &merged, app.now()).await?;
        contact.profile = merged;
        store::finding::replace(tx.conn(), &contact).await?;
    }
    if learnt || tags.iter().any(|tag| !known.contains(tag)) {
        return Ok(Upserted::Updated(contact));
    }
    Ok(Upserted::Unchanged(contact))
}

/// The living contact with this address.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn by_address(app: &App, address: &Address) -> Result<Contact> {
    let found = find(app.store.read().await?.conn(), app.address_hash(address)).await?;
    found.ok_or(Error::NotFound("contact with this address"))
}

async fn find(conn: Conn<'_>, hash: [u8; 32]) -> store::Result<Option<Contact>> {
    Ok(store::contact::find_by_hashes(conn, &[hash]).await?.pop())
}

/// Stops all processing of a contact (Law 94-V art. 24 and 25), mail on its way included. When this
/// returns, no message to it begins.
///
/// # Errors
/// [`Error::Invalid`] for a reason that is empty or longer than [`REASON_CHARS_MAX`];
/// [`Error::NotFound`]; the database's.
pub async fn block(app: &App, id: ContactId, reason: &str) -> Result<Changed> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
        let message = format!("say why in 1 to {REASON_CHARS_MAX} characters");
        return Err(Error::invalid("reason", message));
    }
    let mut tx = app.store.begin().await?;
    let contact = living(&mut tx, id).await?;
    if contact.blocked_reason.is_some() {
        return Ok(Changed::Already);
    }
    let now = app.now();
    store::contact::set_blocked(tx.conn(), id, Some(reason), now).await?;
    store::suppression::note_change(tx.conn(), &[(app.entropy.uuid(now), id)], now).await?;
    tx.commit().await?;
    app.permits.revoke(&[id]).await;
    Ok(Changed::Now)
}

/// Lets the processing of a contact go on. Consents stand where they stood.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub async fn unblock(app: &App, id: ContactId) -> Result<Changed> {
    let mut tx = app.store.begin().await?;
    let contact = living(&mut tx, id).await?;
    if contact.blocked_reason.is_none() {
        return Ok(Changed::Already);
    }
    store::contact::set_blocked(tx.conn(), id, None, app.now()).await?;
    tx.commit().await?;
    Ok(Changed::Now)
}

async fn living(tx: &mut Tx, id: ContactId) -> Result<Contact> {
    let contact = store::contact::find(tx.conn(), id).await?;
    contact.filter(|contact| contact.address.is_some()).ok_or(Error::NotFound("such contact"))
}
