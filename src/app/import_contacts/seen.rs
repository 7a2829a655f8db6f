//! What a run remembers of the rows it has read: by eight octets of a keyed hash each, some 20 octets
//! of memory per person, and in a dry run 80.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::{
    PurposeOf,
    merge::{Merged, Person},
};

/// Eight octets that stand for a person, an external id or a consent in one run.
type Print = u64;

/// The rows of earlier batches.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) people: HashSet<Print>,
    /// Whose external ids are that a dry run would have stored.
    external_ids: HashMap<Print, Print>,
    /// When consents were given that a dry run would have recorded.
    consents: HashMap<Print, DateTime<Utc>>,
}

impl Seen {
    pub(super) fn owner(&self, external_id: &str) -> Option<Print> {
        if self.external_ids.is_empty() {
            return None;
        }
        self.external_ids.get(&of_text(&[external_id.as_bytes()])).copied()
    }

    pub(super) fn given_at(
        &self,
        address_hash: &[u8; 32],
        of: &PurposeOf,
    ) -> Option<DateTime<Utc>> {
        if self.consents.is_empty() {
            return None;
        }
        self.consents.get(&of_consent(address_hash, of)).copied()
    }

    /// Remembers the people of a batch.
    pub(super) fn remember(&mut self, merged: &Merged) {
        let people = merged.people.iter().map(|person| of_person(&person.contact.address_hash));
        self.people.extend(people);
    }

    /// Remembers what a dry run did not store.
    pub(super) fn remember_unwritten(&mut self, merged: &Merged) {
        for Person { contact, .. } in &merged.people {
            if let Some(external_id) = &contact.profile.external_id {
                let owner = of_person(&contact.address_hash);
                self.external_ids.insert(of_text(&[external_id.as_bytes()]), owner);
            }
        }
        for act in &merged.acts {
            let address_hash = &merged.people[act.place].contact.address_hash;
            let of = of_consent(address_hash, &act.of);
            self.consents.insert(of, act.evidence.given_at);
        }
    }
}

/// The print of a person: the hash of the address is random already.
pub(super) fn of_person(address_hash: &[u8; 32]) -> Print {
    let mut print = [0; 8];
    print.copy_from_slice(&address_hash[..8]);
    Print::from_be_bytes(print)
}

/// The print of what a person has: an external id, a consent.
fn of_text(parts: &[&[u8]]) -> Print {
    of_person(&crate::domain::ledger::sha256(&parts.join(&0)))
}

/// The print of a consent.
fn of_consent(address_hash: &[u8; 32], of: &PurposeOf) -> Print {
    of_text(&[address_hash, of.purpose.as_bytes(), of.party.as_bytes()])
}
