//! Who will get a campaign and why the others will not, before it starts.

use std::collections::BTreeMap;

use crate::{
    app::{App, Result},
    domain::{
        audience::Audience,
        gate::{self, Refusal, Verdict},
        party::PartyKey,
        purpose::PurposeKey,
    },
    store::{self, audience::Question},
};

/// How many people fall out where. Each is counted once, at the first reason.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Funnel {
    /// People whom the audience matches.
    pub matched: i64,
    /// Those who will not get it, by reason.
    pub refused: BTreeMap<Refusal, i64>,
    /// Those who will.
    pub allowed: i64,
}

/// Counts for an audience, purpose and party as things stand now.
///
/// # Errors
/// The database's.
pub async fn funnel(
    app: &App,
    audience: &Audience,
    purpose: &PurposeKey,
    party: &PartyKey,
) -> Result<Funnel> {
    let now = app.now();
    let mut reader = app.store.read().await?;
    let question = Question { audience, purpose, party, now };
    let kinds = store::audience::count_by_facts(reader.conn(), question).await?;
    let mut funnel = Funnel::default();
    for (facts, people) in kinds {
        funnel.matched += people;
        match gate::decide(&facts, now) {
            Verdict::Allowed { .. } => funnel.allowed += people,
            Verdict::Refused(refusal) => *funnel.refused.entry(refusal).or_default() += people,
        }
    }
    Ok(funnel)
}
