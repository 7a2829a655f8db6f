//! What is known of replies, as data. The first row that fits decides, so the order is: our own
//! relay, pace, our sender and standing, then the person's mailbox, then enhanced codes, then basic
//! codes. Whatever blames *us* stands before whatever blames the *person*: a text that says both must
//! never suppress anyone.
//!
//! Sources: RFC 5321 §4.2, RFC 3463 and its registry, support.google.com/a/answer/3726730,
//! senders.yahooinc.com/smtp-error-codes, Microsoft's "Fix NDR error" pages, the rule sets of Sisimai
//! and `KumoMTA`.

use std::{ops::RangeInclusive, time::Duration};

use super::{Brake, Class, Enhanced, Reply, Stage};

type Stages = &'static [Stage];
type Codes = RangeInclusive<u16>;
type Texts = &'static [&'static str];

/// One line of knowledge.
pub(super) struct Row {
    stages: Stages,
    codes: Codes,
    enhanced: Mark,
    /// Lower-case phrases, of which one must stand in the text as whole words; empty: any text.
    texts: Texts,
    pub(super) class: Class,
    pub(super) brake: Brake,
}

/// Which enhanced codes fit: the subject, and the range of the detail. Their class is not looked at.
enum Mark {
    Any,
    Within(u16, RangeInclusive<u16>),
}

/// The first row that fits the reply. Every reply of 400 to 599 has one.
pub(super) fn row_for(stage: Stage, reply: &Reply) -> Option<&'static Row> {
    let text = reply.text.to_lowercase();
    ROWS.iter().find(|row| row.fits(stage, reply.code, reply.enhanced, &text))
}

impl Row {
    fn fits(&self, stage: Stage, code: u16, enhanced: Option<Enhanced>, text: &str) -> bool {
        self.codes.contains(&code)
            && self.stages.contains(&stage)
            && self.enhanced.fits(enhanced)
            && (self.texts.is_empty() || self.texts.iter().any(|words| says(text, words)))
    }
}

impl Mark {
    fn fits(&self, enhanced: Option<Enhanced>) -> bool {
        match self {
            Self::Any => true,
            Self::Within(subject, details) => {
                enhanced.is_some_and(|e| e.subject == *subject && details.contains(&e.detail))
            }
        }
    }
}

/// Whether the phrase stands in the text, not inside longer words.
fn says(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let joined = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !joined(text[..at].chars().next_back()) && !joined(text[at + phrase.len()..].chars().next())
    })
}

const fn row(
    stages: Stages,
    codes: Codes,
    enhanced: Mark,
    texts: Texts,
    class: Class,
    brake: Brake,
) -> Row {
    Row { stages, codes, enhanced, texts, class, brake }
}

const fn is(subject: u16, detail: u16) -> Mark {
    Mark::Within(subject, detail..=detail)
}

const fn within(subject: u16, first: u16, last: u16) -> Mark {
    Mark::Within(subject, first..=last)
}

const fn subject(subject: u16) -> Mark {
    Mark::Within(subject, 0..=999)
}

const fn provider(minutes: u64) -> Brake {
    Brake::Provider(Duration::from_mins(minutes))
}

const fn relay(minutes: u64) -> Brake {
    Brake::Relay(Duration::from_mins(minutes))
}

const ANY_CODE: Mark = Mark::Any;
const ANY_TEXT: Texts = &[];
const BAD: Codes = 400..=599;
const LATER: Codes = 400..=499;
const NEVER: Codes = 500..=599;

/// Before the first MAIL FROM the server knows neither sender nor person: only the relay is at fault.
const OPENING: Stages = &[Stage::Connect, Stage::Greeting, Stage::Hello, Stage::Tls, Stage::Auth];
const AUTH: Stages = &[Stage::Auth];
const SENDING: Stages = &[Stage::MailFrom, Stage::RcptTo, Stage::Data, Stage::Body];
const MAIL: Stages = &[Stage::MailFrom];
/// Once the recipient is known.
const ADDRESSED: Stages = &[Stage::RcptTo, Stage::Data, Stage::Body];
const RECIPIENT: Stages = &[Stage::RcptTo];
const CONTENT: Stages = &[Stage::Data, Stage::Body];

