//! What a batch of rows changes: decided before anything is written.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Draws},
    domain::{
        contact::{AddressState, Contact, Profile},
        id::ContactId,
    },
};

use super::{
    ContactRow, Fault, Note, PurposeOf, Reason, Reject, Remark, Tally,
    consents::{self, Act},
    grounds::Grounds,
    known::{Hashed, Known},
    seen::{self, Seen},
};

/// A contact as it will stand.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) contact: Contact,
    /// `None` for a contact that is not stored yet.
    pub(super) stored: Option<Profile>,
    /// Tags to add.
    pub(super) tags: Vec<String>,
}

impl Person {
    fn is_changed(&self) -> bool {
        self.stored.as_ref().is_some_and(|stored| *stored != self.contact.profile)
            || !self.tags.is_empty()
    }
}

/// What a batch changes and how it is told.
#[derive(Debug, Default)]
pub(super) struct Merged {
    pub(super) people: Vec<Person>,
    pub(super) acts: Vec<Act>,
    pub(super) tally: Tally,
    pub(super) rejects: Vec<Reject>,
    pub(super) notes: Vec<Note>,
}

impl Merged {
    pub(super) fn note(&mut self, line: u64, of: Option<&PurposeOf>, remark: Remark) {
        self.notes.push(Note { line, of: of.cloned(), remark });
    }
}

/// Goes through the rows of a batch in the order of the file.
pub(super) struct Merge<'a> {
    pub(super) app: &'a App,
    pub(super) grounds: &'a Grounds,
    pub(super) seen: &'a Seen,
    pub(super) known: &'a Known,
    pub(super) merged: Merged,
    now: DateTime<Utc>,
    draws: Draws,
    places: HashMap<[u8; 32], usize>,
    /// External ids that rows of this batch have, and whose they are.
    external_ids: HashMap<String, [u8; 32]>,
}

impl<'a> Merge<'a> {
    pub(super) fn new(
        app: &'a App,
        grounds: &'a Grounds,
        seen: &'a Seen,
        known: &'a Known,
    ) -> Self {
        Self {
            app,
            grounds,
            seen,
            known,
            merged: Merged::default(),
            now: app.now(),
            draws: app.entropy.draws(),
            places: HashMap::new(),
            external_ids: HashMap::new(),
        }
    }

    pub(super) fn run(mut self, rows: &[Hashed]) -> Merged {
        let mut claims = Vec::new();
        for (row, hash) in rows {
            let line = row.line;
            let faults = self.faults(row, hash);
            if !faults.is_empty() {
                self.merged.tally.rejected += 1;
                self.merged.rejects.push(Reject { line, faults });
                continue;
            }
            self.merged.tally.declined += row.declined.len() as u64;
            if let Some(remark) = self.reason_to_leave_out(hash) {
                match remark {
                    Remark::Erased => self.merged.tally.erased += 1,
                    _ => self.merged.tally.blocked += 1,
                }
                self.merged.tally.left_out += row.consents.len() as u64;
                self.merged.note(line, None, remark);
                continue;
            }
            let place = self.take(row, *hash);
            claims.extend(row.consents.iter().map(|claim| (place, line, claim)));
        }
        self.count();
        consents::decide(&mut self, claims);
        self.merged
    }

    /// What keeps a row from being taken that the file alone could not tell.
    fn faults(&self, row: &ContactRow, hash: &[u8; 32]) -> Vec<Fault> {
        let wrong = row.consents.iter().filter_map(|claim| self.grounds.check(claim).err());
        let taken = row.external_id.as_ref().filter(|id| self.is_anothers(id, hash));
        let mut faults: Vec<Fault> = Vec::new();
        for reason in wrong.chain(taken.map(|_| Reason::ExternalIdTaken)) {
            let fault = Fault { column: None, reason };
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        faults
    }

    fn is_anothers(&self, external_id: &str, hash: &[u8; 32]) -> bool {
        let own = self.known.contacts.get(hash).map(|contact| contact.id);
        let stored = self.known.owners.get(external_id);
        let given = self.external_ids.get(external_id);
        let promised = self.seen.owner(external_id);
        stored.is_some_and(|owner| Some(*owner) != own)
            || given.is_some_and(|owner| owner != hash)
            || promised.is_some_and(|owner| owner != seen::of_person(hash))
    }

    fn reason_to_leave_out(&self, hash: &[u8; 32]) -> Option<Remark> {
        let contact = self.known.contacts.get(hash);
        if contact.is_some_and(|contact| contact.blocked_reason.is_some()) {
            return Some(Remark::Blocked);
        }
        self.known.erased.contains(hash).then_some(Remark::Erased)
    }

    /// Merges a row with what is known of its person. Gives back the person's place.
    fn take(&mut self, row: &ContactRow, hash: [u8; 32]) -> usize {
        if let Some(external_id) = &row.external_id {
            self.external_ids.insert(external_id.clone(), hash);
        }
        let place = match self.places.get(&hash) {
            Some(place) => {
                self.merged.tally.repeated += 1;
                *place
            }
            None => self.add(row, hash),
        };
        let person = &mut self.merged.people[place];
        let contact = &mut person.contact;
        let told = profile(row);
        contact.profile = if contact.profile == Profile::default() {
            told
        } else {
            contact.profile.merged(&told)
        };
        for tag in &row.tags {
            let has = self.known.tags.contains(&(contact.id, tag.clone()));
            if !has && !person.tags.contains(tag) {
                person.tags.push(tag.clone());
            }
        }
        place
    }

    fn add(&mut self, row: &ContactRow, address_hash: [u8; 32]) -> usize {
        let stored = self.known.contacts.get(&address_hash);
        let person = Person {
            contact: stored.cloned().unwrap_or_else(|| Contact {
                id: ContactId(self.draws.uuid(self.now)),
                address: Some(row.address.clone()),
                address_hash,
                address_state: AddressState::Ok,
                profile: Profile::default(),
                blocked_reason: None,
            }),
            stored: stored.map(|contact| contact.profile.clone()),
            tags: Vec::new(),
        };
        let place = self.merged.people.len();
        self.places.insert(address_hash, place);
        self.merged.people.push(person);
        place
    }

    /// Counts each person once, by the first row of the file that has it.
    fn count(&mut self) {
        let tally = &mut self.merged.tally;
        for person in &self.merged.people {
            let print = seen::of_person(&person.contact.address_hash);
            if self.seen.people.contains(&print) {
                tally.repeated += 1;
            } else if person.stored.is_none() {
                tally.new += 1;
            } else if person.is_changed() {
                tally.updated += 1;
            } else {
                tally.unchanged += 1;
            }
        }
    }
}

fn profile(row: &ContactRow) -> Profile {
    Profile {
        name: row.name.clone(),
        given_name: row.given_name.clone(),
        family_name: row.family_name.clone(),
        patronymic: row.patronymic.clone(),
        language: row.language,
        attributes: row.attributes.clone(),
        external_id: row.external_id.clone(),
    }
}
