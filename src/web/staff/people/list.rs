//! The list of contacts: search as one types, filters, pages by place.

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Serialize;

use crate::{
    app::{catalogue, people, segments},
    domain::{audience::ConsentIs, contact::AddressState, purpose::Purpose, staff::Right},
    web::{
        Problem, WebState,
        staff::{
            Staff, render,
            telling::{Choice, Teller},
        },
        words::SPOKEN,
    },
};

use super::{
    filter::Filter,
    told::{self, Line},
};

#[derive(Serialize)]
struct List {
    filter: Filter,
    is_filtered: bool,
    is_narrowed: bool,
    languages: Vec<Choice>,
    attributes: Vec<Choice>,
    purposes: Vec<Choice>,
    consents: Vec<Choice>,
    states: Vec<Choice>,
    segments: Vec<Choice>,
    audience: String,
    lines: Vec<Line>,
    next: Option<String>,
    first: Option<String>,
    export: String,
    may_export: bool,
    may_edit: bool,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Query(filter): Query<Filter>,
) -> Result<Response, Problem> {
    let app = state.app();
    let teller = Teller::to(&staff, &state);
    let page = people::search(app, &filter.wanted()?, people::PAGE).await?;
    let purposes = catalogue::purposes(app).await?;
    let saved = segments::all(app).await?;
    let audience = filter.audience()?;
    let list = List {
        is_filtered: filter.is_set(),
        is_narrowed: filter.is_set() || !filter.q.is_empty(),
        languages: SPOKEN
            .map(|one| {
                Choice::new(one, teller.word("people-language", one.as_str()), &filter.language)
            })
            .into(),
        attributes: app
            .rules
            .attributes
            .iter()
            .map(|key| Choice::new(key.clone(), key.clone(), &filter.attribute))
            .collect(),
        purposes: purpose_choices(teller, &purposes, &filter.purpose),
        consents: words(teller, "people-is", ConsentIs::ALL, &filter.consent),
        states: words(teller, "people-address", &AddressState::ALL[..2], &filter.state),
        segments: saved
            .into_iter()
            .map(|one| Choice::new(one.id.to_string(), one.name, &filter.segment))
            .collect(),
        audience: serde_json::to_string(&audience).unwrap_or_default(),
        lines: page.rows.iter().map(|row| told::line(teller, &purposes, row)).collect(),
        next: page.next.map(|next| filter.query(Some(next.to_string()))),
        first: (!filter.after.is_empty()).then(|| filter.query(None)),
        export: filter.query(None),
        may_export: staff.may(Right::Export),
        may_edit: staff.may(Right::EditPeople),
        filter,
    };
    render(&state, &staff, "staff/people/list", "people-title", &list)
}

pub(super) fn purpose_choices(teller: Teller, purposes: &[Purpose], chosen: &str) -> Vec<Choice> {
    let choice = |one: &Purpose| {
        let key = one.key.as_str();
        Choice::new(key, teller.titled(&one.titles, key), chosen)
    };
    purposes.iter().map(choice).collect()
}

fn words<T: Copy + std::fmt::Display>(
    teller: Teller,
    family: &str,
    all: &[T],
    chosen: &str,
) -> Vec<Choice> {
    all.iter()
        .map(|one| {
            let word = one.to_string();
            Choice::new(word.clone(), teller.word(family, &word), chosen)
        })
        .collect()
}
