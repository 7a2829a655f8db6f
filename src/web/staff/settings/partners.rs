//! Partners on whose behalf mail is sent.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use serde::{Deserialize, Serialize};

use crate::{
    app::{catalogue, parties},
    domain::{language::Language, party::PartyKey, staff::Right},
    web::{
        Problem, WebState,
        staff::{Errors, Form, Staff, page::to_be_mended, render, said},
    },
};

use super::{Section, sections};

#[derive(Serialize)]
struct List {
    sections: Vec<Section>,
    partners: Vec<Row>,
    may_add: bool,
    given: Given,
    errors: Errors,
}

#[derive(Serialize)]
struct Row {
    key: String,
    name: String,
}

/// What a form holds: the key and a name per language.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    key: String,
    name_kk: String,
    name_ru: String,
    name_en: String,
}

pub(super) async fn list(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    page(&state, &staff, Given::default(), Errors::default()).await
}

async fn page(
    state: &WebState,
    staff: &Staff,
    given: Given,
    errors: Errors,
) -> Result<Response, Problem> {
    let fallback = state.app().institution.default_language();
    let parties = catalogue::parties(state.app()).await?;
    let partners = parties.iter().filter(|party| !party.key.is_institution()).map(|party| Row {
        key: party.key.as_str().to_owned(),
        name: name(&party.names, staff.lang, fallback),
    });
    let list = List {
        sections: sections(staff),
        partners: partners.collect(),
        may_add: staff.may(Right::Settings),
        given,
        errors,
    };
    render(state, staff, "staff/settings/partners", "partners-title", &list)
}

fn name(names: &BTreeMap<Language, String>, lang: Language, fallback: Language) -> String {
    names.get(&lang).or_else(|| names.get(&fallback)).cloned().unwrap_or_default()
}

pub(super) async fn add(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    let Ok(key) = given.key.trim().parse::<PartyKey>() else {
        let mut errors = Errors::default();
        errors.add("key", "key");
        return page(&state, &staff, given, errors).await.map(to_be_mended);
    };
    let names: BTreeMap<Language, String> = [
        (Language::KK, &given.name_kk),
        (Language::RU, &given.name_ru),
        (Language::EN, &given.name_en),
    ]
    .into_iter()
    .filter(|(_, name)| !name.trim().is_empty())
    .map(|(language, name)| (language, name.trim().to_owned()))
    .collect();
    match parties::add(state.app(), key, names).await {
        Ok(_) => Ok(said("/settings/partners", "said-partner-saved")),
        Err(error) => page(&state, &staff, given, Errors::of(error)?).await.map(to_be_mended),
    }
}
