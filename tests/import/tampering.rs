//! Whoever has the database's password cannot change the ledger unseen: the first event that is
//! not as it was is named.

use kelisim::{
    app::{
        consent::{self, Broken},
        parties,
    },
    domain::ledger::{GENESIS, Head, HeadSigner, event_hash},
    store::{self, Conn},
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, SqliteConnection};

use crate::{
    desk::{Desk, consented},
    support::database::{execute, on_both},
};

on_both!(
    every_column_of_every_event_is_covered,
    an_event_that_is_gone_is_named,
    events_in_another_order_are_found,
    an_event_slipped_in_is_found,
    a_cut_tail_is_found_by_the_signed_head,
    a_head_moved_back_is_found_by_its_signature,
    a_tail_cut_by_who_has_the_keys_is_found_by_the_head_kept_elsewhere,
    a_history_written_anew_by_who_has_the_keys_is_found_by_the_head_kept_elsewhere,
    a_kept_head_that_somebody_else_signed_is_not_believed,
    evidence_may_be_redacted,
    what_people_read_is_covered_too,
);

/// Events that the tests begin with.
const EVENTS: i64 = 4;

/// Every column of an event, and something else that it could hold.
const COLUMNS: &[(&str, &str)] = &[
    ("seq", "100"),
    ("id", "(SELECT id FROM import_run)"),
    ("consent_id", "(SELECT id FROM import_run)"),
    (
        "contact_id",
        "(SELECT o.contact_id FROM consent_event o WHERE o.contact_id <> consent_event.contact_id LIMIT 1)",
    ),
    ("purpose", "'research'"),
    ("party", "'acme'"),
    ("state", "'refused'"),
    ("occurred_at", "recorded_at"),
    ("recorded_at", "occurred_at"),
    ("actor", "'operator'"),
    ("channel", "'web_form'"),
    ("policy_version_id", "(SELECT id FROM import_run)"),
    ("policy_sha256", "terms_sha256"),
    ("wording_id", "(SELECT id FROM import_run)"),
    ("wording_sha256", "terms_sha256"),
    ("language", "'en'"),
    ("valid_until", "recorded_at"),
    ("address_hash", "terms_sha256"),
    ("terms_sha256", "address_hash"),
    ("detail", "'{\"source\":\"another\"}'"),
    ("detail_salt", "hash"),
    ("detail_hash", "hash"),
    ("prev_hash", "hash"),
    ("hash", "detail_hash"),
];

/// Somebody who owns the database: its guards and foreign keys do not stop them.
enum Burglar {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Burglar {
    async fn enter(desk: &Desk) -> Self {
        let url = &desk.url;
        let mut burglar = if url.starts_with("sqlite:") {
            let options: sqlx::sqlite::SqliteConnectOptions = url.parse().unwrap();
            Self::Sqlite(options.foreign_keys(false).connect().await.unwrap())
        } else {
            let options: sqlx::postgres::PgConnectOptions = url.parse().unwrap();
            Self::Postgres(options.connect().await.unwrap())
        };
        let disarm: &[&str] = match burglar {
            Self::Sqlite(_) => &[
                "DROP TRIGGER consent_event_is_append_only",
                "DROP TRIGGER consent_event_is_immutable",
            ],
            Self::Postgres(_) => &["SET session_replication_role = replica"],
        };
        for order in disarm {
            burglar.order(order).await;
        }
        burglar.order("CREATE TABLE loot AS SELECT * FROM consent_event").await;
        burglar.order("CREATE TABLE loot_head AS SELECT * FROM ledger_head").await;
        burglar
    }

    fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }

    /// How many rows it changed.
    async fn order(&mut self, text: &str) -> u64 {
        execute!(self.conn(), AssertSqlSafe(text)).unwrap()
    }

    /// Takes the guards of one more table away.
    async fn disarm(&mut self, table: &str) {
        if let Self::Sqlite(_) = self {
            self.order(&format!("DROP TRIGGER {table}_is_immutable")).await;
            self.order(&format!("DROP TRIGGER {table}_is_kept")).await;
        }
    }

    /// Puts the ledger back as it was.
    async fn undo(&mut self) {
        for order in [
            "DELETE FROM consent_event",
            "INSERT INTO consent_event SELECT * FROM loot",
            "DELETE FROM ledger_head",
            "INSERT INTO ledger_head SELECT * FROM loot_head",
        ] {
            self.order(order).await;
        }
    }
}

