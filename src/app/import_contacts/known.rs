//! What is stored of the people in a batch, before anything of it is written.

use std::collections::{HashMap, HashSet};

use crate::{
    app::App,
    domain::{contact::Contact, id::ContactId, suppression::Reason},
    store::{self, Conn, consent::Consent},
};

use super::ContactRow;

/// A row with the hash of its address.
pub(super) type Hashed = (ContactRow, [u8; 32]);

/// What is stored.
#[derive(Debug, Default)]
pub(super) struct Known {
    pub(super) contacts: HashMap<[u8; 32], Contact>,
    pub(super) tags: HashSet<(ContactId, String)>,
    pub(super) owners: HashMap<String, ContactId>,
    pub(super) suppressed: HashSet<[u8; 32]>,
    pub(super) erased: HashSet<[u8; 32]>,
    pub(super) consents: HashMap<ContactId, Vec<Consent>>,
}

impl Known {
    pub(super) async fn load(
        app: &App,
        mut conn: Conn<'_>,
        rows: &[Hashed],
    ) -> store::Result<Self> {
        let hashes: Vec<[u8; 32]> =
            rows.iter().map(|(_, hash)| *hash).collect::<HashSet<_>>().into_iter().collect();
        let mut known = Self::default();
        for contact in store::contact::find_by_hashes(conn.again(), &hashes).await? {
            known.contacts.insert(contact.address_hash, contact);
        }
        for entry in store::suppression::among(conn.again(), &hashes, app.now()).await? {
            if entry.reason == Reason::Erased {
                known.erased.insert(entry.address_hash);
            }
            known.suppressed.insert(entry.address_hash);
        }
        known.load_owners(conn.again(), rows).await?;
        let ids: Vec<ContactId> = known.contacts.values().map(|contact| contact.id).collect();
        if !ids.is_empty() {
            known.load_of_contacts(conn, &ids).await?;
        }
        Ok(known)
    }

    async fn load_owners(&mut self, conn: Conn<'_>, rows: &[Hashed]) -> store::Result<()> {
        let external_ids: Vec<&str> =
            rows.iter().filter_map(|(row, _)| row.external_id.as_deref()).collect();
        if !external_ids.is_empty() {
            let owners = store::contact::owners_of_external_ids(conn, &external_ids).await?;
            self.owners = owners.into_iter().collect();
        }
        Ok(())
    }

    async fn load_of_contacts(
        &mut self,
        mut conn: Conn<'_>,
        ids: &[ContactId],
    ) -> store::Result<()> {
        self.tags = store::contact::tags_of(conn.again(), ids).await?.into_iter().collect();
        for consent in store::consent::of_contacts(conn, ids).await? {
            self.consents.entry(consent.contact_id).or_default().push(consent);
        }
        Ok(())
    }
}
