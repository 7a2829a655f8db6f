//! How many an audience means, and some of them: asked at each change of a builder.

use axum::{Json, extract::State};
use serde::Serialize;

use crate::{
    app::people,
    domain::{audience::Audience, staff::Right},
    web::{
        Problem, WebState,
        staff::{Staff, telling::Teller},
    },
};

/// People of a sample.
const SAMPLE: usize = 10;

#[derive(Serialize)]
pub(super) struct Counted {
    count: i64,
    /// The count in the reader's words.
    text: String,
    sample: Vec<Somebody>,
}

#[derive(Serialize)]
struct Somebody {
    id: String,
    address: String,
    name: String,
}

pub(super) async fn count(
    State(state): State<WebState>,
    staff: Staff,
    body: Result<Json<Audience>, axum::extract::rejection::JsonRejection>,
) -> Result<Json<Counted>, Problem> {
    let Json(audience) = body.map_err(|error| Problem::field("audience", error.body_text()))?;
    let count = people::count(state.app(), &audience).await?;
    let may_see = staff.may(Right::SeePeople) && count > 0;
    let rows =
        if may_see { people::sample(state.app(), &audience, SAMPLE).await? } else { Vec::new() };
    let sample = rows.into_iter().map(|row| Somebody {
        id: row.contact.id.to_string(),
        name: super::super::people::full_name(&row.contact.profile),
        address: row.contact.address.map(String::from).unwrap_or_default(),
    });
    let teller = Teller::to(&staff, &state);
    let text = teller.amount("people-amount", u64::try_from(count).unwrap_or_default());
    Ok(Json(Counted { count, text, sample: sample.collect() }))
}
