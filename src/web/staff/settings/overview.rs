//! Who sends and for what: what the configuration and the catalogue say.

use axum::{extract::State, response::Response};
use serde::Serialize;

use crate::{
    app::catalogue,
    web::{
        Problem, WebState,
        staff::{Staff, render},
    },
};

use super::{Section, sections};

#[derive(Serialize)]
struct Overview<'a> {
    sections: Vec<Section>,
    name: &'a str,
    bin: &'a str,
    address: &'a str,
    support: &'a str,
    phone: &'a str,
    policy_url: &'a str,
    time_zone: &'a str,
    public_url: &'a str,
    languages: String,
    senders: Vec<SenderRow<'a>>,
    purposes: Vec<PurposeRow>,
}

#[derive(Serialize)]
struct SenderRow<'a> {
    address: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct PurposeRow {
    key: String,
    title: String,
    clause: String,
    term_months: i64,
    for_partners: bool,
}

pub(super) async fn show(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    let app = state.app();
    let institution = &app.institution;
    let (lang, fallback) = (staff.lang, institution.default_language());
    let purposes = catalogue::purposes(app).await?;
    let overview = Overview {
        sections: sections(&staff),
        name: institution.name_in(lang),
        bin: &institution.bin,
        address: institution.address_in(lang),
        support: institution.support_email.as_str(),
        phone: &institution.phone,
        policy_url: &institution.policy_url,
        time_zone: institution.time_zone.name(),
        public_url: &app.public_url,
        languages: institution
            .languages
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        senders: app
            .rules
            .senders
            .iter()
            .map(|sender| SenderRow {
                address: sender.address.as_str(),
                name: sender
                    .name
                    .get(&lang)
                    .or_else(|| sender.name.values().next())
                    .map_or("", String::as_str),
            })
            .collect(),
        purposes: purposes
            .iter()
            .map(|purpose| PurposeRow {
                key: purpose.key.to_string(),
                title: purpose.title(lang, fallback).to_owned(),
                clause: purpose.clause.clone(),
                term_months: purpose.term_months,
                for_partners: purpose.behalf == crate::domain::purpose::Behalf::Partner,
            })
            .collect(),
    };
    render(&state, &staff, "staff/settings/overview", "settings-overview-title", &overview)
}
