//! Puts in place what every institution starts with: the purpose catalogue and itself.

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::{
    domain::{
        institution::Institution,
        party::{Party, PartyKey},
        purpose::{Behalf, Purpose},
    },
    store::{self, Store},
};

const PURPOSES: &str = include_str!("../../assets/seed/purposes.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    purpose: Vec<Purpose>,
}

/// Adds the purposes that are missing, and gives the institution its names as configured. Safe to
/// repeat, also from several nodes at once.
///
/// # Errors
/// The database's.
pub async fn seed(
    store: &Store,
    institution: &Institution,
    now: DateTime<Utc>,
) -> store::Result<()> {
    let mut tx = store.begin().await?;
    for purpose in catalogue()? {
        store::purpose::insert_missing(tx.conn(), &purpose).await?;
    }
    let party = Party {
        key: PartyKey::institution(),
        kind: Behalf::Institution,
        names: institution.name.clone(),
    };
    store::party::upsert(tx.conn(), &party, now).await?;
    tx.commit().await
}

fn catalogue() -> store::Result<Vec<Purpose>> {
    toml::from_str::<Catalogue>(PURPOSES)
        .map(|catalogue| catalogue.purpose)
        .map_err(|error| store::Error::unreadable("purpose", error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn every_purpose_of_the_catalogue_has_its_clause_and_a_title_in_three_languages() {
        let purposes = catalogue().unwrap();
        let clauses: Vec<(&str, &str)> =
            purposes.iter().map(|one| (one.key.as_str(), one.clause.as_str())).collect();
        assert_eq!(
            clauses,
            [
                ("offers", "3.1.7"),
                ("news", "3.1.7"),
                ("partner_offers", "3.1.7"),
                ("advertising", "3.1.10"),
                ("events", "3.1.10"),
                ("research", "3.1.10"),
            ]
        );
        for purpose in &purposes {
            assert!(purpose.clause.ends_with(&format!(".{}", purpose.clause_group)));
            for language in [Language::KK, Language::RU, Language::EN] {
                assert!(purpose.titles.contains_key(&language), "{}: {language}", purpose.key);
            }
        }
    }
}
