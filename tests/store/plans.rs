//! What the engine asks all the time costs the same however much was sent before: no question walks
//! over the rows of a large campaign.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use kelisim::{
    domain::{
        audience::{Audience, Clause},
        campaign::Campaign,
        consent::State as ConsentState,
        delivery::State,
        id::{DeliveryId, NodeId},
        party::PartyKey,
    },
    store::{
        self, Conn, Tx,
        audience::{Question, people_after},
        delivery::{End, Outcome},
        figure::{self, Filter, Walk},
    },
};

use crate::support::{
    database::{execute, on_both},
    scene::{Scene, purpose},
};

on_both!(nothing_that_is_asked_all_the_time_walks_over_a_campaign);

/// Half of them sent, half of them queued.
const DELIVERIES: i64 = 100_000;
/// How many are taken at once.
const BATCH: i64 = 100;
/// Instructions of SQLite's machine for a batch. To look at each row of the campaign takes at least
/// three instructions for each.
const SQLITE_STEPS_MAX: u64 = 100_000;
/// Rows that PostgreSQL looks at for a batch.
const POSTGRES_ROWS_MAX: u64 = 5_000;

async fn nothing_that_is_asked_all_the_time_walks_over_a_campaign(scene: Scene) {
    let campaign = a_large_campaign(&scene).await;
    for analysed in [false, true] {
        if analysed {
            let mut tx = scene.store.begin().await.unwrap();
            execute!(tx.conn(), "ANALYZE").unwrap();
            tx.commit().await.unwrap();
        }
        round(&scene, &campaign, analysed).await;
    }
}

/// One round of the engine, rolled back at the end.
async fn round(scene: &Scene, campaign: &Campaign, analysed: bool) {
    let (node, now) = (NodeId(scene.id()), scene.now());
    let mut tx = scene.store.begin().await.unwrap();
    if let Conn::Postgres(db) = tx.conn() {
        // What a server does by itself after some repetitions: a plan for any campaign and limit.
        let text = "SET LOCAL plan_cache_mode = force_generic_plan";
        sqlx::query(text).execute(db).await.unwrap();
    }
    let mut ids: Vec<DeliveryId> = Vec::new();
    bounded(&mut tx, "candidates", async |conn| {
        let found = store::delivery::candidates(conn, campaign, now, BATCH).await.unwrap();
        ids = found.iter().map(|one| one.id).collect();
    })
    .await;
    assert_eq!(ids.len(), 100);
    bounded(&mut tx, "claim", async |conn| {
        store::delivery::claim(conn, &ids, node, now).await.unwrap();
    })
    .await;
    bounded(&mut tx, "mark_handing", async |conn| {
        let may = store::delivery::mark_handing(conn, &ids, node, now).await.unwrap();
        assert_eq!(may.len(), 100);
    })
    .await;
    bounded(&mut tx, "is_open", async |conn| {
        assert!(store::delivery::is_open(conn, campaign.id).await.unwrap());
    })
    .await;
    let (sent, back) = ids.split_at(40);
    let sent = sent.iter().map(|id| Outcome { id: *id, end: End::Sent, attempt: None });
    let again = End::Queued { due_at: now };
    let back = back[..30].iter().map(|id| Outcome { id: *id, end: again.clone(), attempt: None });
    let outcomes: Vec<Outcome> = sent.chain(back).collect();
    bounded(&mut tx, "record", async |conn| {
        store::delivery::record(conn, &outcomes, node, now).await.unwrap();
    })
    .await;
    bounded(&mut tx, "reap", async |conn| {
        assert_eq!(store::delivery::reap(conn, node, now).await.unwrap().uncertain, 30);
    })
    .await;
    bounded(&mut tx, "next_due", async |conn| {
        assert_eq!(store::delivery::next_due(conn, campaign.id).await.unwrap(), Some(now));
    })
    .await;
    bounded(&mut tx, "cancel_queued", async |conn| {
        let skipped = store::delivery::cancel_queued(conn, campaign.id, now, BATCH).await.unwrap();
        assert_eq!(skipped, 100);
    })
    .await;
    the_audience_is_read_by_pages(scene, &mut tx).await;
    figures_read_what_is_new(scene, campaign, &mut tx).await;
    // Who is of a domain is found well once the server knows its contacts.
    let there = Filter { domain: Some("example.kz".to_owned()), ..Filter::default() };
    if analysed {
        people_are_listed(&mut tx, campaign, &there, Walk::ByDomain, 100).await;
    }
    execute!(tx.conn(), "UPDATE campaign SET state = 'cancelled'").unwrap();
    bounded(&mut tx, "ended_with_queue", async |conn| {
        let told = store::campaign::ended_with_queue(conn).await.unwrap();
        assert_eq!(told, [campaign.id]);
    })
    .await;
    execute!(tx.conn(), "UPDATE delivery SET state = 'sent' WHERE state = 'queued'").unwrap();
    bounded(&mut tx, "is_open at the end", async |conn| {
        assert!(!store::delivery::is_open(conn, campaign.id).await.unwrap());
    })
    .await;
}

