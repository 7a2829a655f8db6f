//! The institution that runs the service. Nothing of it is hard-wired: it is configuration.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{address::Address, language::Language};

/// Who sends, as law and every footer require it (Law 94-V art. 8(4); R24).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Full legal name, by language.
    pub name: BTreeMap<Language, String>,
    /// Business identification number: 12 digits.
    pub bin: String,
    /// Postal address, by language.
    pub address: BTreeMap<Language, String>,
    /// The mailbox that people answer and write to.
    pub support_email: Address,
    /// The telephone that people call.
    pub phone: String,
    /// Where the current privacy policy stands (https).
    pub policy_url: String,
    /// The zone of its working day, schedules and deadlines.
    #[serde(default = "almaty")]
    pub time_zone: Tz,
    /// Its languages; the first is required in every campaign.
    #[serde(default = "kk_ru_en")]
    pub languages: Vec<Language>,
    /// What it says of its processing in every consent.
    #[serde(default)]
    pub processing: Processing,
}

/// What a consent must say of the processing (Law 94-V art. 8(4)); kept with each ledger event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Processing {
    /// The law that applies: an ISO 3166 code.
    pub jurisdiction: String,
    /// Where the data are stored: an ISO 3166 code.
    pub storage_location: String,
    /// The kinds of data.
    pub data: Vec<String>,
    /// Third parties that get them; none if empty.
    pub third_parties: Vec<String>,
    /// Countries they go to; none if empty.
    pub cross_border: Vec<String>,
    /// Whether they are published.
    pub published: bool,
}

impl Default for Processing {
    fn default() -> Self {
        Self {
            jurisdiction: "KZ".to_owned(),
            storage_location: "KZ".to_owned(),
            data: vec!["email".to_owned(), "name".to_owned(), "language".to_owned()],
            third_parties: Vec::new(),
            cross_border: Vec::new(),
            published: false,
        }
    }
}

fn almaty() -> Tz {
    Tz::Asia__Almaty
}

fn kk_ru_en() -> Vec<Language> {
    vec![Language::KK, Language::RU, Language::EN]
}

impl Institution {
    /// The language that every campaign must have and that people get when theirs is missing.
    #[must_use]
    pub fn default_language(&self) -> Language {
        self.languages.first().copied().unwrap_or(Language::KK)
    }

    /// The name in `language`, else in the default language.
    #[must_use]
    pub fn name_in(&self, language: Language) -> &str {
        self.pick(&self.name, language)
    }

    /// The postal address in `language`, else in the default language.
    #[must_use]
    pub fn address_in(&self, language: Language) -> &str {
        self.pick(&self.address, language)
    }

    fn pick<'a>(&self, texts: &'a BTreeMap<Language, String>, language: Language) -> &'a str {
        texts
            .get(&language)
            .or_else(|| texts.get(&self.default_language()))
            .or_else(|| texts.values().next())
            .map_or("", String::as_str)
    }
}
