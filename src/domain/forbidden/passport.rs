//! Numbers of Kazakh passports: `N` and eight digits. An identity card's nine digits carry no
//! letter and no check digit, so by value they are not told from other numbers.

use super::numbers::is_separator;

/// Digits after the letter.
const DIGITS: usize = 8;

/// Whether a passport number stands in the text as a word of its own. With a gap after the `N` it
/// must be the whole text, for `N 12345678` in a sentence may be the number of anything.
pub(super) fn is_in(text: &str) -> bool {
    if !text.contains('N') {
        return false;
    }
    let after_gap = |rest: &str| is_eight_digits(rest.trim_start_matches(is_separator));
    text.trim().strip_prefix('N').is_some_and(after_gap) || words(text).any(is_number)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

fn is_number(word: &str) -> bool {
    word.strip_prefix('N').is_some_and(is_eight_digits)
}

fn is_eight_digits(text: &str) -> bool {
    text.len() == DIGITS && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passport_number_is_a_word_of_its_own() {
        assert!(is_in("N12345678"));
        assert!(is_in("№ паспорта: N12345678."));
        assert!(is_in(" N 12345678 "));
        assert!(!is_in("заявка N 12345678 от 1 марта"));
        assert!(!is_in("N123456789"));
        assert!(!is_in("AN12345678"));
        assert!(!is_in("n12345678"));
        assert!(!is_in("012345678"));
    }
}
