//! What the public pages show, ready for their templates.

use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::HEXLOWER;
use serde::Serialize;

use crate::{
    app::{
        Proof,
        leave::{Leaving, Left},
    },
    domain::{
        address::Address, delivery::State, institution::Institution, language::Language,
        party::Party,
    },
};

use super::super::{
    language::offered,
    words::{Arguments, say, say_time},
};

/// Octets of a policy text's SHA-256 that a person is shown; the officer has the rest.
const HASH_OCTETS_SHOWN: usize = 6;

/// The page of one message: to leave, or after leaving.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    lang: Language,
    languages: Vec<Offered>,
    institution: Sender<'a>,
    address: Option<String>,
    purpose: &'a str,
    clause: &'a str,
    partner: Option<&'a str>,
    campaign: &'a str,
    sent: Option<Moment>,
    left_all: bool,
    given: Option<Given>,
}

/// A language of the switcher.
#[derive(Serialize)]
struct Offered {
    code: Language,
    name: Option<String>,
    current: bool,
}

/// The institution in one language, with ways to reach it.
#[derive(Serialize)]
struct Sender<'a> {
    lang: Language,
    name: &'a str,
    postal: &'a str,
    policy_url: &'a str,
    support: &'a str,
    mailto: String,
    phone: &'a str,
    tel: String,
}

/// A time, for machines and for people.
#[derive(Serialize)]
struct Moment {
    iso: String,
    text: String,
}

/// How the consent was given.
#[derive(Serialize)]
struct Given {
    at: Moment,
    way: Option<String>,
    source: Option<String>,
    edition: Option<i64>,
    edition_at: Option<Moment>,
    hash: Option<String>,
    wording: Option<String>,
}

impl<'a> Page<'a> {
    /// For one message, in one language.
    pub(super) fn of(leaving: &'a Leaving, institution: &'a Institution, lang: Language) -> Self {
        let moment = |time| Moment::of(time, lang, institution);
        let fallback = institution.default_language();
        Self {
            lang,
            languages: switcher(institution, lang),
            institution: Sender::of(institution, lang),
            address: leaving.contact.address.as_ref().map(Address::masked),
            purpose: leaving.purpose.title(lang, fallback),
            clause: &leaving.purpose.clause,
            partner: (!leaving.party.key.is_institution())
                .then(|| name(&leaving.party, lang, fallback)),
            campaign: &leaving.campaign.name,
            sent: (leaving.delivery.state == State::Sent)
                .then(|| moment(leaving.delivery.state_since)),
            left_all: leaving.left == Left::All,
            given: leaving.proof.as_ref().map(|proof| Given::of(proof, lang, institution)),
        }
    }
}

impl Given {
    fn of(proof: &Proof, lang: Language, institution: &Institution) -> Self {
        let event = &proof.entry.event;
        let way = format!("web-channel-{}", event.channel);
        let source = proof.evidence.as_ref().map(|one| one.source.clone());
        Self {
            at: Moment::of(event.occurred_at, lang, institution),
            way: say(lang, &way, &Arguments::new()),
            source: source.filter(|text| !text.is_empty()),
            edition: proof.policy.as_ref().map(|one| one.number),
            edition_at: proof
                .policy
                .as_ref()
                .map(|one| Moment::of(one.published_at, lang, institution)),
            hash: event.policy.map(|pin| HEXLOWER.encode(&pin.sha256[..HASH_OCTETS_SHOWN])),
            wording: proof.wording.clone(),
        }
    }
}

impl Moment {
    fn of(time: DateTime<Utc>, lang: Language, institution: &Institution) -> Self {
        Self {
            iso: time.to_rfc3339_opts(SecondsFormat::Secs, true),
            text: say_time(lang, time, institution.time_zone),
        }
    }
}

impl<'a> Sender<'a> {
    fn of(institution: &'a Institution, lang: Language) -> Self {
        let support = institution.support_email.as_str();
        let subject = say(lang, "web-support-subject", &Arguments::new()).unwrap_or_default();
        Self {
            lang,
            name: institution.name_in(lang),
            postal: institution.address_in(lang),
            policy_url: &institution.policy_url,
            support,
            mailto: format!("mailto:{support}?subject={}", percent(&subject)),
            phone: &institution.phone,
            tel: format!("tel:{}", dialled(&institution.phone)),
        }
    }
}

/// The page for a link that leads nowhere, or when something broke: in every language.
#[derive(Serialize)]
pub(super) struct Lost<'a> {
    lang: Language,
    title: String,
    text: String,
    sections: Vec<Sender<'a>>,
}

impl<'a> Lost<'a> {
    /// `why` is `lost`, `failed` or `test`; the first of `languages` is the reader's.
    pub(super) fn of(why: &str, institution: &'a Institution, languages: &[Language]) -> Self {
        Self {
            lang: languages.first().copied().unwrap_or(Language::KK),
            title: format!("web-{why}-title"),
            text: format!("web-{why}-text"),
            sections: languages.iter().map(|lang| Sender::of(institution, *lang)).collect(),
        }
    }
}

fn switcher(institution: &Institution, current: Language) -> Vec<Offered> {
    offered(institution)
        .into_iter()
        .map(|code| Offered {
            code,
            name: say(code, "web-language", &Arguments::new()),
            current: code == current,
        })
        .collect()
}

fn name(party: &Party, language: Language, fallback: Language) -> &str {
    party
        .names
        .get(&language)
        .or_else(|| party.names.get(&fallback))
        .or_else(|| party.names.values().next())
        .map_or(party.key.as_str(), String::as_str)
}

/// RFC 6068: everything but letters and digits is escaped.
fn percent(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A telephone number as it is dialled (RFC 3966): digits, and the plus sign before them.
fn dialled(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}
