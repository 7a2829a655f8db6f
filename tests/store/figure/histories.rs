//! The figures equal the deliveries, whatever happened to them and however they were collected.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chrono::TimeDelta;
use kelisim::{
    domain::{
        campaign::{Campaign, Phase, State as CampaignState},
        contact::Profile,
        delivery::{SkipReason, State},
        figures::Dimension,
        gate::Refusal,
        id::{DeliveryId, NodeId},
        language::Language,
    },
    store::{
        self,
        delivery::{End, Fate, Outcome},
    },
};

use super::super::delivery;
use super::{OLD, app, collect_all, counted, counted_by, folded_by, is_unsettled, standing};
use crate::support::{
    database::{execute, on_both},
    scene::Scene,
};

on_both!(
    figures_equal_the_deliveries_whatever_happens,
    what_was_missed_is_found_when_the_campaign_has_ended,
    what_a_lost_node_mends_is_counted_once,
    two_that_collect_at_once_count_once,
);

const STEPS: u64 = 150;

/// The same history each time, and one that nobody chose.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        self.0 = self.0.wrapping_add(1);
        hasher.finish() % n
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }
}

struct History<'s> {
    scene: &'s Scene,
    chance: Chance,
    campaign: Campaign,
    node: NodeId,
    waiting: Vec<DeliveryId>,
    held: Vec<DeliveryId>,
}

