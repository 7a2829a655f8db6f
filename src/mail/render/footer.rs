//! The footer that every mail carries: who sends it, why, and how to leave (requirement R24:
//! institution, support mailbox, phone, policy, purpose, unsubscribe; R03: the partner is named).

use super::wording::say;
use crate::domain::language::Language;

const HTML: &str = include_str!("../../../templates/mail/footer.html");
const TEXT: &str = include_str!("../../../templates/mail/footer.txt");
/// The sentences that the two templates name in double brackets.
const SENTENCES: [&str; 7] = [
    "mail-why",
    "mail-partner",
    "mail-withdraw",
    "mail-unsubscribe",
    "mail-preferences",
    "mail-policy",
    "mail-support",
];

/// The footer as a template for HTML.
pub(super) fn html(language: Language) -> String {
    fill(HTML, language)
}

/// The footer as a template for plain text; an empty line goes before it.
pub(super) fn text(language: Language) -> String {
    format!("\n{}\n", fill(TEXT, language))
}

fn fill(template: &str, language: Language) -> String {
    let filled = SENTENCES.iter().fold(template.to_owned(), |text, id| {
        text.replace(&format!("[[{id}]]"), &say(language, id))
    });
    filled.replace("[[language]]", language.as_str()).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_name_the_institution_the_reason_and_the_way_out_in_three_languages() {
        for language in [Language::KK, Language::RU, Language::EN] {
            for footer in [html(language), text(language)] {
                for needed in [
                    "{{institution.name}}",
                    "{{institution.address}}",
                    "{{institution.support}}",
                    "{{institution.phone}}",
                    "{{policy_url}}",
                    "{{purpose.title}}",
                    "{{purpose.clause}}",
                    "{{party.name}}",
                    "{{unsubscribe_url}}",
                    "{{preferences_url}}",
                ] {
                    assert!(footer.contains(needed), "{language} {needed}");
                }
                assert!(!footer.contains("[["), "{footer}");
            }
        }
        assert!(text(Language::KK).contains("Жазылымнан бас тарту"));
        assert!(text(Language::RU).contains("Отписаться"));
        assert!(text(Language::EN).contains("Unsubscribe"));
    }
}
