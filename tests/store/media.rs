//! The media library.

use std::collections::BTreeMap;

use kelisim::{
    domain::{
        audience::Audience,
        campaign::Campaign,
        draft::{Draft, Stage, WorkingCopy},
        id::{CampaignId, MediaId},
        language::Language,
        ledger::sha256,
        letter::{Alt, Block, Body, Edition, Image, Letter, Picture},
        media::{Media, MediaKind},
    },
    store::{self, media::Wanted},
};

use crate::support::{database::on_both, scene::Scene};

on_both!(
    a_file_comes_back_as_it_went,
    the_same_content_is_kept_once,
    pictures_are_listed_from_the_newest_page_by_page_and_found_by_any_case,
    a_picture_that_a_campaign_shows_is_in_use,
    a_picture_that_a_draft_shows_is_in_use,
);

fn picture(scene: &Scene, name: &str, content: &[u8]) -> Media {
    Media {
        id: MediaId(scene.id()),
        sha256: sha256(content),
        kind: MediaKind::Png,
        file_name: name.to_owned(),
        size: u32::try_from(content.len()).unwrap(),
        pixels: Some((640, 480)),
        alts: BTreeMap::new(),
        created_at: scene.now(),
        created_by: "user:1".to_owned(),
    }
}

async fn keep(scene: &Scene, media: &Media, content: &[u8]) -> store::Result<()> {
    let mut tx = scene.store.begin().await.unwrap();
    store::media::insert(tx.conn(), media, content).await?;
    tx.commit().await
}

async fn names(scene: &Scene, wanted: &Wanted<'_>) -> Vec<String> {
    let mut reader = scene.store.read().await.unwrap();
    let found = store::media::pictures(reader.conn(), wanted).await.unwrap();
    found.into_iter().map(|one| one.file_name).collect()
}

async fn a_file_comes_back_as_it_went(scene: Scene) {
    let media = picture(&scene, "Сурет.png", b"png");
    keep(&scene, &media, b"png").await.unwrap();
    let alts = BTreeMap::from([(Language::KK, "Мектеп ауласы".to_owned())]);
    let mut tx = scene.store.begin().await.unwrap();
    store::media::describe(tx.conn(), &media, &alts).await.unwrap();
    tx.commit().await.unwrap();
    let media = Media { alts, ..media };
    let mut reader = scene.store.read().await.unwrap();
    assert_eq!(store::media::find(reader.conn(), media.id).await.unwrap(), Some(media.clone()));
    let by_hash = store::media::find_by_hash(reader.conn(), &media.sha256).await.unwrap();
    assert_eq!(by_hash, Some(media.clone()));
    let unknown = MediaId(scene.id());
    let among = store::media::find_all(reader.conn(), &[media.id, unknown]).await.unwrap();
    assert_eq!(among, std::slice::from_ref(&media));
    let content = store::media::content(reader.conn(), &media.public_name()).await.unwrap();
    assert_eq!(content, Some((MediaKind::Png, b"png".to_vec())));
    drop(reader);
    let mut tx = scene.store.begin().await.unwrap();
    store::media::delete(tx.conn(), media.id).await.unwrap();
    assert_eq!(store::media::find(tx.conn(), media.id).await.unwrap(), None);
}

async fn the_same_content_is_kept_once(scene: Scene) {
    keep(&scene, &picture(&scene, "a.png", b"same"), b"same").await.unwrap();
    let again = keep(&scene, &picture(&scene, "b.png", b"same"), b"same").await;
    assert!(again.unwrap_err().is_unique_violation());
}

async fn pictures_are_listed_from_the_newest_page_by_page_and_found_by_any_case(scene: Scene) {
    for name in ["Бірінші.png", "Екінші_100%.png", "Үшінші.png"] {
        let media = picture(&scene, name, name.as_bytes());
        keep(&scene, &media, name.as_bytes()).await.unwrap();
        scene.wait(chrono::TimeDelta::seconds(1));
    }
    let file = Media {
        kind: MediaKind::Calendar,
        pixels: None,
        ..picture(&scene, "Кездесу.ics", b"BEGIN:VCALENDAR")
    };
    keep(&scene, &file, b"BEGIN:VCALENDAR").await.unwrap();
    let page = Wanted { rows_max: 2, ..Wanted::default() };
    assert_eq!(names(&scene, &page).await, ["Үшінші.png", "Екінші_100%.png"]);
    let mut reader = scene.store.read().await.unwrap();
    let last = store::media::pictures(reader.conn(), &page).await.unwrap()[1].id;
    drop(reader);
    let next = Wanted { before: Some(last), ..page };
    assert_eq!(names(&scene, &next).await, ["Бірінші.png"]);
    for (search, found) in [("үшінші", 1), ("0%", 1), ("і_1", 1), ("_", 1), ("кездесу", 0)]
    {
        let wanted = Wanted { search, before: None, rows_max: 9 };
        assert_eq!(names(&scene, &wanted).await.len(), found, "{search}");
    }
}

async fn a_picture_that_a_campaign_shows_is_in_use(scene: Scene) {
    let media = picture(&scene, "a.png", b"shown");
    keep(&scene, &media, b"shown").await.unwrap();
    let mut reader = scene.store.read().await.unwrap();
    let uses = store::media::uses(reader.conn(), &media).await.unwrap();
    assert_eq!(uses, Vec::<String>::new());
    drop(reader);
    let campaign = scene.a_campaign(Audience::default()).await;
    let shows = Campaign {
        id: CampaignId(scene.id()),
        name: "Күз".to_owned(),
        source: format!("{{\"url\":\"https://example.kz/i/{}\"}}", media.public_name()),
        ..campaign
    };
    let mut tx = scene.store.begin().await.unwrap();
    store::campaign::insert(tx.conn(), &shows, &[]).await.unwrap();
    tx.commit().await.unwrap();
    let mut reader = scene.store.read().await.unwrap();
    let uses = store::media::uses(reader.conn(), &media).await.unwrap();
    assert_eq!(uses, [shows.name]);
}

async fn a_picture_that_a_draft_shows_is_in_use(scene: Scene) {
    let media = picture(&scene, "a.png", b"drafted");
    keep(&scene, &media, b"drafted").await.unwrap();
    let picture = Picture { media: Some(media.id), alt: Alt::Decorative };
    let image = Block::Image(Image { picture, ..Image::default() });
    let edition = Edition { body: Body::Blocks(vec![image]), ..Edition::default() };
    let letter =
        Letter { editions: BTreeMap::from([(Language::KK, edition)]), ..Letter::default() };
    let copy = WorkingCopy {
        id: CampaignId(scene.id()),
        draft: Draft::named("Күз".to_owned(), letter),
        revision: 1,
        created_at: scene.now(),
        created_by: "aigul".to_owned(),
        updated_at: scene.now(),
        updated_by: "aigul".to_owned(),
        stage: Stage::Editing,
    };
    let mut tx = scene.store.begin().await.unwrap();
    store::draft::insert(tx.conn(), &copy).await.unwrap();
    let uses = store::media::uses(tx.conn(), &media).await.unwrap();
    assert_eq!(uses, ["Күз"]);
}
