//! A person is forgotten: what that takes is said first, and the address is typed.

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    app::people,
    domain::{address::Address, id::ContactId},
    web::{
        Problem, WebState,
        staff::{Form, Staff, page::to_be_mended, render, said},
    },
};

use super::{change::log, told};

#[derive(Serialize)]
struct Ask {
    id: String,
    address: String,
    name: String,
    consents: usize,
    notes: usize,
    tags: usize,
    wrong: bool,
}

#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    address: String,
}

pub(super) async fn ask(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ContactId>,
) -> Result<Response, Problem> {
    page(&state, &staff, id, false).await
}

async fn page(
    state: &WebState,
    staff: &Staff,
    id: ContactId,
    wrong: bool,
) -> Result<Response, Problem> {
    let person = people::person(state.app(), id).await?;
    if person.contact.address.is_none() {
        return Err(crate::app::Error::NotFound("such contact").into());
    }
    let ask = Ask {
        id: id.to_string(),
        address: told::address(&person.contact),
        name: told::full_name(&person.contact.profile),
        consents: person.consents.len(),
        notes: person.notes.len(),
        tags: person.tags.len(),
        wrong,
    };
    render(state, staff, "staff/people/erase", "people-erase-title", &ask)
}

pub(super) async fn erase(
    State(state): State<WebState>,
    staff: Staff,
    Path(id): Path<ContactId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let app = state.app();
    let person = people::person(app, id).await?;
    let typed: Option<Address> = typed.address.parse().ok();
    let key = |address: &Address| address.key();
    if person.contact.address.as_ref().map(key) != typed.as_ref().map(key) || typed.is_none() {
        return page(&state, &staff, id, true).await.map(to_be_mended);
    }
    let erased = people::erase(app, id).await?;
    let detail = json!({"withdrawn": erased.withdrawn});
    log(app, &staff, "contact.erase", id, Some(detail)).await?;
    Ok(said(&format!("/contacts/{id}"), "said-people-erased"))
}
