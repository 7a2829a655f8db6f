//! Where consents stand can be derived from the ledger again, byte for byte.

use chrono::TimeDelta;
use kelisim::{
    app::consent::{self, Broken, Scope},
    domain::{consent::State, party::PartyKey},
    store::consent::Consent,
};

use crate::{
    desk::{Desk, consented},
    support::{
        database::{execute, on_both},
        scene::purpose,
    },
};

on_both!(what_was_changed_without_an_event_is_found_and_put_right);

async fn all(desk: &Desk) -> Vec<Consent> {
    let mut all = Vec::new();
    for email in ["a@example.kz", "b@example.kz", "c@example.kz"] {
        all.extend(desk.history(email).await.consents);
    }
    all
}

async fn what_was_changed_without_an_event_is_found_and_put_right(desk: Desk) {
    let rows = [
        consented("a@example.kz", "2025-03-01"),
        "b@example.kz,,,,,,news;events,,Form 7,2025-03-01,1,".to_owned(),
        "c@example.kz,,,,,,,,,,,".to_owned(),
    ];
    desk.import(&rows).await;
    let news = Scope::Purpose(purpose("news"), PartyKey::institution());
    desk.withdraw("b@example.kz", news, desk.now() - TimeDelta::days(1)).await;
    let before = all(&desk).await;
    let changes = [
        "UPDATE consent SET state = 'given', valid_until = since WHERE state = 'withdrawn'",
        "UPDATE consent SET valid_until = '2099-01-01T00:00:00+00:00' WHERE valid_until IS NOT NULL",
        "UPDATE consent SET purpose = 'research' WHERE purpose = 'events'",
        "UPDATE consent SET contact_id = (SELECT id FROM contact WHERE external_id IS NULL \
         AND id NOT IN (SELECT contact_id FROM consent)) WHERE purpose = 'events'",
        "UPDATE consent SET event_seq = 1 WHERE event_seq > 1",
        "DELETE FROM consent",
    ];
    for change in changes {
        let mut tx = desk.app.store.begin().await.unwrap();
        assert!(execute!(tx.conn(), change).unwrap() > 0, "{change}");
        tx.commit().await.unwrap();
        let found = consent::verify(&desk.app, None).await.unwrap();
        assert!(matches!(found, Err(Broken::Projection(_) | Broken::Invented(_))), "{change}");
        assert_eq!(consent::rebuild(&desk.app).await.unwrap(), 3);
        assert_eq!(all(&desk).await, before, "{change}");
        assert!(consent::verify(&desk.app, None).await.unwrap().is_ok());
    }
    assert_eq!(desk.state("b@example.kz", "news").await, Some(State::Withdrawn));
}
