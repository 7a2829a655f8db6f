//! What the campaign commands print.

use crate::{
    app::{App, campaign, campaign::Status},
    cli::local::local,
    domain::{
        campaign::{Campaign, State},
        delivery,
        gate::Refusal,
    },
};

/// Who will get it and why the others will not.
pub(super) async fn funnel(app: &App, campaign: &Campaign) -> anyhow::Result<()> {
    let funnel =
        campaign::funnel(app, &campaign.audience, &campaign.purpose, &campaign.party).await?;
    println!("{:>10} match the audience", funnel.matched);
    for (refusal, people) in &funnel.refused {
        println!("{people:>10} will not get it: {}", in_words(*refusal));
    }
    println!("{:>10} will get it", funnel.allowed);
    Ok(())
}

/// What was just started, or when it will be.
pub(super) fn started(app: &App, campaign: &Campaign) {
    match campaign.state {
        State::Scheduled { start_at } => {
            println!("{} starts at {}.", campaign.name, local(app, start_at));
        }
        _ => println!("{} is started.", campaign.name),
    }
}

/// How far it has come.
pub(super) fn status(app: &App, status: &Status) {
    let campaign = &status.campaign;
    println!("{}  {}", campaign.name, campaign.id);
    println!("purpose {}, party {}", campaign.purpose, campaign.party);
    println!("{}", state(app, &campaign.state));
    for (state, n) in &status.states {
        println!("{n:>10} {state}");
    }
    for (state, reason, n) in &status.reasons {
        println!("{n:>10} {state} because: {}", reason_in_words(reason));
    }
    for line in &status.history {
        let detail = line.detail.as_deref().unwrap_or_default();
        println!("{}  {} by {} {detail}", local(app, line.happened_at), line.deed, line.actor);
    }
}

fn state(app: &App, state: &State) -> String {
    match state {
        State::Draft => "draft".to_owned(),
        State::Scheduled { start_at } => format!("scheduled for {}", local(app, *start_at)),
        State::Running { since } => format!("running since {}", local(app, *since)),
        State::Paused { since, reason } => format!("paused since {}: {reason}", local(app, *since)),
        State::Finished { at } => format!("finished at {}", local(app, *at)),
        State::Cancelled { at } => format!("cancelled at {}", local(app, *at)),
    }
}

/// Why deliveries stand where they do, for a line beside the bar.
pub(in crate::cli) fn reasons(status: &Status) -> String {
    let ended = status.reasons.iter().filter(|(state, ..)| *state != delivery::State::Queued);
    let parts: Vec<String> =
        ended.map(|(_, reason, n)| format!("{n} {}", reason_in_words(reason))).collect();
    parts.join(", ")
}

fn reason_in_words(reason: &str) -> &str {
    match reason.parse() {
        Ok(refusal) => in_words(refusal),
        Err(_) => match reason {
            "cancelled" => "the campaign was cancelled",
            "answer_lost" => "the relay's answer was lost",
            "node_lost" => "the sending process was lost",
            other => other,
        },
    }
}

const fn in_words(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Blocked => "all processing is blocked",
        Refusal::Suppressed => "the address is suppressed",
        Refusal::NoConsent => "no consent",
        Refusal::Refused => "the person refused",
        Refusal::Withdrawn => "the consent was withdrawn",
        Refusal::Expired => "the consent has expired",
        Refusal::NeedsReconfirmation => {
            "the policy changed since, the consent needs reconfirmation"
        }
        Refusal::Ended => "the consent was invalidated or ended",
        Refusal::BadAddress => "the address cannot be mailed",
    }
}
