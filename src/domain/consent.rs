//! A consent is a history of events; its standing is what they add up to.

use chrono::{DateTime, Months, Utc};
use serde::{Deserialize, Serialize};

use super::{
    id::{ConsentId, ContactId, EventId, WordingId},
    language::Language,
    party::PartyKey,
    policy::PolicyPin,
    purpose::PurposeKey,
    words::words,
};

words! {
    /// Where a consent stands (ISO/IEC TS 27560 status model). Only given and renewed permit mail.
    State("consent state") {
        /// Asked for, not answered.
        Requested = "requested",
        /// The person said yes.
        Given = "given",
        /// The person said no.
        Refused = "refused",
        /// The person said yes again.
        Renewed = "renewed",
        /// The person took it back.
        Withdrawn = "withdrawn",
        /// Its term ended.
        Expired = "expired",
        /// Found to have been recorded wrongly.
        Invalidated = "invalidated",
        /// Ended by the controller.
        Terminated = "terminated",
        /// A material change of the policy: waits for the person to confirm.
        NeedsReconfirmation = "needs_reconfirmation",
    }
}

impl State {
    /// Whether mail may be sent in this state.
    #[must_use]
    pub const fn permits_sending(self) -> bool {
        matches!(self, Self::Given | Self::Renewed)
    }
}

words! {
    /// Who acted.
    Actor("actor") {
        /// The person.
        Subject = "subject",
        /// Staff.
        Operator = "operator",
        /// A rule of the program, such as an expiry.
        System = "system",
        /// A state body.
        Authority = "authority",
    }
}

words! {
    /// The way an act came to us.
    Channel("channel") {
        /// A subscribe form.
        WebForm = "web_form",
        /// The confirmation of an address.
        DoubleOptIn = "double_opt_in",
        /// A file of contacts.
        Import = "import",
        /// Another system of the institution.
        Api = "api",
        /// The mail client's unsubscribe button (RFC 8058).
        OneClick = "one_click",
        /// The link in a mail.
        Link = "link",
        /// A letter to the support mailbox.
        Mail = "mail",
        /// A call.
        Phone = "phone",
        /// A provider's complaint report (ARF).
        FeedbackLoop = "feedback_loop",
        /// Entered by staff.
        Staff = "staff",
    }
}

/// What proves an act. Personal: it is kept apart from the hashed event, which holds a salted
/// hash of it, so that it can be redacted and the chain still verifies.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The form, page, document or system that the act was made with.
    pub source: String,
    /// The name of the person at that time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_name: Option<String>,
    /// The mail through which it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery_id: Option<uuid::Uuid>,
    /// The import that brought it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import_id: Option<uuid::Uuid>,
    /// The line of the imported file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import_line: Option<u64>,
    /// The first three octets or groups of the network address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ip_prefix: Option<String>,
    /// The browser or mail client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Why, in the words of the person or of staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The words that were shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WordingPin {
    /// The stored text.
    pub id: WordingId,
    /// SHA-256 of its UTF-8 bytes.
    pub sha256: [u8; 32],
}

/// One act or fact about one consent: everything of it that the chain's hash covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its own id.
    pub id: EventId,
    /// The consent it belongs to.
    pub consent_id: ConsentId,
    /// The person.
    pub contact_id: ContactId,
    /// For what.
    pub purpose: PurposeKey,
    /// On whose behalf.
    pub party: PartyKey,
    /// Where the act puts the consent.
    pub state: State,
    /// When the person acted.
    pub occurred_at: DateTime<Utc>,
    /// When we learnt of it.
    pub recorded_at: DateTime<Utc>,
    /// Who acted.
    pub actor: Actor,
    /// How it came to us.
    pub channel: Channel,
    /// The edition of the policy it was given under.
    pub policy: Option<PolicyPin>,
    /// The words it was given to.
    pub wording: Option<WordingPin>,
    /// The language of those.
    pub language: Option<Language>,
    /// The end of its term.
    pub valid_until: Option<DateTime<Utc>>,
    /// Keyed hash of the address it is about.
    pub address_hash: [u8; 32],
    /// The terms then in force: controller, third parties, borders, storage, withdrawal (§3.2).
    pub terms_sha256: [u8; 32],
    /// Salted hash of the [`Evidence`].
    pub detail_hash: [u8; 32],
}

/// Where a consent stands, and the event that put it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The state.
    pub state: State,
    /// When the person acted.
    pub since: DateTime<Utc>,
    /// The end of the term, for a state that permits sending.
    pub valid_until: Option<DateTime<Utc>>,
    /// The ledger's number of that event.
    pub event_seq: i64,
}