const NO_RELAYING: Texts = &[
    "relay access denied",
    "relaying denied",
    "relay denied",
    "relay not permitted",
    "not permitted to relay",
    "unable to relay",
    "relaying not allowed",
    "authentication required",
    "authentication is required",
    "not authenticated",
    "must issue a starttls",
];
const YAHOO_THROTTLED: Texts = &["ts01", "ts02", "ts03"];
const YAHOO_SUSPENDED: Texts = &["tss04", "tss05", "tss07", "ipts02", "ipts03", "ipts04", "ipts05"];
const MICROSOFT_BLOCKED: Texts = &["s3150", "s3140"];
const TOO_MANY_CONNECTIONS: Texts =
    &["exceeded max connections", "too many connections", "too many concurrent"];
const BUSY: Texts = &["server busy", "rate limited"];
const TOO_FAST: Texts = &[
    "at a rate",
    "receiving mail too quickly",
    "rate limit",
    "ratelimit",
    "rate exceeded",
    "too many messages",
    "too many emails",
    "throttled",
    "throttling",
    "unusual rate",
    "sending too fast",
];
const OUR_SENDER: Texts = &[
    "sender address rejected",
    "sender verify failed",
    "sender rejected",
    "sender domain",
    "sender address",
    "bad sender",
    "return path",
    "envelope from",
];
const GREYLISTED: Texts =
    &["greylist", "greylisted", "greylisting", "graylisted", "graylisting", "postgrey"];
const FULL: Texts = &[
    "mailbox full",
    "mailbox is full",
    "mailbox was full",
    "over quota",
    "overquota",
    "quota exceeded",
    "exceeded its quota",
    "exceeded the quota",
    "quota exceed",
    "out of storage",
    "exceeded storage allocation",
    "not enough space",
];
const DISTRUST: Texts = &[
    "spam",
    "antispam",
    "anti-spam",
    "spamhaus",
    "spamcop",
    "barracuda",
    "unsolicited",
    "junk",
    "bulk mail",
    "block list",
    "blocklist",
    "blocklisted",
    "blacklist",
    "blacklisted",
    "black list",
    "rbl",
    "dnsbl",
    "reputation",
    "banned",
    "blocked",
    "policy",
    "dmarc",
    "dkim",
    "spf",
    "unauthenticated",
    "ptr record",
    "reverse dns",
    "rdns",
];
const CLOSED: Texts = &[
    "account disabled",
    "account is disabled",
    "account has been disabled",
    "reach is disabled",
    "mailbox disabled",
    "mailbox is disabled",
    "user is disabled",
    "reach is inactive",
    "account is inactive",
    "account inactive",
    "mailbox is inactive",
    "mailbox inactive",
    "inactive user",
    "user is inactive",
    "account deactivated",
    "account has been deactivated",
    "account suspended",
    "user suspended",
    "mailbox suspended",
];
/// Enough beside 5.2.1, which by itself is also Gmail's word for "too fast".
const CLOSED_WORD: Texts = &["disabled", "inactive", "suspended", "deactivated"];
const NO_SUCH_USER: Texts = &[
    "no such user",
    "no such mailbox",
    "no such recipient",
    "no such person",
    "no such address",
    "no mailbox here",
    "no user here",
    "user unknown",
    "unknown user",
    "user not found",
    "user not known",
    "user doesn't have",
    "user does not exist",
    "unknown recipient",
    "recipient unknown",
    "recipient not found",
    "recipient does not exist",
    "unknown address",
    "address unknown",
    "unknown mailbox",
    "mailbox unknown",
    "mailbox unavailable",
    "mailbox not found",
    "mailbox does not exist",
    "invalid mailbox",
    "invalid recipient",
    "account that you tried to reach does not exist",
    "account does not exist",
    "address does not exist",
    "email address does not exist",
    "unknown in virtual",
    "unknown in local",
    "unknown in relay",
];
const NO_SUCH_DOMAIN: Texts = &[
    "recipient address rejected: domain not found",
    "no such domain",
    "host not found",
    "domain does not accept mail",
    "does not accept mail",
    "nullmx",
];