/// A ledger of four events of four people, half of them with words instead of an edition.
async fn burgled(desk: &Desk) -> Burglar {
    let worded = |who: &str| format!("{who}@example.kz,,ru,,,,news,,Form 7,2025-03-02,,Да");
    let rows = [
        consented("a@example.kz", "2025-03-01"),
        worded("b"),
        consented("c@example.kz", "2025-03-03"),
        worded("d"),
    ];
    desk.import(&rows).await;
    let names = [("kk".parse().unwrap(), "Акме".to_owned())].into();
    let added = parties::add(&desk.app, "acme".parse().unwrap(), names).await.unwrap();
    assert_eq!(added, parties::Added::New);
    assert_eq!(desk.events().await, EVENTS);
    Burglar::enter(desk).await
}

async fn said(desk: &Desk, kept: Option<&Head>) -> Result<i64, Broken> {
    consent::verify(&desk.app, kept).await.unwrap().map(|checked| checked.events)
}

async fn every_column_of_every_event_is_covered(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    for (column, value) in COLUMNS {
        let mut tried = 0;
        for seq in 1..=EVENTS {
            let change = format!(
                "UPDATE consent_event SET {column} = {value} WHERE seq = {seq} AND {column} IS NOT NULL"
            );
            if burglar.order(&change).await == 0 {
                continue;
            }
            tried += 1;
            let expected = match *column {
                "seq" => Broken::Missing(seq),
                "detail" | "detail_salt" => Broken::Evidence(seq),
                _ => Broken::Changed(seq),
            };
            assert_eq!(said(&desk, None).await, Err(expected), "{column} of event {seq}");
            burglar.undo().await;
        }
        assert!(tried >= 2, "{column}");
    }
    assert_eq!(said(&desk, None).await, Ok(EVENTS));
}

async fn an_event_that_is_gone_is_named(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    for seq in 1..EVENTS {
        burglar.order(&format!("DELETE FROM consent_event WHERE seq = {seq}")).await;
        assert_eq!(said(&desk, None).await, Err(Broken::Missing(seq)));
        let closed = format!("UPDATE consent_event SET seq = seq - 1 WHERE seq = {seq} + 1");
        burglar.order(&closed).await;
        assert_eq!(said(&desk, None).await, Err(Broken::Changed(seq)), "with the gap closed");
        burglar.undo().await;
    }
}

async fn events_in_another_order_are_found(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    for seq in 1..EVENTS {
        for (from, to) in [(seq, 100), (seq + 1, seq), (100, seq + 1)] {
            burglar.order(&format!("UPDATE consent_event SET seq = {to} WHERE seq = {from}")).await;
        }
        assert_eq!(said(&desk, None).await, Err(Broken::Changed(seq)));
        burglar.undo().await;
    }
}

async fn an_event_slipped_in_is_found(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    let copy = "CREATE TABLE copy AS SELECT * FROM consent_event WHERE seq = 2";
    burglar.order(copy).await;
    burglar.order("UPDATE copy SET seq = 5, id = (SELECT id FROM import_run)").await;
    burglar.order("INSERT INTO consent_event SELECT * FROM copy").await;
    assert_eq!(said(&desk, None).await, Err(Broken::Changed(5)));
    // Linked to the one before it, as somebody without the key can: the signed head does not cover it.
    let entries = store::ledger::entries_after(burglar.conn(), 3, 2).await.unwrap();
    let hash = event_hash(&entries[0].hash, 5, &entries[1].event);
    execute!(
        burglar.conn(),
        "UPDATE consent_event SET prev_hash = $1, hash = $2 WHERE seq = 5",
        entries[0].hash.as_slice(),
        hash.as_slice()
    )
    .unwrap();
    assert_eq!(said(&desk, None).await, Err(Broken::End { found: 5, signed: EVENTS }));
}

async fn a_cut_tail_is_found_by_the_signed_head(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    for left in (0..EVENTS).rev() {
        burglar.order(&format!("DELETE FROM consent_event WHERE seq > {left}")).await;
        assert_eq!(said(&desk, None).await, Err(Broken::End { found: left, signed: EVENTS }));
    }
    burglar.order("DELETE FROM ledger_head").await;
    assert_eq!(said(&desk, None).await, Err(Broken::NoHead));
}

