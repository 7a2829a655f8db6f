//! Brings a database to the schema of this version. The scripts travel in the binary.

use std::borrow::Cow;

use rust_embed::RustEmbed;
use sqlx::{
    AssertSqlSafe, SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
};

use super::{Error, Pools, Result, Store};

#[derive(RustEmbed)]
#[folder = "migrations/sqlite"]
struct ForSqlite;

#[derive(RustEmbed)]
#[folder = "migrations/postgres"]
struct ForPostgres;

impl Store {
    /// Applies what has not been applied yet, in order. Safe to run from several nodes at once:
    /// PostgreSQL's is guarded by an advisory lock, SQLite's by taking the writer before looking.
    ///
    /// # Errors
    /// That a script failed, or that one already applied differs from ours.
    pub async fn migrate(&self) -> Result<()> {
        match &self.0 {
            Pools::Sqlite { write, .. } => {
                let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
                // Not `run`: its future could not be sent to another thread.
                migrator::<ForSqlite>()?.run_direct(None, &mut *tx, false).await?;
                tx.commit().await?;
            }
            Pools::Postgres(pool) => migrator::<ForPostgres>()?.run(pool).await?,
        }
        Ok(())
    }
}

fn migrator<Scripts: RustEmbed>() -> Result<Migrator> {
    let migrations = Scripts::iter().map(|name| read::<Scripts>(&name)).collect::<Result<_>>()?;
    Ok(Migrator::with_migrations(migrations))
}

fn read<Scripts: RustEmbed>(name: &str) -> Result<Migration> {
    let unreadable = || Error::unreadable("migrations", name);
    let (number, description) =
        name.trim_end_matches(".sql").split_once('_').ok_or_else(unreadable)?;
    let script = Scripts::get(name).ok_or_else(unreadable)?;
    let text = String::from_utf8(script.data.into_owned()).map_err(|_| unreadable())?;
    Ok(Migration::new(
        number.parse().map_err(|_| unreadable())?,
        Cow::Owned(description.replace('_', " ")),
        MigrationType::Simple,
        AssertSqlSafe(text).into_sql_str(),
        false,
    ))
}
