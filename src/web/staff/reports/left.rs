//! Who left because of a campaign.

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use chrono::DateTime;
use serde::{Deserialize, Serialize};

use crate::{
    app::figures::{self, PEOPLE_PER_PAGE},
    domain::{address::Address, consent::Channel, id::CampaignId, staff::Right},
    web::{Problem, WebState},
};

use super::{
    super::{Staff, render, tell::Tell},
    campaign_id,
};

#[derive(Deserialize)]
pub(super) struct Wanted {
    after: Option<String>,
}

#[derive(Serialize)]
struct Page {
    id: CampaignId,
    name: String,
    people: Vec<LeftView>,
    next: Option<String>,
    is_masked: bool,
}

#[derive(Serialize)]
struct LeftView {
    url: Option<String>,
    address: String,
    name: Option<String>,
    at: String,
    way: String,
}

pub(super) async fn show(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let id = campaign_id(&id)?;
    let tell = Tell::to(&staff, &state);
    let campaign = figures::live(state.app(), id).await?.campaign;
    let place = wanted.after.as_deref().and_then(|text| {
        let (micros, id) = text.split_once('.')?;
        Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, id.parse().ok()?))
    });
    let mut found = figures::left(state.app(), id, place, PEOPLE_PER_PAGE + 1).await?;
    let page = usize::try_from(PEOPLE_PER_PAGE).unwrap_or(usize::MAX);
    let more = found.len() > page;
    found.truncate(page);
    let next = found.last().filter(|_| more).map(|last| {
        format!(
            "/campaigns/{id}/left?after={}.{}",
            last.left_at.timestamp_micros(),
            last.delivery_id
        )
    });
    let sees = staff.may(Right::SeePeople);
    let shown = |address: &Address| {
        if sees { address.as_str().to_owned() } else { address.masked() }
    };
    let people = found
        .into_iter()
        .map(|one| LeftView {
            url: sees.then(|| format!("/contacts/{}", one.contact_id)),
            address: one.address.as_ref().map_or_else(|| tell.sentence("reports-erased"), shown),
            name: one.name.filter(|_| sees),
            at: tell.time(one.left_at),
            way: tell.sentence(match one.channel {
                Channel::OneClick => "reports-way-one-click",
                Channel::FeedbackLoop => "reports-way-complaint",
                _ => "reports-way-link",
            }),
        })
        .collect();
    let page = Page { id, name: campaign.name, people, next, is_masked: !sees };
    render(&state, &staff, "staff/reports/left", "reports-left-title", &page)
}
