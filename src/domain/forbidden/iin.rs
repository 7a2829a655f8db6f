//! The individual identification number of a person: twelve digits, of which six are the birth
//! date, the seventh tells century and sex, the last is a check digit (Government resolution
//! No. 406 of 22 May 2007, rules on forming identification numbers).

use chrono::NaiveDate;

/// Digits of an IIN.
pub(super) const LENGTH: usize = 12;

/// Whether twelve digits (values 0 to 9) are an IIN: a birth date, a century and a right check
/// digit. An organisation's BIN never has a birth date: its fifth digit is 4, 5 or 6.
pub(super) fn is_valid(digits: &[u8]) -> bool {
    digits.len() == LENGTH && has_birth_date(digits) && check_digit(digits) == Some(digits[11])
}

fn has_birth_date(digits: &[u8]) -> bool {
    let pair = |at: usize| u32::from(digits[at]) * 10 + u32::from(digits[at + 1]);
    let exists = |century: i32| {
        let year = century + pair(0).cast_signed();
        NaiveDate::from_ymd_opt(year, pair(2), pair(4)).is_some()
    };
    match digits[6] {
        // 0: a foreigner's, without century.
        0 => exists(1900) || exists(2000),
        1 | 2 => exists(1800),
        3 | 4 => exists(1900),
        5 | 6 => exists(2000),
        _ => false,
    }
}

/// The weights of the first pass are 1 to 11; when it gives 10, a second pass begins at 3. When
/// that gives 10 too, the number is not issued.
fn check_digit(digits: &[u8]) -> Option<u8> {
    [0, 2].into_iter().find_map(|shift| {
        let sum: usize = (0..11).map(|i| usize::from(digits[i]) * ((i + shift) % 11 + 1)).sum();
        u8::try_from(sum % 11).ok().filter(|check| *check < 10)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|b| b - b'0').collect()
    }

    #[test]
    fn the_check_digit_is_taken_from_the_second_pass_when_the_first_gives_ten() {
        // 9·1 + 1·4 + 1·6 + 3·7 = 40, 40 mod 11 = 7.
        assert_eq!(check_digit(&digits("900101300000")), Some(7));
        // One more at the eighth place: 48, 48 mod 11 = 4.
        assert_eq!(check_digit(&digits("900101310000")), Some(4));
        // 1·1 + 1·4 + 1·6 + 3·7 = 32, 32 mod 11 = 10; then 1·3 + 1·6 + 1·8 + 3·9 = 44, 44 mod 11 = 0.
        assert_eq!(check_digit(&digits("100101300000")), Some(0));
    }

    #[test]
    fn a_number_without_birth_date_or_century_is_no_iin() {
        assert!(is_valid(&digits("900101300007")));
        assert!(!has_birth_date(&digits("901301300007")));
        assert!(!has_birth_date(&digits("900230300007")));
        assert!(!has_birth_date(&digits("900101700007")));
        assert!(!has_birth_date(&digits("990740002243")), "a BIN");
        assert!(has_birth_date(&digits("000229500000")), "2000 was a leap year");
        assert!(!has_birth_date(&digits("000229300000")), "1900 was not");
    }

    proptest! {
        #[test]
        fn exactly_one_or_no_last_digit_makes_an_iin(
            year in 0_u32..100, month in 1_u32..13, day in 1_u32..29,
            century in 0_u32..7, serial in 0_u32..10_000,
        ) {
            let stem = format!("{year:02}{month:02}{day:02}{century}{serial:04}");
            let valid = (0..10).filter(|last| is_valid(&digits(&format!("{stem}{last}")))).count();
            prop_assert!(valid <= 1);
            prop_assert_eq!(valid == 1, check_digit(&digits(&stem)).is_some());
        }

        #[test]
        fn two_swapped_neighbours_are_noticed_when_one_pass_was_enough(
            serial in 0_u32..10_000, at in 7_usize..10,
        ) {
            let mut number = digits(&format!("9001013{serial:04}"));
            let first_pass = |n: &[u8]| (0..11).map(|i| usize::from(n[i]) * (i + 1)).sum::<usize>() % 11;
            let before = first_pass(&number);
            prop_assume!(number[at] != number[at + 1]);
            number.swap(at, at + 1);
            prop_assert_ne!(first_pass(&number), before);
        }
    }
}
