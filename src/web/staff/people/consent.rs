//! A consent given on paper is entered with its proof.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;
use serde_json::json;

use crate::{
    app::{
        Error, catalogue,
        people::{self, OnPaper, PaperDetails},
    },
    domain::{id::ContactId, party::PartyKey},
    web::{
        Problem, WebState,
        staff::{
            Errors, Form, Staff,
            page::to_be_mended,
            render, said,
            telling::{Choice, Teller},
        },
    },
};

use super::{change::log, told};

type Fields = BTreeMap<String, String>;

#[derive(Serialize)]
struct Ask {
    id: String,
    address: String,
    name: String,
    purposes: Vec<Choice>,
    editions: Vec<Choice>,
    today: String,
    conflict: Option<String>,
    typed: Fields,
    errors: Errors,
}

pub(super) async fn ask(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ContactId>,
) -> Result<Response, Problem> {
    page(&state, &staff, id, Fields::new(), (Errors::default(), None)).await
}

async fn page(
    state: &WebState,
    staff: &Staff,
    id: ContactId,
    typed: Fields,
    (errors, conflict): (Errors, Option<String>),
) -> Result<Response, Problem> {
    let app = state.app();
    let teller = Teller::to(staff, state);
    let person = people::person(app, id).await?;
    if person.contact.address.is_none() {
        return Err(Error::NotFound("such contact").into());
    }
    let value = |name: &str| typed.get(name).map_or("", String::as_str);
    let editions = catalogue::editions(app).await?;
    let edition = |number: i64, day: String| {
        Choice::new(number.to_string(), format!("{number} · {day}"), value("policy_version"))
    };
    let ask = Ask {
        id: id.to_string(),
        address: told::address(&person.contact),
        name: told::full_name(&person.contact.profile),
        purposes: purposes(app, &teller, value("purpose")).await?,
        editions: editions
            .iter()
            .rev()
            .map(|one| edition(one.version.number, teller.day(one.version.published_at)))
            .collect(),
        today: teller.day(app.now()),
        conflict,
        typed,
        errors,
    };
    render(state, staff, "staff/people/consent", "people-paper-title", &ask)
}

/// Purposes of the institution, and those of partners for each partner.
pub(in crate::web::staff) async fn purposes(
    app: &crate::app::App,
    teller: &Teller,
    chosen: &str,
) -> Result<Vec<Choice>, Problem> {
    use crate::domain::purpose::Behalf;
    let parties = catalogue::parties(app).await?;
    let mut choices = Vec::new();
    for purpose in catalogue::purposes(app).await? {
        let title = teller.titled(&purpose.titles, purpose.key.as_str());
        for party in parties.iter().filter(|party| party.kind == purpose.behalf) {
            let value = format!("{}:{}", purpose.key, party.key.as_str());
            let title = match purpose.behalf {
                Behalf::Institution => title.clone(),
                Behalf::Partner => {
                    format!("{title} · {}", teller.titled(&party.names, party.key.as_str()))
                }
            };
            choices.push(Choice::new(value, title, chosen));
        }
    }
    Ok(choices)
}

pub(super) async fn record(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ContactId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let paper = match read(&Teller::to(&staff, &state), id, &fields) {
        Ok(paper) => paper,
        Err(error) => return mend(&state, &staff, id, fields, error).await,
    };
    match people::record_paper(state.app(), &paper).await {
        Ok(consent) => {
            let detail = json!({"purpose": consent.purpose, "party": consent.party});
            log(state.app(), &staff, "consent.paper", id, Some(detail)).await?;
            Ok(said(&format!("/contacts/{id}"), "said-people-paper"))
        }
        Err(error) => mend(&state, &staff, id, fields, error).await,
    }
}

async fn mend(
    state: &WebState,
    staff: &Staff,
    id: ContactId,
    fields: Fields,
    error: Error,
) -> Result<Response, Problem> {
    let teller = Teller::to(staff, state);
    let told = match error {
        Error::Conflict(_) => (Errors::default(), Some(teller.sentence("people-paper-conflict"))),
        error => (teller.errors("people-bad", error)?, None),
    };
    page(state, staff, id, fields, told).await.map(to_be_mended)
}

fn read(teller: &Teller, id: ContactId, fields: &Fields) -> Result<OnPaper, Error> {
    let value = |name: &str| fields.get(name).map_or("", |value| value.trim());
    let invalid = |place: &str| Error::invalid(place, "is not one of those offered");
    let (purpose, party) = value("purpose").split_once(':').unwrap_or((value("purpose"), ""));
    let party: PartyKey = if party.is_empty() {
        PartyKey::institution()
    } else {
        party.parse().map_err(|_| invalid("purpose"))?
    };
    let policy_version = match value("policy_version") {
        "" => None,
        number => Some(number.parse().map_err(|_| invalid("policy_version"))?),
    };
    Ok(OnPaper {
        contact_id: id,
        purpose: purpose.parse().map_err(|_| invalid("purpose"))?,
        party,
        details: PaperDetails {
            source: value("source").to_owned(),
            given_at: teller.read_day(value("given_at")).ok_or_else(|| invalid("given_at"))?,
            policy_version,
            wording: Some(value("wording").to_owned()).filter(|text| !text.is_empty()),
            language: None,
        },
    })
}
