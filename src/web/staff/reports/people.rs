//! The people behind a number.

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use chrono::DateTime;
use serde::{Deserialize, Serialize};

use crate::{
    app::figures::{self, PEOPLE_PER_PAGE, Person},
    domain::{delivery::State as Delivered, id::CampaignId, staff::Right},
    store::figure::{Filter, Place},
    web::{Problem, WebState},
};

use super::{
    super::{Staff, render, tell::Tell},
    campaign_id, people_query,
};

/// Whom a page lists, as its address says it.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    state: Option<String>,
    reason: Option<String>,
    domain: Option<String>,
    language: Option<String>,
    after: Option<String>,
}

impl Wanted {
    pub(super) fn filter(&self) -> Result<Filter, Problem> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let state = given(&self.state)
            .map(|word| word.parse::<Delivered>())
            .transpose()
            .map_err(|_| Problem::of(axum::http::StatusCode::NOT_FOUND))?;
        let (reason, domain) = (given(&self.reason), given(&self.domain));
        Ok(Filter { state, reason, domain, language: self.language.clone() })
    }

    fn query(&self) -> String {
        let given = |text: &'_ Option<String>| text.clone().filter(|text| !text.is_empty());
        people_query(
            given(&self.state).as_deref(),
            given(&self.reason).as_deref(),
            given(&self.domain).as_deref(),
            self.language.as_deref(),
        )
    }
}

#[derive(Serialize)]
struct Page {
    id: CampaignId,
    name: String,
    who: Vec<String>,
    people: Vec<PersonView>,
    next: Option<String>,
    is_masked: bool,
    may_export: bool,
    query: String,
}

#[derive(Serialize)]
struct PersonView {
    url: Option<String>,
    address: String,
    name: Option<String>,
    state: String,
    tone: &'static str,
    reason: Option<String>,
    at: String,
    attempts: i64,
    reply: Option<String>,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let id = campaign_id(&id)?;
    let tell = Tell::to(&staff, &state);
    let filter = wanted.filter()?;
    let place = wanted.after.as_deref().and_then(read_place);
    let found = figures::people(state.app(), id, &filter, place.as_ref(), PEOPLE_PER_PAGE).await?;
    let campaign = figures::live(state.app(), id).await?.campaign;
    let query = wanted.query();
    let joint = if query.is_empty() { '?' } else { '&' };
    let next = found
        .next
        .as_ref()
        .map(|place| format!("/campaigns/{id}/people{query}{joint}after={}", write_place(place)));
    let sees = staff.may(Right::SeePeople);
    let page = Page {
        id,
        name: campaign.name,
        who: who(tell, &filter),
        people: found.people.into_iter().map(|one| person(tell, one, sees)).collect(),
        next,
        is_masked: !sees,
        may_export: staff.may(Right::Export),
        query,
    };
    render(&state, &staff, "staff/reports/people", "reports-people-title", &page)
}

/// The filter in words.
fn who(tell: Tell, filter: &Filter) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(filter.state.map(|state| tell.state(state)));
    words.extend(filter.reason.as_deref().map(|word| tell.reason(word)));
    words.extend(filter.domain.clone());
    words.extend(filter.language.as_deref().map(|code| match code {
        "" => tell.sentence("reports-no-language"),
        "kk" | "ru" | "en" => tell.sentence(&format!("reports-language-{code}")),
        other => other.to_owned(),
    }));
    words
}

/// Who may not see people sees the first letter; what a server answered may name them, too.
fn person(tell: Tell, one: Person, sees: bool) -> PersonView {
    let Person { listed, reply } = one;
    let address = match &listed.address {
        None => tell.sentence("reports-erased"),
        Some(address) if sees => address.as_str().to_owned(),
        Some(address) => address.masked(),
    };
    let reply = reply.filter(|_| sees && listed.state != Delivered::Sent).map(|(code, text)| {
        let code = code.map(|code| format!("{code} ")).unwrap_or_default();
        format!("{code}{}", text.unwrap_or_default())
    });
    PersonView {
        url: sees.then(|| format!("/contacts/{}", listed.contact_id)),
        address,
        name: listed.name.filter(|_| sees),
        state: tell.state(listed.state),
        tone: match listed.state {
            Delivered::Sent => "good",
            Delivered::Failed => "bad",
            Delivered::Uncertain => "warn",
            _ => "",
        },
        reason: listed.reason.as_deref().map(|word| tell.reason(word)),
        at: tell.time(listed.since),
        attempts: listed.attempts,
        reply: reply.filter(|text| !text.trim().is_empty()),
    }
}

fn write_place(place: &Place) -> String {
    match place {
        Place::Contact(id) => format!("c.{id}"),
        Place::Time(reason, at, id) => format!("t.{reason}.{}.{id}", at.timestamp_micros()),
    }
}

fn read_place(text: &str) -> Option<Place> {
    let mut parts = text.split('.');
    match parts.next()? {
        "c" => Some(Place::Contact(parts.next()?.parse().ok()?)),
        "t" => {
            let reason = parts.next()?.to_owned();
            let at = DateTime::from_timestamp_micros(parts.next()?.parse().ok()?)?;
            Some(Place::Time(reason, at, parts.next()?.parse().ok()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{ContactId, DeliveryId};

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let at = DateTime::from_timestamp_micros(1_795_312_800_123_456).expect("a time");
        let id = uuid::Uuid::from_u128(7);
        for place in [
            Place::Contact(ContactId(id)),
            Place::Time("hard_user".to_owned(), at, DeliveryId(id)),
            Place::Time(String::new(), at, DeliveryId(id)),
        ] {
            assert_eq!(read_place(&write_place(&place)), Some(place));
        }
        assert_eq!(read_place("x"), None);
    }
}
