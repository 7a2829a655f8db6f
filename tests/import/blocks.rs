//! One contact at a time: added, blocked, let go on.

use std::time::Instant;

use kelisim::{
    app::{
        Error, Pass,
        contacts::{self, Changed, Upserted},
    },
    domain::contact::Profile,
    store,
};

use crate::{
    desk::{Desk, person},
    support::{database::on_both, scene::address},
};

on_both!(
    a_contact_is_added_once_and_learnt_of_later,
    an_external_id_of_somebody_else_is_refused,
    a_block_reaches_senders_and_can_be_lifted,
    a_block_needs_a_reason,
);

fn called(name: &str) -> Profile {
    Profile { name: Some(name.to_owned()), ..Profile::default() }
}

async fn a_contact_is_added_once_and_learnt_of_later(desk: Desk) {
    let a = address("a@example.kz");
    let tags = ["x".to_owned()];
    let first = contacts::upsert(&desk.app, &a, &called("Айгүл"), &[]).await.unwrap();
    let Upserted::New(contact) = first else { panic!("{first:?}") };
    let again = contacts::upsert(&desk.app, &a, &Profile::default(), &tags).await.unwrap();
    assert_eq!(again, Upserted::Updated(contact.clone()));
    let again = contacts::upsert(&desk.app, &a, &called("Айгүл"), &tags).await.unwrap();
    assert_eq!(again, Upserted::Unchanged(contact));
}

async fn an_external_id_of_somebody_else_is_refused(desk: Desk) {
    let profile = Profile { external_id: Some("X-1".to_owned()), ..Profile::default() };
    let new = contacts::upsert(&desk.app, &address("a@example.kz"), &profile, &[]).await.unwrap();
    assert!(matches!(new, Upserted::New(_)));
    let other = contacts::upsert(&desk.app, &address("b@example.kz"), &profile, &[]).await;
    assert!(matches!(other, Err(Error::Conflict(_))));
}

async fn a_block_reaches_senders_and_can_be_lifted(desk: Desk) {
    desk.import(&[person("a@example.kz")]).await;
    let id = desk.history("a@example.kz").await.contact.id;
    let asked_at = Instant::now();
    assert_eq!(contacts::block(&desk.app, id, "court order").await.unwrap(), Changed::Now);
    assert!(matches!(desk.app.permits.pass(id, asked_at), Pass::AskAgain));
    let mut reader = desk.app.store.read().await.unwrap();
    let told = store::suppression::changed_since(reader.conn(), desk.now()).await.unwrap();
    assert_eq!(told, [id]);
    drop(reader);
    assert_eq!(contacts::block(&desk.app, id, "again").await.unwrap(), Changed::Already);
    let contact = desk.history("a@example.kz").await.contact;
    assert_eq!(contact.blocked_reason.as_deref(), Some("court order"));
    assert_eq!(contacts::unblock(&desk.app, id).await.unwrap(), Changed::Now);
    assert_eq!(contacts::unblock(&desk.app, id).await.unwrap(), Changed::Already);
    assert_eq!(desk.history("a@example.kz").await.contact.blocked_reason, None);
}

async fn a_block_needs_a_reason(desk: Desk) {
    desk.import(&[person("a@example.kz")]).await;
    let id = desk.history("a@example.kz").await.contact.id;
    for reason in ["  ", &"x".repeat(501)] {
        assert!(matches!(contacts::block(&desk.app, id, reason).await, Err(Error::Invalid(_))));
    }
}
