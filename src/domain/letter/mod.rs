//! What a campaign says: one edition per language, built of blocks or written as code.
//!
//! Authors edit content and never template logic: a field of the person is a [`Field`] with its
//! fallback, and everything else is text, which is escaped for wherever it goes. The model knows no
//! HTML. What is made of it is the business of `mail`.
//!
//! # Examples
//! ```
//! use kelisim::domain::{language::Language, letter::Letter};
//!
//! let letter: Letter = serde_json::from_str(
//!     r#"{"editions": {"kk": {
//!         "subject": ["Сәлем, ", {"field": "given_name", "fallback": "әріптес"}],
//!         "body": {"blocks": [{"type": "heading", "level": 1, "text": ["Жаңалықтар"]}]}
//!     }}}"#,
//! )
//! .unwrap();
//! assert!(letter.check().is_empty());
//! assert!(letter.editions.contains_key(&Language::KK));
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{id::MediaId, language::Language, words::words};

mod block;
mod bounds;
mod card;
mod check;
mod line;
mod problem;
mod rich;
mod theme;

pub use block::{
    Align, Alt, Block, Button, ButtonStyle, Columns, Heading, Image, Level, OutOfRange, Picture,
    Size, Social, SocialLink, Spacer, Text, WidthPercent,
};
pub use bounds::{
    BLOCKS_MAX, CODE_BYTES_MAX, EDITION_CHARS_MAX, EDITIONS_MAX, LETTER_BYTES_MAX, LINE_CHARS_MAX,
    LINK_CHARS_MAX, NESTING_MAX, TEXT_CHARS_MAX,
};
pub use card::{Amount, Currency, Event, EventTime, NotAnAmount, Offer};
pub use line::{Field, FieldName, Line, NotAFieldName, Piece};
pub use problem::{Problem, ProblemKind};
pub use rich::{Inline, Marks, Network, Page, Paragraph, Rich, Target};
pub use theme::{Accent, Font, Theme};

/// The content of a campaign in all its languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// How it looks; for editions made of blocks.
    #[serde(default)]
    pub theme: Theme,
    /// What it says, by language. At most [`EDITIONS_MAX`].
    #[serde(default)]
    pub editions: BTreeMap<Language, Edition>,
}

/// A letter in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edition {
    /// The subject; empty while it is not written yet.
    #[serde(default)]
    pub subject: Line,
    /// What a mailbox shows behind the subject; may stay empty.
    #[serde(default)]
    pub preheader: Line,
    /// What the mail itself says.
    #[serde(default)]
    pub body: Body,
}

/// What stands in the mail itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// From top to bottom. At most [`BLOCKS_MAX`], those in columns counted.
    Blocks(Vec<Block>),
    /// Written by hand, with template tags.
    Code(Code),
}

impl Default for Body {
    fn default() -> Self {
        Self::Blocks(Vec::new())
    }
}

/// A body written by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    /// What it is written in.
    pub kind: CodeKind,
    /// At most [`CODE_BYTES_MAX`] bytes.
    pub text: String,
}

words! {
    /// What a body can be written in: the ends of body files' names.
    CodeKind ("kind of code") {
        /// The markup for mail.
        Mjml = "mjml",
        /// A whole document or what stands inside `<body>`.
        Html = "html",
        /// Markdown with tables.
        Markdown = "md",
    }
}

impl Letter {
    /// Everything that is wrong or missing, in the order of languages and blocks.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        check::letter(self)
    }

    /// The pictures that its blocks show.
    #[must_use]
    pub fn media(&self) -> BTreeSet<MediaId> {
        self.blocks().filter_map(|block| block.picture()?.media).collect()
    }

    /// All blocks of all editions, those in columns too.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.editions.values().flat_map(|edition| edition.body.blocks()).flat_map(Block::flat)
    }
}

impl Body {
    /// The blocks from top to bottom; none if it is code.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        match self {
            Self::Blocks(blocks) => blocks,
            Self::Code(_) => &[],
        }
    }

    /// Whether nothing is written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Blocks(blocks) => blocks.is_empty(),
            Self::Code(code) => code.text.trim().is_empty(),
        }
    }
}

#[cfg(test)]
mod tests;
