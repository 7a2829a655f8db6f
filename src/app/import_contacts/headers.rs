//! Columns known by their names, in Kazakh, Russian and English.

use super::{error::ImportError, field::Field, purpose_words::NamedPurpose};
use crate::domain::forbidden::words;

/// Names that an error message may propose for the column of addresses.
pub(super) const ADDRESS_NAMES: &str = "\"E-mail\", \"Email\", \"Эл. почта\", \"Электронная почта\", \"Электрондық пошта\" or \"Электрондық мекенжай\"";

/// What a column is called, as the words of its name (see [`words`]). The bare words *address* and
/// *source* are left out on purpose: they mostly mean something else.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::Address,
        &[
            "email",
            "e mail",
            "mail",
            "email address",
            "e mail address",
            "почта",
            "эл почта",
            "электронная почта",
            "адрес электронной почты",
            "электронный адрес",
            "эл адрес",
            "имейл",
            "емейл",
            "пошта",
            "эл пошта",
            "электрондық пошта",
            "электрондық пошта мекенжайы",
            "электрондық мекенжай",
            "электрондық мекенжайы",
        ],
    ),
    (
        Field::Name,
        &[
            "name",
            "full name",
            "фио",
            "ф и о",
            "полное имя",
            "имя и фамилия",
            "фамилия имя",
            "фамилия имя отчество",
            "аты жөні",
            "толық аты",
            "толық аты жөні",
        ],
    ),
    (Field::GivenName, &["given name", "first name", "firstname", "имя", "аты", "есімі", "есім"]),
    (Field::FamilyName, &["family name", "last name", "lastname", "surname", "фамилия", "тегі"]),
    (Field::Patronymic, &["patronymic", "middle name", "отчество", "әкесінің аты"]),
    (
        Field::Language,
        &[
            "language",
            "lang",
            "locale",
            "preferred language",
            "язык",
            "язык общения",
            "тіл",
            "тілі",
        ],
    ),
    (
        Field::Tags,
        &[
            "tags",
            "tag",
            "labels",
            "groups",
            "group",
            "теги",
            "тег",
            "метки",
            "группа",
            "группы",
            "тегтер",
            "белгілер",
            "топ",
            "топтар",
        ],
    ),
    (
        Field::ExternalId,
        &[
            "id",
            "external id",
            "user id",
            "client id",
            "contact id",
            "ид",
            "внешний код",
            "идентификатор",
            "сыртқы код",
        ],
    ),
    (
        Field::Purpose,
        &[
            "purpose",
            "purposes",
            "consent purpose",
            "consent purposes",
            "цель согласия",
            "цели согласия",
            "мақсат",
            "келісім мақсаты",
            "келісім мақсаттары",
        ],
    ),
    (
        Field::Party,
        &[
            "party",
            "consent party",
            "partner",
            "on behalf of",
            "партнер",
            "от имени",
            "серіктес",
            "кімнің атынан",
        ],
    ),
    (
        Field::Source,
        &[
            "consent source",
            "source of consent",
            "источник согласия",
            "келісім көзі",
            "келісім дереккөзі",
        ],
    ),
    (
        Field::GivenAt,
        &[
            "consent given at",
            "consent date",
            "consent time",
            "consented at",
            "given at",
            "opt in date",
            "дата согласия",
            "дата и время согласия",
            "согласие получено",
            "келісім күні",
            "келісім берілген күн",
            "келісім берген күні",
        ],
    ),
    (
        Field::PolicyVersion,
        &[
            "policy version",
            "consent policy version",
            "версия политики",
            "версия политики конфиденциальности",
            "саясат нұсқасы",
            "құпиялылық саясатының нұсқасы",
        ],
    ),
    (
        Field::Wording,
        &["wording", "consent wording", "consent text", "текст согласия", "келісім мәтіні"],
    ),
    (
        Field::WordingLanguage,
        &["wording language", "consent language", "язык согласия", "келісім тілі"],
    ),
];

/// What allow-listed attributes (R14) may also be called.
const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("region", &["регион", "область", "өңір", "облыс", "аймақ"]),
    ("city", &["город", "қала"]),
    ("topics", &["темы", "тематика", "тақырыптар"]),
    (
        "workplace_category",
        &["категория места работы", "тип организации", "жұмыс орнының санаты", "ұйым түрі"],
    ),
];

