//! Data that this service must not hold: it is refused at every door (privacy policy 2.2.3, 2.2.4
//! and 2.2.6; requirement R14). Found by value ([`find_in`]) and by column name ([`column_name`]).
//!
//! What is found is named, never shown: nothing here returns a part of the value.

mod card;
mod column;
mod iban;
mod iin;
mod numbers;
mod passport;

use std::fmt;

pub use column::{column_name, words};

/// A Kazakh IBAN holds at least five digits, a passport number eight, the rest more: a text with
/// fewer digits is innocent, and most cells of a contact file have none.
const DIGITS_MIN: usize = 5;

/// What kind of forbidden data was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ForbiddenKind {
    /// Individual identification number (ИИН, ЖСН) of a person.
    Iin,
    /// Number of a payment card (ISO/IEC 7812).
    PaymentCard,
    /// Kazakh IBAN (ИИК), or by column name any bank details.
    Iban,
    /// Number of a passport; by column name also of an identity card.
    IdentityDocument,
    /// Where a person lives or is registered; by column name only.
    HomeAddress,
}

impl ForbiddenKind {
    /// A stable word for files and interfaces.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Iin => "iin",
            Self::PaymentCard => "payment_card",
            Self::Iban => "bank_details",
            Self::IdentityDocument => "identity_document",
            Self::HomeAddress => "home_address",
        }
    }
}

impl fmt::Display for ForbiddenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Iin => "an individual identification number (IIN)",
            Self::PaymentCard => "a payment card number",
            Self::Iban => "bank details (IBAN)",
            Self::IdentityDocument => "an identity document number",
            Self::HomeAddress => "a home address",
        })
    }
}

/// Looks for forbidden data anywhere in a text, such as a cell, a note or a merge field.
///
/// An identity card has nine digits and no check digit, so by value it cannot be told from an order
/// number: only its column name gives it away. An organisation's BIN is not personal and passes.
#[must_use]
pub fn find_in(value: &str) -> Option<ForbiddenKind> {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    if digits < DIGITS_MIN {
        return None;
    }
    if iban::is_in(value) {
        return Some(ForbiddenKind::Iban);
    }
    if passport::is_in(value) {
        return Some(ForbiddenKind::IdentityDocument);
    }
    if digits < iin::LENGTH {
        return None;
    }
    numbers::find_in(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn forbidden_data_is_found_inside_longer_texts() {
        for (text, kind) in [
            ("ИИН 900101300007, перезвонить", ForbiddenKind::Iin),
            ("ЖСН900101300007", ForbiddenKind::Iin),
            ("900101-300-007", ForbiddenKind::Iin),
            ("900101300007@mail.kz", ForbiddenKind::Iin),
            ("оплата 4111 1111 1111 1111 12/27", ForbiddenKind::PaymentCard),
            ("4111\u{a0}1111\u{a0}1111\u{a0}1111", ForbiddenKind::PaymentCard),
            ("3782-822463-10005", ForbiddenKind::PaymentCard),
            ("кв 12 5555-5555-5555-4444", ForbiddenKind::PaymentCard),
            ("счёт KZ86 125K ZT50 0410 0100", ForbiddenKind::Iban),
            ("паспорт N12345678 выдан", ForbiddenKind::IdentityDocument),
        ] {
            assert_eq!(find_in(text), Some(kind), "{text}");
        }
    }

    #[test]
    fn ordinary_cells_of_a_contact_list_are_innocent() {
        for text in [
            "",
            "Айгүл Серікқызы",
            "+7 701 123 45 67",
            "8 (7172) 23-57-50",
            "87011234567, 87021234567",
            "+7 701 123 45 67 +7 702 234 56 78",
            "+380 50 123 45 64",
            "2025-03-01T14:30:00+05:00",
            "01.03.2025 14:30",
            "010000 Астана, Мәңгілік Ел 8",
            "KZ 050000 Almaty Abay 150",
            "БИН 990740002243",
            "034567891",
            "550e8400-e29b-41d4-a716-446655440000",
            "заказ № 12345678",
            "1672531200000",
        ] {
            assert_eq!(find_in(text), None, "{text}");
        }
    }

    #[test]
    fn the_kind_is_named_and_the_value_is_not() {
        let kind = find_in("900101300007").unwrap();
        assert!(!format!("{kind} {kind:?} {}", kind.code()).contains(|c: char| c.is_ascii_digit()));
    }

    proptest! {
        #[test]
        fn no_kazakh_phone_is_taken_for_something_else(
            number in "(\\+7|8|7)[ -]?\\(?7[0-9]{2}\\)?[ -]?[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{2}"
        ) {
            prop_assert_eq!(find_in(&number), None);
        }

        #[test]
        fn no_date_is_taken_for_something_else(
            text in "(19|20)[0-9]{2}-(0[1-9]|1[0-2])-[0-2][0-9]( [0-2][0-9]:[0-5][0-9](:[0-5][0-9])?)?"
        ) {
            prop_assert_eq!(find_in(&text), None);
        }

        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,80}") {
            let _ = find_in(&text);
            let _ = column_name(&text);
        }
    }
}
