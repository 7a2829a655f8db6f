//! The values that a cell may hold, in the words people use.

use super::{TAG_CHARS_MAX, TAGS_MAX, VALUE_CHARS_MAX, reject::Reason};
use crate::domain::language::Language;

/// One line of text: blanks and line ends within become single spaces.
pub(super) fn line(text: &str) -> Result<String, Reason> {
    let line = on_one_line(verbatim(text)?);
    if is_longer(&line, VALUE_CHARS_MAX) {
        return Err(Reason::TooLong(VALUE_CHARS_MAX));
    }
    Ok(line)
}

fn on_one_line(text: String) -> String {
    let has_doubles = text.as_bytes().windows(2).any(|pair| pair == b"  ");
    if has_doubles || !has_only_plain_bytes(&text) {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    text
}

/// As it stands, for words that prove something; line ends are `\n`.
pub(super) fn verbatim(text: &str) -> Result<String, Reason> {
    if !has_only_plain_bytes(text) && text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Reason::ControlCharacter);
    }
    Ok(text.to_owned())
}

/// No control character and no blank but the space; false for some other texts too. In UTF-8 those
/// begin with a byte below 0x20, 0x7F, 0xC2 (U+0080 to U+00BF) or 0xE1 to 0xE3 (U+1680, U+2000 to
/// U+205F, U+3000). Cyrillic and Latin letters do not, and need no second look.
fn has_only_plain_bytes(text: &str) -> bool {
    !text.bytes().any(|b| b < b' ' || matches!(b, 0x7F | 0xC2 | 0xE1..=0xE3))
}

/// Whether a text has more characters. Its bytes are counted first: most texts are short.
pub(super) fn is_longer(text: &str, chars_max: usize) -> bool {
    text.len() > chars_max && text.chars().nth(chars_max).is_some()
}

/// Tags, between commas, semicolons or bars; each once, in order.
pub(super) fn tags(text: &str) -> Result<Vec<String>, Reason> {
    let mut tags: Vec<String> = Vec::new();
    for tag in parts(text) {
        let tag = on_one_line(verbatim(tag)?);
        if is_longer(&tag, TAG_CHARS_MAX) {
            return Err(Reason::TagTooLong);
        }
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    if tags.len() > TAGS_MAX {
        return Err(Reason::TooManyTags);
    }
    Ok(tags)
}

/// What stands between commas, semicolons or bars, without the empty parts.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '|']).map(str::trim).filter(|part| !part.is_empty())
}

/// A language by its code or its name in Kazakh, Russian or English.
pub(super) fn language(text: &str) -> Result<Language, Reason> {
    match text.to_lowercase().as_str() {
        "kaz"
        | "қаз"
        | "каз"
        | "kz"
        | "қазақ"
        | "қазақша"
        | "қазақ тілі"
        | "казахский"
        | "kazakh" => Ok(Language::KK),
        "rus" | "рус" | "орыс" | "орысша" | "орыс тілі" | "русский" | "russian" => {
            Ok(Language::RU)
        }
        "eng" | "англ" | "ағылшын" | "ағылшынша" | "ағылшын тілі" | "английский" | "english" => {
            Ok(Language::EN)
        }
        code => code.parse().map_err(|_| Reason::Language),
    }
}

/// What a person answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
}

/// Yes or no in Kazakh, Russian or English.
pub(super) fn answer(text: &str) -> Result<Answer, Reason> {
    match text.to_lowercase().as_str() {
        "yes" | "y" | "true" | "1" | "on" | "+" | "иә" | "ия" | "да" => Ok(Answer::Yes),
        "no" | "n" | "false" | "0" | "off" | "-" | "жоқ" | "нет" => Ok(Answer::No),
        _ => Err(Reason::YesOrNo),
    }
}

/// A policy version: `2` or `v2`.
pub(super) fn policy_version(text: &str) -> Result<u32, Reason> {
    let number = text.strip_prefix(['v', 'V']).unwrap_or(text);
    number.parse().ok().filter(|number| *number > 0).ok_or(Reason::PolicyVersion)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_line_ends_and_no_control_characters() {
        assert_eq!(line("Айгүл\r\n Серікова"), Ok("Айгүл Серікова".into()));
        assert_eq!(line("a\0b"), Err(Reason::ControlCharacter));
        assert_eq!(line("a\u{85}\u{9b}b"), Err(Reason::ControlCharacter));
        assert_eq!(line(&"ә".repeat(200)), Ok("ә".repeat(200)));
        assert_eq!(line(&"ә".repeat(201)), Err(Reason::TooLong(200)));
    }

    #[test]
    fn languages_and_answers_are_understood_in_three_languages() {
        assert_eq!(language("Қазақша"), Ok(Language::KK));
        assert_eq!(language("kk-KZ"), Ok(Language::KK));
        assert_eq!(language("KZ"), Ok(Language::KK));
        assert_eq!(language("Русский"), Ok(Language::RU));
        assert_eq!(language("en"), Ok(Language::EN));
        assert_eq!(language("Астана"), Err(Reason::Language));
        assert_eq!(answer("Иә"), Ok(Answer::Yes));
        assert_eq!(answer("НЕТ"), Ok(Answer::No));
        assert_eq!(answer("maybe"), Err(Reason::YesOrNo));
    }

    #[test]
    fn tags_are_kept_once_and_bounded() {
        assert_eq!(tags("a, b;a|с  д"), Ok(vec!["a".into(), "b".into(), "с д".into()]));
        assert_eq!(tags(&"x".repeat(65)), Err(Reason::TagTooLong));
        let many: Vec<_> = (0..51).map(|n| n.to_string()).collect();
        assert_eq!(tags(&many.join(";")), Err(Reason::TooManyTags));
    }

    #[test]
    fn a_policy_version_is_a_positive_number() {
        assert_eq!(policy_version("v2"), Ok(2));
        assert_eq!(policy_version("0"), Err(Reason::PolicyVersion));
        assert_eq!(policy_version("last"), Err(Reason::PolicyVersion));
    }
}
