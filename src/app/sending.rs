//! The engine's deeds: writing an audience out, and taking deliveries to send.

use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        campaign::{Campaign, Phase},
        delivery::SkipReason,
        gate::{self, Verdict},
        id::{CampaignId, DeliveryId, NodeId},
    },
    store::{
        self, Tx,
        audience::{Person, Question},
        delivery::{Candidate, End, Fate, NewDelivery, Outcome},
    },
};

use super::{App, Error, Result};

/// People written out in one transaction: enough to be quick, few enough that on SQLite a
/// withdrawal does not wait noticeably for the writer.
const PEOPLE_PER_CHUNK: i64 = 2_000;

/// How far the writing out of an audience has come.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expansion {
    /// There is more.
    More,
    /// All are written out, or the campaign is no longer running.
    Done,
}

/// Writes out the next people of a running campaign's audience as deliveries, each with what the
/// gate says of them now. Safe to be interrupted, repeated, and run by several nodes.
///
/// # Errors
/// The database's.
pub async fn expand(app: &App, id: CampaignId) -> Result<Expansion> {
    let mut tx = app.store.begin().await?;
    let Some(campaign) = store::campaign::lock(tx.conn(), id).await? else {
        return Ok(Expansion::Done);
    };
    if campaign.state.phase() != Phase::Running || campaign.expanded_at.is_some() {
        return Ok(Expansion::Done);
    }
    let now = app.now();
    let people = store::audience::people_after(
        tx.conn(),
        Question {
            audience: &campaign.audience,
            purpose: &campaign.purpose,
            party: &campaign.party,
            now,
        },
        campaign.expand_after,
        PEOPLE_PER_CHUNK,
    )
    .await?;
    let mut draws = app.entropy.draws();
    let deliveries: Vec<NewDelivery> = people
        .iter()
        .map(|person| NewDelivery {
            id: DeliveryId(draws.uuid(now)),
            contact_id: person.contact_id,
            fate: fate(person, now),
        })
        .collect();
    store::delivery::insert(tx.conn(), id, &deliveries, now).await?;
    let is_last = people.len() < usize::try_from(PEOPLE_PER_CHUNK).unwrap_or(usize::MAX);
    let after = people.last().map(|person| person.contact_id);
    store::campaign::set_expanded(tx.conn(), id, after, is_last.then_some(now)).await?;
    tx.commit().await?;
    app.work.notify_one();
    Ok(if is_last { Expansion::Done } else { Expansion::More })
}

fn fate(person: &Person, now: DateTime<Utc>) -> Fate {
    match gate::decide(&person.facts, now) {
        Verdict::Allowed { consent_seq } => Fate::Queued { consent_seq },
        Verdict::Refused(refusal) => Fate::Skipped(SkipReason::Gate(refusal)),
    }
}

/// A delivery that this node may send, allowed by the gate in the transaction that took it.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The delivery and its person.
    pub candidate: Candidate,
    /// The ledger event that allows it.
    pub consent_seq: i64,
    /// When the gate was asked: a later change of the permission means to ask again.
    pub asked_at: Instant,
}

/// What a claim took.
#[derive(Debug, Default)]
pub struct Batch {
    /// To be sent.
    pub claimed: Vec<Claimed>,
    /// No more are due now.
    pub is_last: bool,
}

/// Nothing was taken, as far as is known.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
pub struct ClaimFailed {
    /// Why.
    pub error: Error,
    /// Whether the commit came through is unknown: these must be given back before the next claim.
    pub perhaps_taken: Vec<DeliveryId>,
}

impl<E: Into<Error>> From<E> for ClaimFailed {
    fn from(error: E) -> Self {
        Self { error: error.into(), perhaps_taken: Vec::new() }
    }
}

/// Takes up to `limit` due deliveries of a running campaign for `node`. Those that the gate refuses
/// are skipped with its reason in the same transaction.
///
/// # Errors
/// [`Error::Conflict`] when the node was declared dead; the database's.
pub async fn claim(
    app: &App,
    campaign: &Campaign,
    node: NodeId,
    limit: usize,
) -> Result<Batch, ClaimFailed> {
    let asked_at = Instant::now();
    let now = app.now();
    let mut tx = app.store.begin().await?;
    if !store::node::is_running(tx.conn(), node).await? {
        return Err(Error::Conflict("this node was declared dead by another".into()).into());
    }
    if !store::campaign::is_running(tx.conn(), campaign.id).await? {
        return Ok(Batch { claimed: Vec::new(), is_last: true });
    }
    let rows = i64::try_from(limit).unwrap_or(i64::MAX);
    let candidates = store::delivery::candidates(tx.conn(), campaign, now, rows).await?;
    let is_last = candidates.len() < limit;
    let claimed = ask_gate(&mut tx, candidates, asked_at, now).await?;
    let ids: Vec<DeliveryId> = claimed.iter().map(|one| one.candidate.id).collect();
    if !ids.is_empty() {
        store::delivery::claim(tx.conn(), &ids, node, now).await?;
    }
    match tx.commit().await {
        Ok(()) => Ok(Batch { claimed, is_last }),
        Err(error) => Err(ClaimFailed { error: error.into(), perhaps_taken: ids }),
    }
}

async fn ask_gate(
    tx: &mut Tx,
    candidates: Vec<Candidate>,
    asked_at: Instant,
    now: DateTime<Utc>,
) -> Result<Vec<Claimed>> {
    let mut claimed = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        match gate::decide(&candidate.facts, now) {
            Verdict::Allowed { consent_seq } => {
                if consent_seq != candidate.consent_seq {
                    store::delivery::repin(tx.conn(), candidate.id, consent_seq).await?;
                }
                claimed.push(Claimed { candidate, consent_seq, asked_at });
            }
            Verdict::Refused(refusal) => {
                let reason = SkipReason::Gate(refusal);
                store::delivery::skip(tx.conn(), candidate.id, reason, now).await?;
            }
        }
    }
    Ok(claimed)
}

/// Queues again what `node` may have taken by a claim that failed. It must not have claimed
/// anything since.
///
/// # Errors
/// The database's.
pub async fn give_back(app: &App, node: NodeId, ids: &[DeliveryId]) -> Result<()> {
    let now = app.now();
    let unsent =
        |id: &DeliveryId| Outcome { id: *id, end: End::Queued { due_at: now }, attempt: None };
    let outcomes: Vec<Outcome> = ids.iter().map(unsent).collect();
    let mut tx = app.store.begin().await?;
    store::delivery::record(tx.conn(), &outcomes, node, now).await?;
    tx.commit().await?;
    Ok(())
}
