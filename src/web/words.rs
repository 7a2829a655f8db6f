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

    const TEXTS: [&str; 3] = [
        include_str!("../../assets/locales/kk/web.ftl"),
        include_str!("../../assets/locales/ru/web.ftl"),
        include_str!("../../assets/locales/en/web.ftl"),
    ];

    fn keys(text: &str) -> BTreeSet<&str> {
        text.lines()
            .filter(|line| line.starts_with("web-"))
            .filter_map(|line| line.split_once(" =").map(|(key, _)| key))
            .collect()
    }

    #[test]
    fn every_sentence_is_there_in_every_language() {
        let [kk, ru, en] = TEXTS.map(keys);
        assert!(kk.len() > 20);
        assert_eq!(kk, ru);
        assert_eq!(kk, en);
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
