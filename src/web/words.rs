//! The pages' sentences in Kazakh, Russian and English.

use std::{borrow::Cow, collections::HashMap};

use chrono::{DateTime, Datelike as _, Utc};
use chrono_tz::Tz;
use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, static_loader};

use crate::domain::language::Language;

static_loader! {
    static LOCALES = {
        locales: "./assets/locales",
        fallback_language: "kk",
        // Marks around placeables would end up in addresses and links.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// What a sentence may be told.
pub(super) type Arguments = HashMap<Cow<'static, str>, FluentValue<'static>>;

/// The languages that pages speak, in the order in which they are offered.
pub(super) const SPOKEN: [Language; 3] = [Language::KK, Language::RU, Language::EN];

/// The sentence with this key; `None` when there is none.
pub(super) fn say(language: Language, key: &str, arguments: &Arguments) -> Option<String> {
    LOCALES.try_lookup_with_args(&identifier(language), key, arguments)
}

/// A date and time as a person reads it, in the institution's zone.
pub(super) fn say_time(language: Language, time: DateTime<Utc>, zone: Tz) -> String {
    let local = time.with_timezone(&zone);
    let arguments = HashMap::from([
        (Cow::Borrowed("day"), FluentValue::from(local.day())),
        (Cow::Borrowed("month"), FluentValue::from(local.month())),
        (Cow::Borrowed("year"), FluentValue::from(local.year().to_string())),
        (Cow::Borrowed("time"), FluentValue::from(local.format("%H:%M").to_string())),
    ]);
    say(language, "web-time", &arguments).unwrap_or_else(|| local.to_rfc3339())
}

fn identifier(language: Language) -> LanguageIdentifier {
    language.as_str().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The sentences' keys of a language, by file.
    fn keys(language: Language) -> BTreeSet<String> {
        let folder = format!("{}/assets/locales/{language}", env!("CARGO_MANIFEST_DIR"));
        let mut keys = BTreeSet::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            for (key, _) in text.lines().filter_map(|line| line.split_once(" =")) {
                if key.starts_with(|c: char| c.is_ascii_lowercase()) {
                    assert!(keys.insert(format!("{name}: {key}")), "{key} stands twice in {name}");
                }
            }
        }
        keys
    }

    #[test]
    fn every_sentence_is_there_in_every_language() {
        let [kk, ru, en] = SPOKEN.map(keys);
        assert!(kk.len() > 20);
        assert_eq!(kk, ru);
        assert_eq!(kk, en);
    }

    #[test]
    fn no_sentence_has_two_files() {
        let mut seen = BTreeSet::new();
        for key in keys(Language::KK) {
            let key = key.split_once(": ").map(|(_, key)| key.to_owned()).unwrap();
            assert!(seen.insert(key.clone()), "{key} stands in two files");
        }
    }

    #[test]
    fn a_date_reads_naturally_in_each_language() {
        let time = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(20_000);
        let zone = Tz::Asia__Almaty;
        assert_eq!(say_time(Language::KK, time, zone), "2024 жылғы 4 қазан, 05:00");
        assert_eq!(say_time(Language::RU, time, zone), "4 октября 2024 г., 05:00");
        assert_eq!(say_time(Language::EN, time, zone), "4 October 2024, 05:00");
    }
}