impl History<'_> {
    async fn step(&mut self) {
        match self.chance.below(8) {
            0 | 1 => self.write_out().await,
            2 => self.take().await,
            3 => self.hand_over().await,
            4 | 5 => self.end().await,
            6 => self.lose_the_node().await,
            _ => self.scene.wait(TimeDelta::milliseconds(1_357)),
        }
    }

    async fn write_out(&mut self) {
        let name = self.scene.id().simple().to_string();
        let domain = *self.chance.of(&["mail.ru", "gmail.com", "example.kz", "xn--e1afmkfd.kz"]);
        let language = *self.chance.of(&[None, Some(Language::KK), Some(Language::RU)]);
        let profile = Profile { language, ..Profile::default() };
        let contact = self.scene.a_contact_known_as(&format!("{name}@{domain}"), profile).await;
        if self.chance.below(3) == 0 {
            let refusal = *self.chance.of(&[Refusal::NoConsent, Refusal::Withdrawn]);
            let fate = Fate::Skipped(SkipReason::Gate(refusal));
            self.scene.a_delivery(&self.campaign, &contact, fate).await;
        } else {
            let consent = self.scene.a_given_consent(&contact, "news").await;
            let fate = Fate::Queued { consent_seq: consent.standing.event_seq };
            self.waiting.push(self.scene.a_delivery(&self.campaign, &contact, fate).await);
        }
    }

    async fn take(&mut self) {
        let now = self.scene.now();
        let mut tx = self.scene.store.begin().await.unwrap();
        store::delivery::claim(tx.conn(), &self.waiting, self.node, now).await.unwrap();
        tx.commit().await.unwrap();
        self.held.append(&mut self.waiting);
    }

    async fn hand_over(&mut self) {
        let (now, some) = (self.scene.now(), self.held.len() / 2);
        let mut tx = self.scene.store.begin().await.unwrap();
        let ids = &self.held[..some];
        store::delivery::mark_handing(tx.conn(), ids, self.node, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn end(&mut self) {
        let Some(id) = self.held.pop() else { return };
        let now = self.scene.now();
        let end = match self.chance.below(6) {
            0 => End::Failed { reason: "hard_user".to_owned() },
            1 => End::Uncertain { reason: "answer_lost".to_owned() },
            2 => End::Queued { due_at: now },
            3 => End::Skipped(SkipReason::Gate(Refusal::Withdrawn)),
            _ => End::Sent,
        };
        if matches!(end, End::Queued { .. }) {
            self.waiting.push(id);
        }
        let outcome = Outcome { id, end, attempt: None };
        let mut tx = self.scene.store.begin().await.unwrap();
        store::delivery::record(tx.conn(), &[outcome], self.node, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What it held is queued again or uncertain; it may still come back with an outcome.
    async fn lose_the_node(&mut self) {
        if self.chance.below(4) > 0 {
            return;
        }
        let mut tx = self.scene.store.begin().await.unwrap();
        store::delivery::reap(tx.conn(), self.node, self.scene.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn figures_equal_the_deliveries_whatever_happens(scene: Scene) {
    let app = app(&scene);
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let (waiting, held) = (Vec::new(), Vec::new());
    let mut history = History { scene: &scene, chance: Chance(7), campaign, node, waiting, held };
    for step in 0..STEPS {
        history.step().await;
        if step % 7 == 0 {
            collect_all(&app).await;
            assert_figures_hold(&scene, &history.campaign).await;
        }
        if step % 50 == 0 {
            scene.wait(OLD);
        }
    }
    let campaign = history.campaign;
    assert!(counted(&scene, campaign.id).await.ended() > 20);
    end(&scene, &campaign, node).await;
    assert!(is_unsettled(&scene, campaign.id).await);
    collect_all(&app).await;
    collect_all(&app).await;
    assert!(!is_unsettled(&scene, campaign.id).await);
    assert_figures_hold(&scene, &campaign).await;
    for &dimension in Dimension::ALL {
        let counted = counted_by(&scene, campaign.id, dimension).await;
        assert_eq!(folded_by(&scene, campaign.id, dimension).await, counted, "{dimension}");
    }
}

async fn assert_figures_hold(scene: &Scene, campaign: &Campaign) {
    assert_eq!(standing(scene, campaign).await, counted(scene, campaign.id).await);
}

/// Cancels a campaign, and lets its node go for good.
async fn end(scene: &Scene, campaign: &Campaign, node: NodeId) {
    scene.put(campaign.id, Phase::Running, CampaignState::Cancelled { at: scene.now() }).await;
    let mut tx = scene.store.begin().await.unwrap();
    let now = scene.now();
    store::delivery::reap(tx.conn(), node, now).await.unwrap();
    execute!(
        tx.conn(),
        "UPDATE delivery SET node_id = NULL, state_since = $1 WHERE state = 'uncertain' \
        AND node_id IS NOT NULL",
        now
    )
    .unwrap();
    store::delivery::cancel_queued(tx.conn(), campaign.id, now, 1_000).await.unwrap();
    tx.commit().await.unwrap();
    scene.wait(OLD);
}

/// A transaction that was so slow that others, which began later, were folded before it.
async fn what_was_missed_is_found_when_the_campaign_has_ended(scene: Scene) {
    let app = app(&scene);
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let (one, late) =
        (scene.a_queued_delivery(&campaign).await, scene.a_queued_delivery(&campaign).await);
    let sent = |id| [Outcome { id, end: End::Sent, attempt: None }];
    let began = scene.now();
    scene.wait(TimeDelta::seconds(1));
    delivery::claim(&scene, node, &[one, late]).await;
    delivery::record(&scene, node, &sent(one)).await;
    scene.wait(OLD);
    collect_all(&app).await;
    let mut tx = scene.store.begin().await.unwrap();
    store::delivery::record(tx.conn(), &sent(late), node, began).await.unwrap();
    tx.commit().await.unwrap();
    collect_all(&app).await;
    assert_eq!(standing(&scene, &campaign).await.count(State::Sent), 1, "it was missed");
    scene.put(campaign.id, Phase::Running, CampaignState::Cancelled { at: scene.now() }).await;
    collect_all(&app).await;
    collect_all(&app).await;
    assert_eq!(standing(&scene, &campaign).await.count(State::Sent), 2);
    collect_all(&app).await;
    assert!(!is_unsettled(&scene, campaign.id).await);
    let counted = counted_by(&scene, campaign.id, Dimension::Domain).await;
    assert_eq!(folded_by(&scene, campaign.id, Dimension::Domain).await, counted);
}

async fn what_a_lost_node_mends_is_counted_once(scene: Scene) {
    let app = app(&scene);
    let campaign = scene.a_running_campaign().await;
    let node = scene.a_node().await;
    let id = scene.a_queued_delivery(&campaign).await;
    delivery::claim(&scene, node, &[id]).await;
    delivery::mark_handing(&scene, node, &[id]).await;
    delivery::reap(&scene, node).await;
    scene.wait(OLD);
    collect_all(&app).await;
    assert_eq!(standing(&scene, &campaign).await.count(State::Uncertain), 1);
    let outcome = Outcome { id, end: End::Sent, attempt: None };
    delivery::record(&scene, node, &[outcome]).await;
    scene.wait(OLD);
    collect_all(&app).await;
    let standing = standing(&scene, &campaign).await;
    assert_eq!((standing.count(State::Sent), standing.total()), (1, 1));
}

async fn two_that_collect_at_once_count_once(scene: Scene) {
    let (here, there) = (app(&scene), app(&scene));
    let campaign = scene.a_running_campaign().await;
    for n in 0..30 {
        let contact = scene.a_contact(&format!("a{n}@example.kz")).await;
        let fate = Fate::Skipped(SkipReason::Gate(Refusal::Withdrawn));
        scene.a_delivery(&campaign, &contact, fate).await;
    }
    scene.wait(OLD);
    tokio::join!(collect_all(&here), collect_all(&there));
    let folded = folded_by(&scene, campaign.id, Dimension::Domain).await;
    assert_eq!(folded, [(("example.kz".to_owned(), State::Skipped), 30)].into());
    assert_figures_hold(&scene, &campaign).await;
}
