//! All reports, one line each, to compare.

use axum::{
    extract::{Query, State},
    response::Response,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    app::figures,
    domain::id::CampaignId,
    web::{Problem, WebState},
};

use super::{
    super::{Staff, render, tell::Tell},
    report::{ComparedView, compared},
};

/// Campaigns on one page.
const CAMPAIGNS_PER_PAGE: usize = 25;

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<String>,
}

#[derive(Serialize)]
struct Page {
    campaigns: Vec<ComparedView>,
    next: Option<String>,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let tell = Tell::to(&staff, &state);
    let place = wanted.after.as_deref().and_then(read);
    let limit = i64::try_from(CAMPAIGNS_PER_PAGE + 1).unwrap_or(i64::MAX);
    let mut found = figures::page(state.app(), place, limit).await?;
    let more = found.len() > CAMPAIGNS_PER_PAGE;
    found.truncate(CAMPAIGNS_PER_PAGE);
    let last = found.last().filter(|_| more);
    let next = last.and_then(|last| {
        let at = last.campaign.started_at?.timestamp_micros();
        Some(format!("/reports?after={at}.{}", last.campaign.id))
    });
    let campaigns = found.iter().map(|one| compared(tell, one, None)).collect();
    render(&state, &staff, "staff/reports/list", "reports-title", &Page { campaigns, next })
}

fn read(text: &str) -> Option<(DateTime<Utc>, CampaignId)> {
    let (micros, id) = text.split_once('.')?;
    Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, id.parse().ok()?))
}
