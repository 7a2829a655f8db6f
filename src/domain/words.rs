//! States and reasons travel as stable words: in the schema's CHECKs, the API and the logs.

/// A word that this version does not know: written by a newer one, or damaged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{word}\" is not a {kind}; known are {known}")]
pub struct UnknownWord {
    /// What was expected, such as `consent state`.
    pub kind: &'static str,
    /// What was read.
    pub word: String,
    /// Every word that would have done.
    pub known: String,
}

/// Declares an enum whose variants are stable words, with `as_str`, `ALL`, `Display`, `FromStr`
/// and serde by that word.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident ($kind:literal) { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every one of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable word.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::words::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word).ok_or_else(|| {
                    $crate::domain::words::UnknownWord {
                        kind: $kind,
                        word: word.to_owned(),
                        known: [$($word),+].join(", "),
                    }
                })
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::domain::words::UnknownWord;

            fn try_from(word: String) -> Result<Self, Self::Error> {
                word.parse()
            }
        }

        impl From<$name> for &'static str {
            fn from(one: $name) -> Self {
                one.as_str()
            }
        }
    };
}

pub(crate) use words;
