//! A dry run says what an import would do, and does nothing.

use kelisim::{app::import_contacts::ImportOptions, store};

use crate::{
    desk::{Desk, consented, file, person},
    support::database::on_both,
};

on_both!(a_dry_run_counts_like_the_import_and_stores_nothing);

/// People, consents and ids that come again in other batches, and one of each thing that is refused.
fn rows() -> Vec<String> {
    let mut rows: Vec<String> =
        (0..700).map(|n| consented(&format!("p{}@example.kz", n % 650), "2025-03-01")).collect();
    rows.push("x@example.kz,,,,X-1,,,,,,,".to_owned());
    rows.extend((0..600).map(|n| person(&format!("q{n}@example.kz"))));
    rows.push("y@example.kz,,,,X-1,,,,,,,".to_owned());
    rows.push("p1@example.kz,New name,,,,,news,,Form 9,2025-09-01,1,".to_owned());
    rows.push(consented("p1@example.kz", "2025-06-01"));
    rows.push("known@example.kz,,,,,,news,,,,,".to_owned());
    rows.push("nobody,,,,,,,,,,,".to_owned());
    rows
}

async fn a_dry_run_counts_like_the_import_and_stores_nothing(desk: Desk) {
    desk.import(&[person("known@example.kz")]).await;
    let options = ImportOptions { is_dry_run: true, ..ImportOptions::default() };
    let dry = desk.try_import(&file(&rows()), options).await.unwrap();
    assert_eq!(dry.imported.id, None);
    let mut reader = desk.app.store.read().await.unwrap();
    assert_eq!(store::contact::count(reader.conn()).await.unwrap(), 1);
    drop(reader);
    assert_eq!(desk.events().await, 0);

    let real = desk.import(&rows()).await;
    assert_eq!(dry.tally, real.tally);
    assert_eq!(dry.rejects, real.rejects);
    assert_eq!(dry.notes, real.notes);
    assert_eq!((real.tally.renewed, real.tally.rejected, real.tally.without_evidence), (1, 2, 1));
}
