//! What senders' domains publish, and what they should.

use std::collections::BTreeSet;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde::Serialize;

use crate::{
    mail::{
        dkim::DnsRecord,
        published::{Standing, Subject, judge, look_up},
    },
    web::{
        Problem, WebState,
        staff::{Staff, render},
    },
};

use super::{Section, sections};

#[derive(Serialize)]
struct List {
    sections: Vec<Section>,
    domains: Vec<Domain>,
}

#[derive(Serialize)]
struct Domain {
    name: String,
    keys: usize,
}

#[derive(Serialize)]
struct Checked {
    sections: Vec<Section>,
    domain: String,
    bounce_domain: String,
    checks: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    subject: &'static str,
    name: String,
    standing: &'static str,
    found: Vec<String>,
    publish: Option<Record>,
}

#[derive(Serialize)]
struct Record {
    name: String,
    value: String,
}

/// The senders' domains, and the keys that sign for each.
fn domains(state: &WebState) -> Vec<(String, Vec<DnsRecord>)> {
    let outgoing = state.outgoing();
    let senders = state.app().rules.senders.iter().map(|one| one.address.domain().to_owned());
    let signed = outgoing.keys.iter().map(|key| key.domain.clone());
    let names: BTreeSet<String> = senders.chain(signed).collect();
    let with_keys = |name: String| {
        let keys = outgoing.keys.iter().filter(|key| key.domain == name);
        let keys = keys.map(|key| key.record.clone()).collect();
        (name, keys)
    };
    names.into_iter().map(with_keys).collect()
}

pub(super) async fn list(State(state): State<WebState>, staff: Staff) -> Result<Response, Problem> {
    let domains = domains(&state).into_iter();
    let domains = domains.map(|(name, keys)| Domain { name, keys: keys.len() }).collect();
    let list = List { sections: sections(&staff), domains };
    render(&state, &staff, "staff/settings/domains", "domains-title", &list)
}

pub(super) async fn check(
    State(state): State<WebState>,
    staff: Staff,
    Path(domain): Path<String>,
) -> Result<Response, Problem> {
    // Only what is configured is looked up: nobody makes us ask for other names.
    let (domain, keys) = domains(&state)
        .into_iter()
        .find(|(name, _)| *name == domain)
        .ok_or_else(|| Problem::of(StatusCode::NOT_FOUND))?;
    let bounce_domain = match state.outgoing().bounce_domain.as_str() {
        "" => domain.clone(),
        bounce => bounce.to_owned(),
    };
    let published =
        look_up(&domain, &bounce_domain, &keys).await.map_err(|error| Problem::broken(&error))?;
    let checks = judge(&domain, &bounce_domain, &keys, &published);
    let rows = checks.into_iter().map(|check| {
        let (subject, name) = match check.subject {
            Subject::Spf => ("spf", bounce_domain.clone()),
            Subject::Dkim(record) => ("dkim", record.name),
            Subject::Dmarc => ("dmarc", format!("_dmarc.{domain}")),
        };
        let standing = match check.standing {
            Standing::Good => "good",
            Standing::Missing => "missing",
            Standing::Wrong => "wrong",
            Standing::Unknown => "unknown",
        };
        let publish = check.publish.map(|DnsRecord { name, value }| Record { name, value });
        Row { subject, name, standing, found: check.found, publish }
    });
    let checks = rows.collect();
    let checked = Checked { sections: sections(&staff), domain, bounce_domain, checks };
    render(&state, &staff, "staff/settings/domain", "domain-title", &checked)
}
