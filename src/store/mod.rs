//! Remembers: all SQL of the program. One text for both databases; where wording must differ, only
//! the differing words do.
//!
//! Functions take a [`Conn`], so that a deed decides what stands in one transaction.

use std::{
    path::{Path, PathBuf},
    str::FromStr as _,
    time::Duration,
};

use chrono::{DateTime, Utc};
use sqlx::{
    Connection as _, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool,
    Transaction,
    pool::PoolConnection,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

mod bulk;
mod migrations;
mod row;

pub mod api_token;
pub mod audience;
pub mod campaign;
pub mod consent;
pub mod contact;
pub mod delivery;
pub mod departure;
pub mod draft;
pub mod figure;
pub mod finding;
pub mod import_job;
pub mod import_run;
pub mod ledger;
pub mod media;
pub mod node;
pub mod note;
pub mod party;
pub mod pinned_text;
pub mod policy;
pub mod purpose;
pub mod segment;
pub mod staff;
pub mod suppression;
pub mod test_mail;

/// Longest wait for a connection or for SQLite's writer.
const ACQUIRE_S_MAX: u64 = 30;
/// Connections to PostgreSQL per process, unless configured.
pub const POSTGRES_CONNECTIONS: u32 = 10;
/// A connection to PostgreSQL that was used so lately is there.
const TRUSTED: Duration = Duration::from_secs(1);
/// Statements that a connection to SQLite keeps prepared: one text per number of rows among them.
const STATEMENTS: usize = 250;
/// Rows that SQLite's thread reads ahead of who asked for them: more than a claim has.
const ROWS_AHEAD: usize = 256;
/// Cache of a reader, in kilobytes below zero as SQLite wants it. The writer's is 16 MB; if each of
/// the readers had as much, memory would grow with the database to 80 MB more than it needs.
const READER_CACHE: &str = "-4000";
/// Readers of the SQLite file per process.
const SQLITE_READERS: u32 = 4;

/// Later than anything: the year 9999, which both databases know.
pub const LATEST: DateTime<Utc> = DateTime::from_timestamp(253_402_300_000, 0).expect("a time");

/// What the database did wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The driver's error.
    #[error("the database refused or did not answer")]
    Sql(#[from] sqlx::Error),
    /// A row that this version cannot read.
    #[error("a row of {table} cannot be read: {what}")]
    Unreadable {
        /// Where it stands.
        table: &'static str,
        /// What is wrong with it.
        what: String,
    },
    /// A migration did not apply.
    #[error("the database could not be migrated")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// Not a database URL.
    #[error(
        "database.url must begin with sqlite:// (a file, such as sqlite://kelisim.db) or \
         postgres:// (such as postgres://user:password@host/kelisim)"
    )]
    Url,
}

impl Error {
    /// For rows whose words are not known.
    pub fn unreadable(table: &'static str, what: impl Into<String>) -> Self {
        Self::Unreadable { table, what: what.into() }
    }

    /// Whether a row holds what no version of this program writes.
    #[must_use]
    pub const fn is_unreadable(&self) -> bool {
        matches!(
            self,
            Self::Unreadable { .. }
                | Self::Sql(sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_))
        )
    }

    /// Whether a UNIQUE constraint was hit.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Sql(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// What a store function gives back.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The database, whichever it is.
#[derive(Debug, Clone)]
pub struct Store(Pools);

#[derive(Debug, Clone)]
enum Pools {
    /// One writer (SQLite has room for one) and several readers.
    Sqlite {
        write: SqlitePool,
        read: SqlitePool,
        file: PathBuf,
    },
    Postgres(PgPool),
}

