//! The whole chain behind one message: who, what for, what allowed it, and what became of it.

use chrono::{DateTime, Utc};

use crate::{
    app::{App, Error, Proof, Result},
    domain::{
        campaign::Campaign,
        contact::Contact,
        gate::{self, Verdict},
        id::DeliveryId,
        party::Party,
        purpose::Purpose,
    },
    store::{
        self,
        delivery::{Attempt, Delivery},
    },
};

use super::{catalogue::purpose_and_party, proof::proof};

/// Everything that stands about one message.
#[derive(Debug)]
pub struct Explanation {
    /// The message and where it stands.
    pub delivery: Delivery,
    /// Whom it is for.
    pub contact: Contact,
    /// What it is part of.
    pub campaign: Campaign,
    /// What for.
    pub purpose: Purpose,
    /// On whose behalf.
    pub party: Party,
    /// The consent event that allowed it; `None` when nothing did, and then it was skipped.
    pub proof: Option<Proof>,
    /// Attempts with the relay's replies, in order.
    pub attempts: Vec<Attempt>,
    /// What the gate says of this person, purpose and party at `asked_at`.
    pub gate_now: Verdict,
    /// When this was read.
    pub asked_at: DateTime<Utc>,
}

/// When the gate was asked about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// When the audience was written out.
    Expansion,
    /// When a node last took the message off the queue.
    Claim,
    /// Right before the `MAIL FROM` of an attempt.
    MailFrom {
        /// The attempt's number, from 1.
        attempt: i64,
    },
}

impl Explanation {
    /// The times at which the gate was asked, in the order in which it happened.
    #[must_use]
    pub fn questions(&self) -> Vec<(Question, DateTime<Utc>)> {
        let mut asked = vec![(Question::Expansion, self.delivery.created_at)];
        if self.delivery.gate_at != self.delivery.created_at {
            asked.push((Question::Claim, self.delivery.gate_at));
        }
        asked.extend(
            self.attempts
                .iter()
                .map(|one| (Question::MailFrom { attempt: one.number }, one.gate_at)),
        );
        asked.sort_by_key(|(_, at)| *at);
        asked
    }
}

/// Explains one message.
///
/// # Errors
/// [`Error::NotFound`] when there is none with this id; the database's.
pub async fn explain(app: &App, id: DeliveryId) -> Result<Explanation> {
    let asked_at = app.now();
    let mut view = app.store.snapshot().await?;
    let delivery =
        store::delivery::find(view.conn(), id).await?.ok_or(Error::NotFound("such message"))?;
    let contact = store::contact::find(view.conn(), delivery.contact_id)
        .await?
        .ok_or(Error::NotFound("such contact"))?;
    let campaign = store::campaign::find(view.conn(), delivery.campaign_id)
        .await?
        .ok_or(Error::NotFound("such campaign"))?;
    let (purpose, party) =
        purpose_and_party(view.conn(), &campaign.purpose, &campaign.party).await?;
    let proof = match delivery.consent_seq {
        Some(seq) => proof(view.conn(), seq).await?,
        None => None,
    };
    let attempts = store::delivery::attempts(view.conn(), id).await?;
    let facts =
        store::consent::facts(view.conn(), contact.id, &purpose.key, &party.key, asked_at).await?;
    let facts = facts.ok_or(Error::NotFound("such contact"))?;
    let gate_now = gate::decide(&facts, asked_at);
    Ok(Explanation {
        delivery,
        contact,
        campaign,
        purpose,
        party,
        proof,
        attempts,
        gate_now,
        asked_at,
    })
}
