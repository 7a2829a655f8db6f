//! Leaving by the link in a mail: what its holder may see, and what leaving does.

use crate::{
    app::{
        App, Error, Proof, Result,
        consent::{self, Scope, Withdrawal, Withdrawn},
    },
    domain::{
        campaign::Campaign,
        consent::{Actor, Channel, Evidence, State},
        contact::Contact,
        id::DeliveryId,
        party::Party,
        purpose::Purpose,
        suppression::Reason,
        token::TokenKind,
    },
    store::{self, delivery::Delivery},
};

use super::{catalogue::purpose_and_party, proof::proof};

/// Most characters that are kept of a user agent.
const USER_AGENT_CHARS_MAX: usize = 200;

/// What a link in a mail leads to.
#[derive(Debug)]
pub struct Leaving {
    /// The message.
    pub delivery: Delivery,
    /// Whom it went to.
    pub contact: Contact,
    /// What it was part of.
    pub campaign: Campaign,
    /// What for.
    pub purpose: Purpose,
    /// On whose behalf.
    pub party: Party,
    /// What allowed it.
    pub proof: Option<Proof>,
    /// What the person has left already.
    pub left: Left,
}

/// What a person has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// Nothing that this message belongs to.
    Nothing,
    /// This message's purpose and party.
    Purpose,
    /// All marketing.
    All,
}

/// What a person chose to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The purpose and party of the message.
    ThisPurpose,
    /// All marketing.
    All,
}

/// How the wish came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The mail client's button (RFC 8058).
    OneClick,
    /// The form on the page that the link opens.
    Page,
}

impl Way {
    const fn channel(self) -> Channel {
        match self {
            Self::OneClick => Channel::OneClick,
            Self::Page => Channel::Link,
        }
    }

    const fn source(self) -> &'static str {
        match self {
            Self::OneClick => "one-click unsubscribe (RFC 8058)",
            Self::Page => "unsubscribe page",
        }
    }
}

/// The message that a link belongs to. The same for every use of the link, so that uses can be
/// counted by it.
///
/// # Errors
/// [`Error::NotFound`] for a token that is not ours or was damaged.
pub fn message(app: &App, token: &str) -> Result<DeliveryId> {
    let id = app.keys.read_link_token(TokenKind::Unsubscribe, token).map_err(|_| unknown())?;
    Ok(DeliveryId(id))
}

/// What the holder of a link may see. Changes nothing.
///
/// # Errors
/// [`Error::NotFound`] when there is no such message; the database's.
pub async fn look(app: &App, id: DeliveryId) -> Result<Leaving> {
    let mut reader = app.store.read().await?;
    let delivery = store::delivery::find(reader.conn(), id).await?.ok_or_else(unknown)?;
    let contact =
        store::contact::find(reader.conn(), delivery.contact_id).await?.ok_or_else(unknown)?;
    let campaign =
        store::campaign::find(reader.conn(), delivery.campaign_id).await?.ok_or_else(unknown)?;
    let (purpose, party) =
        purpose_and_party(reader.conn(), &campaign.purpose, &campaign.party).await?;
    let proof = match delivery.consent_seq {
        Some(seq) => proof(reader.conn(), seq).await?,
        None => None,
    };
    let consents = store::consent::of_contacts(reader.conn(), &[contact.id]).await?;
    let suppressed =
        store::suppression::among(reader.conn(), &[contact.address_hash], app.now()).await?;
    let left = if suppressed.iter().any(|entry| entry.reason == Reason::AllWithdrawn) {
        Left::All
    } else if consents.iter().any(|one| {
        one.purpose == purpose.key
            && one.party == party.key
            && one.standing.state == State::Withdrawn
    }) {
        Left::Purpose
    } else {
        Left::Nothing
    };
    Ok(Leaving { delivery, contact, campaign, purpose, party, proof, left })
}

/// The holder of a link leaves. When this returns, no message begins that it forbids.
///
/// # Errors
/// [`Error::NotFound`] when there is no such message; the database's, and then nothing changed.
pub async fn leave(
    app: &App,
    id: DeliveryId,
    choice: Choice,
    way: Way,
    user_agent: Option<&str>,
) -> Result<Withdrawn> {
    let (delivery, campaign) = {
        let mut reader = app.store.read().await?;
        let delivery = store::delivery::find(reader.conn(), id).await?.ok_or_else(unknown)?;
        let campaign = store::campaign::find(reader.conn(), delivery.campaign_id).await?;
        (delivery, campaign.ok_or_else(unknown)?)
    };
    let wish = Withdrawal {
        contact_id: delivery.contact_id,
        scope: match choice {
            Choice::ThisPurpose => Scope::Purpose(campaign.purpose, campaign.party),
            Choice::All => Scope::All,
        },
        occurred_at: app.now(),
        actor: Actor::Subject,
        channel: way.channel(),
        evidence: Evidence {
            source: way.source().to_owned(),
            delivery_id: Some(id.0),
            user_agent: user_agent.and_then(plain),
            ..Evidence::default()
        },
    };
    consent::withdraw(app, wish).await
}

fn unknown() -> Error {
    Error::NotFound("message that this link belongs to")
}

/// A user agent as it may be kept: bounded, without control characters.
fn plain(text: &str) -> Option<String> {
    let text: String =
        text.chars().filter(|c| !c.is_control()).take(USER_AGENT_CHARS_MAX).collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_agent_is_kept_short_and_plain() {
        assert_eq!(plain("  "), None);
        assert_eq!(plain("Mail\r\n/1.0"), Some("Mail/1.0".into()));
        assert_eq!(plain(&"х".repeat(300)).map(|text| text.chars().count()), Some(200));
    }
}
