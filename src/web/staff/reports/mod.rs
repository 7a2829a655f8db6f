//! What became of campaigns: reports, the people behind each number, files to take away.

mod export;
mod left;
mod list;
mod people;
mod report;

use axum::{Router, routing::get};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::{
    app::figures::Counts,
    domain::{delivery::State, id::CampaignId},
    web::{Problem, WebState},
};

use super::tell::Tell;

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/reports", get(list::show))
        .route("/campaigns/{id}/report", get(report::show))
        .route("/campaigns/{id}/report.csv", get(export::report_csv))
        .route("/campaigns/{id}/report.xlsx", get(export::report_xlsx))
        .route("/campaigns/{id}/people", get(people::show))
        .route("/campaigns/{id}/people.csv", get(export::people_csv))
        .route("/campaigns/{id}/left", get(left::show))
}

/// The campaign that a path names.
pub(super) fn campaign_id(text: &str) -> Result<CampaignId, Problem> {
    text.parse().map_err(|_| Problem::of(axum::http::StatusCode::NOT_FOUND))
}

/// Where the people behind a number are listed.
pub(super) fn people_url(
    id: CampaignId,
    state: Option<State>,
    reason: Option<&str>,
    domain: Option<&str>,
    language: Option<&str>,
) -> String {
    let query = people_query(state.map(State::as_str), reason, domain, language);
    format!("/campaigns/{id}/people{query}")
}

fn people_query(
    state: Option<&str>,
    reason: Option<&str>,
    domain: Option<&str>,
    language: Option<&str>,
) -> String {
    let pairs = [("state", state), ("reason", reason), ("domain", domain), ("language", language)];
    let pairs: Vec<String> = pairs
        .into_iter()
        .filter_map(|(name, value)| {
            Some(format!("{name}={}", utf8_percent_encode(value?, NON_ALPHANUMERIC)))
        })
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

/// The ended deliveries of one domain or language.
#[derive(Debug, Serialize)]
pub(super) struct DomainView {
    name: String,
    url: Option<String>,
    total: String,
    sent: String,
    failed: String,
    failed_share: String,
    uncertain: String,
    skipped: String,
    /// 0 to 100: how long the bar is.
    bar: i64,
}

/// The largest domains; the others together in the last line.
pub(super) fn domains(
    tell: Tell,
    id: CampaignId,
    all: &[(String, Counts)],
    most: usize,
) -> Vec<DomainView> {
    let named: Vec<&(String, Counts)> = all.iter().filter(|(name, _)| !name.is_empty()).collect();
    let largest = named.first().map_or(0, |(_, counts)| counts.values().sum());
    let mut views: Vec<DomainView> = named
        .iter()
        .take(most)
        .map(|(name, counts)| {
            let url = people_url(id, None, None, Some(name), None);
            row(tell, name.clone(), Some(url), counts, largest)
        })
        .collect();
    let mut rest = Counts::new();
    let unnamed = all.iter().filter(|(name, _)| name.is_empty());
    for (_, counts) in named.into_iter().skip(most).chain(unnamed) {
        for (state, n) in counts {
            *rest.entry(*state).or_default() += n;
        }
    }
    if !rest.is_empty() {
        views.push(row(tell, tell.sentence("reports-other-domains"), None, &rest, largest));
    }
    views
}

/// By the language that people asked for.
fn languages(tell: Tell, id: CampaignId, all: &[(String, Counts)]) -> Vec<DomainView> {
    let largest = all.first().map_or(0, |(_, counts)| counts.values().sum());
    all.iter()
        .map(|(code, counts)| {
            let url = people_url(id, None, None, None, Some(code));
            let name = match code.as_str() {
                "" => tell.sentence("reports-no-language"),
                "kk" | "ru" | "en" => tell.sentence(&format!("reports-language-{code}")),
                other => other.to_owned(),
            };
            row(tell, name, Some(url), counts, largest)
        })
        .collect()
}

fn row(tell: Tell, name: String, url: Option<String>, counts: &Counts, largest: i64) -> DomainView {
    let n = |state| counts.get(&state).copied().unwrap_or_default();
    let total: i64 = counts.values().sum();
    let tried = n(State::Sent) + n(State::Failed) + n(State::Uncertain);
    DomainView {
        name,
        url,
        total: tell.number(total),
        sent: tell.number(n(State::Sent)),
        failed: tell.number(n(State::Failed)),
        failed_share: tell.share(n(State::Failed), tried),
        uncertain: tell.number(n(State::Uncertain)),
        skipped: tell.number(n(State::Skipped)),
        bar: (total * 100).checked_div(largest).unwrap_or_default().min(100),
    }
}