async fn the_audience_is_read_by_pages(scene: &Scene, tx: &mut Tx) {
    let (news, party) = (purpose("news"), PartyKey::institution());
    let audience = Audience {
        include: vec![Clause::Not(Box::new(Clause::Tag(vec!["staff".to_owned()])))],
        exclude: vec![],
    };
    let question =
        Question { audience: &audience, purpose: &news, party: &party, now: scene.now() };
    let mut last = None;
    for page in ["people_after", "people_after a page"] {
        bounded(tx, page, async |conn| {
            let people = people_after(conn, question, last, BATCH).await.unwrap();
            assert_eq!(people.len(), 100);
            last = people.last().map(|person| person.contact_id);
        })
        .await;
    }
}

async fn figures_read_what_is_new(scene: &Scene, campaign: &Campaign, tx: &mut Tx) {
    let (id, now) = (campaign.id, scene.now());
    execute!(tx.conn(), FAILED).unwrap();
    let mut groups = Vec::new();
    bounded(tx, "groups", async |conn| groups = figure::groups(conn, id).await.unwrap()).await;
    assert_eq!(groups.len(), 3, "sent, failed, and skipped because cancelled");
    let mut sent = groups.swap_remove(0);
    for what in ["batch", "batch a page on"] {
        bounded(tx, what, async |conn| {
            let batch = figure::batch(conn, id, &sent, now, BATCH).await.unwrap();
            assert_eq!(batch.len(), 100);
            sent.upto = (batch[99].at, batch[99].id);
        })
        .await;
    }
    sent.upto = (now, DeliveryId(uuid::Uuid::max()));
    // PostgreSQL, told that all ended at one moment, still reads the group through: known, not solved.
    if matches!(tx, Tx::Sqlite(_)) {
        bounded(tx, "newer_than", async |conn| {
            assert_eq!(figure::newer_than(conn, id, &sent).await.unwrap(), 0);
        })
        .await;
    }
    let of = |state| Filter { state: Some(state), ..Filter::default() };
    people_are_listed(tx, campaign, &of(State::Sent), Walk::AsEnded, 100).await;
    people_are_listed(tx, campaign, &of(State::Skipped), Walk::AsEnded, 100).await;
    people_are_listed(tx, campaign, &of(State::Uncertain), Walk::AsEnded, 0).await;
    people_are_listed(tx, campaign, &of(State::Queued), Walk::AsDue, 100).await;
    people_are_listed(tx, campaign, &Filter::default(), Walk::ByContact, 100).await;
}

/// The first page has `found` people at least, and the next one begins after it.
async fn people_are_listed(
    tx: &mut Tx,
    campaign: &Campaign,
    filter: &Filter,
    walk: Walk,
    found: usize,
) {
    let mut place = None;
    for page in 0..2 {
        bounded(tx, &format!("people {walk:?} {page}"), async |conn| {
            let after = place.as_ref();
            let people = figure::people(conn, campaign.id, filter, walk, after, BATCH).await;
            let people = people.unwrap();
            place = people.last().map(|one| one.place(walk));
            assert!(people.len() >= found || page == 1, "{walk:?} {filter:?}");
        })
        .await;
    }
}

