//! Neighbours and audiences as proptest thinks them up, and the rule of `domain::audience` in plain
//! words.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use kelisim::domain::{
    audience::{Audience, Clause},
    consent::{Standing, State as ConsentState},
    contact::AddressState,
    delivery::State as DeliveryState,
    gate::Facts,
    id::CampaignId,
    language::Language,
};
use proptest::{
    collection::{btree_map, btree_set, vec},
    option,
    prelude::*,
    sample::select,
};

/// Somebody of a small town, as proptest thinks them up.
#[derive(Debug, Clone)]
pub(super) struct Neighbour {
    pub(super) language: Option<Language>,
    pub(super) tags: Vec<String>,
    pub(super) attributes: BTreeMap<String, String>,
    /// What became of the deliveries of earlier campaigns, by the campaign's place.
    pub(super) got: BTreeMap<usize, DeliveryState>,
    pub(super) address: AddressState,
    pub(super) blocked: bool,
    /// When a suppression ends, in microseconds from now.
    pub(super) suppressed_us: Option<i64>,
    /// Where the consent stands, and when it ends, in microseconds from now.
    pub(super) consent: Option<(ConsentState, i64)>,
}

/// Earlier campaigns of the town; one more is never sent to anybody.
pub(super) const CAMPAIGNS: usize = 3;
const TAGS: &[&str] = &["teacher", "Teacher", "ұстаз", "o'neil", "50%", "$1", ""];
const KEYS: &[&str] = &["region", "a.b", "\"q\"", "$"];
const VALUES: &[&str] = &["Астана", "Almaty", "", "null"];

fn words(from: &'static [&'static str]) -> impl Strategy<Value = Vec<String>> {
    btree_set(select(from), 0..3).prop_map(|some| some.into_iter().map(str::to_owned).collect())
}

fn languages() -> impl Strategy<Value = Language> {
    select(vec![Language::KK, Language::RU, Language::EN])
}

pub(super) fn a_neighbour() -> impl Strategy<Value = Neighbour> {
    let key = select(KEYS).prop_map(str::to_owned);
    let value = select(VALUES).prop_map(str::to_owned);
    let instants = || select(vec![-1_000_000, -1, 0, 1, 499_999, 1_000_000]);
    (
        option::of(languages()),
        words(TAGS),
        btree_map(key, value, 0..3),
        btree_map(0..CAMPAIGNS, select(DeliveryState::ALL), 0..3),
        select(AddressState::ALL),
        prop::bool::weighted(0.1),
        option::weighted(0.2, instants()),
        option::weighted(0.8, (select(ConsentState::ALL), instants())),
    )
        .prop_map(
            |(language, tags, attributes, got, address, blocked, suppressed_us, consent)| {
                Neighbour {
                    language,
                    tags,
                    attributes,
                    got,
                    address,
                    blocked,
                    suppressed_us,
                    consent,
                }
            },
        )
}

/// A clause whose campaigns are named by their places.
fn a_clause(campaigns: Vec<CampaignId>) -> impl Strategy<Value = Clause> {
    let leaf = prop_oneof![
        vec(languages(), 0..3).prop_map(Clause::Language),
        words(TAGS).prop_map(Clause::Tag),
        (select(KEYS), words(VALUES))
            .prop_map(|(key, is)| Clause::Attribute { key: key.to_owned(), is }),
        vec(select(campaigns), 0..3).prop_map(Clause::GotCampaign),
        vec(select(AddressState::ALL), 0..3).prop_map(Clause::AddressState),
        any::<bool>().prop_map(Clause::Blocked),
        Just(Clause::Suppressed(vec![])),
    ];
    leaf.prop_recursive(3, 12, 3, |clause| {
        prop_oneof![
            vec(clause.clone(), 0..3).prop_map(Clause::Any),
            vec(clause.clone(), 0..3).prop_map(Clause::All),
            clause.prop_map(|clause| Clause::Not(Box::new(clause))),
        ]
    })
}

pub(super) fn an_audience(campaigns: Vec<CampaignId>) -> impl Strategy<Value = Audience> {
    (vec(a_clause(campaigns.clone()), 0..3), vec(a_clause(campaigns), 0..2))
        .prop_map(|(include, exclude)| Audience { include, exclude })
}

impl Neighbour {
    /// The rule of `domain::audience`, in plain words.
    fn is_meant(&self, clause: &Clause, campaigns: &[CampaignId]) -> bool {
        match clause {
            Clause::Language(any) => self.language.is_some_and(|language| any.contains(&language)),
            Clause::Tag(any) => any.iter().any(|tag| self.tags.contains(tag)),
            Clause::Attribute { key, is } => {
                let value = self.attributes.get(key).map_or("", String::as_str);
                if is.is_empty() { !value.is_empty() } else { is.iter().any(|one| one == value) }
            }
            Clause::GotCampaign(any) => any.iter().any(|id| {
                let place = campaigns.iter().position(|one| one == id);
                let state = place.and_then(|place| self.got.get(&place));
                matches!(state, Some(DeliveryState::Sent | DeliveryState::Uncertain))
            }),
            Clause::Any(any) => any.iter().any(|clause| self.is_meant(clause, campaigns)),
            Clause::All(all) => all.iter().all(|clause| self.is_meant(clause, campaigns)),
            Clause::Not(clause) => !self.is_meant(clause, campaigns),
            Clause::AddressState(any) => any.contains(&self.address),
            Clause::Blocked(is) => self.blocked == *is,
            Clause::Suppressed(_) => self.suppressed_us.is_some_and(|us| us > 0),
            other => panic!("{other:?} is asked about in store/finding.rs"),
        }
    }

    pub(super) fn belongs(&self, audience: &Audience, campaigns: &[CampaignId]) -> bool {
        self.address != AddressState::Erased
            && audience.include.iter().all(|clause| self.is_meant(clause, campaigns))
            && !audience.exclude.iter().any(|clause| self.is_meant(clause, campaigns))
    }

    pub(super) fn facts(&self, now: DateTime<Utc>) -> Facts {
        Facts {
            address_ok: self.address == AddressState::Ok,
            blocked: self.blocked,
            suppressed: self.suppressed_us.is_some_and(|us| us > 0),
            consent: self.standing(now),
        }
    }

    pub(super) fn standing(&self, now: DateTime<Utc>) -> Option<Standing> {
        self.consent.map(|(state, us)| Standing {
            state,
            since: now,
            valid_until: Some(now + TimeDelta::microseconds(us)),
            event_seq: 1,
        })
    }
}