async fn a_head_moved_back_is_found_by_its_signature(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    burglar.order("DELETE FROM consent_event WHERE seq = 4").await;
    let back =
        "UPDATE ledger_head SET seq = 3, hash = (SELECT hash FROM consent_event WHERE seq = 3)";
    burglar.order(back).await;
    assert_eq!(said(&desk, None).await, Err(Broken::Signature(3)));
    // Signed by a key of their own.
    let hash = store::ledger::entry(burglar.conn(), 3).await.unwrap().unwrap().hash;
    let forged = HeadSigner::from_seed(&[1; 32]).unwrap().sign(3, hash, desk.now());
    store::ledger::append(burglar.conn(), &[], &forged).await.unwrap();
    assert_eq!(said(&desk, None).await, Err(Broken::Signature(3)));
}

async fn kept_head(desk: &Desk) -> Head {
    consent::read_head(&consent::head(&desk.app).await.unwrap()).unwrap()
}

fn signer(desk: &Desk) -> HeadSigner {
    HeadSigner::from_seed(&desk.app.keys.ledger_key()).unwrap()
}

async fn a_tail_cut_by_who_has_the_keys_is_found_by_the_head_kept_elsewhere(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    let kept = kept_head(&desk).await;
    assert_eq!(said(&desk, Some(&kept)).await, Ok(EVENTS));
    burglar.order("DELETE FROM consent WHERE event_seq = 4").await;
    burglar.order("DELETE FROM consent_event WHERE seq = 4").await;
    let hash = store::ledger::entry(burglar.conn(), 3).await.unwrap().unwrap().hash;
    let head = signer(&desk).sign(3, hash, desk.now());
    store::ledger::append(burglar.conn(), &[], &head).await.unwrap();
    assert_eq!(said(&desk, None).await, Ok(3));
    assert_eq!(said(&desk, Some(&kept)).await, Err(Broken::End { found: 3, signed: EVENTS }));
}

async fn a_history_written_anew_by_who_has_the_keys_is_found_by_the_head_kept_elsewhere(
    desk: Desk,
) {
    let mut burglar = burgled(&desk).await;
    let kept = kept_head(&desk).await;
    let mut entries = store::ledger::entries_after(burglar.conn(), 0, EVENTS).await.unwrap();
    entries[1].event.occurred_at = desk.now();
    let mut last = GENESIS;
    for entry in &mut entries {
        entry.prev_hash = last;
        entry.hash = event_hash(&last, entry.seq, &entry.event);
        last = entry.hash;
    }
    burglar.order("DELETE FROM consent_event").await;
    let head = signer(&desk).sign(EVENTS, last, desk.now());
    store::ledger::append(burglar.conn(), &entries, &head).await.unwrap();
    consent::rebuild(&desk.app).await.unwrap();
    assert_eq!(said(&desk, None).await, Ok(EVENTS));
    assert_eq!(said(&desk, Some(&kept)).await, Err(Broken::Kept(EVENTS)));
}

async fn a_kept_head_that_somebody_else_signed_is_not_believed(desk: Desk) {
    let _burglar = burgled(&desk).await;
    let forged = HeadSigner::from_seed(&[1; 32]).unwrap().sign(2, [0; 32], desk.now());
    assert_eq!(said(&desk, Some(&forged)).await, Err(Broken::KeptSignature(2)));
    assert!(consent::read_head("{\"seq\": 2}").is_err());
}

async fn evidence_may_be_redacted(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    burglar.order("UPDATE consent_event SET detail = NULL, detail_salt = NULL WHERE seq = 2").await;
    assert_eq!(said(&desk, None).await, Ok(EVENTS));
}

async fn what_people_read_is_covered_too(desk: Desk) {
    let mut burglar = burgled(&desk).await;
    for table in ["policy_text", "wording", "consent_terms"] {
        burglar.disarm(table).await;
        burglar.order(&format!("CREATE TABLE {table}_loot AS SELECT * FROM {table}")).await;
        burglar.order(&format!("UPDATE {table} SET body = 'another'")).await;
        assert_eq!(said(&desk, None).await, Err(Broken::Text(table)));
        burglar.order(&format!("DELETE FROM {table}")).await;
        let first = if table == "wording" { 2 } else { 1 };
        assert_eq!(said(&desk, None).await, Err(Broken::NoText(first)), "{table}");
        burglar.order(&format!("INSERT INTO {table} SELECT * FROM {table}_loot")).await;
        assert_eq!(said(&desk, None).await, Ok(EVENTS));
    }
}
