//! Writes what a batch changes, in one transaction.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::future;

use crate::{
    app::{
        App, Result,
        consent::{Links, NewEvent, record},
    },
    domain::{
        consent::{Actor, Channel, Evidence, State, WordingPin, term_end},
        contact::{Contact, Profile},
        id::{ContactId, ImportId, WordingId},
        language::Language,
        ledger::sha256,
    },
    store::{self, Conn, Tx, consent::Consent},
};

use super::{
    consents::Act,
    grounds::{Grounds, Wording},
    known::Known,
    merge::{Merged, Person},
};

/// Wordings that a transaction has stored or found.
type Wordings = HashMap<Wording, WordingPin>;

/// What is to be written.
pub(super) struct Batch<'a> {
    pub(super) app: &'a App,
    pub(super) grounds: &'a Grounds,
    pub(super) import: ImportId,
    /// Number and hash of the ledger's last event, whose head is locked.
    pub(super) end: (i64, [u8; 32]),
    pub(super) merged: &'a Merged,
}

impl Batch<'_> {
    /// Writes people, tags and consents. Gives back the wordings to remember after the commit.
    pub(super) async fn write(&self, tx: &mut Tx, known: &Known) -> Result<Wordings> {
        let Self { app, grounds, merged, .. } = *self;
        let wordings = wordings(app, tx.conn(), grounds, merged).await?;
        let consents = touched(merged).filter_map(|id| known.consents.get(&id));
        let consents: Vec<Consent> = consents.flatten().cloned().collect();
        // While the database writes the people, the events are chained: a sixth of the time.
        let ids: Vec<ContactId> = merged.people.iter().map(|one| one.contact.id).collect();
        let people = async {
            write_people(app, tx, &merged.people).await?;
            store::contact::note_import(tx.conn(), self.import, &ids).await?;
            Result::<()>::Ok(())
        };
        let links = async {
            let events = merged.acts.iter().flat_map(|act| self.events(act, &wordings)).collect();
            Links::chained(app, self.end, &consents, events)
        };
        let (people, links) = future::join(people, links).await;
        people?;
        record(tx.conn(), &consents, &links).await?;
        Ok(wordings)
    }

    /// The consent, and that it waits if the policy has changed since.
    fn events(&self, act: &Act, wordings: &Wordings) -> impl Iterator<Item = NewEvent> + use<> {
        let given = self.given(act, wordings);
        let waits = act.waits_since.map(|since| waits(&given, since));
        std::iter::once(given).chain(waits)
    }

    fn given(&self, act: &Act, wordings: &Wordings) -> NewEvent {
        let contact = &self.merged.people[act.place].contact;
        let languages = languages(self.app, self.merged, act);
        let number = act.evidence.policy_version;
        let edition = number.and_then(|number| self.grounds.editions.pin(number, &languages));
        let wording = wording(self.app, self.merged, act).map(|(_, wording)| wording);
        let pin = wording.and_then(|wording| wordings.get(&wording).copied());
        let given_at = act.evidence.given_at;
        NewEvent {
            contact_id: contact.id,
            address_hash: contact.address_hash,
            purpose: act.ground.purpose.clone(),
            party: act.ground.party.clone(),
            state: act.state,
            occurred_at: given_at,
            actor: Actor::Subject,
            channel: Channel::Import,
            policy: edition.map(|(pin, _)| pin),
            wording: pin,
            language: wording.map(|(_, read)| read).or(edition.map(|(_, read)| read)),
            valid_until: Some(term_end(given_at, act.ground.term_months)),
            evidence: Evidence {
                source: act.evidence.source.clone(),
                subject_name: full_name(&contact.profile),
                import_id: Some(self.import.0),
                import_line: Some(act.line),
                ..Evidence::default()
            },
        }
    }
}

/// The contacts that get events, each once.
fn touched(merged: &Merged) -> impl Iterator<Item = ContactId> {
    let mut ids: Vec<ContactId> =
        merged.acts.iter().map(|act| merged.people[act.place].contact.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
}

async fn write_people(app: &App, tx: &mut Tx, people: &[Person]) -> Result<()> {
    let now = app.now();
    let new: Vec<&Contact> =
        people.iter().filter(|one| one.stored.is_none()).map(|one| &one.contact).collect();
    store::contact::insert(tx.conn(), &new, now).await?;
    store::finding::insert(tx.conn(), &new).await?;
    for Person { contact, stored, .. } in people {
        if stored.as_ref().is_some_and(|stored| *stored != contact.profile) {
            store::contact::update_profile(tx.conn(), contact.id, &contact.profile, now).await?;
            store::finding::replace(tx.conn(), contact).await?;
        }
    }
    let tags: Vec<(ContactId, &str)> = people
        .iter()
        .flat_map(|one| one.tags.iter().map(|tag| (one.contact.id, tag.as_str())))
        .collect();
    store::contact::add_tags(tx.conn(), &tags).await?;
    Ok(())
}

/// Finds or stores the wordings that consents of this batch were given to.
async fn wordings(
    app: &App,
    mut conn: Conn<'_>,
    grounds: &Grounds,
    merged: &Merged,
) -> Result<Wordings> {
    let mut found = Wordings::new();
    for act in &merged.acts {
        let Some((text, wording)) = wording(app, merged, act) else { continue };
        if found.contains_key(&wording) {
            continue;
        }
        let pin = match grounds.wording(&wording) {
            Some(pin) => pin,
            None => stored(app, conn.again(), &wording, text).await?,
        };
        found.insert(wording, pin);
    }
    Ok(found)
}

/// The wording as it is stored, or newly so.
async fn stored(
    app: &App,
    mut conn: Conn<'_>,
    (hash, language): &Wording,
    text: &str,
) -> Result<WordingPin> {
    if let Some(pin) = store::policy::find_wording(conn.again(), hash, *language).await? {
        return Ok(pin);
    }
    let now = app.now();
    let pin = WordingPin { id: WordingId(app.entropy.uuid(now)), sha256: *hash };
    store::policy::insert_wording(conn, pin, *language, text, now).await?;
    Ok(pin)
}

fn wording<'a>(app: &App, merged: &Merged, act: &'a Act) -> Option<(&'a str, Wording)> {
    let text = act.evidence.wording.as_deref()?;
    let language = *languages(app, merged, act).first()?;
    Some((text, (sha256(text.as_bytes()), language)))
}

/// The languages in which the person may have read, likeliest first: as the file says, the
/// person's own, the institution's.
fn languages(app: &App, merged: &Merged, act: &Act) -> Vec<Language> {
    let own = merged.people[act.place].contact.profile.language;
    let told = [act.evidence.language, own, Some(app.institution.default_language())];
    told.into_iter().flatten().collect()
}

fn waits(given: &NewEvent, since: DateTime<Utc>) -> NewEvent {
    NewEvent {
        state: State::NeedsReconfirmation,
        occurred_at: since.max(given.occurred_at),
        actor: Actor::System,
        policy: None,
        wording: None,
        language: None,
        valid_until: None,
        evidence: Evidence {
            source: "material change of the privacy policy".to_owned(),
            import_id: given.evidence.import_id,
            ..Evidence::default()
        },
        ..given.clone()
    }
}

fn full_name(profile: &Profile) -> Option<String> {
    profile.name.clone().or_else(|| {
        let parts = [&profile.family_name, &profile.given_name, &profile.patronymic];
        let parts: Vec<&str> = parts.into_iter().filter_map(Option::as_deref).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    })
}
