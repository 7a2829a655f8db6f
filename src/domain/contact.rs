//! One e-mail address and what may be known of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{address::Address, id::ContactId, language::Language, words::words};

words! {
    /// Whether an address can be mailed.
    AddressState("address state") {
        /// As far as we know.
        Ok = "ok",
        /// A provider told us that it does not exist.
        Bad = "bad",
        /// The person was forgotten; only the keyed hash is left.
        Erased = "erased",
    }
}

/// What is known of a person besides the address. Attributes are allow-listed by configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The name as the person writes it.
    #[serde(default)]
    pub name: Option<String>,
    /// The name to greet by.
    #[serde(default)]
    pub given_name: Option<String>,
    /// Surname.
    #[serde(default)]
    pub family_name: Option<String>,
    /// Patronymic.
    #[serde(default)]
    pub patronymic: Option<String>,
    /// The language to write in.
    #[serde(default)]
    pub language: Option<Language>,
    /// Allow-listed attributes.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// The person's id in another system of the institution.
    #[serde(default)]
    pub external_id: Option<String>,
}

impl Profile {
    /// What is known when `newer` is learnt too: a value that `newer` has wins, one that it lacks
    /// stays, so that nothing is lost.
    #[must_use]
    pub fn merged(&self, newer: &Self) -> Self {
        let pick = |new: &Option<String>, old: &Option<String>| new.clone().or_else(|| old.clone());
        let mut attributes = self.attributes.clone();
        attributes.extend(newer.attributes.clone());
        Self {
            name: pick(&newer.name, &self.name),
            given_name: pick(&newer.given_name, &self.given_name),
            family_name: pick(&newer.family_name, &self.family_name),
            patronymic: pick(&newer.patronymic, &self.patronymic),
            language: newer.language.or(self.language),
            attributes,
            external_id: pick(&newer.external_id, &self.external_id),
        }
    }
}

/// A contact as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Its id; an address that comes again keeps it.
    pub id: ContactId,
    /// The address, unless erased.
    pub address: Option<Address>,
    /// Keyed hash of [`Address::key`].
    pub address_hash: [u8; 32],
    /// Whether it can be mailed.
    pub address_state: AddressState,
    /// The rest.
    pub profile: Profile,
    /// Why all processing is blocked, if it is.
    pub blocked_reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_never_loses_what_was_known() {
        let known = Profile {
            name: Some("Айгүл Сейтқали".into()),
            language: Some(Language::KK),
            attributes: BTreeMap::from([("region".into(), "Astana".into())]),
            ..Profile::default()
        };
        let newer = Profile {
            given_name: Some("Айгүл".into()),
            attributes: BTreeMap::from([("subject".into(), "physics".into())]),
            ..Profile::default()
        };
        let merged = known.merged(&newer);
        assert_eq!(merged.name, known.name);
        assert_eq!(merged.given_name, newer.given_name);
        assert_eq!(merged.language, Some(Language::KK));
        assert_eq!(merged.attributes.len(), 2);
    }
}
