//! What a letter is built of.

use serde::{Deserialize, Serialize};

use super::{
    card::{Event, Offer},
    line::Line,
    rich::{Network, Rich, Target},
};
use crate::domain::{id::MediaId, words::words};

/// A building block; as JSON its members beside `"type"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Block {
    /// A heading.
    Heading(Heading),
    /// Paragraphs and lists.
    Text(Text),
    /// A picture.
    Image(Image),
    /// A link that looks like a button.
    Button(Button),
    /// Two or three columns of simple blocks; under each other on a phone.
    Columns(Columns),
    /// A thin line.
    Divider {},
    /// Room.
    Spacer(Spacer),
    /// An event with "add to calendar".
    Event(Box<Event>),
    /// An offer with its price.
    Offer(Box<Offer>),
    /// Links to social networks.
    Social(Social),
    /// Where the mandatory footer stands; at the end if this is nowhere. At most one.
    Footer {},
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Heading {
    /// 1 is the largest.
    #[serde(default)]
    pub level: Level,
    /// Its words.
    #[serde(default)]
    pub text: Line,
    /// To which side.
    #[serde(default)]
    pub align: Align,
}

/// The level of a heading: 1 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Level(u8);

/// Paragraphs and lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Its words.
    #[serde(default)]
    pub text: Rich,
    /// To which side.
    #[serde(default)]
    pub align: Align,
}

words! {
    /// To which side words are set.
    #[derive(Default)]
    Align ("alignment") {
        /// To the start.
        #[default]
        Left = "left",
        /// To the middle; for little text only.
        Center = "center",
    }
}

/// A picture with what the blind and those who load no pictures read instead.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// From the media library; none while it is not chosen yet, and then nothing is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaId>,
    /// What it says.
    #[serde(default)]
    pub alt: Alt,
}

/// What a picture says to those who do not see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alt {
    /// Its meaning in words; must not be empty.
    Text(String),
    /// Nothing: it only decorates.
    Decorative,
}

/// A picture as a block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Which.
    #[serde(default)]
    pub picture: Picture,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Target>,
    /// How much of the column it takes.
    #[serde(default)]
    pub width: WidthPercent,
}

/// A width in per cent of the column: 10 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct WidthPercent(u8);

/// A link that looks like a button.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Button {
    /// What it says.
    #[serde(default)]
    pub text: Line,
    /// Where it leads; none while it is not written yet.
    #[serde(default)]
    pub link: Option<Target>,
    /// How it looks.
    #[serde(default)]
    pub style: ButtonStyle,
    /// To which side.
    #[serde(default)]
    pub align: Align,
}

words! {
    /// How a button looks.
    #[derive(Default)]
    ButtonStyle ("button style") {
        /// In the accent colour.
        #[default]
        Filled = "filled",
        /// A frame.
        Outline = "outline",
    }
}

/// Columns of simple blocks: no columns, no footer in them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Two or three, from left to right.
    #[serde(default)]
    pub columns: Vec<Vec<Block>>,
}

/// Room between blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spacer {
    /// How much.
    #[serde(default)]
    pub size: Size,
}

words! {
    /// How much room.
    #[derive(Default)]
    Size ("size") {
        /// 16 px.
        Small = "small",
        /// 32 px.
        #[default]
        Medium = "medium",
        /// 56 px.
        Large = "large",
    }
}

/// Links to social networks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Social {
    /// From left to right.
    #[serde(default)]
    pub links: Vec<SocialLink>,
}

/// A link to a social network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SocialLink {
    /// Which.
    pub network: Network,
    /// `https:` and the rest.
    #[serde(default)]
    pub url: String,
}

impl Block {
    /// This block and those in its columns.
    pub fn flat(&self) -> impl Iterator<Item = &Self> {
        let inner = match self {
            Self::Columns(columns) => columns.columns.as_slice(),
            _ => &[],
        };
        std::iter::once(self).chain(inner.iter().flatten())
    }

    /// The picture that it shows.
    #[must_use]
    pub fn picture(&self) -> Option<&Picture> {
        match self {
            Self::Image(image) => Some(&image.picture),
            Self::Offer(offer) => offer.picture.as_ref(),
            _ => None,
        }
    }
}

/// A number that is outside of its range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value} is not between {low} and {high}")]
pub struct OutOfRange {
    value: u8,
    low: u8,
    high: u8,
}

macro_rules! ranged {
    ($name:ident, $low:literal, $high:literal, $default:literal) => {
        impl $name {
            /// The number.
            #[must_use]
            pub fn get(self) -> u8 {
                self.0
            }
        }

        impl TryFrom<u8> for $name {
            type Error = OutOfRange;

            fn try_from(value: u8) -> Result<Self, OutOfRange> {
                let fits = ($low..=$high).contains(&value);
                if fits {
                    Ok(Self(value))
                } else {
                    Err(OutOfRange { value, low: $low, high: $high })
                }
            }
        }

        impl From<$name> for u8 {
            fn from(one: $name) -> u8 {
                one.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($default)
            }
        }
    };
}

ranged!(Level, 1, 3, 2);
ranged!(WidthPercent, 10, 100, 100);

impl Default for Alt {
    fn default() -> Self {
        Self::Text(String::new())
    }
}
