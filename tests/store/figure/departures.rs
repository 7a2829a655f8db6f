//! Who left by the link of which message.

use kelisim::{
    app::{
        App,
        leave::{self, Choice, Way},
    },
    domain::{consent::Channel, id::DeliveryId},
    store,
};

use super::{app, collect_all};
use crate::support::{database::on_both, scene::Scene};

on_both!(
    who_leaves_by_a_link_counts_for_the_campaign_that_brought_it,
    who_leaves_everything_counts_once,
    the_ledger_is_searched_on_from_where_it_was_left,
);

async fn leave(app: &App, id: DeliveryId, choice: Choice) {
    let _ = leave::leave(app, id, choice, Way::OneClick, None).await.unwrap();
}

async fn who_leaves_by_a_link_counts_for_the_campaign_that_brought_it(scene: Scene) {
    let app = app(&scene);
    app.prepare().await.unwrap();
    let (campaign, other) = (scene.a_running_campaign().await, scene.a_running_campaign().await);
    let first = scene.a_queued_delivery(&campaign).await;
    let second = scene.a_queued_delivery(&campaign).await;
    scene.a_queued_delivery(&other).await;
    leave(&app, first, Choice::ThisPurpose).await;
    scene.wait(chrono::TimeDelta::seconds(1));
    leave(&app, second, Choice::ThisPurpose).await;
    collect_all(&app).await;
    let mut reader = scene.store.read().await.unwrap();
    assert_eq!(store::departure::count(reader.conn(), campaign.id).await.unwrap(), 2);
    assert_eq!(store::departure::count(reader.conn(), other.id).await.unwrap(), 0);
    let newest = store::departure::page(reader.conn(), campaign.id, None, 1).await.unwrap();
    let (latest, contact) = newest[0];
    assert_eq!((latest.delivery_id, latest.channel), (second, Channel::OneClick));
    assert_eq!(latest.left_at, scene.now());
    assert_eq!(contact, scene.delivery(second).await.contact_id);
    let place = Some((latest.left_at, latest.delivery_id));
    let rest = store::departure::page(reader.conn(), campaign.id, place, 9).await.unwrap();
    assert_eq!(rest.iter().map(|(one, _)| one.delivery_id).collect::<Vec<_>>(), [first]);
}

async fn who_leaves_everything_counts_once(scene: Scene) {
    let app = app(&scene);
    app.prepare().await.unwrap();
    let campaign = scene.a_running_campaign().await;
    let id = scene.a_queued_delivery(&campaign).await;
    let contact = scene.delivery(id).await.contact_id;
    let mut reader = scene.store.read().await.unwrap();
    let contact = store::contact::find(reader.conn(), contact).await.unwrap().unwrap();
    scene.a_given_consent(&contact, "events").await;
    leave(&app, id, Choice::All).await;
    collect_all(&app).await;
    assert_eq!(store::departure::count(reader.conn(), campaign.id).await.unwrap(), 1);
}

async fn the_ledger_is_searched_on_from_where_it_was_left(scene: Scene) {
    let app = app(&scene);
    app.prepare().await.unwrap();
    let campaign = scene.a_running_campaign().await;
    scene.a_queued_delivery(&campaign).await;
    collect_all(&app).await;
    let mut reader = scene.store.read().await.unwrap();
    let searched = store::departure::searched(reader.conn()).await.unwrap();
    assert!(searched > 0);
    assert_eq!(store::departure::search(reader.conn(), searched, 9).await.unwrap(), None);
    let again = store::departure::search(reader.conn(), 0, 9).await.unwrap().unwrap();
    let mut tx = scene.store.begin().await.unwrap();
    assert!(!store::departure::keep(tx.conn(), 0, &again).await.unwrap(), "somebody was first");
}
