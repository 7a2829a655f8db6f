//! Who did what.

use std::collections::BTreeMap;

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    app::staff::{actions, users},
    domain::id::{ActionId, UserId},
    web::{
        Problem, WebState,
        staff::{Staff, render},
        words::say_time,
    },
};

use super::{Section, sections};

#[derive(Deserialize)]
pub(super) struct Asked {
    user: Option<Uuid>,
    before: Option<Uuid>,
}

#[derive(Serialize)]
struct Log {
    sections: Vec<Section>,
    entries: Vec<Entry>,
    people: Vec<Person>,
    user: Option<Uuid>,
    next: Option<Uuid>,
}

#[derive(Serialize)]
struct Entry {
    at: String,
    who: String,
    deed: String,
    subject: Option<String>,
}

#[derive(Serialize)]
struct Person {
    id: UserId,
    name: String,
    chosen: bool,
}

pub(super) async fn list(
    State(state): State<WebState>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let app = state.app();
    let people = users::all(app).await?;
    let names: BTreeMap<UserId, String> =
        people.into_iter().map(|user| (user.id, user.name)).collect();
    let page = actions::page(app, asked.user.map(UserId), asked.before.map(ActionId)).await?;
    let is_full = i64::try_from(page.len()).is_ok_and(|length| length == actions::PAGE);
    let next = page.last().filter(|_| is_full).map(|last| last.id.0);
    let entries = page.into_iter().map(|action| Entry {
        at: say_time(staff.lang, action.happened_at, app.institution.time_zone),
        who: action.user_id.and_then(|id| names.get(&id).cloned()).unwrap_or(action.actor),
        deed: action.deed,
        subject: action.subject,
    });
    let log = Log {
        sections: sections(&staff),
        entries: entries.collect(),
        people: names
            .into_iter()
            .map(|(id, name)| Person { id, name, chosen: asked.user == Some(id.0) })
            .collect(),
        user: asked.user,
        next,
    };
    render(&state, &staff, "staff/settings/log", "log-title", &log)
}
