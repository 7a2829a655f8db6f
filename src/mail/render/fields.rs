//! What a template may name, and the values that it gets.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::finding::nearest;
use crate::domain::language::Language;

/// Fields that every campaign may use. Those of the person can be empty.
pub const FIELDS: [&str; 15] = [
    "name",
    "given_name",
    "family_name",
    "language",
    "unsubscribe_url",
    "preferences_url",
    "policy_url",
    "institution.name",
    "institution.address",
    "institution.support",
    "institution.phone",
    "purpose.title",
    "purpose.clause",
    "party.name",
    "campaign.name",
];

const MAY_BE_EMPTY: [&str; 4] = ["name", "given_name", "family_name", "party.name"];

/// Names that depend on the installation and on the campaign.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Keys of contact attributes that may be merged in (`attr.<key>`).
    pub attributes: BTreeSet<String>,
    /// Keys of `[fields]` in `campaign.toml` (`field.<key>`).
    pub declared: BTreeSet<String>,
}

/// What is known of a name.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::mail) enum Standing {
    Always,
    MayBeEmpty,
    Unknown { meant: Option<String> },
}

impl Known {
    pub(in crate::mail) fn standing(&self, path: &str) -> Standing {
        match path.split_once('.') {
            Some(("attr", rest)) if self.attributes.contains(head(rest)) => Standing::MayBeEmpty,
            Some(("field", rest)) if self.declared.contains(head(rest)) => Standing::Always,
            _ if path == "field" || path == "attr" => Standing::Always,
            _ if MAY_BE_EMPTY.contains(&path) => Standing::MayBeEmpty,
            _ if FIELDS.contains(&path) => Standing::Always,
            _ => Standing::Unknown { meant: self.meant(path) },
        }
    }

    /// All names, as they are written in a template.
    fn names(&self) -> Vec<String> {
        let own = self.declared.iter().map(|key| format!("field.{key}"));
        let attributes = self.attributes.iter().map(|key| format!("attr.{key}"));
        FIELDS.iter().map(|name| (*name).to_owned()).chain(own).chain(attributes).collect()
    }

    fn meant(&self, path: &str) -> Option<String> {
        let near = |word, keys: &BTreeSet<String>| {
            nearest(word, keys.iter().map(String::as_str)).map(str::to_owned)
        };
        match path.split_once('.') {
            Some(("attr", key)) => near(key, &self.attributes).map(|key| format!("attr.{key}")),
            Some(("field", key)) => near(key, &self.declared).map(|key| format!("field.{key}")),
            _ => {
                let names: BTreeSet<_> = self.names().into_iter().collect();
                let same_key = names.iter().find(|name| name.rsplit('.').next() == Some(path));
                same_key.cloned().or_else(|| near(path, &names))
            }
        }
    }
}

fn head(path: &str) -> &str {
    path.split('.').next().unwrap_or_default()
}

/// Who sends: the institution in the language of the mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct InstitutionFields {
    /// Its name.
    pub name: String,
    /// Its postal address.
    pub address: String,
    /// Its support mailbox.
    pub support: String,
    /// Its telephone.
    pub phone: String,
}

/// Why a person gets the mail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PurposeFields {
    /// The title of the purpose in the language of the mail.
    pub title: String,
    /// The clause of the policy, such as `3.1.7`.
    pub clause: String,
}

/// On whose behalf.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PartyFields {
    /// The partner's name; none if the institution speaks for itself.
    pub name: Option<String>,
}

/// The campaign itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CampaignFields {
    /// Its name.
    pub name: String,
}

/// What all mails of one campaign and language have in common.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SharedFields {
    /// Who sends.
    pub institution: InstitutionFields,
    /// Why.
    pub purpose: PurposeFields,
    /// On whose behalf.
    pub party: PartyFields,
    /// Which campaign.
    pub campaign: CampaignFields,
    /// The page with the privacy policy in the language of the mail.
    pub policy_url: String,
    /// The campaign's own fields: `CampaignFile::fields_in`.
    pub field: Map<String, Value>,
}

/// What one contact's mail says of that contact. Text is made a single line when it is merged in,
/// so that no value can begin a new header or a new paragraph.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    /// Full name; empty if not known.
    pub name: &'a str,
    /// Given name; empty if not known.
    pub given_name: &'a str,
    /// Family name; empty if not known.
    pub family_name: &'a str,
    /// The language that the contact reads.
    pub language: Language,
    /// The contact's attributes. Only those that the template names and `Known` allowed at compile
    /// time are read; text, numbers and booleans only.
    pub attributes: &'a Map<String, Value>,
    /// This contact's page for leaving.
    pub unsubscribe_url: &'a str,
    /// This contact's page for choosing.
    pub preferences_url: &'a str,
}

/// A value without line ends and other control characters.
pub(super) fn single_line(text: &str) -> String {
    if text.bytes().all(|byte| byte >= b' ' && byte != 0x7f && byte != 0xc2 && byte != 0xe2) {
        return text.to_owned();
    }
    text.chars().map(|c| if breaks_line(c) { ' ' } else { c }).collect()
}

/// Control characters and the separators that Unicode counts as line ends.
pub(super) fn breaks_line(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A value that may be merged in: text as one line, numbers and booleans; nothing else.
pub(super) fn scalar(value: Option<&Value>) -> Value {
    match value {
        Some(Value::String(text)) => Value::String(single_line(text)),
        Some(value @ (Value::Number(_) | Value::Bool(_))) => value.clone(),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_or_the_one_that_was_meant_is_told() {
        let known = Known {
            attributes: ["region".to_owned()].into(),
            declared: ["date".to_owned()].into(),
        };
        assert_eq!(known.standing("institution.name"), Standing::Always);
        assert_eq!(known.standing("field.date"), Standing::Always);
        assert_eq!(known.standing("attr.region"), Standing::MayBeEmpty);
        let meant = |name: &str| Standing::Unknown { meant: Some(name.to_owned()) };
        assert_eq!(known.standing("givenname"), meant("given_name"));
        assert_eq!(known.standing("date"), meant("field.date"));
        assert_eq!(known.standing("attr.iin"), Standing::Unknown { meant: None });
    }

    #[test]
    fn a_value_becomes_one_line() {
        assert_eq!(single_line("Айгүл\r\nBcc: x"), "Айгүл  Bcc: x");
        assert_eq!(single_line("a\u{2028}b\u{85}c"), "a b c");
        assert_eq!(scalar(Some(&serde_json::json!(["a"]))), Value::Null);
    }
}
