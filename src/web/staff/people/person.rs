//! One person: profile, consents with their history, mail, notes, and what may be done.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use crate::{
    app::{
        catalogue,
        people::{self, EventTold, Mail, Person},
    },
    domain::{
        delivery::State as DeliveryState,
        id::{ContactId, DeliveryId},
        purpose::Purpose,
        staff::Right,
    },
    web::{
        Problem, WebState,
        staff::{
            Errors, Staff, render,
            telling::{Choice, Teller},
        },
    },
};

use super::told::{self, Badge};

/// Mail of a page.
const MAILS: usize = 25;

#[derive(Deserialize)]
pub(super) struct Place {
    before: Option<DeliveryId>,
}

/// What the page shows, with what somebody has just typed into one of its forms.
#[derive(Serialize)]
struct View {
    id: String,
    address: String,
    name: String,
    is_erased: bool,
    badges: Vec<Badge>,
    facts: Vec<(String, String)>,
    tags: Vec<String>,
    suppressions: Vec<(String, Option<String>)>,
    blocked_reason: Option<String>,
    consents: Vec<ConsentView>,
    history: Vec<EventView>,
    mails: Vec<MailView>,
    older: Option<String>,
    notes: Vec<NoteView>,
    purposes: Vec<Choice>,
    today: String,
    may_edit: bool,
    may_erase: bool,
    typed: BTreeMap<String, String>,
    errors: Errors,
}

#[derive(Serialize)]
struct ConsentView {
    title: String,
    key: String,
    standing: Badge,
    since: String,
    until: Option<String>,
    can_leave: bool,
}

#[derive(Serialize)]
struct EventView {
    seq: i64,
    title: String,
    state: String,
    when: String,
    recorded: Option<String>,
    actor: String,
    channel: String,
    policy: Option<i64>,
    wording: Option<String>,
    source: Option<String>,
    reason: Option<String>,
    import: Option<String>,
    line: Option<u64>,
    redacted: bool,
    hash: String,
}

#[derive(Serialize)]
struct MailView {
    campaign: String,
    campaign_id: String,
    state: Badge,
    reason: Option<String>,
    reply: Option<String>,
    when: String,
    attempts: i64,
}

#[derive(Serialize)]
struct NoteView {
    id: String,
    author: String,
    body: String,
    when: String,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ContactId>,
    Query(place): Query<Place>,
) -> Result<Response, Problem> {
    page(&state, &staff, id, place.before, (BTreeMap::new(), Errors::default())).await
}

/// The page, with what was typed into a form that is to be mended.
pub(super) async fn page(
    state: &WebState,
    staff: &Staff,
    id: ContactId,
    before: Option<DeliveryId>,
    (typed, errors): (BTreeMap<String, String>, Errors),
) -> Result<Response, Problem> {
    let app = state.app();
    let person = people::person(app, id).await?;
    let (mails, has_more) = people::mails(app, id, before, MAILS).await?;
    let purposes = catalogue::purposes(app).await?;
    let names = crate::app::staff::users::all(app).await?;
    let teller = Teller::to(staff, state);
    let contact = &person.contact;
    let author = |actor: &str| {
        let user = names.iter().find(|user| crate::app::staff::actor(user.id) == actor);
        user.map_or_else(|| actor.to_owned(), |user| user.name.clone())
    };
    let view = View {
        id: id.to_string(),
        address: told::address(contact),
        name: told::full_name(&contact.profile),
        is_erased: contact.address.is_none(),
        badges: told::badges(&teller, contact, !person.suppressions.is_empty()),
        facts: facts(&teller, &person),
        suppressions: person
            .suppressions
            .iter()
            .map(|one| {
                let reason = teller.word("people-suppression", one.reason.as_str());
                (reason, one.ends_at.map(|end| teller.time(end)))
            })
            .collect(),
        blocked_reason: contact.blocked_reason.clone(),
        consents: consents(&teller, &purposes, &person, app.now()),
        history: person.history.iter().rev().map(|one| event(&teller, &purposes, one)).collect(),
        older: mails.last().filter(|_| has_more).map(|last| last.id.to_string()),
        mails: mails.into_iter().map(|one| mail(&teller, one)).collect(),
        notes: person
            .notes
            .iter()
            .map(|note| NoteView {
                id: note.id.to_string(),
                author: author(&note.author),
                body: note.body.clone(),
                when: teller.time(note.created_at),
            })
            .collect(),
        purposes: super::list::purpose_choices(&teller, &purposes, ""),
        today: teller.day(app.now()),
        may_edit: staff.may(Right::EditPeople) && contact.address.is_some(),
        may_erase: staff.may(Right::Erase) && contact.address.is_some(),
        tags: person.tags,
        typed,
        errors,
    };
    render(state, staff, "staff/people/person", "people-person-title", &view)
}

