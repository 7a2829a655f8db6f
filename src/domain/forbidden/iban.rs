//! Kazakh IBANs (ИИК, ЖСК): `KZ`, two check digits, three digits of the bank, thirteen letters or
//! digits (ISO 13616 registry entry for Kazakhstan; check digits by ISO 7064 mod 97-10).

use super::numbers::is_separator;

/// Letters and digits of a Kazakh IBAN.
const LENGTH: usize = 20;

/// Whether a Kazakh IBAN stands in the text.
///
/// Written in one piece or in fours, the shape is enough: a mistyped account is still an account.
/// With other gaps the check digits must fit, for `KZ 050000 Almaty …` is only a postcode.
pub(super) fn is_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at_word_start = true;
    for (at, pair) in bytes.windows(2).enumerate() {
        if at_word_start && pair.eq_ignore_ascii_case(b"KZ") && starts_iban(&text[at..]) {
            return true;
        }
        at_word_start = !pair[0].is_ascii_alphanumeric();
    }
    false
}

fn starts_iban(text: &str) -> bool {
    let Some(Written { letters, gaps, followed }) = Written::read(text) else { return false };
    if !letters[2..7].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let in_fours = gaps.iter().all(|before| before % 4 == 0) && gaps.len() == LENGTH / 4 - 1;
    let in_one_piece = gaps.is_empty() && !followed;
    in_one_piece || in_fours || has_right_check_digits(&letters)
}

/// Twenty letters and digits as they stand in a text.
struct Written {
    letters: [u8; LENGTH],
    /// Before which letter a gap stands.
    gaps: Vec<usize>,
    /// Whether a letter or digit comes right after the last.
    followed: bool,
}

impl Written {
    fn read(text: &str) -> Option<Self> {
        let (mut letters, mut gaps, mut count) = ([0; LENGTH], Vec::new(), 0);
        let mut chars = text.chars();
        while count < LENGTH {
            let c = chars.next()?;
            if c.is_ascii_alphanumeric() {
                letters[count] = c.to_ascii_uppercase() as u8;
                count += 1;
            } else if is_separator(c) {
                gaps.push(count);
            } else {
                return None;
            }
        }
        gaps.dedup();
        let followed = chars.next().is_some_and(char::is_alphanumeric);
        Some(Self { letters, gaps, followed })
    }
}

fn has_right_check_digits(letters: &[u8; LENGTH]) -> bool {
    let rotated = letters[4..].iter().chain(&letters[..4]);
    let remainder = rotated.fold(0_u32, |rest, letter| match letter {
        b'0'..=b'9' => (rest * 10 + u32::from(letter - b'0')) % 97,
        _ => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    remainder == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_iban_is_found_in_one_piece_in_fours_and_by_its_check_digits() {
        assert!(is_in("KZ86125KZT5004100100"));
        assert!(is_in("kz86125kzt5004100100"));
        assert!(is_in("ИИК:KZ86125KZT5004100100;"));
        assert!(is_in("KZ86 125K ZT50 0410 0100"));
        assert!(is_in("KZ 86 125 KZT5004100100"));
        assert!(is_in("KZ86-125KZT-5004100100 Halyk"));
    }

    #[test]
    fn a_mistyped_iban_is_still_refused_by_its_shape() {
        assert!(is_in("KZ87125KZT5004100100"));
        assert!(is_in("KZ87 125K ZT50 0410 0100"));
        assert!(!is_in("KZ 87 125 KZT5004100100"));
    }

    #[test]
    fn other_texts_with_kz_are_no_ibans() {
        assert!(!is_in("aigul123456789012345@example.kz"));
        assert!(!is_in("KZ 050000 Almaty Abay 150"));
        assert!(!is_in("KZ12345"));
        assert!(!is_in("AKZ86125KZT5004100100"));
        assert!(!is_in("KZ87125KZT5004100100999"), "too long for the shape");
    }
}
