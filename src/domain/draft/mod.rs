//! A campaign while it is being written: everything may still be missing.

mod stage;

pub use stage::{Act, Policy, Refused, Seal, Stage, StageWord};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    address::Address, audience::Audience, id::CampaignId, ledger::sha256, letter::Letter,
    party::PartyKey, purpose::PurposeKey,
};

/// Most characters of a campaign's name.
pub const NAME_CHARS_MAX: usize = 200;
/// Most octets of a whole draft as JSON: pictures are in the media library.
pub const DRAFT_OCTETS_MAX: usize = 2 << 20;

/// What people are writing. What a person types half is kept as it is and judged by the check, so
/// that saving never fails for what stands in a field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What staff call it; recipients see it under "why did I get this?".
    pub name: String,
    /// For what; none until chosen.
    #[serde(default)]
    pub purpose: Option<PurposeKey>,
    /// On whose behalf; none until chosen.
    #[serde(default)]
    pub party: Option<PartyKey>,
    /// Who it comes from: one of the configured senders.
    #[serde(default)]
    pub sender: Option<Address>,
    /// Where answers go, as typed; the support mailbox if empty.
    #[serde(default)]
    pub reply_to: String,
    /// Who it is for.
    #[serde(default)]
    pub audience: Audience,
    /// What it says.
    pub letter: Letter,
    /// Its own limit, as typed, such as `100/1m`; as fast as the relays take it if empty.
    #[serde(default)]
    pub pace: String,
    /// When it starts.
    #[serde(default)]
    pub start: Start,
}

/// When a campaign is to start.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// As soon as somebody starts it.
    #[default]
    Now,
    /// At a time on the institution's clock, as typed: `2026-12-01T10:00`.
    At(String),
}

impl Draft {
    /// One with nothing in it but a name and a letter.
    #[must_use]
    pub fn named(name: String, letter: Letter) -> Self {
        Self {
            name,
            purpose: None,
            party: Some(PartyKey::institution()),
            sender: None,
            reply_to: String::new(),
            audience: Audience::default(),
            letter,
            pace: String::new(),
            start: Start::Now,
        }
    }

    /// The same for another campaign. Its time is gone: a copy must not go out by itself
    /// (odoo#106232).
    #[must_use]
    pub fn copied(self, name: String) -> Self {
        Self { name, start: Start::Now, ..self }
    }

    /// What an approval is bound to: all of it, and the rule that its audience comes to with what the
    /// saved segments say now, so that nothing can change under an approval.
    #[must_use]
    pub fn seal(&self, resolved: &Audience) -> Seal {
        // Both came from JSON, so they can become JSON; were it otherwise, nothing must match.
        Seal(serde_json::to_vec(&(self, resolved)).map_or([0; 32], |octets| sha256(&octets)))
    }
}

/// A draft with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkingCopy {
    /// The campaign that it is or will be.
    pub id: CampaignId,
    /// What it says now.
    pub draft: Draft,
    /// Counts the saves, from 1: who saves names the one that they began with.
    pub revision: i64,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: String,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
    /// By whom.
    pub updated_by: String,
    /// How far it has come.
    pub stage: Stage,
}
