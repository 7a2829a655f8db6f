//! What a row is held against: the catalogue, the parties, the editions of the policy, the wordings.

use std::collections::HashMap;

use crate::{
    app::policy::Editions,
    domain::{
        consent::WordingPin,
        language::Language,
        party::PartyKey,
        purpose::{Behalf, PurposeKey},
    },
    store::{self, Conn},
};

use super::{ConsentClaim, Proof, PurposeOf, Reason};

/// Wordings kept in memory; a file has a handful.
const WORDINGS_MAX: usize = 1_000;

/// Read once per run; editions again when one is published meanwhile.
#[derive(Debug)]
pub(super) struct Grounds {
    purposes: HashMap<String, Purpose>,
    parties: HashMap<String, (PartyKey, Behalf)>,
    pub(super) editions: Editions,
    wordings: HashMap<Wording, WordingPin>,
}

/// A wording by its hash and language.
pub(super) type Wording = ([u8; 32], Language);

#[derive(Debug)]
struct Purpose {
    key: PurposeKey,
    behalf: Behalf,
    term_months: i64,
}

/// A purpose and party that go together.
#[derive(Debug, Clone)]
pub(super) struct Ground {
    pub(super) purpose: PurposeKey,
    pub(super) party: PartyKey,
    pub(super) term_months: i64,
}

impl Grounds {
    pub(super) async fn load(mut conn: Conn<'_>) -> store::Result<Self> {
        let purposes = store::purpose::all(conn.again()).await?.into_iter().map(|purpose| {
            let store = Purpose {
                behalf: purpose.behalf,
                term_months: purpose.term_months,
                key: purpose.key,
            };
            (store.key.to_string(), store)
        });
        let purposes = purposes.collect();
        let parties = store::party::all(conn.again()).await?.into_iter();
        let parties =
            parties.map(|party| (party.key.to_string(), (party.key, party.kind))).collect();
        let editions = Editions::load(conn).await?;
        Ok(Self { purposes, parties, editions, wordings: HashMap::new() })
    }

    pub(super) fn purposes(&self) -> Vec<String> {
        self.purposes.keys().cloned().collect()
    }

    /// What a consent would be recorded for (R03).
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn ground(&self, of: &PurposeOf) -> Result<Ground, Reason> {
        let purpose = self.purposes.get(&of.purpose).ok_or(Reason::UnknownPurpose)?;
        let (party, kind) = self.parties.get(&of.party).ok_or(Reason::UnknownParty)?;
        match (purpose.behalf, kind) {
            (Behalf::Institution, Behalf::Partner) => Err(Reason::PartyNotAllowed),
            (Behalf::Partner, Behalf::Institution) => Err(Reason::PartyMissing),
            _ => Ok(Ground {
                purpose: purpose.key.clone(),
                party: party.clone(),
                term_months: purpose.term_months,
            }),
        }
    }

    /// # Errors
    /// What is wrong with a claim, evidenced or not.
    pub(super) fn check(&self, claim: &ConsentClaim) -> Result<(), Reason> {
        self.ground(&claim.of)?;
        match &claim.proof {
            Proof::Evidenced(evidence)
                if evidence.policy_version.is_some_and(|number| !self.editions.has(number)) =>
            {
                Err(Reason::UnknownPolicyVersion)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn wording(&self, wording: &Wording) -> Option<WordingPin> {
        self.wordings.get(wording).copied()
    }

    /// Remembers wordings that are stored for good.
    pub(super) fn remember(&mut self, wordings: HashMap<Wording, WordingPin>) {
        if self.wordings.len() > WORDINGS_MAX {
            self.wordings.clear();
        }
        self.wordings.extend(wordings);
    }
}
