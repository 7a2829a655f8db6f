//! People are found by what is typed, on either database's own index.

use kelisim::{
    domain::{
        audience::{Audience, Clause, ConsentIs, Span},
        consent::State,
        contact::{Contact, Profile},
        finding::Typed,
        id::{ImportId, SegmentId},
        party::PartyKey,
        suppression::{Reason, Suppression},
    },
    store::{
        self,
        audience::{Cursor, Search, count, find},
        segment::Segment,
    },
};

use crate::support::{
    database::on_both,
    scene::{Scene, purpose},
};

on_both!(
    people_are_found_by_name_address_and_external_id,
    pages_follow_each_other_without_gap_or_repeat,
    what_was_learnt_last_is_what_people_are_found_by,
    consents_imports_and_suppressions_are_asked_about,
    a_segment_means_what_it_says_when_it_is_asked,
    a_segment_that_is_gone_means_nobody_and_says_so,
    a_segment_is_saved_once_per_revision,
);

async fn known(scene: &Scene, address: &str, name: &str, external: Option<&str>) -> Contact {
    let profile = Profile {
        name: Some(name.to_owned()),
        external_id: external.map(str::to_owned),
        ..Profile::default()
    };
    let contact = scene.a_contact_known_as(address, profile).await;
    let mut tx = scene.store.begin().await.unwrap();
    store::finding::insert(tx.conn(), &[&contact]).await.unwrap();
    tx.commit().await.unwrap();
    contact
}

async fn found(scene: &Scene, text: &str) -> Vec<String> {
    let typed = Typed::read(text);
    let (audience, now) = (Audience::default(), scene.now());
    let search = Search { audience: &audience, typed: typed.as_ref(), now };
    let mut reader = scene.store.read().await.unwrap();
    let listed = find(reader.conn(), search, None, 9).await.unwrap();
    let mut names: Vec<String> =
        listed.into_iter().filter_map(|one| one.contact.profile.name).collect();
    names.sort();
    names
}

async fn people_are_found_by_name_address_and_external_id(scene: Scene) {
    known(&scene, "Aigul.S@mail.kz", "Айгүл Сейтқали Ерланқызы", Some("hr-17")).await;
    known(&scene, "aigerim@bilim.kz", "Қанат Әбілов", None).await;
    for text in ["айгул", "СЕЙТК", "ерлан", "сейткали айг", "aigul.s@mail", "AIGUL.S", "hr-1"]
    {
        assert_eq!(found(&scene, text).await, ["Айгүл Сейтқали Ерланқызы"], "{text}");
    }
    assert_eq!(found(&scene, "канат абил").await, ["Қанат Әбілов"]);
    assert_eq!(found(&scene, "aig").await.len(), 2);
    assert_eq!(found(&scene, "").await.len(), 2);
    for text in ["гүл", "aigul.s@bilim", "айгул абилов", "\" OR *"] {
        assert!(found(&scene, text).await.is_empty(), "{text}");
    }
}

async fn pages_follow_each_other_without_gap_or_repeat(scene: Scene) {
    for n in 0..7 {
        // Found by address and by name, and still listed once.
        known(&scene, &format!("asel{n}@example.kz"), "Asel Asel-Akhmet", None).await;
    }
    for text in ["asel", ""] {
        let typed = Typed::read(text);
        let (audience, now) = (Audience::default(), scene.now());
        let search = Search { audience: &audience, typed: typed.as_ref(), now };
        let mut reader = scene.store.read().await.unwrap();
        let (mut seen, mut after) = (std::collections::BTreeSet::new(), None);
        loop {
            let page = find(reader.conn(), search, after, 3).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.cursor.to_string().parse::<Cursor>().unwrap());
            for one in &page {
                assert!(seen.insert(one.contact.id), "{text}: listed twice");
            }
        }
        assert_eq!(seen.len(), 7, "{text}");
    }
    assert!("9x".parse::<Cursor>().is_err());
}

async fn what_was_learnt_last_is_what_people_are_found_by(scene: Scene) {
    let contact = known(&scene, "asel@example.kz", "Асель", None).await;
    let profile = Profile { name: Some("Жанар".to_owned()), ..Profile::default() };
    let contact = Contact { profile: profile.clone(), ..contact };
    let mut tx = scene.store.begin().await.unwrap();
    store::contact::update_profile(tx.conn(), contact.id, &profile, scene.now()).await.unwrap();
    store::finding::replace(tx.conn(), &contact).await.unwrap();
    tx.commit().await.unwrap();
    assert!(found(&scene, "асель").await.is_empty());
    assert_eq!(found(&scene, "жанар").await.len(), 1);
    let mut tx = scene.store.begin().await.unwrap();
    store::contact::add_tags(tx.conn(), &[(contact.id, "a")]).await.unwrap();
    store::finding::remove(tx.conn(), contact.id).await.unwrap();
    store::contact::erase(tx.conn(), contact.id, scene.now()).await.unwrap();
    tx.commit().await.unwrap();
    for text in ["жанар", "asel", ""] {
        assert!(found(&scene, text).await.is_empty(), "{text}");
    }
    let mut reader = scene.store.read().await.unwrap();
    assert!(store::contact::tags(reader.conn(), contact.id).await.unwrap().is_empty());
}

fn including(clause: Clause) -> Audience {
    Audience { include: vec![clause], exclude: Vec::new() }
}

async fn how_many(scene: &Scene, audience: &Audience) -> i64 {
    let mut reader = scene.store.read().await.unwrap();
    count(reader.conn(), audience, scene.now()).await.unwrap()
}

