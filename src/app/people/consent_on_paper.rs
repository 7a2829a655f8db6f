//! A consent that a person gave on paper, entered by staff.

use chrono::{DateTime, Utc};

use crate::{
    app::{
        App, Error, Problem, Result,
        catalogue::purpose_and_party,
        consent::{NewEvent, append},
        policy::Editions,
    },
    domain::{
        consent::{Actor, Channel, Evidence, State, WordingPin, term_end},
        contact::Contact,
        forbidden,
        id::{ContactId, WordingId},
        language::Language,
        ledger::sha256,
        party::PartyKey,
        purpose::{Behalf, PurposeKey},
    },
    store::{self, Tx, consent::Consent},
};

/// Characters of the source and of the wording.
const SOURCE_CHARS_MAX: usize = 200;
const WORDING_CHARS_MAX: usize = 5_000;

/// What the paper says.
#[derive(Debug, Clone)]
pub struct OnPaper {
    /// Who signed.
    pub contact_id: ContactId,
    /// For what.
    pub purpose: PurposeKey,
    /// On whose behalf.
    pub party: PartyKey,
    /// The proof.
    pub details: PaperDetails,
}

/// What proves it.
#[derive(Debug, Clone)]
pub struct PaperDetails {
    /// Which paper, and where it is kept.
    pub source: String,
    /// When it was signed.
    pub given_at: DateTime<Utc>,
    /// The number of the policy edition that the person saw.
    pub policy_version: Option<u32>,
    /// The words on the paper.
    pub wording: Option<String>,
    /// The language of those.
    pub language: Option<Language>,
}

/// Records the consent. It is an act of the person, and revives a withdrawal only when the paper is
/// later than that.
///
/// # Errors
/// [`Error::Invalid`] for evidence that lacks something or holds data that nobody may keep, for a
/// time in the future, for a purpose and party that do not go together; [`Error::Conflict`] when
/// the person left at the same time or later, or is blocked; [`Error::NotFound`]; the database's.
pub async fn record_paper(app: &App, paper: &OnPaper) -> Result<Consent> {
    let problems = problems(&paper.details, app.now());
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut tx = app.store.begin().await?;
    // First, so that what is read next cannot be changed by another deed about the same person.
    store::ledger::lock_head(tx.conn()).await?;
    let contact = living(&mut tx, paper.contact_id).await?;
    let (purpose, party) = purpose_and_party(tx.conn(), &paper.purpose, &paper.party).await?;
    if (purpose.behalf == Behalf::Partner) == party.key.is_institution() {
        return Err(Error::invalid("party", "this purpose is on behalf of somebody else"));
    }
    let known = store::consent::of_contacts(tx.conn(), &[contact.id]).await?;
    let stands = known.iter().find(|one| one.purpose == paper.purpose && one.party == paper.party);
    refuse_older(stands, paper.details.given_at)?;
    let state = if stands.is_some() { State::Renewed } else { State::Given };
    let events = events(app, &mut tx, &contact, paper, (state, purpose.term_months)).await?;
    let standing = append(app, tx.conn(), &known, events).await?;
    tx.commit().await?;
    standing.into_iter().next().ok_or(Error::NotFound("such consent"))
}

fn problems(paper: &PaperDetails, now: DateTime<Utc>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let source = paper.source.trim();
    if source.is_empty() || source.chars().count() > SOURCE_CHARS_MAX {
        let message = format!("say which paper in 1 to {SOURCE_CHARS_MAX} characters");
        problems.push(Problem::at("source", message));
    }
    if paper.given_at > now {
        problems.push(Problem::at("given_at", "is in the future"));
    }
    let wording = paper.wording.as_deref().unwrap_or_default();
    if wording.is_empty() && paper.policy_version.is_none() {
        let message = "say which edition of the policy the person saw, or the words on the paper";
        problems.push(Problem::at("policy_version", message));
    }
    if wording.chars().count() > WORDING_CHARS_MAX {
        let message = format!("is longer than {WORDING_CHARS_MAX} characters");
        problems.push(Problem::at("wording", message));
    }
    for (place, text) in [("source", source), ("wording", wording)] {
        if let Some(kind) = forbidden::find_in(text) {
            problems.push(Problem::at(place, format!("holds {kind}, which may not be kept")));
        }
    }
    problems
}

async fn living(tx: &mut Tx, id: ContactId) -> Result<Contact> {
    let contact = store::contact::find(tx.conn(), id).await?;
    let contact =
        contact.filter(|one| one.address.is_some()).ok_or(Error::NotFound("such contact"))?;
    if contact.blocked_reason.is_some() {
        return Err(Error::Conflict("processing of this contact is blocked".to_owned()));
    }
    Ok(contact)
}

fn refuse_older(stands: Option<&Consent>, given_at: DateTime<Utc>) -> Result<()> {
    match stands.map(|one| (one.standing.state, one.standing.since)) {
        Some((State::Withdrawn | State::Refused, since)) if given_at <= since => {
            Err(Error::Conflict("the person left later than the paper was signed".to_owned()))
        }
        Some((_, since)) if given_at <= since => {
            Err(Error::Conflict("this or a later act is recorded already".to_owned()))
        }
        _ => Ok(()),
    }
}

/// The consent, and that it waits if the policy has changed materially since.
async fn events(
    app: &App,
    tx: &mut Tx,
    contact: &Contact,
    paper: &OnPaper,
    (state, term_months): (State, i64),
) -> Result<Vec<NewEvent>> {
    let details = &paper.details;
    let editions = Editions::load(tx.conn()).await?;
    let own = contact.profile.language;
    let languages: Vec<Language> =
        [details.language, own, Some(app.institution.default_language())]
            .into_iter()
            .flatten()
            .collect();
    let edition =
        match details.policy_version {
            Some(number) => Some(editions.pin(number, &languages).ok_or_else(|| {
                Error::invalid("policy_version", "no such edition was published")
            })?),
            None => None,
        };
    let wording = match details.wording.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => Some(pin_wording(app, tx, text, languages[0]).await?),
        None => None,
    };
    let given = NewEvent {
        contact_id: contact.id,
        address_hash: contact.address_hash,
        purpose: paper.purpose.clone(),
        party: paper.party.clone(),
        state,
        occurred_at: details.given_at,
        actor: Actor::Subject,
        channel: Channel::Staff,
        policy: edition.map(|(pin, _)| pin),
        wording,
        language: wording.map(|_| languages[0]).or(edition.map(|(_, read)| read)),
        valid_until: Some(term_end(details.given_at, term_months)),
        evidence: Evidence {
            source: details.source.trim().to_owned(),
            subject_name: contact.profile.name.clone(),
            ..Evidence::default()
        },
    };
    let changed = editions.changed_after(details.policy_version, details.given_at);
    let waits = changed.map(|since| waits(&given, since));
    Ok(std::iter::once(given).chain(waits).collect())
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
            ..Evidence::default()
        },
        ..given.clone()
    }
}

async fn pin_wording(app: &App, tx: &mut Tx, text: &str, language: Language) -> Result<WordingPin> {
    let hash = sha256(text.as_bytes());
    if let Some(pin) = store::policy::find_wording(tx.conn(), &hash, language).await? {
        return Ok(pin);
    }
    let now = app.now();
    let pin = WordingPin { id: WordingId(app.entropy.uuid(now)), sha256: hash };
    store::policy::insert_wording(tx.conn(), pin, language, text, now).await?;
    Ok(pin)
}
