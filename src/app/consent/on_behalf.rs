//! Somebody tells us that a person leaves: by phone, by letter, or through another system.

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Error, Problem, Result, catalogue::purpose_and_party},
    domain::{
        address::Address,
        consent::{Actor, Channel, Evidence},
        contact::Contact,
        forbidden,
    },
};

use super::{Scope, Withdrawal, Withdrawn, show, withdraw};

/// Longest evidence text, in characters.
const TEXT_CHARS_MAX: usize = 1_000;

/// What we were told.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Who leaves.
    pub address: Address,
    /// What.
    pub scope: Scope,
    /// When the person said so.
    pub occurred_at: DateTime<Utc>,
    /// How it came.
    pub channel: Channel,
    /// The letter, call or system.
    pub source: String,
    /// The person's words.
    pub reason: Option<String>,
}

/// Records that the person with an address leaves. When this returns, no message begins that it
/// forbids.
///
/// # Errors
/// [`Error::NotFound`] for an unknown address, purpose or party; [`Error::Invalid`] for a time in
/// the future and for evidence that is empty, longer than 1000 characters, or holds data that
/// nobody may keep; the database's.
pub async fn withdraw_on_behalf(app: &App, notice: Notice) -> Result<(Contact, Withdrawn)> {
    let problems = problems(&notice, app.now());
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    if let Scope::Purpose(purpose, party) = &notice.scope {
        purpose_and_party(app.store.read().await?.conn(), purpose, party).await?;
    }
    let contact = show(app, &notice.address).await?.contact;
    let wish = Withdrawal {
        contact_id: contact.id,
        scope: notice.scope,
        occurred_at: notice.occurred_at,
        actor: Actor::Operator,
        channel: notice.channel,
        evidence: Evidence { source: notice.source, reason: notice.reason, ..Evidence::default() },
    };
    let withdrawn = withdraw(app, wish).await?;
    Ok((contact, withdrawn))
}

fn problems(notice: &Notice, now: DateTime<Utc>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if notice.occurred_at > now {
        problems.push(Problem::at("occurred_at", "is in the future; leave it out for now"));
    }
    if notice.source.trim().is_empty() {
        let message = "is empty; say which letter, call or system tells of it";
        problems.push(Problem::at("source", message));
    }
    let texts = [("source", Some(notice.source.as_str())), ("reason", notice.reason.as_deref())];
    for (place, text) in texts {
        problems.extend(text.and_then(fault).map(|message| Problem::at(place, message)));
    }
    problems
}

fn fault(text: &str) -> Option<String> {
    if text.chars().count() > TEXT_CHARS_MAX {
        return Some(format!("is longer than {TEXT_CHARS_MAX} characters; shorten it"));
    }
    let kind = forbidden::find_in(text)?;
    Some(format!("holds {kind}, which may not be kept; take it out"))
}