/// What [`Standing::after`] needs to know of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// The ledger's number.
    pub seq: i64,
    /// Where it puts the consent.
    pub state: State,
    /// When the person acted.
    pub occurred_at: DateTime<Utc>,
    /// Who.
    pub actor: Actor,
    /// How it came.
    pub channel: Channel,
    /// The end of the term.
    pub valid_until: Option<DateTime<Utc>>,
}

impl Standing {
    /// The standing after `act`, which is the latest by time of the act.
    ///
    /// A withdrawal yields only to a fresh act of the person that is later than it; an import
    /// never is one (invariant 4).
    #[must_use]
    pub fn after(before: Option<Self>, act: Act) -> Self {
        let next = Self {
            state: act.state,
            since: act.occurred_at,
            valid_until: act.valid_until,
            event_seq: act.seq,
        };
        match before {
            Some(stands) if stands.outlasts(act) => stands,
            _ => next,
        }
    }

    fn outlasts(self, act: Act) -> bool {
        let objected = matches!(self.state, State::Withdrawn | State::Refused);
        let of_the_person = act.actor == Actor::Subject && act.channel != Channel::Import;
        let later = act.occurred_at > self.since;
        match act.state {
            State::Given | State::Renewed if objected => !(of_the_person && later),
            State::Requested | State::Expired | State::NeedsReconfirmation => objected,
            _ => false,
        }
    }
}

/// Where the acts of one consent leave it: ordered by the time of the act, never of arrival; of
/// two at the same moment the objection wins.
#[must_use]
pub fn fold(mut acts: Vec<Act>) -> Option<Standing> {
    acts.sort_by_key(|act| {
        let objects = matches!(act.state, State::Withdrawn | State::Refused);
        (act.occurred_at, objects, act.seq)
    });
    acts.into_iter().fold(None, |standing, act| Some(Standing::after(standing, act)))
}

/// The end of a consent's term: `months` after the act.
#[must_use]
pub fn term_end(given_at: DateTime<Utc>, months: i64) -> DateTime<Utc> {
    u32::try_from(months)
        .ok()
        .and_then(|months| given_at.checked_add_months(Months::new(months)))
        .unwrap_or(given_at)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn act(seq: i64, day: i64, state: State, actor: Actor, channel: Channel) -> Act {
        let occurred_at = DateTime::UNIX_EPOCH + TimeDelta::days(day);
        Act {
            seq,
            state,
            occurred_at,
            actor,
            channel,
            valid_until: Some(term_end(occurred_at, 24)),
        }
    }

    fn given(seq: i64, day: i64) -> Act {
        act(seq, day, State::Given, Actor::Subject, Channel::WebForm)
    }

    fn withdrawn(seq: i64, day: i64) -> Act {
        act(seq, day, State::Withdrawn, Actor::Subject, Channel::OneClick)
    }

    #[test]
    fn a_late_given_older_than_the_withdrawal_does_not_win() {
        assert_eq!(fold(vec![withdrawn(1, 10), given(2, 5)]).unwrap().state, State::Withdrawn);
    }

    #[test]
    fn a_fresh_act_of_the_person_later_than_the_withdrawal_wins() {
        assert_eq!(fold(vec![given(1, 1), withdrawn(2, 10), given(3, 11)]).unwrap().event_seq, 3);
    }

    #[test]
    fn at_the_same_moment_the_objection_wins() {
        assert_eq!(fold(vec![withdrawn(1, 10), given(2, 10)]).unwrap().state, State::Withdrawn);
    }

    #[test]
    fn an_expiry_does_not_turn_a_withdrawal_into_something_milder() {
        let expiry = act(3, 20, State::Expired, Actor::System, Channel::Staff);
        assert_eq!(fold(vec![given(1, 1), withdrawn(2, 10), expiry]).unwrap().event_seq, 2);
    }

    proptest! {
        #[test]
        fn nothing_but_the_person_revives_a_withdrawal(
            day in 0_i64..40,
            state in prop::sample::select(State::ALL),
            actor in prop::sample::select(Actor::ALL),
            channel in prop::sample::select(Channel::ALL),
        ) {
            let next = fold(vec![given(1, 1), withdrawn(2, 10), act(3, day, state, actor, channel)]);
            let fresh = actor == Actor::Subject && channel != Channel::Import && day > 10;
            prop_assert!(fresh || !next.unwrap().state.permits_sending());
        }

        #[test]
        fn the_order_of_arrival_does_not_matter(days in prop::collection::vec((0_i64..9, any::<bool>()), 1..6)) {
            let mut acts: Vec<Act> = (1..).zip(&days).map(|(seq, &(day, yes))| {
                if yes { given(seq, day) } else { withdrawn(seq, day) }
            }).collect();
            let one = fold(acts.clone());
            acts.reverse();
            prop_assert_eq!(one, fold(acts));
        }
    }
}