fn facts(teller: &Teller, person: &Person) -> Vec<(String, String)> {
    let profile = &person.contact.profile;
    let language = profile.language.map(|one| teller.word("people-language", one.as_str()));
    let known = [
        ("name", profile.name.clone()),
        ("given_name", profile.given_name.clone()),
        ("family_name", profile.family_name.clone()),
        ("patronymic", profile.patronymic.clone()),
        ("language", language),
        ("external_id", profile.external_id.clone()),
    ];
    let known = known
        .into_iter()
        .filter_map(|(key, value)| Some((teller.word("people-field", key), value?)));
    let attributes = profile.attributes.iter().map(|(key, value)| (key.clone(), value.clone()));
    known.chain(attributes).collect()
}

fn consents(
    teller: &Teller,
    purposes: &[Purpose],
    person: &Person,
    now: chrono::DateTime<chrono::Utc>,
) -> Vec<ConsentView> {
    let view = |one: &crate::store::consent::Consent| ConsentView {
        title: told::purpose(teller, purposes, one),
        key: format!("{}:{}", one.purpose, one.party.as_str()),
        standing: told::standing(teller, &one.standing, now),
        since: teller.time(one.standing.since),
        until: one.standing.valid_until.map(|until| teller.day(until)),
        can_leave: one.standing.state != crate::domain::consent::State::Withdrawn
            && person.contact.address.is_some(),
    };
    person.consents.iter().map(view).collect()
}

fn event(teller: &Teller, purposes: &[Purpose], told: &EventTold) -> EventView {
    let event = &told.entry.event;
    let evidence = told.evidence.as_ref();
    let late = event.recorded_at != event.occurred_at;
    EventView {
        seq: told.entry.seq,
        title: told::title(teller, purposes, event.purpose.as_str(), event.party.as_str()),
        state: teller.word("people-consent", event.state.as_str()),
        when: teller.time(event.occurred_at),
        recorded: late.then(|| teller.time(event.recorded_at)),
        actor: teller.word("people-actor", event.actor.as_str()),
        channel: teller.word("people-channel", event.channel.as_str()),
        policy: told.policy_number,
        wording: told.wording.clone(),
        source: evidence.map(|one| one.source.clone()),
        reason: evidence.and_then(|one| one.reason.clone()),
        import: evidence.and_then(|one| one.import_id).map(|id| id.to_string()),
        line: evidence.and_then(|one| one.import_line),
        redacted: evidence.is_none(),
        hash: data_encoding::HEXLOWER.encode(&told.entry.hash[..8]),
    }
}

fn mail(teller: &Teller, mail: Mail) -> MailView {
    let class = match mail.state {
        DeliveryState::Sent => "good",
        DeliveryState::Failed => "bad",
        DeliveryState::Skipped | DeliveryState::Uncertain => "warn",
        _ => "info",
    };
    MailView {
        campaign: mail.campaign,
        campaign_id: mail.campaign_id.to_string(),
        state: Badge { text: teller.word("people-delivery", mail.state.as_str()), class },
        reason: mail.reason.map(|reason| teller.word("people-reason", &reason)),
        reply: mail.reply,
        when: teller.time(mail.state_since),
        attempts: mail.attempts,
    }
}
