//! Being one of possibly many nodes: heartbeat, and taking over from those that are gone.

use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Result},
    domain::id::NodeId,
    store::{self, Tx},
};

use super::Error;

/// Another process has the embedded database's engine.
#[derive(Debug, thiserror::Error)]
pub enum AlreadyRunning {
    /// It holds the lock.
    #[error(
        "another kelisim process is already sending from this SQLite database (lock file {}): stop it first, \
         or use PostgreSQL for several nodes", .0.display()
    )]
    Locked(PathBuf),
    /// The lock file cannot be used.
    #[error("the lock file {} cannot be opened", .0.display())]
    Unusable(PathBuf, #[source] io::Error),
}

/// Held by the one engine of an embedded database; the system frees it when the process ends,
/// however it ends.
#[derive(Debug)]
pub struct EngineLock(#[expect(dead_code, reason = "held for its lock")] File);

impl EngineLock {
    /// Takes the lock that belongs to a database file.
    ///
    /// # Errors
    /// [`AlreadyRunning`].
    pub fn take(database: &Path) -> Result<Self, AlreadyRunning> {
        let path = database.with_extension("engine-lock");
        let unusable = |error| AlreadyRunning::Unusable(path.clone(), error);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(AlreadyRunning::Locked(path)),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}

/// Whether this process' engine still shows signs of life.
#[derive(Debug, Clone)]
pub struct Pulse {
    last: Arc<Mutex<Option<Instant>>>,
    timeout: Duration,
}

impl Pulse {
    pub(super) fn new(timeout: Duration) -> Self {
        Self { last: Arc::default(), timeout }
    }

    /// Whether the latest heartbeat reached the database within the node timeout.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|last| last.elapsed() < self.timeout)
    }

    fn mark(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

/// Enters this node. On the embedded database every other node is gone: we hold the lock.
pub(super) async fn enter(app: &App, node: NodeId) -> Result<()> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    if app.store.is_embedded() {
        for dead in store::node::running(tx.conn()).await? {
            take_over(app, &mut tx, dead.id).await?;
        }
    }
    store::node::insert(tx.conn(), node, env!("CARGO_PKG_VERSION"), now).await?;
    tx.commit().await?;
    tracing::info!(%node, "engine started");
    Ok(())
}

/// Gives back what this node still holds and strikes it off.
pub(super) async fn leave(app: &App, node: NodeId) -> Result<()> {
    let mut tx = app.store.begin().await?;
    take_over(app, &mut tx, node).await?;
    tx.commit().await?;
    tracing::info!(%node, "engine stopped");
    Ok(())
}

/// Shows signs of life, three in each node timeout, until stopped. When another node has declared
/// this one dead, `struck` is cancelled: what it held was given away.
pub(super) async fn beat(
    app: Arc<App>,
    node: NodeId,
    pulse: Pulse,
    stop: CancellationToken,
    struck: CancellationToken,
) {
    let mut ticks = interval(pulse.timeout / 3);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while stop.run_until_cancelled(ticks.tick()).await.is_some() {
        match beat_once(&app, node).await {
            Ok(true) => pulse.mark(),
            Ok(false) => struck.cancel(),
            Err(error) => tracing::warn!(%node, %error, "the heartbeat did not reach the database"),
        }
    }
}

async fn beat_once(app: &App, node: NodeId) -> Result<bool> {
    let mut tx = app.store.begin().await?;
    let alive = store::node::beat(tx.conn(), node, app.now()).await?;
    tx.commit().await?;
    Ok(alive)
}

/// Takes over from nodes whose heartbeat is older than the timeout, until stopped.
pub(super) async fn reap(
    app: Arc<App>,
    node: NodeId,
    timeout: Duration,
    stop: CancellationToken,
) -> Result<(), Error> {
    while stop.run_until_cancelled(sleep(timeout / 2)).await.is_some() {
        if let Err(error) = reap_once(&app, node, timeout).await {
            tracing::warn!(%error, "looking for dead nodes failed");
        }
    }
    Ok(())
}

async fn reap_once(app: &App, node: NodeId, timeout: Duration) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let now = app.now();
    for other in store::node::running(tx.conn()).await? {
        let silent = (now - other.heartbeat_at).to_std().is_ok_and(|age| age > timeout);
        if other.id != node && silent {
            take_over(app, &mut tx, other.id).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn take_over(app: &App, tx: &mut Tx, gone: NodeId) -> Result<()> {
    let now = app.now();
    store::node::stop(tx.conn(), gone, now).await?;
    let reaped = store::delivery::reap(tx.conn(), gone, now).await?;
    if reaped != store::delivery::Reaped::default() {
        let (queued, uncertain) = (reaped.queued, reaped.uncertain);
        tracing::warn!(node = %gone, queued, uncertain, "settled what a node had held");
        app.work.notify_one();
    }
    Ok(())
}