/// What a column with one purpose's consents begins with: `consent:news`, `consent_news`,
/// `Келісім: жаңалықтар`.
const CONSENT_PREFIXES: &[&str] = &["consent", "согласие", "келісім"];

/// Reads the names of columns.
pub(super) struct Headers<'a> {
    /// Keys of the attributes that may be brought in.
    pub attributes: &'a [String],
    /// Keys of the purpose catalogue.
    pub purposes: &'a [String],
}

impl Headers<'_> {
    /// What a column of this name holds; [`Field::Ignored`] when nothing that is known.
    ///
    /// # Errors
    /// `consent:…` or `consent_…` for a purpose that is not in the catalogue: a misspelt purpose
    /// must not be dropped in silence.
    pub(super) fn read(&self, header: &str) -> Result<Field, ImportError> {
        let said = words(header).join(" ");
        let named = NAMES.iter().find(|(_, names)| names.contains(&&*said));
        if let Some((field, _)) = named {
            return Ok(field.clone());
        }
        if let Some(key) = self.attribute(&said) {
            return Ok(Field::Attribute(key));
        }
        Ok(self.consent(header)?.unwrap_or(Field::Ignored))
    }

    fn attribute(&self, said: &str) -> Option<String> {
        let is_called = |key: &str| {
            let others = ATTRIBUTES.iter().find(|(name, _)| *name == key);
            words(key).join(" ") == said || others.is_some_and(|(_, names)| names.contains(&said))
        };
        self.attributes.iter().find(|key| is_called(key)).cloned()
    }

    fn consent(&self, header: &str) -> Result<Option<Field>, ImportError> {
        let lower = header.trim().to_lowercase();
        let Some(rest) = CONSENT_PREFIXES.iter().find_map(|prefix| lower.strip_prefix(prefix))
        else {
            return Ok(None);
        };
        let is_meant_so = rest.starts_with([':', '_']);
        match NamedPurpose::read(rest.trim_start_matches([':', '_', ' ', '-']), self.purposes) {
            Some(NamedPurpose { purpose, party }) => Ok(Some(Field::Consent { purpose, party })),
            None if is_meant_so => Err(ImportError::UnknownPurpose {
                column: header.to_owned(),
                known: self.purposes.to_vec(),
            }),
            None => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(header: &str) -> Result<Field, ImportError> {
        let attributes = ["region".to_owned()];
        let purposes = ["news".to_owned(), "partner_offers".to_owned()];
        Headers { attributes: &attributes, purposes: &purposes }.read(header)
    }

    #[test]
    fn columns_are_known_by_name_in_three_languages() {
        for (header, field) in [
            ("E-mail", Field::Address),
            ("EMAIL", Field::Address),
            ("Эл. почта", Field::Address),
            ("Электрондық пошта", Field::Address),
            ("Аты-жөні", Field::Name),
            ("Ф.И.О.", Field::Name),
            ("FirstName", Field::GivenName),
            ("Тегі", Field::FamilyName),
            ("Әкесінің аты", Field::Patronymic),
            ("Тіл", Field::Language),
            ("Дата согласия", Field::GivenAt),
            ("consent_given_at", Field::GivenAt),
            ("Құпиялылық саясатының нұсқасы", Field::PolicyVersion),
            ("Область", Field::Attribute("region".into())),
            ("Город", Field::Ignored),
            ("Телефон", Field::Ignored),
            ("Source", Field::Ignored),
        ] {
            assert_eq!(read(header).unwrap(), field, "{header}");
        }
    }

    #[test]
    fn a_column_may_hold_the_consents_for_one_purpose() {
        let consent = |purpose: &str, party: Option<&str>| Field::Consent {
            purpose: purpose.into(),
            party: party.map(str::to_owned),
        };
        assert_eq!(read("consent_news").unwrap(), consent("news", None));
        assert_eq!(read("Consent: News").unwrap(), consent("news", None));
        assert_eq!(read("Келісім: жаңалықтар").unwrap(), consent("news", None));
        assert_eq!(
            read("consent:partner_offers:acme").unwrap(),
            consent("partner_offers", Some("acme"))
        );
    }

    #[test]
    fn a_misspelt_purpose_is_not_dropped_in_silence() {
        let error = read("consent_nwes").unwrap_err().to_string();
        assert!(error.contains("consent_nwes") && error.contains("news, partner_offers"));
        assert_eq!(read("Согласие на обработку данных").unwrap(), Field::Ignored);
    }
}
