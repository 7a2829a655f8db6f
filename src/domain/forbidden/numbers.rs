//! Numbers as people write them: digit groups with blanks and dashes between.

use super::{ForbiddenKind, card, iin};

/// How many blanks and dashes may stand between two groups of one number.
const GAP_MAX: usize = 3;

/// Longest international phone number, after its `+` (ITU-T E.164).
const PHONE_DIGITS_MAX: usize = 15;

/// Longest group within a number that is written in groups.
const GROUP_MAX: usize = 8;

/// Looks for an IIN or a card number.
pub(super) fn find_in(text: &str) -> Option<ForbiddenKind> {
    let mut run = Run::default();
    let mut gap = 0;
    let mut after_plus = false;
    for c in text.chars() {
        if let Some(digit) = digit(c) {
            if run.groups.is_empty() {
                run.international = after_plus;
            }
            run.push(digit, gap > 0);
            gap = 0;
        } else {
            gap = if is_separator(c) { gap + 1 } else { GAP_MAX + 1 };
            if gap > GAP_MAX && !run.groups.is_empty() {
                if let Some(found) = run.find() {
                    return Some(found);
                }
                run.clear();
            }
        }
        after_plus = c == '+';
    }
    run.find()
}

fn digit(c: char) -> Option<u8> {
    c.is_ascii_digit().then(|| c as u8 - b'0')
}

/// A blank or a dash of any kind.
pub(super) fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '-' | '\t' | '\u{a0}' | '\u{2007}'..='\u{2015}' | '\u{202f}' | '\u{2212}')
}

/// Digit groups that stand together.
#[derive(Default)]
struct Run {
    /// Values 0 to 9.
    digits: Vec<u8>,
    /// The length of each group.
    groups: Vec<usize>,
    /// A `+` stands before it: its beginning is a phone number.
    international: bool,
}

impl Run {
    fn push(&mut self, digit: u8, opens_group: bool) {
        self.digits.push(digit);
        match self.groups.last_mut() {
            Some(last) if !opens_group => *last += 1,
            _ => self.groups.push(1),
        }
    }

    fn clear(&mut self) {
        self.digits.clear();
        self.groups.clear();
    }

    /// Tries every row of neighbouring groups, for a number may have others before and after it.
    fn find(&self) -> Option<ForbiddenKind> {
        if self.digits.len() < iin::LENGTH {
            return None;
        }
        let mut start = 0;
        for first in 0..self.groups.len() {
            let mut length = 0;
            for last in first..self.groups.len() {
                length += self.groups[last];
                if length > *card::LENGTHS.end() {
                    break;
                }
                let is_phone = first == 0 && self.international && length <= PHONE_DIGITS_MAX;
                let digits = &self.digits[start..start + length];
                let found = judge(digits, &self.groups[first..=last]);
                if found.is_some() && !is_phone {
                    return found;
                }
            }
            start += self.groups[first];
        }
        None
    }
}

fn judge(digits: &[u8], groups: &[usize]) -> Option<ForbiddenKind> {
    if digits.len() == iin::LENGTH {
        let written_so = groups[0] == 6 || is_even(groups);
        return (written_so && iin::is_valid(digits)).then_some(ForbiddenKind::Iin);
    }
    let written_so = is_even(groups) || matches!(groups, [4, 6, 4 | 5]);
    (card::LENGTHS.contains(&digits.len()) && written_so && card::is_valid(digits))
        .then_some(ForbiddenKind::PaymentCard)
}

/// One piece, or groups of one length with a shorter last: phone numbers in a row are not.
fn is_even(groups: &[usize]) -> bool {
    let [all_but_last @ .., last] = groups else { return false };
    let Some(&first) = all_but_last.first() else { return true };
    first <= GROUP_MAX && *last <= first && all_but_last.iter().all(|group| *group == first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_between_its_neighbours() {
        assert_eq!(find_in("12 900101300007 34"), Some(ForbiddenKind::Iin));
        assert_eq!(find_in("4111 1111 1111 1111 1227 123"), Some(ForbiddenKind::PaymentCard));
        assert_eq!(find_in("41111111 11111111"), Some(ForbiddenKind::PaymentCard));
    }

    #[test]
    fn digits_that_do_not_stand_together_are_not_joined() {
        assert_eq!(find_in("900101,300007"), None);
        assert_eq!(find_in("900101    300007"), None);
        assert_eq!(find_in("9001013000071"), None);
    }

    #[test]
    fn a_plus_makes_a_phone_number_and_not_a_card() {
        assert_eq!(find_in("900101300007"), Some(ForbiddenKind::Iin));
        assert_eq!(find_in("+900101300007"), None);
        assert_eq!(find_in("+4111111111111111"), Some(ForbiddenKind::PaymentCard));
    }

    #[test]
    fn phone_numbers_in_a_row_have_no_even_groups() {
        assert!(!is_even(&[1, 3, 3, 2, 2]));
        assert!(!is_even(&[11, 2]));
        assert!(is_even(&[4, 4, 4, 4]));
        assert!(is_even(&[4, 4, 4, 4, 3]));
        assert!(is_even(&[16]));
    }
}
