//! What is known of a person is written down or changed.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::Serialize;

use crate::{
    app::{
        Error,
        people::{self, ProfileForm},
    },
    domain::id::ContactId,
    web::{
        Problem, WebState,
        staff::{
            Errors, Form, Staff,
            page::to_be_mended,
            render, said,
            telling::{Choice, Teller},
        },
        words::SPOKEN,
    },
};

use super::{change::log, told};

type Fields = BTreeMap<String, String>;

#[derive(Serialize)]
struct Filled {
    /// None: somebody new.
    id: Option<String>,
    address: String,
    fields: Vec<Input>,
    languages: Vec<Choice>,
    attributes: Vec<Input>,
    tags: String,
    conflict: Option<String>,
    errors: Errors,
}

#[derive(Serialize)]
struct Input {
    name: String,
    label: String,
    value: String,
    error: Option<String>,
}

const TEXTS: [&str; 5] = ["name", "given_name", "family_name", "patronymic", "external_id"];

pub(super) async fn blank(
    State(state): State<WebState>,
    staff: Staff,
) -> Result<Response, Problem> {
    let filled = filled(&state, &staff, None, &Fields::new(), (Errors::default(), None));
    render(&state, &staff, "staff/people/profile", "people-new-title", &filled)
}

pub(super) async fn edit(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ContactId>,
) -> Result<Response, Problem> {
    let person = people::person(state.app(), id).await?;
    if person.contact.address.is_none() {
        return Err(Error::NotFound("such contact").into());
    }
    let profile = &person.contact.profile;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut fields = Fields::from([
        ("address".to_owned(), told::address(&person.contact)),
        ("name".to_owned(), text(&profile.name)),
        ("given_name".to_owned(), text(&profile.given_name)),
        ("family_name".to_owned(), text(&profile.family_name)),
        ("patronymic".to_owned(), text(&profile.patronymic)),
        ("external_id".to_owned(), text(&profile.external_id)),
        ("language".to_owned(), profile.language.map(String::from).unwrap_or_default()),
        ("tags".to_owned(), person.tags.join(", ")),
    ]);
    for (key, value) in &profile.attributes {
        fields.insert(format!("attribute-{key}"), value.clone());
    }
    let filled = filled(&state, &staff, Some(id), &fields, (Errors::default(), None));
    render(&state, &staff, "staff/people/profile", "people-edit-title", &filled)
}

fn filled(
    state: &WebState,
    staff: &Staff,
    id: Option<ContactId>,
    fields: &Fields,
    (errors, conflict): (Errors, Option<String>),
) -> Filled {
    let teller = Teller::to(staff, state);
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let input = |name: &str, label: String| Input {
        name: name.to_owned(),
        label,
        value: value(name),
        error: errors.get(&name.replace('-', "_")).map(str::to_owned),
    };
    let attributes = state.app().rules.attributes.iter();
    Filled {
        id: id.map(|id| id.to_string()),
        address: value("address"),
        fields: TEXTS.map(|name| input(name, teller.word("people-field", name))).into(),
        languages: SPOKEN
            .map(|one| {
                Choice::new(one, teller.word("people-language", one.as_str()), &value("language"))
            })
            .into(),
        attributes: attributes.map(|key| input(&format!("attribute-{key}"), key.clone())).collect(),
        tags: value("tags"),
        conflict,
        errors,
    }
}

fn form(fields: &Fields) -> ProfileForm {
    let value = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let attributes = fields.iter().filter_map(|(name, value)| {
        Some((name.strip_prefix("attribute-")?.to_owned(), value.clone()))
    });
    ProfileForm {
        name: value("name"),
        given_name: value("given_name"),
        family_name: value("family_name"),
        patronymic: value("patronymic"),
        language: value("language"),
        external_id: value("external_id"),
        tags: value("tags"),
        attributes: attributes.collect(),
    }
}

pub(super) async fn add(
    State(state): State<WebState>,
    staff: Staff,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let address = fields.get("address").map_or("", String::as_str);
    match people::add(state.app(), address, &form(&fields)).await {
        Ok(contact) => {
            log(state.app(), &staff, "contact.add", contact.id, None).await?;
            Ok(said(&format!("/contacts/{}", contact.id), "said-people-saved"))
        }
        Err(error) => mend(&state, &staff, None, &fields, error),
    }
}

pub(super) async fn save(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ContactId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    match people::edit(state.app(), id, &form(&fields)).await {
        Ok(()) => {
            log(state.app(), &staff, "contact.edit", id, None).await?;
            Ok(said(&format!("/contacts/{id}"), "said-people-saved"))
        }
        Err(error) => mend(&state, &staff, Some(id), &fields, error),
    }
}

fn mend(
    state: &WebState,
    staff: &Staff,
    id: Option<ContactId>,
    fields: &Fields,
    error: Error,
) -> Result<Response, Problem> {
    let teller = Teller::to(staff, state);
    let told = match error {
        Error::Conflict(_) => (Errors::default(), Some(teller.sentence("people-add-conflict"))),
        error => (teller.errors("people-bad", error)?, None),
    };
    let filled = filled(state, staff, id, fields, told);
    let title = if id.is_some() { "people-edit-title" } else { "people-new-title" };
    render(state, staff, "staff/people/profile", title, &filled).map(to_be_mended)
}
