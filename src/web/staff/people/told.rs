//! People and consents in the reader's words.

use serde::Serialize;

use crate::{
    app::people::Row,
    domain::{
        consent::{Standing, State},
        contact::{AddressState, Contact, Profile},
        purpose::Purpose,
    },
    store::consent::Consent,
    web::staff::telling::Teller,
};

/// A word about how something stands, with its colour.
#[derive(Serialize)]
pub(super) struct Badge {
    pub(super) text: String,
    pub(super) class: &'static str,
}

/// A line of the list.
#[derive(Serialize)]
pub(super) struct Line {
    id: String,
    address: String,
    name: String,
    language: String,
    tags: Vec<String>,
    consents: Vec<Badge>,
    badges: Vec<Badge>,
    since: String,
}

pub(super) fn line(teller: &Teller, purposes: &[Purpose], row: &Row) -> Line {
    let contact = &row.contact;
    let consents = row.consents.iter();
    Line {
        id: contact.id.to_string(),
        address: address(contact),
        name: full_name(&contact.profile),
        language: contact.profile.language.map(String::from).unwrap_or_default(),
        tags: row.tags.clone(),
        consents: consents
            .filter(|one| one.standing.state.permits_sending())
            .map(|one| Badge { text: purpose(teller, purposes, one), class: "good" })
            .collect(),
        badges: badges(teller, contact, row.is_suppressed),
        since: teller.day(row.created_at),
    }
}

pub(super) fn address(contact: &Contact) -> String {
    contact.address.as_ref().map_or_else(String::new, |address| address.as_str().to_owned())
}

pub(in crate::web::staff) fn full_name(profile: &Profile) -> String {
    profile.name.clone().unwrap_or_else(|| {
        let parts = [&profile.family_name, &profile.given_name, &profile.patronymic];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    })
}

pub(super) fn badges(teller: &Teller, contact: &Contact, is_suppressed: bool) -> Vec<Badge> {
    let mut badges = Vec::new();
    if contact.address_state != AddressState::Ok {
        let text = teller.word("people-address", contact.address_state.as_str());
        badges.push(Badge { text, class: "bad" });
    }
    if contact.blocked_reason.is_some() {
        badges.push(Badge { text: teller.sentence("people-blocked"), class: "bad" });
    }
    if is_suppressed {
        badges.push(Badge { text: teller.sentence("people-suppressed"), class: "warn" });
    }
    badges
}

/// A purpose's title, with the party if that is a partner.
pub(super) fn purpose(teller: &Teller, purposes: &[Purpose], one: &Consent) -> String {
    title(teller, purposes, one.purpose.as_str(), one.party.as_str())
}

pub(in crate::web::staff) fn title(
    teller: &Teller,
    purposes: &[Purpose],
    purpose: &str,
    party: &str,
) -> String {
    let known = purposes.iter().find(|one| one.key.as_str() == purpose);
    let title = known.map_or_else(|| purpose.to_owned(), |one| teller.titled(&one.titles, purpose));
    if party == "institution" { title } else { format!("{title} · {party}") }
}

/// Where a consent stands now, its end included.
pub(super) fn standing(
    teller: &Teller,
    standing: &Standing,
    now: chrono::DateTime<chrono::Utc>,
) -> Badge {
    let is_over =
        standing.state.permits_sending() && standing.valid_until.is_some_and(|until| until <= now);
    let state = if is_over { State::Expired } else { standing.state };
    let class = match state {
        State::Given | State::Renewed => "good",
        State::Withdrawn | State::Refused => "bad",
        State::NeedsReconfirmation | State::Expired | State::Requested => "warn",
        State::Invalidated | State::Terminated => "",
    };
    Badge { text: teller.word("people-consent", state.as_str()), class }
}
