//! A campaign on its way, for pages that show how it gets on.

use kelisim::{
    app::campaign,
    domain::{
        campaign::{Campaign, Deed},
        contact::Profile,
        delivery::{SkipReason, State},
        gate::Refusal,
        id::{CampaignId, DeliveryId, NodeId},
        party::PartyKey,
    },
    store::{
        self,
        delivery::{Attempt, End, Fate, NewDelivery, Outcome},
    },
};

use crate::desk::Desk;

/// A running campaign and who sends it.
pub(crate) struct Mailing<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) campaign: Campaign,
    node: NodeId,
}

impl Desk {
    pub(crate) async fn a_mailing(&self) -> Mailing<'_> {
        let house = &self.0;
        let campaign = house.a_campaign("news", PartyKey::institution()).await;
        campaign::change(&house.app, campaign.id, &Deed::Start, "test").await.unwrap();
        let node = NodeId(house.id());
        let mut tx = house.app.store.begin().await.unwrap();
        store::node::insert(tx.conn(), node, "0.1.0", house.now()).await.unwrap();
        tx.commit().await.unwrap();
        Mailing { desk: self, campaign, node }
    }
}

impl Mailing<'_> {
    pub(crate) fn id(&self) -> CampaignId {
        self.campaign.id
    }

    pub(crate) fn path(&self, page: &str) -> String {
        format!("/campaigns/{}/{page}", self.campaign.id)
    }

    /// Somebody is to get it.
    pub(crate) async fn waits(&self, to: &str, name: &str) -> DeliveryId {
        let house = &self.desk.0;
        let profile = Profile { name: Some(name.to_owned()), ..Profile::default() };
        let contact = house.a_contact(to, profile).await;
        let consent = house.a_consent(&contact, "news", &PartyKey::institution()).await;
        let fate = Fate::Queued { consent_seq: consent.standing.event_seq };
        self.write(NewDelivery { id: DeliveryId(house.id()), contact_id: contact.id, fate }).await
    }

    /// Somebody is not to get it.
    pub(crate) async fn passes_over(&self, whom: &str) -> DeliveryId {
        let house = &self.desk.0;
        let contact = house.a_contact(whom, Profile::default()).await;
        let fate = Fate::Skipped(SkipReason::Gate(Refusal::NoConsent));
        self.write(NewDelivery { id: DeliveryId(house.id()), contact_id: contact.id, fate }).await
    }

    async fn write(&self, delivery: NewDelivery) -> DeliveryId {
        let house = &self.desk.0;
        let mut tx = house.app.store.begin().await.unwrap();
        store::delivery::insert(tx.conn(), self.campaign.id, &[delivery], house.now())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        delivery.id
    }

    /// It was handed over, with this end and this answer.
    pub(crate) async fn ends(&self, id: DeliveryId, end: End, reply: &str) {
        let (house, now) = (&self.desk.0, self.desk.0.now());
        let attempt = Attempt {
            number: 1,
            relay: "main".to_owned(),
            gate_at: now,
            ended_at: now,
            verdict: "x".to_owned(),
            stage: "body".to_owned(),
            code: Some(250),
            reply: Some(reply.to_owned()),
            body_sha256: None,
        };
        let mut tx = house.app.store.begin().await.unwrap();
        store::delivery::claim(tx.conn(), &[id], self.node, now).await.unwrap();
        let outcome = Outcome { id, end, attempt: Some(attempt) };
        store::delivery::record(tx.conn(), &[outcome], self.node, now).await.unwrap();
        tx.commit().await.unwrap();
        assert_ne!(house.delivery_state(id).await, State::Claimed);
    }

    /// Somebody has got it.
    pub(crate) async fn reaches(&self, to: &str, name: &str) -> DeliveryId {
        let id = self.waits(to, name).await;
        self.ends(id, End::Sent, "2.0.0 Ok").await;
        id
    }

    /// Somebody's server refuses it.
    pub(crate) async fn fails(&self, to: &str, reason: &str, reply: &str) -> DeliveryId {
        let id = self.waits(to, "Бекзат").await;
        self.ends(id, End::Failed { reason: reason.to_owned() }, reply).await;
        id
    }
}
