//! The list of all keys.

mod staff;

use std::ops::RangeInclusive;

pub(super) use staff::{
    APPROVAL, APPROVAL_EXCEPT, ATTRIBUTES, CAMPAIGNS, CONTACTS, IMPORT_MEGABYTES_MAX,
    TEST_ADDRESSES, UNDO,
};

use super::key::{
    Key,
    Need::{Default, Optional, Required},
    Shape::{ByLanguage, Flag, Number, Rows, Text, Texts},
};

/// Connections to a database server per process.
pub(super) const DATABASE_CONNECTIONS: RangeInclusive<u32> = 1..=200;
/// Connections to one relay per process.
pub(super) const RELAY_CONNECTIONS: RangeInclusive<u32> = 1..=200;
/// Messages over one connection before it is closed; many relays cut at 100.
pub(super) const MESSAGES_PER_CONNECTION: RangeInclusive<u32> = 1..=10_000;
/// Seconds of silence after which a node counts as gone.
pub(super) const NODE_TIMEOUT_S: RangeInclusive<u32> = 5..=600;
/// Seconds that a timed start may be late: up to a week.
pub(super) const START_LATE_S: RangeInclusive<u32> = 0..=604_800;
/// Seconds for open SMTP transactions to finish at shutdown.
pub(super) const SHUTDOWN_S: RangeInclusive<u32> = 1..=600;

pub(super) static LISTEN: Key = Key::new(
    "listen",
    Text,
    Default("127.0.0.1:8080"),
    r#""127.0.0.1:8080""#,
    "Address and port of the HTTP server. Keep it on loopback behind a proxy that speaks TLS.",
);
pub(super) static PUBLIC_URL: Key = Key::new(
    "public_url",
    Text,
    Required,
    r#""https://news.example.kz""#,
    "Where recipients reach the service; begins every link in a mail. https, without a path; http \
     only on localhost.",
);

pub(super) static DATABASE: Key =
    Key::section("database", &[&DB_URL, &DB_URL_FILE, &DB_CONNECTIONS]);
