//! What there is to choose from: purposes, parties, editions of the policy.

use crate::{
    app::{App, Error, Result},
    domain::{
        language::Language,
        party::{Party, PartyKey},
        policy::PolicyVersion,
        purpose::{Purpose, PurposeKey},
    },
    store::{self, Conn},
};

/// An edition of the policy and the SHA-256 of its text in each language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// The edition.
    pub version: PolicyVersion,
    /// Its texts' languages and hashes.
    pub texts: Vec<(Language, [u8; 32])>,
}

/// All purposes, by clause and place.
///
/// # Errors
/// The database's.
pub async fn purposes(app: &App) -> Result<Vec<Purpose>> {
    Ok(store::purpose::all(app.store.read().await?.conn()).await?)
}

/// All parties, the institution first.
///
/// # Errors
/// The database's.
pub async fn parties(app: &App) -> Result<Vec<Party>> {
    Ok(store::party::all(app.store.read().await?.conn()).await?)
}

/// All editions of the policy, oldest first.
///
/// # Errors
/// The database's.
pub async fn editions(app: &App) -> Result<Vec<Edition>> {
    let mut reader = app.store.read().await?;
    let mut editions = Vec::new();
    for version in store::policy::versions(reader.conn()).await? {
        let texts = store::policy::texts(reader.conn(), version.id).await?;
        let texts = texts.into_iter().map(|text| (text.language, text.sha256)).collect();
        editions.push(Edition { version, texts });
    }
    Ok(editions)
}

/// The purpose and party with these keys.
///
/// # Errors
/// [`Error::NotFound`]; the database's.
pub(in crate::app) async fn purpose_and_party(
    mut conn: Conn<'_>,
    purpose: &PurposeKey,
    party: &PartyKey,
) -> Result<(Purpose, Party)> {
    let purposes = store::purpose::all(conn.again()).await?;
    let parties = store::party::all(conn).await?;
    let purpose = purposes.into_iter().find(|one| one.key == *purpose);
    let party = parties.into_iter().find(|one| one.key == *party);
    Ok((
        purpose.ok_or(Error::NotFound("such purpose"))?,
        party.ok_or(Error::NotFound("such party"))?,
    ))
}
