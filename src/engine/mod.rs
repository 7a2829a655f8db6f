//! What wakes by itself: idempotent background tasks, woken by a signal and by a period, bounded.
//!
//! A restart, a second node and a missed signal are not special: what a task has to do stands in
//! the database, and who does it is decided there.

mod driver;
mod expander;
mod figures;
mod housekeeping;
mod judge;
mod letters;
mod node;
mod pacer;
mod recorder;
mod relays;
mod scheduler;
mod settings;
mod test_mails;
mod watch;
mod worker;

pub use node::{AlreadyRunning, EngineLock, Pulse};
pub use relays::{RelayHealth, Relays};
pub use settings::{EngineSettings, MailSettings, RelaySettings, SigningDomain};

use std::{sync::Arc, time::Duration};

use tokio::{sync::mpsc, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{App, Result},
    domain::id::NodeId,
    store,
};

/// Why the engine stopped before it was told to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A deed failed that the engine cannot do without.
    #[error(transparent)]
    App(#[from] crate::app::Error),
    /// The ticker of timed starts could not be made.
    #[error("the scheduler could not be started")]
    Scheduler(#[from] tokio_cron_scheduler::JobSchedulerError),
    /// A task ended that should not.
    #[error("a background task of the engine ended unexpectedly")]
    TaskEnded,
}

/// Longest wait at a stop for outcomes to reach the database, and for the node to be struck off:
/// without that others find what it held by its missing heartbeat.
const LEAVE_MAX: Duration = Duration::from_secs(10);

/// The engine of one process: sends what is due until it is told to stop.
#[derive(Debug)]
pub struct Engine {
    app: Arc<App>,
    settings: Arc<EngineSettings>,
    relays: Arc<Relays>,
    pulse: node::Pulse,
}

impl Engine {
    /// An engine for these relays and keys. Nothing runs yet.
    #[must_use]
    pub fn new(app: Arc<App>, settings: EngineSettings) -> Self {
        let relays = Arc::new(Relays::new(&settings.relays));
        let pulse = node::Pulse::new(settings.node_timeout);
        Self { app, settings: Arc::new(settings), relays, pulse }
    }

    /// Tells whether the engine's heartbeat is fresh, from any thread.
    #[must_use]
    pub fn pulse(&self) -> node::Pulse {
        self.pulse.clone()
    }

    /// The health of its relays, from any thread.
    #[must_use]
    pub fn relays(&self) -> Arc<Relays> {
        Arc::clone(&self.relays)
    }

    /// Runs until `stop` is cancelled: then claims nothing more, lets what is being handed over
    /// end within the bound, and gives back the rest.
    ///
    /// # Errors
    /// That it could not begin, or that a task failed for good; `stop` is cancelled then.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Error> {
        loop {
            let outcome = self.run_as_node(&stop.child_token()).await;
            if outcome.is_err() {
                stop.cancel();
            }
            if stop.is_cancelled() {
                return outcome;
            }
            tracing::warn!("another node had declared this one dead; it goes on as a new one");
        }
    }

    /// As one node, until `stop`, or until others have declared it dead: then what it held is no
    /// longer its own, and only a new node can be told from it.
    async fn run_as_node(&self, stop: &CancellationToken) -> Result<(), Error> {
        let node = NodeId(self.app.entropy.uuid(self.app.now()));
        node::enter(&self.app, node).await?;
        let outcome = self.run_tasks(node, stop).await;
        match timeout(LEAVE_MAX, node::leave(&self.app, node)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%node, %error, "the engine could not be struck off"),
            Err(_) => tracing::warn!(%node, "the engine could not be struck off in time"),
        }
        outcome
    }

    async fn run_tasks(&self, node: NodeId, stop: &CancellationToken) -> Result<(), Error> {
        let (notes, inbox) = mpsc::channel(recorder::NOTES_MAX);
        // The recorder and the heartbeat outlive the senders: they have outcomes to bring home.
        let beating = CancellationToken::new();
        let connections = self.settings.relays.iter().map(|relay| relay.connections.get()).sum();
        let mut recorder = tokio::spawn(recorder::run(self.app(), node, inbox, connections));
        let (pulse, struck) = (self.pulse.clone(), stop.clone());
        let heart = tokio::spawn(node::beat(self.app(), node, pulse, beating.clone(), struck));
        let outcome = self.send(node, recorder::Recorder::new(notes), stop).await;
        if timeout(LEAVE_MAX, &mut recorder).await.is_err() {
            tracing::error!("some outcomes could not be recorded: they will be uncertain");
            recorder.abort();
        }
        beating.cancel();
        heart.abort();
        outcome
    }

    /// Runs everything that ends with `stop`. When one task ends before, all do.
    async fn send(
        &self,
        node: NodeId,
        recorder: recorder::Recorder,
        stop: &CancellationToken,
    ) -> Result<(), Error> {
        let settings = || Arc::clone(&self.settings);
        let driver =
            driver::Driver::new(self.app(), settings(), Arc::clone(&self.relays), node, recorder);
        let mut tasks = JoinSet::new();
        tasks.spawn(scheduler::run(self.app(), settings(), stop.clone()));
        tasks.spawn(expander::run(self.app(), stop.clone()));
        tasks.spawn(watch::run(self.app(), stop.clone()));
        tasks.spawn(node::reap(self.app(), node, self.settings.node_timeout, stop.clone()));
        let relays = Arc::clone(&self.relays);
        tasks.spawn(test_mails::run(self.app(), settings(), relays, stop.clone()));
        tasks.spawn(housekeeping::run(self.app(), stop.clone()));
        tasks.spawn(figures::run(self.app(), stop.clone()));
        tasks.spawn(driver.run(stop.clone()));
        let mut outcome = Ok(());
        while let Some(ended) = tasks.join_next().await {
            let stopped = stop.is_cancelled();
            stop.cancel();
            match ended {
                Ok(Ok(())) if stopped => {}
                Ok(Ok(())) | Err(_) => outcome = outcome.and(Err(Error::TaskEnded)),
                Ok(Err(error)) => outcome = outcome.and(Err(error)),
            }
        }
        outcome
    }

    fn app(&self) -> Arc<App> {
        Arc::clone(&self.app)
    }
}

/// Whether an engine runs somewhere: some node's heartbeat is fresh.
///
/// # Errors
/// The database's.
pub async fn is_alive(app: &App, node_timeout: Duration) -> Result<bool> {
    let mut reader = app.store.read().await?;
    let now = app.now();
    let nodes = store::node::running(reader.conn()).await?;
    Ok(nodes.iter().any(|node| {
        (now - node.heartbeat_at).to_std().is_ok_and(|age| age < node_timeout)
            || node.heartbeat_at > now
    }))
}
