//! How people are found by what somebody types: without regard to case, accents, and letters that a
//! Russian keyboard lacks.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::contact::{Contact, Profile};

/// Beginnings by which one contact's names are found.
pub const BEGINNINGS: usize = 3;
/// Characters of a folded name that are kept.
const CHARS_MAX: usize = 120;
/// Words of one contact that are kept.
const WORDS_MAX: usize = 12;

/// A text as it is compared: small letters without accents, Kazakh letters as their Russian
/// neighbours, one space between words and nothing else.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    for letter in letters.nfkd().filter(|c| !is_combining_mark(*c)).map(neighbour) {
        if letter.is_alphanumeric() {
            folded.push(letter);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

const fn neighbour(letter: char) -> char {
    match letter {
        'ә' => 'а',
        'ғ' => 'г',
        'қ' => 'к',
        'ң' => 'н',
        'ө' => 'о',
        'ұ' | 'ү' => 'у',
        'һ' => 'х',
        'і' => 'и',
        other => other,
    }
}

/// The folded names of a person, once beginning with each of the first three words, so that
/// whichever is typed first is a beginning.
#[must_use]
pub fn beginnings(profile: &Profile) -> [Option<String>; BEGINNINGS] {
    let words = names(profile);
    std::array::from_fn(|first| {
        (first < words.len()).then(|| {
            let (before, after) = words.split_at(first);
            let turned: Vec<&str> = after.iter().chain(before).map(String::as_str).collect();
            turned.join(" ").chars().take(CHARS_MAX).collect()
        })
    })
}

/// All words by whose beginnings a living contact is found: of the names, of the address before the
/// `@`, of the external id.
#[must_use]
pub fn words(contact: &Contact) -> Vec<String> {
    let profile = &contact.profile;
    let mut words = names(profile);
    let local = contact.address.as_ref().map_or("", |address| address.local_part());
    take(local, &mut words);
    take(profile.external_id.as_deref().unwrap_or_default(), &mut words);
    words.truncate(WORDS_MAX);
    words
}

fn names(profile: &Profile) -> Vec<String> {
    let names = [&profile.name, &profile.family_name, &profile.given_name, &profile.patronymic];
    let mut words = Vec::new();
    names.into_iter().flatten().for_each(|name| take(name, &mut words));
    words
}

fn take(text: &str, words: &mut Vec<String>) {
    for word in fold(text).split(' ').filter(|word| !word.is_empty()) {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
}

/// What somebody typed to find people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Beginnings of words, folded, all of which must fit; the longest first.
    pub words: Vec<String>,
    /// What an address must begin with, in small letters: of a text without spaces.
    pub address: Option<String>,
    /// Whether an `@` was typed, so that only addresses can be meant.
    pub is_address: bool,
    /// What an external id must begin with.
    pub external: String,
}

impl Typed {
    /// What a text means. `None` when there is nothing in it to look for.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text: String = text.trim().chars().take(CHARS_MAX).collect();
        let is_address = text.contains('@');
        let named = text.split('@').next().unwrap_or_default();
        let mut words: Vec<String> =
            fold(named).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        if words.is_empty() {
            return None;
        }
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.truncate(WORDS_MAX);
        let address = (!text.contains(char::is_whitespace)).then(|| text.to_lowercase());
        Some(Self { words, address, is_address, external: text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kazakh_russian_and_accented_letters_are_found_from_any_keyboard() {
        assert_eq!(fold("  Әйгерім  ҚҰНАНБАЙҚЫЗЫ "), "аигерим кунанбаикызы");
        assert_eq!(fold("Пётр-Ильич"), "петр ильич");
        assert_eq!(fold("José ÅNGSTRÖM"), "jose angstrom");
        assert_eq!(fold("ﬁ % _ '"), "fi");
        assert_eq!(fold("—"), "");
    }

    #[test]
    fn a_person_is_found_by_each_of_the_first_three_words() {
        let profile = Profile {
            name: Some("Айгүл Сейтқали".into()),
            given_name: Some("Айгүл".into()),
            patronymic: Some("Ерланқызы".into()),
            ..Profile::default()
        };
        let [first, second, third] = beginnings(&profile).map(Option::unwrap_or_default);
        assert_eq!(first, "аигул сеиткали ерланкызы");
        assert_eq!(second, "сеиткали ерланкызы аигул");
        assert_eq!(third, "ерланкызы аигул сеиткали");
        assert_eq!(beginnings(&Profile::default()), [None, None, None]);
    }

    #[test]
    fn what_is_typed_is_words_or_an_address() {
        let typed = Typed::read(" Айгүл  сейтқали").unwrap();
        assert_eq!(typed.words, ["сеиткали", "аигул"]);
        assert_eq!((typed.address, typed.is_address), (None, false));
        let typed = Typed::read("Aigul.S@Mail").unwrap();
        assert_eq!(typed.words, ["aigul", "s"]);
        assert_eq!((typed.address.as_deref(), typed.is_address), (Some("aigul.s@mail"), true));
        assert_eq!(Typed::read(" @ %"), None);
    }
}
