//! A draft as the files that a campaign is made of.

use serde_json::{Map, Value, json};

use crate::{
    app::{App, Error, Result, campaign::Source},
    domain::draft::{Draft, Start},
    mail::{
        letter::Written,
        render::{CampaignFile, StartAt},
    },
};

/// The files. What is missing or cannot be read is left out, or stands for nothing that exists: the
/// check says so by itself.
///
/// # Errors
/// None for what can be stored.
pub(super) fn source(app: &App, draft: &Draft, letter: &Written) -> Result<Source> {
    let fallback = app.rules.senders.first().map(|sender| &sender.address);
    let mut file = json!({
        "name": draft.name,
        "purpose": draft.purpose.as_ref().map_or("", |key| key.as_str()),
        "party": draft.party.as_ref().map_or("", |key| key.as_str()),
        "sender": { "address": draft.sender.as_ref().or(fallback) },
        "subject": letter.subject,
        "preheader": letter.preheader,
        "audience": draft.audience,
    });
    let mut set = |key: &str, value: Value| {
        if let Some(file) = file.as_object_mut() {
            file.insert(key.to_owned(), value);
        }
    };
    if draft.pace.parse::<crate::domain::pace::SendRate>().is_ok() {
        set("pace", Value::from(draft.pace.trim()));
    }
    if planned(draft).is_some_and(|planned| planned.is_ok())
        && let Start::At(text) = &draft.start
    {
        set("schedule", json!({ "at": text }));
    }
    if let Ok(address) = draft.reply_to.trim().parse::<crate::domain::address::Address>() {
        let sender = draft.sender.as_ref().or(fallback);
        set("sender", json!({ "address": sender, "reply_to": address }));
    }
    without_nothing(&mut file);
    let campaign: CampaignFile =
        serde_json::from_value(file).map_err(|error| Error::invalid("draft", error.to_string()))?;
    Ok(Source { campaign, bodies: letter.bodies.clone() })
}

/// The time that was typed; `None` when it starts at once.
pub(super) fn planned(draft: &Draft) -> Option<Result<StartAt, String>> {
    match &draft.start {
        Start::Now => None,
        Start::At(text) => Some(StartAt::try_from(toml::Value::String(text.trim().to_owned()))),
    }
}

/// TOML has no null.
fn without_nothing(value: &mut Value) {
    match value {
        Value::Object(members) => {
            *members = std::mem::take(members)
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .collect::<Map<_, _>>();
            members.values_mut().for_each(without_nothing);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nothing),
        _ => {}
    }
}
