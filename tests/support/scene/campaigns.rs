//! Campaigns of a test, their deliveries, and the nodes that send them.

use std::collections::{BTreeMap, BTreeSet};

use kelisim::{
    domain::{
        audience::Audience,
        campaign::{Campaign, Content, Phase, Sender, State as CampaignState},
        contact::Contact,
        delivery::State as DeliveryState,
        id::{CampaignId, DeliveryId, NodeId},
        language::Language,
        party::PartyKey,
    },
    store::{
        self,
        delivery::{Delivery, Fate, NewDelivery},
    },
};

use super::{Scene, address, purpose};

impl Scene {
    /// A draft for the institution's news.
    pub(crate) async fn a_campaign(&self, audience: Audience) -> Campaign {
        let campaign = Campaign {
            id: CampaignId(self.id()),
            name: "Көктем".to_owned(),
            purpose: purpose("news"),
            party: PartyKey::institution(),
            sender: Sender {
                address: address("news@example.kz"),
                reply_to: Some(address("office@example.kz")),
                name: BTreeMap::from([(Language::KK, "Мектеп".to_owned())]),
            },
            audience,
            pace: Some("100/1m".parse().expect("a rate")),
            planned_at: Some(self.now()),
            source: "name = \"Көктем\"".to_owned(),
            content_sha256: [3; 32],
            state: CampaignState::Draft,
            started_at: None,
            expand_after: None,
            expanded_at: None,
            created_at: self.now(),
        };
        let mut tx = self.store.begin().await.expect("a transaction");
        store::campaign::insert(tx.conn(), &campaign, &[content()]).await.expect("a new campaign");
        tx.commit().await.expect("commit");
        campaign
    }

    /// A campaign that is being sent.
    pub(crate) async fn a_running_campaign(&self) -> Campaign {
        let campaign = self.a_campaign(Audience::default()).await;
        self.put(campaign.id, Phase::Draft, CampaignState::Running { since: self.now() }).await;
        self.campaign(campaign.id).await
    }

    /// Moves a campaign from one state into another.
    pub(crate) async fn put(&self, id: CampaignId, from: Phase, state: CampaignState) {
        let mut tx = self.store.begin().await.expect("a transaction");
        let moved = store::campaign::set_state(tx.conn(), id, from, &state, self.now()).await;
        assert!(moved.expect("a state"), "the campaign was not {from}");
        tx.commit().await.expect("commit");
    }

    pub(crate) async fn campaign(&self, id: CampaignId) -> Campaign {
        let mut reader = self.store.read().await.expect("a reader");
        store::campaign::find(reader.conn(), id).await.expect("a row").expect("the campaign")
    }

    /// Somebody new with a consent, and the delivery to them, due now.
    pub(crate) async fn a_queued_delivery(&self, campaign: &Campaign) -> DeliveryId {
        let contact = self.a_contact(&format!("{}@example.kz", self.id().simple())).await;
        let consent = self.a_given_consent(&contact, campaign.purpose.as_str()).await;
        let fate = Fate::Queued { consent_seq: consent.standing.event_seq };
        self.a_delivery(campaign, &contact, fate).await
    }

    pub(crate) async fn a_delivery(
        &self,
        campaign: &Campaign,
        contact: &Contact,
        fate: Fate,
    ) -> DeliveryId {
        let id = DeliveryId(self.id());
        let delivery = NewDelivery { id, contact_id: contact.id, fate };
        let mut tx = self.store.begin().await.expect("a transaction");
        store::delivery::insert(tx.conn(), campaign.id, &[delivery], self.now())
            .await
            .expect("a new delivery");
        tx.commit().await.expect("commit");
        id
    }

    pub(crate) async fn delivery(&self, id: DeliveryId) -> Delivery {
        let mut reader = self.store.read().await.expect("a reader");
        store::delivery::find(reader.conn(), id).await.expect("a row").expect("the delivery")
    }

    /// Where deliveries stand.
    pub(crate) async fn states(&self, ids: &[DeliveryId]) -> Vec<DeliveryState> {
        let mut states = Vec::new();
        for &id in ids {
            states.push(self.delivery(id).await.state);
        }
        states
    }

    /// A process that has just started.
    pub(crate) async fn a_node(&self) -> NodeId {
        let id = NodeId(self.id());
        let mut tx = self.store.begin().await.expect("a transaction");
        store::node::insert(tx.conn(), id, "0.1.0", self.now()).await.expect("a new node");
        tx.commit().await.expect("commit");
        id
    }
}

/// What a campaign of the tests says.
pub(crate) fn content() -> Content {
    let fields =
        serde_json::json!({ "region": "Астана", "seats": 40, "price": 1500.5, "talks": [{}] });
    Content {
        language: Language::KK,
        subject: "Сәлем, {{name}}".to_owned(),
        preheader: Some("Жаңалық".to_owned()),
        html: Some("<p>Сәлем</p>".to_owned()),
        plain: "Сәлем".to_owned(),
        fields_used: BTreeSet::from(["name".to_owned(), "region".to_owned()]),
        fields: fields.as_object().cloned().expect("an object"),
    }
}
