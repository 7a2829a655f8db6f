//! How a letter looks: choices that are readable by day and by night.

use serde::{Deserialize, Serialize};

use crate::domain::words::words;

/// The looks of a letter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Colour of buttons, links and the band on top.
    #[serde(default)]
    pub accent: Accent,
    /// Letters.
    #[serde(default)]
    pub font: Font,
}

words! {
    /// A colour that has a contrast of at least 4.5 : 1 with white, and a lighter sister for dark
    /// mailboxes.
    #[derive(Default)]
    Accent ("accent") {
        /// Blue.
        #[default]
        Ocean = "ocean",
        /// Blue-green.
        Teal = "teal",
        /// Green.
        Forest = "forest",
        /// Violet.
        Plum = "plum",
        /// Red.
        Ruby = "ruby",
        /// Brown.
        Amber = "amber",
        /// Grey.
        Graphite = "graphite",
    }
}

words! {
    /// Fonts that mail programs have, all with Kazakh letters.
    #[derive(Default)]
    Font ("font") {
        /// Segoe UI, Roboto, Arial.
        #[default]
        Sans = "sans",
        /// Georgia, Times.
        Serif = "serif",
    }
}

impl Accent {
    /// The colour on white, as `#rrggbb`.
    #[must_use]
    pub fn light(self) -> &'static str {
        match self {
            Self::Ocean => "#0b5394",
            Self::Teal => "#0b6b6b",
            Self::Forest => "#1f6b33",
            Self::Plum => "#6a2c83",
            Self::Ruby => "#a3162e",
            Self::Amber => "#7a3e00",
            Self::Graphite => "#37424f",
        }
    }

    /// The colour of links on a dark ground, as `#rrggbb`.
    #[must_use]
    pub fn dark(self) -> &'static str {
        match self {
            Self::Ocean => "#8ab8ff",
            Self::Teal => "#6fd6d0",
            Self::Forest => "#86d99a",
            Self::Plum => "#d7a6ee",
            Self::Ruby => "#ff9fae",
            Self::Amber => "#f2b880",
            Self::Graphite => "#c3ccd6",
        }
    }
}

impl Font {
    /// The families, best first.
    #[must_use]
    pub fn families(self) -> &'static str {
        match self {
            Self::Sans => "'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif",
            Self::Serif => "Georgia, 'Noto Serif', 'Times New Roman', serif",
        }
    }
}
