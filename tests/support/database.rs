//! A fresh database for each test: a SQLite file in a temporary folder, or a database of its own on
//! the PostgreSQL server that `KELISIM_TEST_POSTGRES_URL` names.

use std::{
    hash::{BuildHasher as _, RandomState},
    panic::{AssertUnwindSafe, resume_unwind},
    str::FromStr as _,
};

use futures_util::FutureExt as _;
use kelisim::store::Store;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, SqlSafeStr as _, postgres::PgConnectOptions,
};
use tempfile::TempDir;

const NO_SERVER: &str = "this test needs PostgreSQL: run scripts/test, which starts one, or set \
    KELISIM_TEST_POSTGRES_URL to a PostgreSQL >= 15 server on which databases may be created";

/// Connections of a store in a test.
const CONNECTIONS: u32 = 4;

/// An empty database, not migrated yet.
#[derive(Debug)]
pub(crate) enum Database {
    /// The file's folder lives as long as this.
    Sqlite(TempDir),
    /// A database on the server.
    Postgres { server: Box<PgConnectOptions>, name: String },
}

impl Database {
    pub(crate) fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a temporary folder"))
    }

    /// # Panics
    /// Without a server: a test that did not run has not passed.
    pub(crate) async fn postgres() -> Self {
        let url = std::env::var("KELISIM_TEST_POSTGRES_URL").expect(NO_SERVER);
        let server = Box::new(PgConnectOptions::from_str(&url).expect(NO_SERVER));
        let name = format!("kelisim_test_{:016x}", RandomState::new().hash_one(&url));
        order(&server, format!("CREATE DATABASE {name} TEMPLATE template0")).await;
        Self::Postgres { server, name }
    }

    /// Where it is, as `database.url` of the configuration takes it.
    pub(crate) fn url(&self) -> String {
        use sqlx::ConnectOptions as _;
        match self {
            Self::Sqlite(folder) => format!("sqlite://{}/kelisim.db", folder.path().display()),
            Self::Postgres { server, name } => {
                PgConnectOptions::clone(server).database(name).to_url_lossy().to_string()
            }
        }
    }

    /// One more process, as it were. Does not migrate.
    pub(crate) async fn connect(&self) -> Store {
        Store::connect(&self.url(), CONNECTIONS).await.expect("the test's database answers")
    }

    pub(crate) async fn remove(self) {
        if let Self::Postgres { server, name } = self {
            order(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn order(server: &PgConnectOptions, text: String) {
    let mut conn = PgConnection::connect_with(server).await.expect(NO_SERVER);
    let text = AssertSqlSafe(text).into_sql_str();
    sqlx::raw_sql(text).execute(&mut conn).await.expect("databases may be created on the server");
    conn.close().await.expect("the server lets go");
}

/// What a test asks to be handed.
pub(crate) trait Given: Sized {
    fn given(database: &Database) -> impl Future<Output = Self>;
}

/// A store that has been migrated.
impl Given for Store {
    async fn given(database: &Database) -> Self {
        let store = database.connect().await;
        store.migrate().await.expect("the migrations apply");
        store
    }
}

/// The place of an empty database, for tests that connect themselves.
#[derive(Debug)]
pub(crate) struct Place(pub(crate) String);

impl Given for Place {
    async fn given(database: &Database) -> Self {
        Self(database.url())
    }
}

impl Place {
    pub(crate) async fn connect(&self) -> Store {
        Store::connect(&self.0, CONNECTIONS).await.expect("the test's database answers")
    }
}

/// Runs a test on a database of its own and removes that, also after a panic.
pub(crate) async fn run<G: Given, F: Future<Output = ()>>(database: Database, test: fn(G) -> F) {
    let given = G::given(&database).await;
    let outcome = AssertUnwindSafe(test(given)).catch_unwind().await;
    database.remove().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Makes of each async function, which takes a [`Given`], two tests: `name::sqlite` and
/// `name::postgres`.
macro_rules! on_both {
    ($($test:ident),+ $(,)?) => {$(
        mod $test {
            use crate::support::database::{Database, run};

            #[tokio::test]
            async fn sqlite() {
                run(Database::sqlite(), super::$test).await;
            }

            #[tokio::test]
            async fn postgres() {
                run(Database::postgres().await, super::$test).await;
            }
        }
    )+};
}
pub(crate) use on_both;

/// Runs a statement as somebody with the database's password could, not by way of the store: what
/// the schema itself must refuse or show.
macro_rules! execute {
    ($conn:expr, $text:expr $(, $value:expr)* $(,)?) => {
        match $conn {
            kelisim::store::Conn::Sqlite(db) => {
                sqlx::query($text)$(.bind($value))*.execute(db).await.map(|done| done.rows_affected())
            }
            kelisim::store::Conn::Postgres(db) => {
                sqlx::query($text)$(.bind($value))*.execute(db).await.map(|done| done.rows_affected())
            }
        }
    };
}
pub(crate) use execute;
