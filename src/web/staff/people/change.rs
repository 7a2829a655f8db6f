//! Small deeds on a person's page: block, withdraw, note.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, State},
    response::Response,
};
use serde_json::json;

use crate::{
    app::{
        App,
        consent::{self, Notice, Scope},
        contacts, people, staff,
    },
    domain::{
        consent::Channel,
        id::{ContactId, NoteId},
    },
    web::{
        Problem, WebState,
        staff::{Errors, Form, Staff, page::to_be_mended, said, telling::Teller},
    },
};

use super::person::page;

type Fields = BTreeMap<String, String>;

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.get(name).map_or("", String::as_str)
}

/// Writes down what was done with a person.
pub(super) async fn log(
    app: &App,
    who: &Staff,
    deed: &str,
    id: ContactId,
    detail: Option<serde_json::Value>,
) -> Result<(), Problem> {
    let mut tx = app.store.begin().await.map_err(crate::app::Error::from)?;
    let subject = Some(format!("contact {id}"));
    staff::actions::log(app, tx.conn(), &who.user, deed, subject, detail).await?;
    tx.commit().await.map_err(crate::app::Error::from)?;
    Ok(())
}

/// The page again, with what is to be mended in one of its forms.
async fn mend(
    state: &WebState,
    who: &Staff,
    id: ContactId,
    fields: Fields,
    error: crate::app::Error,
) -> Result<Response, Problem> {
    let errors: Errors = Teller::to(who, state).errors("people-bad", error)?;
    page(state, who, id, None, (fields, errors)).await.map(to_be_mended)
}

pub(super) async fn block(
    State(state): State<WebState>,
    who: Staff,
    Path(id): Path<ContactId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    match contacts::block(state.app(), id, field(&fields, "reason")).await {
        Ok(_changed) => {
            log(state.app(), &who, "contact.block", id, None).await?;
            Ok(said(&format!("/contacts/{id}"), "said-people-blocked"))
        }
        Err(error) => mend(&state, &who, id, fields, error).await,
    }
}

pub(super) async fn unblock(
    State(state): State<WebState>,
    who: Staff,
    Path(id): Path<ContactId>,
) -> Result<Response, Problem> {
    let _changed = contacts::unblock(state.app(), id).await?;
    log(state.app(), &who, "contact.unblock", id, None).await?;
    Ok(said(&format!("/contacts/{id}"), "said-people-unblocked"))
}

pub(super) async fn withdraw(
    State(state): State<WebState>,
    who: Staff,
    Path(id): Path<ContactId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    match try_to_withdraw(&state, &who, id, &fields).await {
        Ok(scope) => {
            log(state.app(), &who, "consent.withdraw", id, Some(json!({"scope": scope}))).await?;
            Ok(said(&format!("/contacts/{id}"), "said-people-withdrawn"))
        }
        Err(error) => mend(&state, &who, id, fields, error).await,
    }
}

async fn try_to_withdraw(
    state: &WebState,
    who: &Staff,
    id: ContactId,
    fields: &Fields,
) -> Result<String, crate::app::Error> {
    let app = state.app();
    let invalid = |place: &str| crate::app::Error::invalid(place, "is not one of those offered");
    let person = people::person(app, id).await?;
    let address = person.contact.address.ok_or(crate::app::Error::NotFound("such contact"))?;
    let of = field(fields, "of");
    let scope = if of == "all" {
        Scope::All
    } else {
        let (purpose, party) = of.split_once(':').unwrap_or((of, "institution"));
        let purpose = purpose.parse().map_err(|_| invalid("of"))?;
        Scope::Purpose(purpose, party.parse().map_err(|_| invalid("of"))?)
    };
    let channel: Channel = field(fields, "channel").parse().map_err(|_| invalid("channel"))?;
    if !matches!(channel, Channel::Mail | Channel::Phone | Channel::Staff) {
        return Err(invalid("channel"));
    }
    let today = Teller::to(who, state);
    let occurred_at = match field(fields, "day") {
        "" => app.now(),
        day if day == today.day(app.now()) => app.now(),
        day => today.read_day(day).ok_or_else(|| invalid("occurred_at"))?,
    };
    let notice = Notice {
        address,
        scope,
        occurred_at,
        channel,
        source: field(fields, "source").trim().to_owned(),
        reason: Some(field(fields, "why").trim().to_owned()).filter(|why| !why.is_empty()),
    };
    let (_, _withdrawn) = consent::withdraw_on_behalf(app, notice).await?;
    Ok(of.to_owned())
}

pub(super) async fn note(
    State(state): State<WebState>,
    who: Staff,
    Path(id): Path<ContactId>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    match people::add_note(state.app(), id, &who.actor(), field(&fields, "body")).await {
        Ok(_) => Ok(said(&format!("/contacts/{id}"), "said-people-noted")),
        Err(error) => mend(&state, &who, id, fields, error).await,
    }
}

pub(super) async fn forget_note(
    State(state): State<WebState>,
    who: Staff,
    Path((id, note)): Path<(ContactId, NoteId)>,
) -> Result<Response, Problem> {
    people::delete_note(state.app(), id, note).await?;
    log(state.app(), &who, "contact.note.delete", id, None).await?;
    Ok(said(&format!("/contacts/{id}"), "said-people-note-gone"))
}
