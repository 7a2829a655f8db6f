//! Derives where consents stand from the ledger again.

use std::collections::{BTreeSet, HashMap};

use crate::{
    app::{App, Result},
    domain::id::{ConsentId, ContactId},
    store::{self, Tx, consent::Consent},
};

use super::verify::{PAGE, derive};

/// Derives where every consent stands from the ledger again and writes it, in bounded transactions;
/// consents without any event are removed. How many consents there are then.
///
/// # Errors
/// The database's.
pub async fn rebuild(app: &App) -> Result<i64> {
    let (mut after, mut n) = (None, 0);
    loop {
        let mut tx = app.store.begin().await?;
        // Nobody adds an event between the reading and the writing.
        store::ledger::lock_head(tx.conn()).await?;
        let contacts = store::ledger::contacts_after(tx.conn(), after, PAGE).await?;
        let Some(last) = contacts.last() else { break };
        after = Some(*last);
        let derived: Vec<Consent> = derive(tx.conn(), &contacts).await?.into_values().collect();
        let changed = replace(app, &mut tx, &contacts, &derived).await?;
        tx.commit().await?;
        app.permits.revoke(&changed).await;
        n += i64::try_from(derived.len()).unwrap_or_default();
    }
    let mut tx = app.store.begin().await?;
    let owners = store::consent::remove_invented(tx.conn()).await?;
    note(app, &mut tx, &owners).await?;
    tx.commit().await?;
    app.permits.revoke(&owners).await;
    Ok(n)
}

/// Replaces the consents of a page where they differ. Whose did.
async fn replace(
    app: &App,
    tx: &mut Tx,
    contacts: &[ContactId],
    derived: &[Consent],
) -> Result<Vec<ContactId>> {
    let stored = store::consent::of_contacts(tx.conn(), contacts).await?;
    let by_id = |consents: &[Consent]| -> HashMap<ConsentId, Consent> {
        consents.iter().map(|one| (one.id, one.clone())).collect()
    };
    let (old, new) = (by_id(&stored), by_id(derived));
    let wrong = stored.iter().filter(|one| new.get(&one.id) != Some(one));
    let missing = derived.iter().filter(|one| old.get(&one.id) != Some(one));
    let changed: BTreeSet<ContactId> = wrong.chain(missing).map(|one| one.contact_id).collect();
    if changed.is_empty() {
        return Ok(Vec::new());
    }
    let right: Vec<Consent> =
        derived.iter().filter(|one| changed.contains(&one.contact_id)).cloned().collect();
    let ids: Vec<ConsentId> = right.iter().map(|one| one.id).collect();
    let changed: Vec<ContactId> = changed.into_iter().collect();
    store::consent::remove(tx.conn(), &changed, &ids).await?;
    store::consent::upsert(tx.conn(), &right).await?;
    note(app, tx, &changed).await?;
    Ok(changed)
}

async fn note(app: &App, tx: &mut Tx, contacts: &[ContactId]) -> Result<()> {
    let now = app.now();
    let notices: Vec<_> = contacts.iter().map(|id| (app.entropy.uuid(now), *id)).collect();
    Ok(store::suppression::note_change(tx.conn(), &notices, now).await?)
}
