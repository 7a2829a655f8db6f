//! Test mails: taken once, settled once, given up in time.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        id::{CampaignId, TestMailId, TestSendId},
        language::Language,
    },
    store::{
        self,
        test_mail::{TestMail, TestSend, TestState},
    },
};

use crate::support::{
    database::on_both,
    scene::{Scene, address},
};

on_both!(
    each_is_taken_once_the_oldest_first,
    what_became_of_one_is_remembered,
    one_that_nobody_sends_is_given_up,
    those_of_one_person_are_counted,
);

impl Scene {
    async fn test_mails(&self, campaign: CampaignId, languages: &[Language]) -> TestSend {
        let send = TestSend {
            id: TestSendId(self.id()),
            campaign_id: campaign,
            source: "{}".to_owned(),
            requested_at: self.now(),
            requested_by: "aigul".to_owned(),
        };
        let mail = |language: &Language| TestMail {
            id: TestMailId(self.id()),
            send_id: send.id,
            address: address("proofs@example.kz"),
            language: *language,
            state: TestState::Queued,
            state_since: self.now(),
            reason: None,
        };
        let mails: Vec<TestMail> = languages.iter().map(mail).collect();
        let mut tx = self.store.begin().await.unwrap();
        store::test_mail::insert(tx.conn(), &send, &mails).await.unwrap();
        tx.commit().await.unwrap();
        send
    }

    async fn taken(&self) -> Option<(TestSend, TestMail)> {
        let mut tx = self.store.begin().await.unwrap();
        let taken = store::test_mail::claim(tx.conn(), self.now()).await.unwrap();
        tx.commit().await.unwrap();
        taken
    }

    async fn shown(&self, campaign: CampaignId) -> Vec<(TestState, Option<String>)> {
        let mut reader = self.store.read().await.unwrap();
        let mails = store::test_mail::latest(reader.conn(), campaign, 10).await.unwrap();
        mails.into_iter().map(|mail| (mail.state, mail.reason)).collect()
    }
}

async fn each_is_taken_once_the_oldest_first(scene: Scene) {
    let campaign = CampaignId(scene.id());
    let send = scene.test_mails(campaign, &[Language::KK, Language::RU]).await;
    scene.wait(TimeDelta::seconds(1));
    let later = scene.test_mails(campaign, &[Language::EN]).await;
    let mut taken = Vec::new();
    while let Some((of, mail)) = scene.taken().await {
        assert_eq!(mail.state, TestState::Claimed);
        taken.push((of, mail.language));
    }
    let expected = [(send.clone(), Language::KK), (send, Language::RU), (later, Language::EN)];
    assert_eq!(taken, expected);
}

async fn what_became_of_one_is_remembered(scene: Scene) {
    let campaign = CampaignId(scene.id());
    scene.test_mails(campaign, &[Language::KK, Language::RU]).await;
    for failure in [None, Some("the relay took too long")] {
        let (_, mail) = scene.taken().await.unwrap();
        let mut tx = scene.store.begin().await.unwrap();
        store::test_mail::settle(tx.conn(), mail.id, failure, scene.now()).await.unwrap();
        // It has ended: what comes later is not heard.
        store::test_mail::settle(tx.conn(), mail.id, Some("late"), scene.now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let failed = (TestState::Failed, Some("the relay took too long".to_owned()));
    assert_eq!(scene.shown(campaign).await, [failed, (TestState::Sent, None)]);
}

async fn one_that_nobody_sends_is_given_up(scene: Scene) {
    let campaign = CampaignId(scene.id());
    scene.test_mails(campaign, &[Language::KK, Language::RU]).await;
    scene.taken().await.unwrap();
    let give_up = async |before| {
        let mut tx = scene.store.begin().await.unwrap();
        let given = store::test_mail::give_up(tx.conn(), before, "no engine", scene.now()).await;
        tx.commit().await.unwrap();
        given.unwrap()
    };
    assert_eq!(give_up(scene.now()).await, 0);
    assert_eq!(give_up(scene.now() + TimeDelta::microseconds(1)).await, 2);
    assert_eq!(scene.taken().await, None);
}

async fn those_of_one_person_are_counted(scene: Scene) {
    let campaign = CampaignId(scene.id());
    let before = scene.now() - TimeDelta::seconds(1);
    scene.test_mails(campaign, &[Language::KK, Language::RU]).await;
    let mut reader = scene.store.read().await.unwrap();
    let mut count = async |by: &str, since| {
        store::test_mail::count_since(reader.conn(), by, since).await.unwrap()
    };
    assert_eq!(count("aigul", before).await, 2);
    assert_eq!(count("aigul", scene.now()).await, 0);
    assert_eq!(count("dana", before).await, 0);
}
