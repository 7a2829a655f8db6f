//! Both databases have the same schema, and getting there is safe.

use std::collections::BTreeMap;

use kelisim::store::{Conn, Store};

use crate::support::database::{Database, Given as _, Place, on_both};

on_both!(migrating_again_changes_nothing, processes_that_start_at_once_migrate_once,);

async fn migrating_again_changes_nothing(store: Store) {
    let before = columns(&store).await;
    store.migrate().await.unwrap();
    assert_eq!(columns(&store).await, before);
}

async fn processes_that_start_at_once_migrate_once(place: Place) {
    let mut starting = Vec::new();
    for _ in 0..6 {
        let store = place.connect().await;
        starting.push(tokio::spawn(async move { store.migrate().await }));
    }
    for process in starting {
        process.await.unwrap().unwrap();
    }
    let store = place.connect().await;
    assert!(columns(&store).await.contains_key("delivery.consent_seq"));
}

/// What a column may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Column {
    nullable: bool,
    primary_key: bool,
}

#[tokio::test]
async fn both_databases_have_the_same_tables_columns_and_nullability() {
    let server = Database::postgres().await;
    let sqlite = columns(&Store::given(&Database::sqlite()).await).await;
    let postgres = columns(&Store::given(&server).await).await;
    server.remove().await;
    assert!(sqlite.len() > 100, "the catalogue of {} columns is read wrongly", sqlite.len());
    assert_eq!(sqlite, postgres);
}

/// All but what people are found by: each database has its own index for that.
async fn columns(store: &Store) -> BTreeMap<String, Column> {
    let mut reader = store.read().await.unwrap();
    let rows: Vec<(String, bool, bool)> = match reader.conn() {
        Conn::Sqlite(db) => sqlx::query_as(
            "SELECT t.name || '.' || c.name, c.\"notnull\" = 0 AND c.pk = 0, c.pk > 0 \
             FROM sqlite_schema t, pragma_table_info(t.name) c \
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' \
             AND t.name NOT LIKE 'contact_find%'",
        )
        .fetch_all(db)
        .await,
        Conn::Postgres(db) => sqlx::query_as(
            "SELECT c.table_name || '.' || c.column_name, c.is_nullable = 'YES', EXISTS (SELECT 1 \
             FROM information_schema.table_constraints t JOIN information_schema.key_column_usage k \
             USING (constraint_name, table_schema, table_name) WHERE t.constraint_type = 'PRIMARY KEY' \
             AND t.table_name = c.table_name AND k.column_name = c.column_name) \
             FROM information_schema.columns c WHERE c.table_schema = 'public' \
             AND c.table_name NOT LIKE '\\_sqlx%' AND c.table_name <> 'contact_find'",
        )
        .fetch_all(db)
        .await,
    }
    .unwrap();
    rows.into_iter()
        .map(|(name, nullable, primary_key)| (name, Column { nullable, primary_key }))
        .collect()
}