/// One connection, whichever it is.
#[derive(Debug)]
pub enum Conn<'c> {
    /// To the embedded database.
    Sqlite(&'c mut SqliteConnection),
    /// To the server.
    Postgres(&'c mut PgConnection),
}

impl Conn<'_> {
    /// The same connection for a shorter time, to be used again afterwards.
    pub fn again(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

/// Runs one query text on whichever database is at hand.
macro_rules! on {
    ($conn:expr, $db:ident => $body:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($db) => $body,
            $crate::store::Conn::Postgres($db) => $body,
        }
    };
}
pub(crate) use on;

/// A transaction that writes. Dropped without [`Tx::commit`], it is rolled back.
#[derive(Debug)]
pub enum Tx {
    /// Holds SQLite's one writer.
    Sqlite(Transaction<'static, Sqlite>),
    /// On the server.
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// The connection to run statements on.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(tx) => Conn::Sqlite(tx),
            Self::Postgres(tx) => Conn::Postgres(tx),
        }
    }

    /// Makes it durable.
    ///
    /// # Errors
    /// The database's; then nothing of it happened.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// A connection for reading.
#[derive(Debug)]
pub enum Reader {
    /// One of SQLite's readers.
    Sqlite(PoolConnection<Sqlite>),
    /// On the server.
    Postgres(PoolConnection<Postgres>),
}

impl Reader {
    /// The connection to run queries on.
    pub fn conn(&mut self) -> Conn<'_> {
        match self {
            Self::Sqlite(conn) => Conn::Sqlite(conn),
            Self::Postgres(conn) => Conn::Postgres(conn),
        }
    }
}

impl Store {
    /// Connects to `sqlite://FILE` (made if missing) or `postgres://…`, with at most
    /// `connections` to a server. Does not migrate.
    ///
    /// # Errors
    /// [`Error::Url`], or that the database cannot be reached.
    pub async fn connect(url: &str, connections: u32) -> Result<Self> {
        if url.starts_with("sqlite:") {
            Self::open_sqlite(url).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let options = PgConnectOptions::from_str(url)?.application_name("kelisim");
            let pool = PgPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(ACQUIRE_S_MAX))
                // Asked whether it is still there only when nobody has used it for a while: asking
                // each time is one more round trip per transaction.
                .test_before_acquire(false)
                .before_acquire(|conn, about| {
                    let is_trusted = about.idle_for < TRUSTED;
                    Box::pin(async move { Ok(is_trusted || conn.ping().await.is_ok()) })
                })
                .connect_with(options)
                .await?;
            Ok(Self(Pools::Postgres(pool)))
        } else {
            Err(Error::Url)
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self> {
        // FULL, because an acknowledged withdrawal and a mark before a body must outlive a power cut.
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(ACQUIRE_S_MAX))
            .statement_cache_capacity(STATEMENTS)
            .row_buffer_size(ROWS_AHEAD)
            .pragma("cache_size", "-16000")
            .pragma("wal_autocheckpoint", "4000")
            .pragma("temp_store", "memory");
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(ACQUIRE_S_MAX))
                .test_before_acquire(false)
                // On a full disk SQLite ends a transaction by itself, and the driver still counts
                // it: such a connection could never begin another one.
                .before_acquire(|conn, _| Box::pin(async { Ok(!conn.is_in_transaction()) }))
        };
        let file = options.get_filename().to_owned();
        let write = pool(1).connect_with(options.clone()).await?;
        let reading = options.read_only(true).pragma("cache_size", READER_CACHE);
        let read = pool(SQLITE_READERS).connect_with(reading).await?;
        Ok(Self(Pools::Sqlite { write, read, file }))
    }

    /// Whether this is the embedded database, for which one engine at a time may run.
    #[must_use]
    pub const fn is_embedded(&self) -> bool {
        matches!(self.0, Pools::Sqlite { .. })
    }

    /// The file of the embedded database.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.0 {
            Pools::Sqlite { file, .. } => Some(file),
            Pools::Postgres(_) => None,
        }
    }

    /// A connection for reading.
    ///
    /// # Errors
    /// When none comes free within 30 s.
    pub async fn read(&self) -> Result<Reader> {
        Ok(match &self.0 {
            Pools::Sqlite { read, .. } => Reader::Sqlite(read.acquire().await?),
            Pools::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
        })
    }

    /// A transaction that may write. On SQLite it takes the writer at once: a transaction that
    /// reads first and writes later would fail instead of waiting.
    ///
    /// # Errors
    /// When none comes free within 30 s.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match &self.0 {
            Pools::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Pools::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// A view of the whole database as it stands at the first read. Never committed.
    ///
    /// # Errors
    /// When no connection comes free within 30 s.
    pub async fn snapshot(&self) -> Result<Tx> {
        const AS_IT_STANDS: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        Ok(match &self.0 {
            Pools::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Pools::Postgres(pool) => Tx::Postgres(pool.begin_with(AS_IT_STANDS).await?),
        })
    }

    /// Closes all connections, letting running statements end.
    pub async fn close(&self) {
        match &self.0 {
            Pools::Sqlite { write, read, .. } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}
