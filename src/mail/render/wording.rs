//! The service's own sentences in mail, in Kazakh, Russian and English.

use std::{borrow::Cow, collections::HashMap};

use fluent_templates::{LanguageIdentifier, Loader, fluent_bundle::FluentValue, static_loader};

use crate::domain::language::Language;

/// What a sentence may be told.
pub(in crate::mail) type Arguments = HashMap<Cow<'static, str>, FluentValue<'static>>;

static_loader! {
    static LOCALES = {
        locales: "./assets/locales",
        fallback_language: "kk",
        // Marks around placeables would end up in addresses and links.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// Whether the service has its sentences in this language. Kazakh stands in for the others.
pub(super) fn speaks(language: Language) -> bool {
    let id = identifier(language);
    LOCALES.locales().any(|known| *known == id)
}

/// A sentence; its arguments are template tags, so that values are escaped where they are merged.
pub(super) fn say(language: Language, id: &str) -> String {
    let arguments: HashMap<Cow<'static, str>, FluentValue<'_>> = [
        ("purpose", "{{purpose.title}}"),
        ("clause", "{{purpose.clause}}"),
        ("institution", "{{institution.name}}"),
        ("partner", "{{party.name}}"),
    ]
    .into_iter()
    .map(|(name, tag)| (Cow::Borrowed(name), FluentValue::from(tag)))
    .collect();
    LOCALES.lookup_with_args(&identifier(language), id, &arguments)
}

/// A sentence with values of its own.
pub(in crate::mail) fn tell(language: Language, id: &str, arguments: &Arguments) -> String {
    LOCALES.lookup_with_args(&identifier(language), id, arguments)
}

fn identifier(language: Language) -> LanguageIdentifier {
    language.as_str().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_is_there_in_every_language() {
        let kazakh = include_str!("../../../assets/locales/kk/mail.ftl");
        let ids = kazakh.lines().filter_map(|line| line.split_once(" = ")).map(|(id, _)| id);
        for id in ids {
            for language in [Language::KK, Language::RU, Language::EN] {
                let said = say(language, id);
                assert!(!said.contains("Unknown localization"), "{language} {id}");
            }
            assert_ne!(say(Language::KK, id), say(Language::RU, id), "{id}");
            assert_ne!(say(Language::KK, id), say(Language::EN, id), "{id}");
        }
    }

    #[test]
    fn an_unknown_language_hears_kazakh() {
        let uzbek: Language = "uz".parse().unwrap();
        assert!(!speaks(uzbek));
        assert_eq!(say(uzbek, "mail-unsubscribe"), say(Language::KK, "mail-unsubscribe"));
    }
}
