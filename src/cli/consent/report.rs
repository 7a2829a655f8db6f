//! What `kelisim consent show` prints.

use data_encoding::HEXLOWER;

use crate::{
    app::{
        App,
        consent::{self, History},
    },
    cli::local::local,
    domain::address::Address,
    store::ledger::Entry,
};

/// One person's consents and their history.
pub(super) async fn show(app: &App, address: Address) -> anyhow::Result<()> {
    let history = consent::show(app, &address).await?;
    person(&history, &address);
    standing(app, &history);
    for entry in &history.entries {
        event(app, entry)?;
    }
    Ok(())
}

fn person(history: &History, address: &Address) {
    let contact = &history.contact;
    println!("{}  contact {}  address {}", address.as_str(), contact.id, contact.address_state);
    if let Some(reason) = &contact.blocked_reason {
        println!("blocked: {reason}");
    }
    for suppression in &history.suppressions {
        println!("suppressed: {}", suppression.reason);
    }
}

fn standing(app: &App, history: &History) {
    if history.consents.is_empty() {
        println!("no consents");
    }
    for consent in &history.consents {
        let standing = &consent.standing;
        let until = standing.valid_until.map(|until| format!(" until {}", local(app, until)));
        println!(
            "{} for {}: {} since {}{} (event {})",
            consent.purpose,
            consent.party,
            standing.state,
            local(app, standing.since),
            until.unwrap_or_default(),
            standing.event_seq
        );
    }
}

fn event(app: &App, entry: &Entry) -> anyhow::Result<()> {
    let event = &entry.event;
    println!();
    println!("event {}  {} for {}: {}", entry.seq, event.purpose, event.party, event.state);
    println!(
        "  acted      {} ({} by {})",
        local(app, event.occurred_at),
        event.actor,
        event.channel
    );
    println!("  recorded   {}", local(app, event.recorded_at));
    if let Some(until) = event.valid_until {
        println!("  holds      until {}", local(app, until));
    }
    let language = event.language.map(|language| format!(" in {language}")).unwrap_or_default();
    if let Some(pin) = event.policy {
        println!("  policy     {}{language}, SHA-256 {}", pin.version_id, hex(&pin.sha256));
    }
    if let Some(pin) = event.wording {
        println!("  wording    {}{language}, SHA-256 {}", pin.id, hex(&pin.sha256));
    }
    match &entry.detail {
        Some((_, detail)) => evidence(detail)?,
        None => println!("  evidence   redacted"),
    }
    println!("  hash       {}", hex(&entry.hash));
    Ok(())
}

fn evidence(detail: &str) -> anyhow::Result<()> {
    let fields: serde_json::Map<String, serde_json::Value> = serde_json::from_str(detail)?;
    for (name, value) in fields {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        println!("  {:<10} {text}", name.replace('_', " "));
    }
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}
