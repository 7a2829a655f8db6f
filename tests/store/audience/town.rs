//! A town as the database knows it.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        campaign::Campaign,
        contact::{AddressState, Contact, Profile},
        delivery::State as DeliveryState,
        id::{ConsentId, ContactId, DeliveryId},
        ledger::sha256,
        party::PartyKey,
        suppression::{Reason, Suppression},
    },
    store::{
        self, Tx,
        consent::Consent,
        delivery::{Fate, NewDelivery},
    },
};

use super::neighbour::Neighbour;
use crate::support::{
    database::execute,
    scene::{Scene, purpose},
};

/// A town in an open transaction, which is rolled back when the question has been answered.
pub(super) struct Town<'a> {
    pub(super) scene: &'a Scene,
    pub(super) tx: Tx,
    /// Earlier campaigns.
    pub(super) campaigns: &'a [Campaign],
}

impl Town<'_> {
    /// Brings somebody in with all that is known of them.
    pub(super) async fn settle(&mut self, neighbour: &Neighbour) -> ContactId {
        let id = ContactId(self.scene.id());
        let address = format!("{}@example.kz", id.0.simple());
        let contact = Contact {
            id,
            address_hash: sha256(address.as_bytes()),
            address: (neighbour.address != AddressState::Erased)
                .then(|| address.parse().expect("an address")),
            address_state: neighbour.address,
            profile: Profile {
                language: neighbour.language,
                attributes: neighbour.attributes.clone(),
                ..Profile::default()
            },
            blocked_reason: neighbour.blocked.then(|| "request".to_owned()),
        };
        let now = self.scene.now();
        let tags: Vec<_> = neighbour.tags.iter().map(|tag| (id, tag.as_str())).collect();
        store::contact::insert(self.tx.conn(), std::slice::from_ref(&contact), now).await.unwrap();
        store::contact::add_tags(self.tx.conn(), &tags).await.unwrap();
        self.suppress(neighbour, &contact).await;
        self.consent(neighbour, id).await;
        self.deliver(neighbour, id).await;
        id
    }

    async fn suppress(&mut self, neighbour: &Neighbour, contact: &Contact) {
        let Some(us) = neighbour.suppressed_us else { return };
        let now = self.scene.now();
        let entry = Suppression {
            address_hash: contact.address_hash,
            reason: Reason::Staff,
            ends_at: Some(now + TimeDelta::microseconds(us)),
        };
        store::suppression::insert(self.tx.conn(), self.scene.id(), &entry, now).await.unwrap();
    }

    async fn consent(&mut self, neighbour: &Neighbour, contact_id: ContactId) {
        let Some(standing) = neighbour.standing(self.scene.now()) else { return };
        let consent = Consent {
            id: ConsentId(self.scene.id()),
            contact_id,
            purpose: purpose("news"),
            party: PartyKey::institution(),
            standing,
        };
        store::consent::upsert(self.tx.conn(), &[consent]).await.unwrap();
    }

    async fn deliver(&mut self, neighbour: &Neighbour, contact_id: ContactId) {
        for (&place, state) in &neighbour.got {
            let (id, now) = (DeliveryId(self.scene.id()), self.scene.now());
            let delivery = NewDelivery { id, contact_id, fate: Fate::Queued { consent_seq: 1 } };
            let campaign = self.campaigns[place].id;
            store::delivery::insert(self.tx.conn(), campaign, &[delivery], now).await.unwrap();
            let held = matches!(state, DeliveryState::Claimed | DeliveryState::Handing);
            let node = held.then_some(id.0);
            let text = "UPDATE delivery SET state = $2, node_id = $3, reason = 'x' WHERE id = $1";
            execute!(self.tx.conn(), text, id.0, state.as_str(), node).unwrap();
        }
    }
}
