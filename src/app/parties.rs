//! Partners, on whose behalf mail may be sent to those who consented to that (R03).

use std::collections::BTreeMap;

use crate::{
    app::{App, Error, Problem, Result},
    domain::{
        language::Language,
        party::{Party, PartyKey},
        purpose::Behalf,
    },
    store,
};

/// Characters of a name.
const NAME_CHARS_MAX: usize = 200;

/// Whether a partner was known.
#[must_use]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It was not.
    New,
    /// It was, and has these names now.
    Renamed,
}

/// Adds a partner, or gives it new names.
///
/// # Errors
/// [`Error::Invalid`] for the institution's own key, or when a name is missing in the institution's
/// first language, empty, or longer than 200 characters; the database's.
pub async fn add(app: &App, key: PartyKey, names: BTreeMap<Language, String>) -> Result<Added> {
    let problems = problems(app, &key, &names);
    if !problems.is_empty() {
        return Err(Error::Invalid(problems));
    }
    let mut tx = app.store.begin().await?;
    let is_known = store::party::all(tx.conn()).await?.iter().any(|party| party.key == key);
    let party = Party { key, kind: Behalf::Partner, names };
    store::party::upsert(tx.conn(), &party, app.now()).await?;
    tx.commit().await?;
    Ok(if is_known { Added::Renamed } else { Added::New })
}

fn problems(app: &App, key: &PartyKey, names: &BTreeMap<Language, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    if key.is_institution() {
        let message = "the institution's names are set in the configuration";
        problems.push(Problem::at("key", message));
    }
    let required = app.institution.default_language();
    if !names.contains_key(&required) {
        let message = format!("must have a name in {required}, the institution's first language");
        problems.push(Problem::at("name", message));
    }
    for (language, name) in names {
        let chars = name.chars().count();
        if name.trim().is_empty() || chars > NAME_CHARS_MAX || name.contains(char::is_control) {
            let message = format!("must be 1 to {NAME_CHARS_MAX} characters on one line");
            problems.push(Problem::at(format!("name in {language}"), message));
        }
    }
    problems
}
