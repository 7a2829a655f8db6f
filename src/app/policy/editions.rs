//! The editions as a consent that comes in must be held against them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        language::Language,
        policy::{ChangeKind, PolicyPin, PolicyVersion},
    },
    store::{self, Conn},
};

/// All editions without their texts, oldest first.
#[derive(Debug, Default)]
pub(in crate::app) struct Editions(Vec<Edition>);

#[derive(Debug)]
struct Edition {
    version: PolicyVersion,
    texts: BTreeMap<Language, [u8; 32]>,
}

impl Editions {
    /// # Errors
    /// The database's.
    pub(in crate::app) async fn load(mut conn: Conn<'_>) -> store::Result<Self> {
        let mut editions = Vec::new();
        for version in store::policy::versions(conn.again()).await? {
            let texts = store::policy::texts(conn.again(), version.id).await?;
            let texts = texts.into_iter().map(|text| (text.language, text.sha256)).collect();
            editions.push(Edition { version, texts });
        }
        Ok(Self(editions))
    }

    /// Loads again if an edition was published since.
    ///
    /// # Errors
    /// The database's.
    pub(in crate::app) async fn refresh(&mut self, mut conn: Conn<'_>) -> store::Result<()> {
        let newest = store::policy::newest(conn.again()).await?;
        if newest != self.0.last().map(|edition| edition.version.number) {
            *self = Self::load(conn).await?;
        }
        Ok(())
    }

    pub(in crate::app) fn has(&self, number: u32) -> bool {
        self.find(number).is_some()
    }

    /// What pins edition `number` as read in the first of `languages` that it has, and which one
    /// that is. Every edition has the institution's own language.
    pub(in crate::app) fn pin(
        &self,
        number: u32,
        languages: &[Language],
    ) -> Option<(PolicyPin, Language)> {
        let edition = self.find(number)?;
        let read = languages.iter().find(|language| edition.texts.contains_key(language));
        let (language, sha256) = match read {
            Some(language) => (language, edition.texts.get(language)?),
            None => edition.texts.first_key_value()?,
        };
        Some((PolicyPin { version_id: edition.version.id, sha256: *sha256 }, *language))
    }

    /// When the policy last changed materially after what a consent was given under: edition
    /// `number`, or without one whatever was in force at `given_at`. The first edition changes
    /// nothing.
    pub(in crate::app) fn changed_after(
        &self,
        number: Option<u32>,
        given_at: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        let is_later = |version: &PolicyVersion| match number {
            Some(number) => version.number > i64::from(number),
            None => version.published_at > given_at,
        };
        let changes = |version: &&PolicyVersion| {
            version.number > 1 && version.kind == ChangeKind::Material && is_later(version)
        };
        let versions = self.0.iter().rev().map(|edition| &edition.version);
        versions.into_iter().find(changes).map(|version| version.published_at)
    }

    fn find(&self, number: u32) -> Option<&Edition> {
        self.0.iter().find(|edition| edition.version.number == i64::from(number))
    }
}
