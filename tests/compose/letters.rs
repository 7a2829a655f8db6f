//! Letters and keys to compose with.

use std::sync::LazyLock;

use chrono::{DateTime, FixedOffset};
use kelisim::{
    domain::{address::Address, language::Language},
    mail::{
        compose::{Complaints, Composed, Letter, List, compose},
        dkim::{GeneratedKey, Signer, generate},
    },
};

pub(crate) const DOMAIN: &str = "news.example.kz";
const RSA_SELECTOR: &str = "rsa2026a";
const ED25519_SELECTOR: &str = "ed2026a";
pub(crate) const UNSUBSCRIBE_URL: &str = "https://u.example.kz/u/1.724nv4.agjpbil4hz6q";
pub(crate) const POLICY_URL: &str = "https://example.kz/policy?lang=kk&v=3";
pub(crate) const HTML: &str = "<html lang=\"kk\"><body>\n<p>Құрметті Әлия, сізді ашық есік күніне \
    шақырамыз. Добро пожаловать!</p>\n<a href=\"https://example.kz/policy?lang&#x3D;kk&amp;v&#x3D;3\">\
    Саясат</a> <a href=\"https://u.example.kz/u/1.724nv4.agjpbil4hz6q\">Бас тарту</a>\n  \
    </body></html>  \n \n";
pub(crate) const TEXT: &str = "Құрметті Әлия!\n\nСаясат: https://example.kz/policy?lang=kk&v=3\n\
    Бас тарту: https://u.example.kz/u/1.724nv4.agjpbil4hz6q\n.\n";

static FROM: LazyLock<Address> = LazyLock::new(|| address("news@news.example.kz"));
static REPLY_TO: LazyLock<Address> = LazyLock::new(|| address("support@example.kz"));
static TO: LazyLock<Address> = LazyLock::new(|| address("aliya@example.org"));
static COMPLAINTS: LazyLock<Address> = LazyLock::new(|| address("fbl@news.example.kz"));

static KEYS: LazyLock<[GeneratedKey; 2]> =
    LazyLock::new(|| generate(DOMAIN, RSA_SELECTOR, ED25519_SELECTOR).unwrap());

pub(crate) fn address(text: &str) -> Address {
    text.parse().unwrap()
}

pub(crate) fn date() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-22T10:05:00+05:00").unwrap()
}

pub(crate) fn letter() -> Letter<'static> {
    Letter {
        from_name: "Орталық жаңалықтары",
        from: &FROM,
        reply_to: Some(&REPLY_TO),
        to: &TO,
        subject: "Ашық есік күні: 5 желтоқсан",
        html: HTML,
        text: TEXT,
        language: Language::KK,
        message_id: "0192f0a17c3e7d00@news.example.kz",
        date: date(),
        return_path: "b+724nv4agjpbil4hz6q@b.news.example.kz",
        list: list(),
        feedback_id: "c2026w47:events:kk:examplekz",
        message_type: "mkt-events",
        complaints: Some(Complaints { address: &COMPLAINTS, feedback_id: "1.724nv4.agjpbil4hz6q" }),
    }
}

fn list() -> List<'static> {
    List {
        phrase: "Example events",
        id: "events.lists.example.kz",
        unsubscribe_url: UNSUBSCRIBE_URL,
        unsubscribe_mailto: "mailto:u+1.724nv4.agjpbil4hz6q@b.news.example.kz?subject=unsubscribe",
        help_url: "https://example.kz/lists",
        owner: &REPLY_TO,
    }
}

/// Both keys, the Ed25519 one first: the order in which an operator lists them must not matter.
pub(crate) fn signers() -> [Signer; 2] {
    [ed25519_signer(), rsa_signer()]
}

pub(crate) fn rsa_signer() -> Signer {
    Signer::from_pem(DOMAIN, RSA_SELECTOR, &KEYS[0].pem).unwrap()
}

pub(crate) fn ed25519_signer() -> Signer {
    Signer::from_pem(DOMAIN, ED25519_SELECTOR, &KEYS[1].pem).unwrap()
}

pub(crate) fn keys() -> &'static [GeneratedKey] {
    &*KEYS
}

pub(crate) fn signed(letter: &Letter<'_>) -> Composed {
    compose(letter, &signers()).unwrap()
}

pub(crate) fn unsigned(letter: &Letter<'_>) -> Composed {
    compose(letter, &[]).unwrap()
}