pub(super) static DB_URL: Key = Key::new(
    "url",
    Text,
    Default("sqlite://kelisim.db"),
    r#""sqlite://kelisim.db""#,
    "`sqlite://FILE` (relative to the working directory) or `postgres://user:password@host/name`.",
);
pub(super) static DB_URL_FILE: Key =
    Key::new("url_file", Text, Optional, r#""database.url""#, "A file that holds the URL instead.");
pub(super) static DB_CONNECTIONS: Key = Key::new(
    "connections",
    Number(DATABASE_CONNECTIONS),
    Default("10"),
    "10",
    "Connections to PostgreSQL per process.",
);

pub(super) static SECRETS: Key = Key::section("secrets", &[&SECRET_KEYS, &SECRET_KEY_FILE]);
pub(super) static SECRET_KEYS: Key = Key::new(
    "keys",
    Texts,
    Optional,
    r#"["base64 of at least 32 random bytes"]"#,
    "Master secrets in base64. The first signs; the others still verify links in old mail, so \
     never drop one within three years. Either this or `key_file`.",
);
pub(super) static SECRET_KEY_FILE: Key = Key::new(
    "key_file",
    Text,
    Optional,
    r#""secrets.key""#,
    "A file with one such secret per line, the signing one first; `#` begins a comment.",
);

pub(super) static INSTITUTION: Key = Key::section(
    "institution",
    &[
        &LEGAL_NAME,
        &BIN,
        &POSTAL_ADDRESS,
        &SUPPORT_EMAIL,
        &PHONE,
        &POLICY_URL,
        &TIME_ZONE,
        &LANGUAGES,
        &PROCESSING,
    ],
);
pub(super) static LEGAL_NAME: Key = Key::new(
    "name",
    ByLanguage,
    Required,
    r#"{ kk = "…", ru = "…", en = "…" }"#,
    "Full legal name, in each language.",
);
pub(super) static BIN: Key = Key::new(
    "bin",
    Text,
    Required,
    r#""000000000000""#,
    "Business identification number, 12 digits.",
);
pub(super) static POSTAL_ADDRESS: Key = Key::new(
    "address",
    ByLanguage,
    Required,
    r#"{ kk = "…", ru = "…", en = "…" }"#,
    "Postal address, in each language; stands in every footer.",
);
pub(super) static SUPPORT_EMAIL: Key = Key::new(
    "support_email",
    Text,
    Required,
    r#""support@example.kz""#,
    "The mailbox that people write to; stands in every footer.",
);
pub(super) static PHONE: Key =
    Key::new("phone", Text, Required, r#""+7 7172 00 00 00""#, "The telephone that people call.");
pub(super) static POLICY_URL: Key = Key::new(
    "policy_url",
    Text,
    Required,
    r#""https://example.kz/privacy""#,
    "Where the current privacy policy stands; https.",
);
pub(super) static TIME_ZONE: Key = Key::new(
    "time_zone",
    Text,
    Default("Asia/Almaty"),
    r#""Asia/Almaty""#,
    "IANA zone of schedules, deadlines and shown times.",
);
pub(super) static LANGUAGES: Key = Key::new(
    "languages",
    Texts,
    Default("kk, ru, en"),
    r#"["kk", "ru", "en"]"#,
    "Languages that mail goes out in; the first is required in every campaign.",
);

pub(super) static PROCESSING: Key = Key::section(
    "processing",
    &[&JURISDICTION, &STORAGE, &DATA, &THIRD_PARTIES, &CROSS_BORDER, &PUBLISHED],
);
pub(super) static JURISDICTION: Key = Key::new(
    "jurisdiction",
    Text,
    Default("KZ"),
    r#""KZ""#,
    "The law that applies, as a country code. This and the next five are kept with every consent.",
);
pub(super) static STORAGE: Key = Key::new(
    "storage_location",
    Text,
    Default("KZ"),
    r#""KZ""#,
    "Where the data are stored, as a country code.",
);
pub(super) static DATA: Key = Key::new(
    "data",
    Texts,
    Default("email, name, language"),
    r#"["email", "name", "language"]"#,
    "The kinds of data that a consent covers.",
);
pub(super) static THIRD_PARTIES: Key = Key::new(
    "third_parties",
    Texts,
    Default(""),
    r#"["ТОО «Example»"]"#,
    "Third parties that get the data; none if empty.",
);
pub(super) static CROSS_BORDER: Key = Key::new(
    "cross_border",
    Texts,
    Default(""),
    r#"["US", "IE"]"#,
    "Countries that the data go to, as codes; mail to Gmail or Outlook leaves the country too.",
);
pub(super) static PUBLISHED: Key =
    Key::new("published", Flag, Default("false"), "false", "Whether the data are published.");

pub(super) static SMTP: Key = Key::section("smtp", RELAY_KEYS);
const RELAY_KEYS: &[&Key] =
    &[&RELAY_URL, &RELAY_URL_FILE, &RATE, &CONNECTIONS, &PER_CONNECTION, &TLS_CA_FILE];
pub(super) static RELAY_URL: Key = Key::new(
    "url",
    Text,
    Optional,
    r#""smtp://user:password@mail.example.kz:587?tls=required""#,
    "The relay that mail is handed to. `tls` is none, opportunistic, required or implicit \
     (`smtps://`). Needed while `engine.enabled`.",
);
pub(super) static RELAY_URL_FILE: Key = Key::new(
    "url_file",
    Text,
    Optional,
    r#""smtp.url""#,
    "A file that holds the URL with its password instead.",
);
pub(super) static RATE: Key = Key::new(
    "rate",
    Text,
    Default("100/1m"),
    r#""100/1m""#,
    "The most that the relay may be given: messages per time (s, m, h, d).",
);
pub(super) static CONNECTIONS: Key = Key::new(
    "connections",
    Number(RELAY_CONNECTIONS),
    Default("4"),
    "4",
    "Connections to the relay at once.",
);
pub(super) static PER_CONNECTION: Key = Key::new(
    "messages_per_connection",
    Number(MESSAGES_PER_CONNECTION),
    Default("100"),
    "100",
    "Messages over one connection before it is renewed.",
);
pub(super) static TLS_CA_FILE: Key = Key::new(
    "tls_ca_file",
    Text,
    Optional,
    r#""relay-ca.pem""#,
    "Certificates (PEM) to trust besides the system's.",
);

pub(super) static RELAYS: Key = Key::new(
    "relays",
    Rows(&[
        &RELAY_NAME,
        &RELAY_URL,
        &RELAY_URL_FILE,
        &RATE,
        &CONNECTIONS,
        &PER_CONNECTION,
        &TLS_CA_FILE,
    ]),
    Optional,
    r#"[{ name = "second", url = "smtp://mail2.example.kz" }]"#,
    "Further relays, taken in this order when those before fail: `name` and the keys of `smtp`.",
);
pub(super) static RELAY_NAME: Key =
    Key::new("name", Text, Required, r#""second""#, "What reports call the relay.");
pub(super) static MAIL: Key = Key::section(
    "mail",
    &[&SENDERS, &BOUNCE_DOMAIN, &LIST_DOMAIN, &LIST_NAME, &COMPLAINTS, &HELLO_NAME, &SENDER_ID],
);
pub(super) static SENDERS: Key = Key::new(
    "senders",
    Rows(&[&SENDER_ADDRESS, &SENDER_NAME]),
    Required,
    r#"[{ address = "news@example.kz", name = { kk = "…", ru = "…", en = "…" } }]"#,
    "Verified sender addresses with the names shown, by language. A campaign can use no other.",
);
pub(super) static SENDER_ADDRESS: Key =
    Key::new("address", Text, Required, r#""news@example.kz""#, "The address in From.");
pub(super) static SENDER_NAME: Key = Key::new(
    "name",
    ByLanguage,
    Required,
    r#"{ kk = "…", ru = "…", en = "…" }"#,
    "The name shown, by language.",
);
pub(super) static BOUNCE_DOMAIN: Key = Key::new(
    "bounce_domain",
    Text,
    Optional,
    r#""bounce.example.kz""#,
    "Domain of return paths; by default that of the first sender.",
);
pub(super) static LIST_DOMAIN: Key = Key::new(
    "list_domain",
    Text,
    Optional,
    r#""example.kz""#,
    "Domain of List-Id and Message-ID; by default that of the first sender.",
);
pub(super) static LIST_NAME: Key = Key::new(
    "list_name",
    Text,
    Optional,
    r#""Example Centre""#,
    "Name shown in List-Id, ASCII; by default `sender_id`.",
);
pub(super) static COMPLAINTS: Key = Key::new(
    "complaints",
    Text,
    Optional,
    r#""complaints@example.kz""#,
    "Where providers may send complaints (CFBL-Address, RFC 9477); by default nowhere.",
);
pub(super) static HELLO_NAME: Key = Key::new(
    "hello_name",
    Text,
    Optional,
    r#""mail.example.kz""#,
    "Host name said in EHLO; by default our address as a literal.",
);
pub(super) static SENDER_ID: Key = Key::new(
    "sender_id",
    Text,
    Required,
    r#""cpmkz""#,
    "5 to 15 letters and digits that name us in Feedback-ID; never change it.",
);

pub(super) static DKIM: Key = Key::new(
    "dkim",
    Rows(&[&DKIM_DOMAIN, &DKIM_SELECTOR, &DKIM_KEY_FILE]),
    Optional,
    r#"[{ domain = "example.kz", selector = "k1", key_file = "k1.example.kz.pem" }]"#,
    "Signing keys: `domain`, `selector`, `key_file` (PEM). One RSA and one Ed25519 key per domain.",
);
pub(super) static DKIM_DOMAIN: Key =
    Key::new("domain", Text, Required, r#""example.kz""#, "The domain that signs.");
pub(super) static DKIM_SELECTOR: Key =
    Key::new("selector", Text, Required, r#""k1""#, "The name of the key in the DNS.");
pub(super) static DKIM_KEY_FILE: Key =
    Key::new("key_file", Text, Required, r#""k1.example.kz.pem""#, "The private key, PEM.");

pub(super) static ENGINE: Key =
    Key::section("engine", &[&ENABLED, &NODE_TIMEOUT, &START_LATE_MAX, &SHUTDOWN]);
pub(super) static ENABLED: Key = Key::new(
    "enabled",
    Flag,
    Default("true"),
    "true",
    "Whether this process sends; false leaves it pages and API.",
);
pub(super) static NODE_TIMEOUT: Key = Key::new(
    "node_timeout_s",
    Number(NODE_TIMEOUT_S),
    Default("30"),
    "30",
    "Seconds of silence after which others take over what a node had claimed.",
);
pub(super) static START_LATE_MAX: Key = Key::new(
    "start_late_max_s",
    Number(START_LATE_S),
    Default("3600"),
    "3600",
    "A timed start missed by more seconds than this is paused for a person to decide.",
);
pub(super) static SHUTDOWN: Key = Key::new(
    "shutdown_s",
    Number(SHUTDOWN_S),
    Default("30"),
    "30",
    "Seconds that open SMTP transactions get to finish at SIGTERM.",
);

pub(super) static LOG: Key = Key::section("log", &[&LOG_FORMAT, &LOG_FILTER]);
pub(super) static LOG_FORMAT: Key =
    Key::new("format", Text, Default("text"), r#""text""#, "`text` or `json`, to standard error.");
pub(super) static LOG_FILTER: Key = Key::new(
    "filter",
    Text,
    Default("info,tokio_cron_scheduler=warn"),
    r#""info,kelisim=debug""#,
    "What `kelisim serve` logs, in the notation of `tracing`'s EnvFilter.",
);

/// All keys, in the order of the example file.
pub(super) const ALL: &[&Key] = &[
    &LISTEN,
    &PUBLIC_URL,
    &DATABASE,
    &SECRETS,
    &INSTITUTION,
    &SMTP,
    &RELAYS,
    &MAIL,
    &DKIM,
    &CONTACTS,
    &CAMPAIGNS,
    &ENGINE,
    &LOG,
];
