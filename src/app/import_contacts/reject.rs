//! Why a row was not taken.

use std::{fmt, sync::Arc};

use super::{RECORD_BYTES_MAX, TAG_CHARS_MAX, TAGS_MAX};
use crate::domain::{address::BadAddress, forbidden::ForbiddenKind};

/// A row that was not taken, with all that is wrong in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reject {
    /// The line of the file on which the row begins, from 1.
    pub line: u64,
    /// At least one.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong in a row. Names the cell and never shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The cell's column; none when the row as a whole is meant.
    pub column: Option<Column>,
    /// What is wrong.
    pub reason: Reason,
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// From 1.
    pub number: usize,
    /// As in the first line, shortened and without control characters.
    pub name: Arc<str>,
}

/// What is wrong with a cell or a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Data that must not be brought in.
    Forbidden(ForbiddenKind),
    /// Not an address that can be mailed.
    Address(BadAddress),
    /// More cells than columns.
    TooManyCells,
    /// Over [`RECORD_BYTES_MAX`].
    RecordTooLong,
    /// Over this many characters.
    TooLong(usize),
    /// A control character other than blanks and line ends.
    ControlCharacter,
    /// Not a language code or name.
    Language,
    /// Over [`TAGS_MAX`] tags.
    TooManyTags,
    /// A tag over [`TAG_CHARS_MAX`].
    TagTooLong,
    /// Neither yes nor no.
    YesOrNo,
    /// Not a purpose of the catalogue.
    UnknownPurpose,
    /// Not a date.
    GivenAtUnreadable,
    /// A consent that is yet to come.
    GivenAtInFuture,
    /// A consent older than e-mail lists.
    GivenAtTooOld,
    /// Not a number of a policy version.
    PolicyVersion,
    /// No such version was published.
    UnknownPolicyVersion,
    /// Neither the institution nor a partner.
    UnknownParty,
    /// A partner's name with a purpose that is the institution's own.
    PartyNotAllowed,
    /// No partner with a purpose that is on behalf of partners.
    PartyMissing,
    /// The external id is another contact's.
    ExternalIdTaken,
}

impl Reason {
    /// A stable word for files and interfaces.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden_data",
            Self::Address(BadAddress::Empty) => "address_missing",
            Self::Address(_) => "address_invalid",
            Self::TooManyCells => "too_many_cells",
            Self::RecordTooLong => "row_too_long",
            Self::TooLong(_) => "cell_too_long",
            Self::ControlCharacter => "control_character",
            Self::Language => "language_unknown",
            Self::TooManyTags => "too_many_tags",
            Self::TagTooLong => "tag_too_long",
            Self::YesOrNo => "not_yes_or_no",
            Self::UnknownPurpose => "purpose_unknown",
            Self::GivenAtUnreadable => "date_unreadable",
            Self::GivenAtInFuture => "date_in_future",
            Self::GivenAtTooOld => "date_too_old",
            Self::PolicyVersion => "policy_version_unreadable",
            Self::UnknownPolicyVersion => "policy_version_unknown",
            Self::UnknownParty => "party_unknown",
            Self::PartyNotAllowed => "party_not_allowed",
            Self::PartyMissing => "party_missing",
            Self::ExternalIdTaken => "external_id_taken",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden(kind) => {
                write!(f, "holds {kind}, which must not be brought in: delete it from the cell")
            }
            Self::Address(bad) => write!(f, "{bad}: write one address in this cell"),
            Self::TooManyCells => f.write_str(
                "the row has more cells than there are columns: put cells that hold the delimiter in quotation marks",
            ),
            Self::RecordTooLong => write!(f, "the row is longer than {RECORD_BYTES_MAX} bytes: shorten it"),
            Self::TooLong(max) => write!(f, "longer than {max} characters: shorten it"),
            Self::ControlCharacter => f.write_str("holds a control character: type the cell anew"),
            Self::Language => f.write_str("not a language: write kk, ru or en, or leave it empty"),
            Self::TooManyTags => write!(f, "more than {TAGS_MAX} tags: leave some out"),
            Self::TagTooLong => write!(f, "a tag is longer than {TAG_CHARS_MAX} characters: shorten it"),
            Self::YesOrNo => f.write_str("neither yes nor no: write yes (иә, да, 1) or no (жоқ, нет, 0)"),
            Self::UnknownPurpose => f.write_str("not a purpose of the catalogue: write its key, such as news"),
            Self::GivenAtUnreadable => f.write_str(
                "not a date: write it as 2025-03-01, 01.03.2025 or 2025-03-01 14:30",
            ),
            Self::GivenAtInFuture => f.write_str("a consent cannot be given in the future: correct the date"),
            Self::GivenAtTooOld => f.write_str("before the year 2000: correct the date, with four digits for the year"),
            Self::PolicyVersion => f.write_str("not a policy version: write its number, such as 2"),
            Self::UnknownPolicyVersion => f.write_str(
                "no such policy version was published: correct the number, or publish the version first",
            ),
            Self::UnknownParty => f.write_str("no such partner: correct its key, or add the partner first"),
            Self::PartyNotAllowed => f.write_str(
                "this purpose is the institution's own: leave the partner out, or name a partners' purpose",
            ),
            Self::PartyMissing => f.write_str(
                "this purpose is on behalf of a partner: name which, such as partner_offers:acme",
            ),
            Self::ExternalIdTaken => f.write_str(
                "the external id is that of a contact with another address: correct one of the two",
            ),
        }
    }
}
