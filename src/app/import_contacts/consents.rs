//! Which claimed consents are recorded. None revives a withdrawal (invariant 4).

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::domain::consent::{State, term_end};

use super::{ConsentClaim, Evidence, Proof, PurposeOf, Remark, grounds::Ground, merge::Merge};

/// A consent to record.
#[derive(Debug)]
pub(super) struct Act {
    /// Whose, among the people of the batch.
    pub(super) place: usize,
    pub(super) line: u64,
    pub(super) of: PurposeOf,
    pub(super) ground: Ground,
    pub(super) evidence: Evidence,
    /// Given or renewed.
    pub(super) state: State,
    /// Since when it waits for reconfirmation.
    pub(super) waits_since: Option<DateTime<Utc>>,
}

/// Where a consent stands, as far as it matters here.
#[derive(Debug, Clone, Copy)]
struct Stand {
    state: State,
    since: DateTime<Utc>,
}

/// What becomes of a claim.
enum Word {
    Record(State),
    RecordedBefore,
    Objected,
}

/// Decides on all claims of a batch, in the order of the file.
pub(super) fn decide(merge: &mut Merge<'_>, claims: Vec<(usize, u64, &ConsentClaim)>) {
    let mut stands: HashMap<(usize, &PurposeOf), Stand> = HashMap::new();
    for (place, line, claim) in claims {
        let evidence = match &claim.proof {
            Proof::Evidenced(evidence) => evidence,
            Proof::Lacking(lacks) => {
                merge.merged.tally.without_evidence += 1;
                merge.merged.note(line, Some(&claim.of), Remark::NoEvidence(lacks.clone()));
                continue;
            }
        };
        let address_hash = merge.merged.people[place].contact.address_hash;
        let of = &claim.of;
        let stand = stands.get(&(place, of)).copied().or_else(|| stored(merge, place, of));
        let waits_since =
            merge.grounds.editions.changed_after(evidence.policy_version, evidence.given_at);
        match judge(stand, evidence, waits_since.is_some()) {
            Word::Objected => {
                merge.merged.tally.objected += 1;
                merge.merged.note(line, Some(of), Remark::Objected);
            }
            Word::RecordedBefore => merge.merged.tally.recorded_before += 1,
            Word::Record(_) if merge.known.suppressed.contains(&address_hash) => {
                merge.merged.tally.suppressed += 1;
                merge.merged.note(line, Some(of), Remark::Suppressed);
            }
            Word::Record(state) => {
                // Checked with the row: there is such a purpose and party.
                let Ok(ground) = merge.grounds.ground(of) else { continue };
                stands.insert((place, of), Stand { state, since: evidence.given_at });
                let (of, evidence) = (of.clone(), evidence.clone());
                let act = Act { place, line, of, ground, evidence, state, waits_since };
                record(merge, act);
            }
        }
    }
}

fn judge(stand: Option<Stand>, evidence: &Evidence, is_outdated: bool) -> Word {
    match stand {
        None => Word::Record(State::Given),
        Some(Stand { state: State::Withdrawn | State::Refused, .. }) => Word::Objected,
        Some(stand) if evidence.given_at <= stand.since => Word::RecordedBefore,
        // It stands on a newer edition already: an older paper does not take that away.
        Some(stand) if is_outdated && stand.state.permits_sending() => Word::RecordedBefore,
        Some(_) => Word::Record(State::Renewed),
    }
}

fn stored(merge: &Merge<'_>, place: usize, of: &PurposeOf) -> Option<Stand> {
    let contact = &merge.merged.people[place].contact;
    let consents = merge.known.consents.get(&contact.id).into_iter().flatten();
    let is_it =
        |purpose: &str, party: &str| purpose == of.purpose.as_str() && party == of.party.as_str();
    let stored = consents
        .into_iter()
        .find(|consent| is_it(consent.purpose.as_str(), consent.party.as_str()))
        .map(|consent| Stand { state: consent.standing.state, since: consent.standing.since });
    let unwritten = merge.seen.given_at(&contact.address_hash, of);
    match (stored, unwritten) {
        (stored, None) => stored,
        (_, Some(since)) => Some(Stand { state: State::Given, since }),
    }
}

fn record(merge: &mut Merge<'_>, act: Act) {
    let now = merge.app.now();
    let tally = &mut merge.merged.tally;
    match act.state {
        State::Given => tally.given += 1,
        _ => tally.renewed += 1,
    }
    let remark = if term_end(act.evidence.given_at, act.ground.term_months) <= now {
        tally.expired += 1;
        Some(Remark::Expired)
    } else if act.waits_since.is_some() {
        tally.needs_reconfirmation += 1;
        Some(Remark::NeedsReconfirmation)
    } else {
        None
    };
    if let Some(remark) = remark {
        merge.merged.note(act.line, Some(&act.of), remark);
    }
    merge.merged.acts.push(act);
}