/// Asserts that a deed looks at no more than its batch needs.
async fn bounded(tx: &mut Tx, what: &str, deed: impl AsyncFnOnce(Conn<'_>)) {
    let (effort, limit) = match tx {
        Tx::Sqlite(db) => {
            let steps = Arc::new(AtomicU64::new(0));
            let counter = steps.clone();
            let count = move || {
                counter.fetch_add(100, Ordering::Relaxed);
                true
            };
            db.lock_handle().await.unwrap().set_progress_handler(100, count);
            deed(Conn::Sqlite(db)).await;
            db.lock_handle().await.unwrap().remove_progress_handler();
            (steps.load(Ordering::Relaxed), SQLITE_STEPS_MAX)
        }
        Tx::Postgres(db) => {
            let before = rows_read(db).await;
            deed(Conn::Postgres(db)).await;
            (rows_read(db).await - before, POSTGRES_ROWS_MAX)
        }
    };
    assert!(effort < limit, "{what} took {effort}, more than {limit}");
}

/// Rows that this transaction has looked at.
async fn rows_read(db: &mut sqlx::PgConnection) -> u64 {
    const READ: &str = "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint \
        FROM pg_stat_xact_user_tables";
    let rows: i64 = sqlx::query_scalar(READ).fetch_one(db).await.unwrap();
    u64::try_from(rows).unwrap()
}

async fn a_large_campaign(scene: &Scene) -> Campaign {
    let campaign = scene.a_running_campaign().await;
    let somebody = scene.a_contact("somebody@example.kz").await;
    let mut tx = scene.store.begin().await.unwrap();
    let event = scene.an_event(&somebody, "news", ConsentState::Given, scene.now());
    scene.append(&mut tx, event).await;
    for (sqlite, postgres) in [(SQLITE_PEOPLE, POSTGRES_PEOPLE), (CONSENTS, CONSENTS)] {
        let now = scene.now();
        let done = match tx.conn() {
            Conn::Sqlite(db) => {
                let query = sqlx::query(sqlite).bind(now).bind(DELIVERIES);
                query.execute(db).await.map(|done| done.rows_affected())
            }
            Conn::Postgres(db) => {
                let query = sqlx::query(postgres).bind(now).bind(DELIVERIES);
                query.execute(db).await.map(|done| done.rows_affected())
            }
        };
        assert!(done.unwrap() >= 100_000);
    }
    let done = execute!(tx.conn(), DELIVERED, scene.now(), DELIVERIES, campaign.id.0).unwrap();
    assert_eq!(done, 100_000);
    tx.commit().await.unwrap();
    campaign
}

const SQLITE_PEOPLE: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2) \
    INSERT INTO contact (id, address, address_hash, address_state, attributes, external_id, created_at, updated_at) \
    SELECT unhex(printf('01910000000070008000%012x', i)), 'a' || i || '@example.kz', unhex(printf('%064x', i)), \
    'ok', '{}', i, $1, $1 FROM n";
const POSTGRES_PEOPLE: &str = "INSERT INTO contact (id, address, address_hash, address_state, attributes, \
    external_id, created_at, updated_at) \
    SELECT ('01910000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid, 'a' || i || '@example.kz', \
    sha256(i::text::bytea), 'ok', '{}', i, $1, $1 FROM generate_series(1, $2) n (i)";
const FAILED: &str = "UPDATE delivery SET state = 'failed', reason = 'policy' WHERE state = 'sent' AND contact_id IN \
    (SELECT id FROM contact WHERE CAST(external_id AS INTEGER) <= 40000)";
const CONSENTS: &str = "INSERT INTO consent (id, contact_id, purpose, party, state, since, valid_until, event_seq) \
    SELECT id, id, 'news', 'institution', 'given', $1, $1, 1 FROM contact WHERE $2 > 0";
const DELIVERED: &str = "INSERT INTO delivery (id, campaign_id, contact_id, state, consent_seq, due_at, attempts, \
    gate_at, state_since, created_at) SELECT id, $3, id, \
    CASE WHEN CAST(external_id AS INTEGER) * 2 <= $2 THEN 'sent' ELSE 'queued' END, 1, $1, 0, $1, $1, $1 \
    FROM contact WHERE external_id IS NOT NULL";
