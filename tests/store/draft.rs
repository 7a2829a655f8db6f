//! Drafts: what they say, how far they have come, what was done with them, and their list.

use chrono::TimeDelta;
use kelisim::{
    domain::{
        audience::Audience,
        campaign::{Phase, State},
        draft::{Draft, Seal, Stage, StageWord, Start, WorkingCopy},
        id::CampaignId,
        letter::Letter,
    },
    store::{
        self,
        draft::{DraftEvent, EventWord},
    },
};

use crate::support::{
    database::{execute, on_both},
    scene::Scene,
};

on_both!(
    a_draft_comes_back_as_it_was_written,
    of_two_saves_over_one_revision_the_first_counts,
    every_stage_comes_back_with_what_belongs_to_it,
    a_stage_without_its_seal_is_refused,
    authors_are_counted_once,
    the_history_is_read_newest_first,
    a_draft_and_its_campaign_are_one_line,
);

impl Scene {
    async fn a_draft(&self, name: &str) -> WorkingCopy {
        let copy = WorkingCopy {
            id: CampaignId(self.id()),
            draft: Draft::named(name.to_owned(), Letter::default()),
            revision: 1,
            created_at: self.now(),
            created_by: "aigul".to_owned(),
            updated_at: self.now(),
            updated_by: "aigul".to_owned(),
            stage: Stage::Editing,
        };
        let mut tx = self.store.begin().await.unwrap();
        store::draft::insert(tx.conn(), &copy).await.unwrap();
        tx.commit().await.unwrap();
        copy
    }

    async fn draft(&self, id: CampaignId) -> WorkingCopy {
        let mut reader = self.store.read().await.unwrap();
        store::draft::find(reader.conn(), id).await.unwrap().expect("a draft")
    }
}

async fn a_draft_comes_back_as_it_was_written(scene: Scene) {
    let copy = scene.a_draft("Көктем").await;
    assert_eq!(scene.draft(copy.id).await, copy);
    let mut tx = scene.store.begin().await.unwrap();
    assert_eq!(store::draft::lock(tx.conn(), copy.id).await.unwrap(), Some(copy.clone()));
    let start = Start::At("2026-12-0".to_owned());
    let half = Draft { start, reply_to: "office@".to_owned(), ..copy.draft };
    let now = scene.now() + TimeDelta::seconds(1);
    let saved = store::draft::save(tx.conn(), copy.id, 1, &half, "dana", now).await.unwrap();
    assert_eq!(saved, Some(2));
    tx.commit().await.unwrap();
    let found = scene.draft(copy.id).await;
    assert_eq!((found.draft, found.updated_at, found.updated_by.as_str()), (half, now, "dana"));
    let mut reader = scene.store.read().await.unwrap();
    let nothing = store::draft::find(reader.conn(), CampaignId(scene.id())).await.unwrap();
    assert_eq!(nothing, None);
}

async fn of_two_saves_over_one_revision_the_first_counts(scene: Scene) {
    let copy = scene.a_draft("Көктем").await;
    let save = async |name: &str| {
        let draft = Draft { name: name.to_owned(), ..copy.draft.clone() };
        let mut tx = scene.store.begin().await.unwrap();
        let saved = store::draft::save(tx.conn(), copy.id, 1, &draft, name, scene.now()).await;
        tx.commit().await.unwrap();
        saved.unwrap()
    };
    let (one, other) = tokio::join!(save("one"), save("other"));
    assert!(one.is_some() != other.is_some(), "exactly one of the two is saved");
    assert_eq!(scene.draft(copy.id).await.revision, 2);
}

async fn every_stage_comes_back_with_what_belongs_to_it(scene: Scene) {
    let id = scene.a_draft("Көктем").await.id;
    let (at, by, seal) = (scene.now(), "dana".to_owned(), Seal([7; 32]));
    let life = [
        Stage::Submitted { at, by: by.clone(), seal },
        Stage::Approved { at, by: by.clone(), seal },
        Stage::Returned { at, by },
        Stage::Editing,
    ];
    for stage in life {
        let mut tx = scene.store.begin().await.unwrap();
        store::draft::set_stage(tx.conn(), id, &stage).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(scene.draft(id).await.stage, stage);
    }
}

