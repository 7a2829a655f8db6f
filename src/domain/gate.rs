//! The one rule that says whether a person may be mailed. It fails closed and has no switch.

use chrono::{DateTime, Utc};

use super::{
    consent::{Standing, State},
    words::words,
};

words! {
    /// Why the gate says no, in the order in which it looks.
    Refusal("refusal") {
        /// The person had all processing blocked.
        Blocked = "blocked",
        /// The address is on the suppression list.
        Suppressed = "suppressed",
        /// Nothing is known, or it was only asked for.
        NoConsent = "no_consent",
        /// The person said no.
        Refused = "refused",
        /// The person took it back.
        Withdrawn = "withdrawn",
        /// The term has ended.
        Expired = "expired",
        /// The policy changed in substance since.
        NeedsReconfirmation = "needs_reconfirmation",
        /// The record was invalidated or ended.
        Ended = "ended",
        /// The address cannot be mailed.
        BadAddress = "bad_address",
    }
}

/// What is known of one person about one campaign's purpose and party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The address is there and has not proved unusable.
    pub address_ok: bool,
    /// All processing is blocked.
    pub blocked: bool,
    /// On the suppression list at this moment.
    pub suppressed: bool,
    /// The consent for this very purpose and party.
    pub consent: Option<Standing>,
}

/// The gate's answer.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// May be mailed, because of this ledger event.
    Allowed {
        /// The ledger's number of the event that permits it.
        consent_seq: i64,
    },
    /// May not.
    Refused(Refusal),
}

/// Whether a person may be mailed at `now`.
pub fn decide(facts: &Facts, now: DateTime<Utc>) -> Verdict {
    if facts.blocked {
        return Verdict::Refused(Refusal::Blocked);
    }
    if facts.suppressed {
        return Verdict::Refused(Refusal::Suppressed);
    }
    let Some(consent) = facts.consent else {
        return Verdict::Refused(Refusal::NoConsent);
    };
    let refusal = match consent.state {
        State::Given | State::Renewed if consent.valid_until.is_some_and(|end| now < end) => None,
        State::Given | State::Renewed | State::Expired => Some(Refusal::Expired),
        State::Requested => Some(Refusal::NoConsent),
        State::Refused => Some(Refusal::Refused),
        State::Withdrawn => Some(Refusal::Withdrawn),
        State::NeedsReconfirmation => Some(Refusal::NeedsReconfirmation),
        State::Invalidated | State::Terminated => Some(Refusal::Ended),
    };
    match refusal {
        Some(refusal) => Verdict::Refused(refusal),
        None if !facts.address_ok => Verdict::Refused(Refusal::BadAddress),
        None => Verdict::Allowed { consent_seq: consent.event_seq },
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn consent(state: State, days_left: i64) -> Standing {
        let valid_until = Some(NOW + TimeDelta::days(days_left));
        Standing { state, since: NOW - TimeDelta::days(5), valid_until, event_seq: 7 }
    }

    #[test]
    fn a_valid_consent_opens_it_and_is_named() {
        let facts = Facts {
            address_ok: true,
            blocked: false,
            suppressed: false,
            consent: Some(consent(State::Given, 1)),
        };
        assert_eq!(decide(&facts, NOW), Verdict::Allowed { consent_seq: 7 });
    }

    #[test]
    fn the_term_ends_at_its_end() {
        let facts = Facts {
            address_ok: true,
            blocked: false,
            suppressed: false,
            consent: Some(consent(State::Renewed, 0)),
        };
        assert_eq!(decide(&facts, NOW), Verdict::Refused(Refusal::Expired));
    }

    proptest! {
        #[test]
        fn it_opens_only_when_every_fact_says_so(
            address_ok: bool, blocked: bool, suppressed: bool, known: bool, days_left in -2_i64..3,
            state in prop::sample::select(State::ALL),
        ) {
            let consent = known.then(|| consent(state, days_left));
            let facts = Facts { address_ok, blocked, suppressed, consent };
            let open = address_ok && !blocked && !suppressed && known
                && matches!(state, State::Given | State::Renewed) && days_left > 0;
            prop_assert_eq!(matches!(decide(&facts, NOW), Verdict::Allowed { .. }), open);
        }
    }
}
