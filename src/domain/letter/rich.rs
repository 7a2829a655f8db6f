//! Text of several paragraphs and lists, with bold, italic, links and fields. No HTML.

use serde::{Deserialize, Serialize};

use super::line::Field;
use crate::domain::words::words;

/// Paragraphs and lists, from top to bottom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rich(pub Vec<Paragraph>);

/// A paragraph or a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paragraph {
    /// A paragraph: `{"words": […]}`.
    Words(Vec<Inline>),
    /// A list with points, one entry per element.
    Bullets(Vec<Vec<Inline>>),
    /// A list with numbers.
    Numbers(Vec<Vec<Inline>>),
}

/// A run of text inside a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Inline {
    /// Words.
    Text {
        /// As they are; braces and angle brackets mean nothing here.
        text: String,
        /// How they look and where they lead.
        #[serde(default, skip_serializing_if = "Marks::is_none")]
        marks: Marks,
    },
    /// A value of the person or of the campaign.
    Field {
        /// Which.
        value: Field,
        /// How it looks and where it leads.
        #[serde(default, skip_serializing_if = "Marks::is_none")]
        marks: Marks,
    },
    /// A new line within the paragraph.
    Break,
}

/// How a run looks and where it leads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Strong.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bold: bool,
    /// Emphasised.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub italic: bool,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Target>,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// An address: `https:`, `http:`, `mailto:` or `tel:`.
    Url(String),
    /// A page of the service that is the person's own.
    Page(Page),
}

words! {
    /// A page of the service.
    Page ("page") {
        /// Where the person chooses purposes and language.
        Preferences = "preferences",
        /// Where the person leaves.
        Unsubscribe = "unsubscribe",
        /// The privacy policy.
        Policy = "policy",
    }
}

words! {
    /// A place where the institution speaks besides mail.
    Network ("network") {
        /// The institution's own site.
        Website = "website",
        /// Instagram.
        Instagram = "instagram",
        /// Facebook.
        Facebook = "facebook",
        /// `YouTube`.
        YouTube = "youtube",
        /// Telegram.
        Telegram = "telegram",
        /// `TikTok`.
        TikTok = "tiktok",
        /// `LinkedIn`.
        LinkedIn = "linkedin",
        /// `WhatsApp`.
        WhatsApp = "whatsapp",
        /// VK.
        Vk = "vk",
        /// X.
        X = "x",
        /// Threads.
        Threads = "threads",
    }
}

impl Marks {
    /// Whether the run is plain.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

impl Paragraph {
    /// Its runs, entry by entry; a paragraph is one entry.
    #[must_use]
    pub fn entries(&self) -> &[Vec<Inline>] {
        match self {
            Self::Words(words) => std::slice::from_ref(words),
            Self::Bullets(entries) | Self::Numbers(entries) => entries,
        }
    }
}

impl Inline {
    /// How it looks; a line end has no looks.
    #[must_use]
    pub fn marks(&self) -> Option<&Marks> {
        match self {
            Self::Text { marks, .. } | Self::Field { marks, .. } => Some(marks),
            Self::Break => None,
        }
    }

    /// Characters that it may count for.
    #[must_use]
    pub fn chars(&self) -> usize {
        match self {
            Self::Text { text, .. } => text.chars().count(),
            Self::Field { value, .. } => value.chars(),
            Self::Break => 1,
        }
    }
}

impl Rich {
    /// All runs, from top to bottom.
    pub fn runs(&self) -> impl Iterator<Item = &Inline> {
        self.0.iter().flat_map(Paragraph::entries).flatten()
    }

    /// Characters, fallbacks counted.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.runs().map(Inline::chars).sum()
    }

    /// Whether nothing would be seen.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.runs().all(|run| match run {
            Inline::Text { text, .. } => text.trim().is_empty(),
            Inline::Field { .. } => false,
            Inline::Break => true,
        })
    }
}
