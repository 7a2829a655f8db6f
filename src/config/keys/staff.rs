//! What staff do: contacts and campaigns.

use std::ops::RangeInclusive;

use crate::config::key::{
    Key,
    Need::Default,
    Shape::{Number, Text, Texts},
};

/// People up to whom campaigns can go without approval.
const EXCEPT_PEOPLE: RangeInclusive<u32> = 0..=1_000;
/// Seconds in which a start can be taken back: up to ten minutes.
const UNDO_S: RangeInclusive<u32> = 0..=600;

pub(in crate::config) static CONTACTS: Key =
    Key::section("contacts", &[&ATTRIBUTES, &IMPORT_MEGABYTES_MAX]);
pub(in crate::config) static ATTRIBUTES: Key = Key::new(
    "attributes",
    Texts,
    Default(""),
    r#"["region", "subject"]"#,
    "What may be kept of a person besides names, address and language; anything else is refused.",
);

pub(in crate::config) static CAMPAIGNS: Key =
    Key::section("campaigns", &[&APPROVAL, &APPROVAL_EXCEPT, &UNDO, &TEST_ADDRESSES]);
pub(in crate::config) static APPROVAL: Key = Key::new(
    "approval",
    Text,
    Default("required"),
    r#""required""#,
    "`required`: a campaign of the staff app starts only after somebody who did not write it has \
     approved it; `off`: it starts without.",
);
pub(in crate::config) static APPROVAL_EXCEPT: Key = Key::new(
    "approval_except_people",
    Number(EXCEPT_PEOPLE),
    Default("0"),
    "0",
    "Campaigns to at most so many people start without approval; 0: none do.",
);
pub(in crate::config) static UNDO: Key = Key::new(
    "undo_s",
    Number(UNDO_S),
    Default("30"),
    "30",
    "Seconds in which a start from the staff app can be taken back before the first mail leaves.",
);
pub(in crate::config) static TEST_ADDRESSES: Key = Key::new(
    "test_addresses",
    Texts,
    Default(""),
    r#"["proofs@example.kz"]"#,
    "Addresses besides those of staff that test mails may go to.",
);

pub(in crate::config) static IMPORT_MEGABYTES_MAX: Key = Key::new(
    "import_megabytes_max",
    Number(1..=4_096),
    Default("512"),
    "512",
    "The largest file of contacts that staff may upload; 512 hold about two million rows.",
);