async fn consents_imports_and_suppressions_are_asked_about(scene: Scene) {
    let (given, left) = (scene.a_contact("a@x.kz").await, scene.a_contact("b@x.kz").await);
    let over = scene.a_contact("c@x.kz").await;
    scene.a_contact("d@x.kz").await;
    let (now, long_ago) = (scene.now(), scene.now() - chrono::TimeDelta::days(1_500));
    scene.a_given_consent(&given, "news").await;
    scene.a_given_consent(&left, "news").await;
    scene.a_consent(&left, "news", State::Withdrawn, now).await;
    scene.a_consent(&over, "news", State::Given, long_ago).await;
    let run = ImportId(scene.id());
    let mut tx = scene.store.begin().await.unwrap();
    store::import_run::begin(tx.conn(), run, &serde_json::json!({}), now).await.unwrap();
    for _ in 0..2 {
        store::contact::note_import(tx.conn(), run, &[given.id, over.id]).await.unwrap();
    }
    let entry =
        Suppression { address_hash: left.address_hash, reason: Reason::Staff, ends_at: None };
    store::suppression::insert(tx.conn(), scene.id(), &entry, now).await.unwrap();
    tx.commit().await.unwrap();
    let news = |is, since, before| Clause::Consent {
        purpose: purpose("news"),
        party: PartyKey::institution(),
        is,
        since,
        before,
    };
    for (clause, n) in [
        (news(ConsentIs::Holds, None, None), 1),
        (news(ConsentIs::EverGiven, None, None), 3),
        (news(ConsentIs::EverGiven, Some(now), None), 2),
        (news(ConsentIs::EverGiven, None, Some(now)), 1),
        (news(ConsentIs::Withdrawn, Some(now), None), 1),
        (news(ConsentIs::Expired, None, None), 1),
        (news(ConsentIs::None, None, None), 1),
        (Clause::Imported(vec![run]), 2),
        (Clause::Suppressed(vec![]), 1),
        (Clause::Suppressed(vec![Reason::Complaint]), 0),
        (Clause::Blocked(false), 4),
        (Clause::Created(Span { since: Some(now), before: None }), 4),
        (Clause::Created(Span { since: None, before: Some(now) }), 0),
    ] {
        assert_eq!(how_many(&scene, &including(clause.clone())).await, n, "{clause:?}");
        let not = Clause::Not(Box::new(clause.clone()));
        assert_eq!(how_many(&scene, &including(not)).await, 4 - n, "not {clause:?}");
    }
}

fn segment(scene: &Scene, name: &str, audience: Audience) -> Segment {
    Segment {
        id: SegmentId(scene.id()),
        name: name.to_owned(),
        description: String::new(),
        audience,
        revision: 1,
        created_by: "test".to_owned(),
        created_at: scene.now(),
        updated_at: scene.now(),
    }
}

async fn save(scene: &Scene, segment: &Segment) {
    let mut tx = scene.store.begin().await.unwrap();
    store::segment::insert(tx.conn(), segment).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_segment_means_what_it_says_when_it_is_asked(scene: Scene) {
    let contact = scene.a_contact("a@x.kz").await;
    scene.a_contact("b@x.kz").await;
    let tagged = segment(&scene, "tagged", including(Clause::Tag(vec!["x".to_owned()])));
    let outer = Audience { include: vec![], exclude: vec![Clause::Segment(tagged.id)] };
    let outer = segment(&scene, "others", outer);
    save(&scene, &tagged).await;
    save(&scene, &outer).await;
    let others = including(Clause::Segment(outer.id));
    assert_eq!(how_many(&scene, &others).await, 2);
    let mut tx = scene.store.begin().await.unwrap();
    store::contact::add_tags(tx.conn(), &[(contact.id, "x")]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(how_many(&scene, &others).await, 1);
    let mut reader = scene.store.read().await.unwrap();
    let all = store::segment::all(reader.conn(), 9).await.unwrap();
    assert_eq!(all, [outer, tagged]);
}

async fn a_segment_that_is_gone_means_nobody_and_says_so(scene: Scene) {
    let lost = segment(&scene, "lost", Audience::default());
    save(&scene, &lost).await;
    let circle = segment(&scene, "circle", Audience::default());
    let around = Audience { include: vec![], exclude: vec![Clause::Segment(circle.id)] };
    save(&scene, &Segment { audience: around, ..circle.clone() }).await;
    let mut tx = scene.store.begin().await.unwrap();
    store::segment::delete(tx.conn(), lost.id).await.unwrap();
    tx.commit().await.unwrap();
    for id in [lost.id, circle.id] {
        let audience = Audience { include: vec![], exclude: vec![Clause::Segment(id)] };
        let mut reader = scene.store.read().await.unwrap();
        let error = count(reader.conn(), &audience, scene.now()).await.unwrap_err();
        assert!(error.is_unreadable(), "{error:?}");
    }
}

async fn a_segment_is_saved_once_per_revision(scene: Scene) {
    let first = segment(&scene, "a", Audience::default());
    save(&scene, &first).await;
    let second = Segment { revision: 2, description: "новое".to_owned(), ..first.clone() };
    let mut tx = scene.store.begin().await.unwrap();
    assert!(store::segment::update(tx.conn(), &second).await.unwrap());
    assert!(!store::segment::update(tx.conn(), &second).await.unwrap());
    let stored = store::segment::find(tx.conn(), first.id).await.unwrap().unwrap();
    assert_eq!(stored, second);
    let twin = Segment { id: SegmentId(scene.id()), ..first };
    assert!(store::segment::insert(tx.conn(), &twin).await.unwrap_err().is_unique_violation());
}
