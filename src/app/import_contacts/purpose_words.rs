//! Purposes as files name them.

use crate::domain::forbidden::words;

/// What the seeded purposes are called, beside their keys.
const CALLED: &[(&str, &[&str])] = &[
    ("offers", &["ұсыныстар", "предложения"]),
    ("news", &["жаңалықтар", "новости"]),
    (
        "partner_offers",
        &["серіктестердің ұсыныстары", "серіктес ұсыныстары", "предложения партнеров"],
    ),
    ("advertising", &["жарнама", "реклама"]),
    ("events", &["іс шаралар", "мероприятия"]),
    ("research", &["зерттеулер", "исследования", "опросы"]),
];

/// A purpose that a header or a cell names, with its party if it does: `news`,
/// `partner_offers:acme`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamedPurpose {
    pub purpose: String,
    pub party: Option<String>,
}

impl NamedPurpose {
    /// None when the catalogue, a list of keys, does not have it.
    pub(super) fn read(text: &str, catalogue: &[String]) -> Option<Self> {
        let (purpose, party) = match text.split_once(':') {
            Some((purpose, party)) => (purpose, Some(party.trim())),
            None => (text, None),
        };
        let key = catalogue.iter().find(|key| *key == purpose);
        let key = key.or_else(|| by_words(purpose, catalogue))?;
        let party = party.filter(|party| !party.is_empty()).map(str::to_owned);
        Some(Self { purpose: key.clone(), party })
    }
}

fn by_words<'a>(purpose: &str, catalogue: &'a [String]) -> Option<&'a String> {
    let said = words(purpose).join(" ");
    catalogue.iter().find(|key| {
        let called = CALLED.iter().find(|(name, _)| name == key);
        words(key).join(" ") == said || called.is_some_and(|(_, names)| names.contains(&&*said))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_is_named_by_key_or_by_word_if_the_catalogue_has_it() {
        let catalogue = ["news".to_owned(), "partner_offers".to_owned()];
        let read = |text| NamedPurpose::read(text, &catalogue).map(|n| (n.purpose, n.party));
        assert_eq!(read("News"), Some(("news".into(), None)));
        assert_eq!(read("Жаңалықтар"), Some(("news".into(), None)));
        assert_eq!(
            read("partner-offers:acme"),
            Some(("partner_offers".into(), Some("acme".into())))
        );
        assert_eq!(read("реклама"), None);
        assert_eq!(read(""), None);
    }
}
