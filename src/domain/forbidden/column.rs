//! Columns that by their name hold forbidden data, in Kazakh, Russian and English.

use super::ForbiddenKind;

/// What gives a column away. The words of an entry may stand in any order among others; a `*` ends
/// a word's stem.
const NAMES: &[(ForbiddenKind, &[&str])] = &[
    (
        ForbiddenKind::Iin,
        &[
            "иин",
            "жсн",
            "iin",
            "инн",
            "рнн",
            "сттн",
            "жеке* сәйкестендіру*",
            "индивидуальн* идентификационн*",
            "individual identification",
            "national id",
        ],
    ),
    (
        ForbiddenKind::PaymentCard,
        &[
            "карта",
            "карты",
            "карте",
            "карту",
            "картой",
            "карт",
            "карточк*",
            "картасы*",
            "картаның",
            "card",
            "cards",
            "cvv",
            "cvc",
        ],
    ),
    (
        ForbiddenKind::Iban,
        &[
            "iban",
            "иик",
            "жск",
            "бик",
            "bic",
            "swift",
            "банк*",
            "bank*",
            "реквизит*",
            "счет",
            "счета",
            "счету",
            "счетом",
            "р с",
            "шот",
            "шоты*",
            "есепшот*",
            "account number",
        ],
    ),
    (
        ForbiddenKind::IdentityDocument,
        &[
            "паспорт*",
            "passport*",
            "төлқұжат*",
            "удостоверени*",
            "уд личности",
            "жеке* куәлі*",
            "id card",
            "identity card",
            "identity document",
            "document number",
            "document no",
            "номер документа",
            "серия документа",
            "құжат* нөмір*",
            "кем выдан*",
            "кім берген",
        ],
    ),
    (
        ForbiddenKind::HomeAddress,
        &[
            "домашн* адрес*",
            "адрес прописки",
            "адрес регистрации",
            "адрес проживания",
            "место жительства",
            "прописка",
            "home address",
            "residential address",
            "registration address",
            "street",
            "үй мекенжай*",
            "тіркел* мекенжай*",
            "тұрғылықты мекенжай*",
            "тұратын мекенжай*",
        ],
    ),
];

/// Whether a column of this name holds forbidden data. `identity card` comes before `card`: the
/// most telling entry, the one with the most words, decides.
#[must_use]
pub fn column_name(header: &str) -> Option<ForbiddenKind> {
    let words = words(header);
    let entries =
        NAMES.iter().flat_map(|(kind, names)| names.iter().map(move |name| (*kind, *name)));
    entries
        .filter(|(_, name)| name.split(' ').all(|stem| words.iter().any(|word| fits(word, stem))))
        .max_by_key(|(_, name)| name.split(' ').count())
        .map(|(kind, _)| kind)
}

fn fits(word: &str, stem: &str) -> bool {
    stem.strip_suffix('*').map_or(word == stem, |stem| word.starts_with(stem))
}

/// The words of a column name in lower case, whatever joins them: `client_IIN`, `ClientIin` and
/// `client iin` are the same. `ё` is read as `е`.
#[must_use]
pub fn words(header: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut previous: Option<char> = None;
    for c in header.chars() {
        if !c.is_alphanumeric() {
            previous = None;
            continue;
        }
        let goes_on = previous.is_some_and(|p| {
            p.is_numeric() == c.is_numeric() && !(p.is_lowercase() && c.is_uppercase())
        });
        let lower = c.to_lowercase().map(|c| if c == 'ё' { 'е' } else { c });
        match words.last_mut() {
            Some(word) if goes_on => word.extend(lower),
            _ => words.push(lower.collect()),
        }
        previous = Some(c);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_columns_are_known_by_name_in_three_languages() {
        for (header, kind) in [
            ("ИИН", ForbiddenKind::Iin),
            ("ЖСН (12 сан)", ForbiddenKind::Iin),
            ("client_iin", ForbiddenKind::Iin),
            ("ClientIin", ForbiddenKind::Iin),
            ("ИИН/БИН", ForbiddenKind::Iin),
            ("Жеке сәйкестендіру нөмірі", ForbiddenKind::Iin),
            ("Номер карты", ForbiddenKind::PaymentCard),
            ("Карта", ForbiddenKind::PaymentCard),
            ("cardNumber", ForbiddenKind::PaymentCard),
            ("IBAN", ForbiddenKind::Iban),
            ("ИИК", ForbiddenKind::Iban),
            ("Расчётный счёт", ForbiddenKind::Iban),
            ("Банк деректемелері", ForbiddenKind::Iban),
            ("Паспорт", ForbiddenKind::IdentityDocument),
            ("№ удостоверения личности", ForbiddenKind::IdentityDocument),
            ("Жеке куәлігінің нөмірі", ForbiddenKind::IdentityDocument),
            ("Identity card", ForbiddenKind::IdentityDocument),
            ("Домашний адрес", ForbiddenKind::HomeAddress),
            ("Тұрғылықты мекенжайы", ForbiddenKind::HomeAddress),
        ] {
            assert_eq!(column_name(header), Some(kind), "{header}");
        }
    }

    #[test]
    fn the_columns_of_a_contact_list_are_allowed() {
        for header in [
            "E-mail",
            "Эл. почта",
            "Электрондық мекенжай",
            "Аты-жөні",
            "Картина дня",
            "Дата рождения",
            "БИН",
            "Бизнес-сәйкестендіру нөмірі",
            "Счётчик",
            "Account ID",
            "consent_news",
            "",
        ] {
            assert_eq!(column_name(header), None, "{header}");
        }
    }

    #[test]
    fn a_column_name_is_cut_into_words_however_they_are_joined() {
        assert_eq!(words("E-mail адрес_2"), ["e", "mail", "адрес", "2"]);
        assert_eq!(words("GivenName"), ["given", "name"]);
        assert_eq!(words("iin1"), ["iin", "1"]);
        assert_eq!(words("Учётная ЗАПИСЬ"), ["учетная", "запись"]);
        assert!(words(" -_ ").is_empty());
    }
}