static ROWS: &[Row] = &[
    // Our relay and our settings.
    row(AUTH, NEVER, ANY_CODE, ANY_TEXT, Class::Relay, relay(10)),
    row(OPENING, BAD, ANY_CODE, ANY_TEXT, Class::Relay, relay(1)),
    row(SENDING, 454..=454, ANY_CODE, ANY_TEXT, Class::Relay, relay(1)),
    row(SENDING, 530..=530, ANY_CODE, ANY_TEXT, Class::Relay, relay(10)),
    row(SENDING, 534..=538, ANY_CODE, ANY_TEXT, Class::Relay, relay(10)),
    row(SENDING, BAD, ANY_CODE, NO_RELAYING, Class::Relay, relay(10)),
    row(SENDING, BAD, is(4, 5), ANY_TEXT, Class::Relay, relay(60)),
    // Pace.
    row(SENDING, BAD, ANY_CODE, YAHOO_THROTTLED, Class::Rate, provider(30)),
    row(SENDING, BAD, ANY_CODE, YAHOO_SUSPENDED, Class::Rate, provider(120)),
    row(SENDING, BAD, ANY_CODE, MICROSOFT_BLOCKED, Class::Policy, provider(120)),
    row(SENDING, BAD, ANY_CODE, TOO_MANY_CONNECTIONS, Class::Rate, provider(1)),
    row(SENDING, BAD, ANY_CODE, BUSY, Class::Rate, provider(30)),
    row(SENDING, BAD, ANY_CODE, TOO_FAST, Class::Rate, provider(10)),
    row(SENDING, BAD, is(7, 28), ANY_TEXT, Class::Rate, provider(10)),
    row(SENDING, LATER, within(7, 650, 651), ANY_TEXT, Class::Rate, provider(30)),
    row(SENDING, 421..=421, is(7, 0), ANY_TEXT, Class::Rate, provider(10)),
    row(SENDING, LATER, is(2, 1), ANY_TEXT, Class::Rate, provider(10)),
    // Our sender address and our standing.
    row(SENDING, NEVER, within(1, 7, 8), ANY_TEXT, Class::Policy, Brake::Campaign),
    row(SENDING, NEVER, ANY_CODE, OUR_SENDER, Class::Policy, Brake::Campaign),
    row(SENDING, LATER, within(1, 7, 8), ANY_TEXT, Class::Policy, Brake::None),
    row(SENDING, NEVER, within(7, 25, 32), ANY_TEXT, Class::Policy, Brake::Campaign),
    row(SENDING, LATER, within(7, 25, 32), ANY_TEXT, Class::Policy, provider(10)),
    row(SENDING, NEVER, is(7, 515), ANY_TEXT, Class::Policy, Brake::Campaign),
    row(SENDING, LATER, ANY_CODE, GREYLISTED, Class::SoftTemp, Brake::None),
    row(ADDRESSED, BAD, ANY_CODE, FULL, Class::SoftFull, Brake::None),
    row(SENDING, BAD, ANY_CODE, DISTRUST, Class::Policy, Brake::None),
    // The person's mailbox, by text.
    row(ADDRESSED, NEVER, ANY_CODE, CLOSED, Class::HardDisabled, Brake::None),
    row(ADDRESSED, NEVER, is(2, 1), CLOSED_WORD, Class::HardDisabled, Brake::None),
    row(ADDRESSED, NEVER, ANY_CODE, NO_SUCH_USER, Class::HardUser, Brake::None),
    row(ADDRESSED, BAD, ANY_CODE, NO_SUCH_DOMAIN, Class::HardDomain, Brake::None),
    // Enhanced codes.
    row(ADDRESSED, BAD, is(1, 1), ANY_TEXT, Class::HardUser, Brake::None),
    row(ADDRESSED, BAD, is(1, 3), ANY_TEXT, Class::HardUser, Brake::None),
    row(ADDRESSED, BAD, is(1, 6), ANY_TEXT, Class::HardUser, Brake::None),
    row(ADDRESSED, BAD, is(1, 2), ANY_TEXT, Class::HardDomain, Brake::None),
    row(ADDRESSED, BAD, is(1, 10), ANY_TEXT, Class::HardDomain, Brake::None),
    row(ADDRESSED, NEVER, is(7, 13), ANY_TEXT, Class::HardDisabled, Brake::None),
    row(ADDRESSED, NEVER, within(7, 17, 18), ANY_TEXT, Class::HardDisabled, Brake::None),
    row(ADDRESSED, BAD, is(2, 2), ANY_TEXT, Class::SoftFull, Brake::None),
    row(SENDING, NEVER, is(3, 4), ANY_TEXT, Class::Content, Brake::None),
    row(ADDRESSED, NEVER, is(2, 3), ANY_TEXT, Class::Content, Brake::None),
    row(SENDING, NEVER, subject(6), ANY_TEXT, Class::Content, Brake::None),
    row(SENDING, 552..=552, is(7, 0), ANY_TEXT, Class::Content, Brake::None),
    row(SENDING, NEVER, subject(5), ANY_TEXT, Class::Protocol, Brake::None),
    row(SENDING, NEVER, subject(7), ANY_TEXT, Class::Policy, Brake::None),
    // Basic codes.
    row(SENDING, 421..=421, ANY_CODE, ANY_TEXT, Class::SoftTemp, relay(1)),
    row(SENDING, LATER, ANY_CODE, ANY_TEXT, Class::SoftTemp, Brake::None),
    row(SENDING, 500..=504, ANY_CODE, ANY_TEXT, Class::Protocol, Brake::None),
    row(SENDING, 555..=555, ANY_CODE, ANY_TEXT, Class::Protocol, Brake::None),
    row(RECIPIENT, 521..=521, ANY_CODE, ANY_TEXT, Class::HardDomain, Brake::None),
    row(RECIPIENT, 556..=556, ANY_CODE, ANY_TEXT, Class::HardDomain, Brake::None),
    row(SENDING, 552..=552, ANY_CODE, ANY_TEXT, Class::Content, Brake::None),
    // Without a person in sight it is our sender that is refused, and will be each time.
    row(MAIL, NEVER, ANY_CODE, ANY_TEXT, Class::Policy, Brake::Campaign),
    row(CONTENT, NEVER, ANY_CODE, ANY_TEXT, Class::Policy, Brake::None),
    row(RECIPIENT, NEVER, ANY_CODE, ANY_TEXT, Class::Refused, Brake::None),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_at_every_stage_has_a_row() {
        for stage in Stage::ALL {
            for code in 400..=599 {
                assert!(row_for(stage, &Reply::new(code, "")).is_some(), "{code} at {stage}");
            }
        }
    }

    #[test]
    fn phrases_are_whole_words_in_lower_case() {
        assert!(says("listed by rbl.example", "rbl") && !says("a marble", "rbl"));
        for row in ROWS {
            for text in row.texts {
                assert_eq!(*text, text.to_lowercase());
            }
        }
    }

    #[test]
    fn no_phrase_is_listed_twice_for_one_reason() {
        for row in ROWS {
            for (at, text) in row.texts.iter().enumerate() {
                assert!(!row.texts[at + 1..].contains(text), "{text}");
            }
        }
    }

    #[test]
    fn no_phrase_against_a_person_hides_behind_one_against_us() {
        for text in NO_SUCH_USER.iter().chain(CLOSED).chain(NO_SUCH_DOMAIN) {
            let found = row_for(Stage::RcptTo, &Reply::new(550, text)).map(|row| row.class);
            assert!(found.is_some_and(Class::suppresses), "{text}: {found:?}");
        }
    }
}