async fn a_stage_without_its_seal_is_refused(scene: Scene) {
    let id = scene.a_draft("Көктем").await.id;
    for stage in ["approved", "submitted", "returned", "started"] {
        let mut tx = scene.store.begin().await.unwrap();
        let text = "UPDATE draft SET stage = $2 WHERE id = $1";
        execute!(tx.conn(), text, id.0, stage).expect_err(stage);
    }
}

async fn authors_are_counted_once(scene: Scene) {
    let id = scene.a_draft("Көктем").await.id;
    let mut tx = scene.store.begin().await.unwrap();
    for author in ["aigul", "dana", "aigul"] {
        store::draft::note_author(tx.conn(), id, author, scene.now()).await.unwrap();
    }
    let authors = store::draft::authors(tx.conn(), id).await.unwrap();
    assert_eq!(authors.into_iter().collect::<Vec<_>>(), ["aigul", "dana"]);
}

async fn the_history_is_read_newest_first(scene: Scene) {
    let id = scene.a_draft("Көктем").await.id;
    let said = |deed, said: Option<&str>| DraftEvent {
        happened_at: scene.now(),
        deed,
        actor: "aigul".to_owned(),
        revision: 1,
        said: said.map(str::to_owned),
    };
    let events = [
        said(EventWord::Create, None),
        said(EventWord::Comment, Some("Күні қате")),
        said(EventWord::Submit, None),
    ];
    let mut tx = scene.store.begin().await.unwrap();
    for event in &events {
        store::draft::insert_event(tx.conn(), scene.id(), id, event).await.unwrap();
    }
    let found = store::draft::events(tx.conn(), id, 2).await.unwrap();
    assert_eq!(found, [events[2].clone(), events[1].clone()]);
}

async fn a_draft_and_its_campaign_are_one_line(scene: Scene) {
    let by_folder = scene.a_campaign(Audience::default()).await.id;
    let written = scene.a_draft("Көктем").await.id;
    let started = scene.a_campaign(Audience::default()).await;
    let mut tx = scene.store.begin().await.unwrap();
    let copy = WorkingCopy {
        id: started.id,
        draft: Draft::named("Күз".to_owned(), Letter::default()),
        revision: 1,
        created_at: scene.now(),
        created_by: "aigul".to_owned(),
        updated_at: scene.now(),
        updated_by: "aigul".to_owned(),
        stage: Stage::Editing,
    };
    store::draft::insert(tx.conn(), &copy).await.unwrap();
    store::draft::note_author(tx.conn(), started.id, "aigul", scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    let start_at = scene.now() + TimeDelta::hours(1);
    scene.put(started.id, Phase::Draft, State::Scheduled { start_at }).await;
    let mut reader = scene.store.read().await.unwrap();
    let lines = store::draft::lines(reader.conn(), "aigul", None, 10).await.unwrap();
    let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
    assert_eq!(ids, [started.id, written, by_folder]);
    let first = &lines[0];
    assert_eq!((first.name.as_str(), first.phase), ("Күз", Some(Phase::Scheduled)));
    assert_eq!((first.start_at, first.is_mine), (Some(start_at), true));
    assert_eq!((lines[1].stage, lines[1].phase), (Some(StageWord::Editing), None));
    assert_eq!((lines[2].stage, lines[2].phase), (None, Some(Phase::Draft)));
    assert!(!lines[1].is_mine && !lines[2].is_mine);
    let rest = store::draft::lines(reader.conn(), "dana", Some(started.id), 1).await.unwrap();
    assert_eq!(rest.iter().map(|line| line.id).collect::<Vec<_>>(), [written]);
}
