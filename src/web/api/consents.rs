//! Withdrawals that other systems, calls and letters bring.

use axum::{Json, extract::State};
use chrono::{DateTime, SubsecRound as _, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    app::consent::{Notice, Scope, Withdrawn, withdraw_on_behalf},
    domain::{consent::Channel, party::PartyKey, purpose::PurposeKey},
};

use super::{
    super::{Problem, WebState},
    contacts::address,
    extract::Body,
};

/// A person leaves. Give either `purpose` (with `party` if it is not the institution) or `all`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "address": "aigul@example.kz",
    "purpose": "news",
    "channel": "phone",
    "source": "call to the support line, ticket 4711",
    "occurred_at": "2026-11-22T10:00:00Z",
}))]
pub(super) struct Withdrawal {
    /// Whose consent.
    address: String,
    /// The purpose to leave.
    #[serde(default)]
    purpose: Option<String>,
    /// The party of that purpose; the institution unless given.
    #[serde(default)]
    party: Option<String>,
    /// Leave all marketing, now and later.
    #[serde(default)]
    all: bool,
    /// How it came to you: `api` (unless given), `mail`, `phone`, `web_form` or `staff`.
    #[serde(default)]
    channel: Option<String>,
    /// The letter, call, page or system.
    source: String,
    /// The person's words, if any.
    #[serde(default)]
    reason: Option<String>,
    /// When the person said so; now unless given, never later.
    #[serde(default)]
    occurred_at: Option<DateTime<Utc>>,
}

/// What the withdrawal did.
#[derive(Serialize, ToSchema)]
pub(super) struct Outcome {
    contact_id: Uuid,
    /// `withdrawn`: from now on no message begins that it forbids. `already`: the person had left
    /// before, nothing was added.
    #[schema(example = "withdrawn")]
    outcome: &'static str,
}

/// Withdraw a person's consent
///
/// It takes effect before it is answered: no message that it forbids begins afterwards. Safe to
/// repeat.
#[utoipa::path(
    post,
    operation_id = "withdraw_consent",
    path = "/consents/withdraw",
    tag = "contacts",
    request_body = Withdrawal,
    responses(
        (status = 200, description = "The person has left", body = Outcome),
        (status = 401, description = "No valid token", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such address, purpose or party", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is wrong", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn withdraw(
    State(state): State<WebState>,
    Body(asked): Body<Withdrawal>,
) -> Result<Json<Outcome>, Problem> {
    let notice = Notice {
        address: address(&asked.address)?,
        scope: scope(&asked)?,
        // Both databases keep microseconds, and the ledger's hash covers what they keep.
        occurred_at: asked.occurred_at.unwrap_or(state.app().now()).trunc_subsecs(6),
        channel: channel(asked.channel.as_deref())?,
        source: asked.source,
        reason: asked.reason,
    };
    let (contact, withdrawn) = withdraw_on_behalf(state.app(), notice).await?;
    let outcome = match withdrawn {
        Withdrawn::Now => "withdrawn",
        Withdrawn::Already => "already",
    };
    Ok(Json(Outcome { contact_id: contact.id.0, outcome }))
}

fn scope(asked: &Withdrawal) -> Result<Scope, Problem> {
    const KEY: &str = "is not a key: use 1 to 40 lower-case letters, digits and _";
    match (&asked.purpose, &asked.party, asked.all) {
        (None, None, true) => Ok(Scope::All),
        (Some(purpose), party, false) => {
            let purpose: PurposeKey =
                purpose.parse().map_err(|_| Problem::field("purpose", KEY))?;
            let party = match party {
                Some(party) => party.parse().map_err(|_| Problem::field("party", KEY))?,
                None => PartyKey::institution(),
            };
            Ok(Scope::Purpose(purpose, party))
        }
        _ => Err(Problem::field("purpose", "give either a purpose (and party), or all: true")),
    }
}

fn channel(word: Option<&str>) -> Result<Channel, Problem> {
    match word {
        None | Some("api") => Ok(Channel::Api),
        Some("mail") => Ok(Channel::Mail),
        Some("phone") => Ok(Channel::Phone),
        Some("web_form") => Ok(Channel::WebForm),
        Some("staff") => Ok(Channel::Staff),
        Some(_) => {
            Err(Problem::field("channel", "must be one of api, mail, phone, web_form, staff"))
        }
    }
}
