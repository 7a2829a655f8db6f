//! What is wrong with a letter, and where.

use std::fmt;

use serde::Serialize;

use crate::domain::words::words;

/// Something wrong or missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where, such as `kk.subject`, `kk.blocks.3.text` or `ru.blocks.2.columns.0.1.link`.
    pub path: String,
    /// What.
    pub kind: ProblemKind,
}

words! {
    /// The kind of a problem: a stable word for pages and tests.
    ProblemKind ("problem") {
        /// More languages than a letter may have.
        EditionsTooMany = "editions_too_many",
        /// More blocks than an edition may have.
        BlocksTooMany = "blocks_too_many",
        /// Columns in columns, or the footer in a column.
        NestedTooDeep = "nested_too_deep",
        /// Not two or three columns.
        ColumnsCount = "columns_count",
        /// More text than fits.
        TooLong = "too_long",
        /// A control character or a line end in a single line.
        ControlCharacter = "control_character",
        /// Words are missing: a subject, a button's text, a title.
        Missing = "missing",
        /// A link leads nowhere.
        LinkMissing = "link_missing",
        /// An address that is none, or of a kind that mail may not link to.
        LinkWrong = "link_wrong",
        /// A picture without words, and not marked as decoration.
        AltMissing = "alt_missing",
        /// A picture is not chosen yet.
        PictureMissing = "picture_missing",
        /// An event without a time.
        TimeMissing = "time_missing",
        /// It ends before it starts, or its start does not exist on the clock of its zone.
        TimeWrong = "time_wrong",
        /// The price before is not more than the price now.
        PriceWrong = "price_wrong",
        /// A second footer.
        FooterTwice = "footer_twice",
        /// A block that shows nothing.
        Empty = "empty",
    }
}

impl ProblemKind {
    /// Whether the letter cannot be sent like this; otherwise a person should look at it.
    #[must_use]
    pub fn stops(self) -> bool {
        !matches!(self, Self::PictureMissing | Self::Empty)
    }

    /// What it says to whoever reads no pages: the command line and the API.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::EditionsTooMany => "there are too many languages",
            Self::BlocksTooMany => "there are too many blocks",
            Self::NestedTooDeep => "this block cannot stand in a column",
            Self::ColumnsCount => "there must be two or three columns",
            Self::TooLong => "this is too long",
            Self::ControlCharacter => "a line end or another control character stands here",
            Self::Missing => "words are missing",
            Self::LinkMissing => "a link leads nowhere",
            Self::LinkWrong => "a link must begin with https://, http://, mailto: or tel:",
            Self::AltMissing => "a picture has no words for those who do not see it",
            Self::PictureMissing => "no picture is chosen, so none is shown",
            Self::TimeMissing => "the event has no time",
            Self::TimeWrong => "the event's time does not exist or its end is before its start",
            Self::PriceWrong => "the price before is not more than the price now",
            Self::FooterTwice => "the footer stands here a second time",
            Self::Empty => "this block shows nothing",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.kind.message())
    }
}
