//! The media library: pictures that mail shows, and files that it links to.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;

use super::{id::MediaId, language::Language, words::words};

/// Octets of a file, as it is uploaded and as it is kept.
pub const OCTETS_MAX: usize = 5 * 1024 * 1024;
/// Characters of a file's name.
pub const NAME_CHARS_MAX: usize = 200;
/// Characters of an alternative text.
pub const ALT_CHARS_MAX: usize = 300;

words! {
    /// What a file is.
    MediaKind ("kind of media") {
        /// A photo.
        Jpeg = "jpeg",
        /// A drawing, or a picture that one sees through.
        Png = "png",
        /// A picture, moving perhaps.
        Gif = "gif",
        /// An event for a calendar.
        Calendar = "calendar",
    }
}

impl MediaKind {
    /// The end of its public name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Calendar => "ics",
        }
    }

    /// How it is told to browsers.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Calendar => "text/calendar; charset=utf-8; method=PUBLISH",
        }
    }
}

/// A file of the library without its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its id.
    pub id: MediaId,
    /// SHA-256 of what it shows or says; the same content is kept once.
    pub sha256: [u8; 32],
    /// What it is.
    pub kind: MediaKind,
    /// What whoever brought it called it.
    pub file_name: String,
    /// Octets.
    pub size: u32,
    /// Width and height in pixels; none for calendar files.
    pub pixels: Option<(u32, u32)>,
    /// What it shows, in words.
    pub alts: BTreeMap<Language, String>,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// Who brought it.
    pub created_by: String,
}

impl Media {
    /// The name under which everybody gets it: 160 bits of its hash, and what it is.
    #[must_use]
    pub fn public_name(&self) -> String {
        public_name(&self.sha256, self.kind)
    }
}

/// The public name of content with this hash.
#[must_use]
pub fn public_name(sha256: &[u8; 32], kind: MediaKind) -> String {
    const OCTETS: usize = 20;
    let name = BASE32_NOPAD.encode(&sha256[..OCTETS]).to_ascii_lowercase();
    format!("{name}.{}", kind.extension())
}
