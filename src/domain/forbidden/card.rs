//! Payment card numbers: 13 to 19 digits with an issuer prefix in use and a Luhn check digit
//! (ISO/IEC 7812-1, annex B).

/// Shortest and longest number in use.
pub(super) const LENGTHS: std::ops::RangeInclusive<usize> = 13..=19;

/// Issuer prefixes (first and last, same number of digits) with the lengths they are issued in, as
/// the networks publish them.
const ISSUERS: &[(u32, u32, &[usize])] = &[
    (4, 4, &[13, 16, 19]),                       // Visa
    (51, 55, &[16]),                             // Mastercard
    (2221, 2720, &[16]),                         // Mastercard
    (2200, 2204, &[16, 17, 18, 19]),             // Mir
    (34, 34, &[15]),                             // American Express
    (37, 37, &[15]),                             // American Express
    (62, 62, &[16, 17, 18, 19]),                 // UnionPay
    (3528, 3589, &[16, 17, 18, 19]),             // JCB
    (300, 305, &[14, 16]),                       // Diners Club
    (36, 36, &[14]),                             // Diners Club
    (38, 39, &[14, 16]),                         // Diners Club
    (6011, 6011, &[16, 17, 18, 19]),             // Discover
    (644, 659, &[16, 17, 18, 19]),               // Discover
    (5018, 5018, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
    (5020, 5020, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
    (5038, 5038, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
    (5893, 5893, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
    (6304, 6304, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
    (6759, 6763, &[13, 14, 15, 16, 17, 18, 19]), // Maestro
];

/// Whether digits (values 0 to 9) are a card number.
pub(super) fn is_valid(digits: &[u8]) -> bool {
    is_issued(digits) && passes_luhn(digits)
}

fn is_issued(digits: &[u8]) -> bool {
    ISSUERS.iter().any(|(first, last, lengths)| {
        let places = first.ilog10() as usize + 1;
        lengths.contains(&digits.len()) && (*first..=*last).contains(&number(&digits[..places]))
    })
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u32::from(*digit))
}

fn passes_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit) * 2) {
            (0, _) => u32::from(*digit),
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|b| b - b'0').collect()
    }

    #[test]
    fn the_networks_own_test_numbers_are_cards() {
        for number in [
            "4111111111111111",
            "4222222222222",
            "5555555555554444",
            "2223003122003222",
            "2200000000000004",
            "378282246310005",
            "30569309025904",
            "3530111333300000",
            "6011111111111117",
            "6304000000000000",
            "6200000000000005",
        ] {
            assert!(is_valid(&digits(number)), "{number}");
        }
    }

    #[test]
    fn a_right_sum_without_an_issuer_is_no_card() {
        assert!(passes_luhn(&digits("1234567812345670")));
        assert!(!is_valid(&digits("1234567812345670")));
        assert!(!is_valid(&digits("7701234567890123")));
    }

    proptest! {
        #[test]
        fn exactly_one_check_digit_fits(stem in "4[0-9]{14}") {
            let fitting = (0..10).filter(|last| is_valid(&digits(&format!("{stem}{last}")))).count();
            prop_assert_eq!(fitting, 1);
        }

        #[test]
        fn one_wrong_digit_is_noticed(number in "[0-9]{16}", at in 0_usize..16, add in 1_u8..10) {
            let right = digits(&number);
            let mut wrong = right.clone();
            wrong[at] = (wrong[at] + add) % 10;
            prop_assert!(!(passes_luhn(&right) && passes_luhn(&wrong)));
        }
    }
}
