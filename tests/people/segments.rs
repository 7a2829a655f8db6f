//! Saved segments.

use kelisim::{
    app::{
        Error,
        segments::{self, SegmentForm},
    },
    domain::audience::{Audience, Clause},
};

use crate::{
    desk::{Desk, person},
    support::database::on_both,
};

on_both!(
    two_people_do_not_overwrite_each_other,
    a_segment_does_not_lead_back_to_itself,
    a_segment_that_another_uses_stays,
);

fn form(name: &str, include: Vec<Clause>) -> SegmentForm {
    let audience = Audience { include, exclude: Vec::new() };
    SegmentForm { name: name.to_owned(), description: String::new(), audience }
}

async fn two_people_do_not_overwrite_each_other(desk: Desk) {
    desk.import(&[person("aigul@example.kz")]).await;
    let first = segments::create(&desk.app, &form(" Ұстаздар ", vec![]), "a").await.unwrap();
    assert_eq!((first.name.as_str(), first.revision), ("Ұстаздар", 1));
    let again = form("Teachers", vec![]);
    let saved = segments::update(&desk.app, first.id, 1, &again).await.unwrap();
    assert_eq!(saved.revision, 2);
    let late = segments::update(&desk.app, first.id, 1, &form("x", vec![])).await;
    assert!(matches!(late, Err(Error::Conflict(_))));
    let twin = segments::create(&desk.app, &again, "b").await;
    assert!(matches!(twin, Err(Error::Invalid(problems)) if problems[0].place == "name"));
    assert_eq!(segments::all(&desk.app).await.unwrap(), [saved]);
}

async fn a_segment_does_not_lead_back_to_itself(desk: Desk) {
    let first = segments::create(&desk.app, &form("a", vec![]), "x").await.unwrap();
    let second = form("b", vec![Clause::Segment(first.id)]);
    let second = segments::create(&desk.app, &second, "x").await.unwrap();
    let circle = form("a", vec![Clause::Not(Box::new(Clause::Segment(second.id)))]);
    let refused = segments::update(&desk.app, first.id, 1, &circle).await;
    assert!(matches!(refused, Err(Error::Invalid(problems)) if problems[0].place == "audience"));
    assert_eq!(segments::find(&desk.app, first.id).await.unwrap().revision, 1);
}

async fn a_segment_that_another_uses_stays(desk: Desk) {
    let first = segments::create(&desk.app, &form("a", vec![]), "x").await.unwrap();
    let second = form("b", vec![Clause::Segment(first.id)]);
    let second = segments::create(&desk.app, &second, "x").await.unwrap();
    assert!(matches!(segments::delete(&desk.app, first.id).await, Err(Error::Conflict(_))));
    segments::delete(&desk.app, second.id).await.unwrap();
    segments::delete(&desk.app, first.id).await.unwrap();
    assert!(segments::all(&desk.app).await.unwrap().is_empty());
}
