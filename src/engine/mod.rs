//! What wakes by itself: idempotent background tasks, woken by a signal and by a period, bounded.
//!
//! A restart, a second node and a missed signal are not special: what a task has to do stands in
//! the database, and who does it is decided there.

mod driver;
mod expander;
mod housekeeping;
mod letters;
mod node;
mod pacer;
mod recorder;
mod relays;
mod scheduler;
mod settings;
mod watch;
mod worker;

pub use node::{AlreadyRunning, EngineLock, Pulse};
pub use relays::{RelayHealth, Relays};
pub use settings::{EngineSettings, MailSettings, RelaySettings, SigningDomain};

use std::sync::Arc;

use tokio::{sync::mpsc, task::JoinSet};
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

/// The engine of one process: sends what is due until it is told to stop.
#[derive(Debug)]
pub struct Engine {
    app: Arc<App>,
    settings: Arc<EngineSettings>,
    relays: Arc<Relays>,
    node: NodeId,
    pulse: node::Pulse,
}

impl Engine {
    /// An engine for these relays and keys. Nothing runs yet.
    #[must_use]
    pub fn new(app: Arc<App>, settings: EngineSettings) -> Self {
        let node = NodeId(app.entropy.uuid(app.now()));
        let relays = Arc::new(Relays::new(&settings.relays));
        let pulse = node::Pulse::new(settings.node_timeout);
        Self { app, settings: Arc::new(settings), relays, node, pulse }
    }

    /// Tells whether the engine's heartbeat is fresh, from any thread.
    #[must_use]
    pub fn pulse(&self) -> node::Pulse {
        self.pulse.clone()
    }

    /// Runs until `stop` is cancelled: then claims nothing more, lets what is being handed over
    /// end within the bound, and gives back the rest.
    ///
    /// # Errors
    /// That it could not begin, or that a task failed for good.
    pub async fn run(self, stop: CancellationToken) -> Result<(), Error> {
        node::enter(&self.app, self.node).await?;
        let outcome = self.run_tasks(&stop).await;
        node::leave(&self.app, self.node).await?;
        outcome
    }

    async fn run_tasks(&self, stop: &CancellationToken) -> Result<(), Error> {
        let (notes, inbox) = mpsc::channel(recorder::NOTES_MAX);
        // The recorder and the heartbeat outlive the senders: they have outcomes to bring home.
        let recording = CancellationToken::new();
        let mut keepers = JoinSet::new();
        keepers.spawn(recorder::run(Arc::clone(&self.app), self.node, inbox));
        keepers.spawn(node::beat(
            Arc::clone(&self.app),
            self.node,
            self.pulse.clone(),
            recording.clone(),
        ));

        let mut tasks = JoinSet::new();
        tasks.spawn(scheduler::run(
            Arc::clone(&self.app),
            Arc::clone(&self.settings),
            stop.clone(),
        ));
        tasks.spawn(expander::run(Arc::clone(&self.app), stop.clone()));
        tasks.spawn(watch::run(Arc::clone(&self.app), stop.clone()));
        tasks.spawn(node::reap(
            Arc::clone(&self.app),
            self.node,
            self.settings.node_timeout,
            stop.clone(),
        ));
        tasks.spawn(housekeeping::run(Arc::clone(&self.app), stop.clone()));
        tasks.spawn(
            driver::Driver::new(
                Arc::clone(&self.app),
                Arc::clone(&self.settings),
                Arc::clone(&self.relays),
                self.node,
                recorder::Recorder::new(notes),
            )
            .run(stop.clone()),
        );

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
        recording.cancel();
        while keepers.join_next().await.is_some() {}
        outcome
    }
}

/// Whether an engine runs somewhere: some node's heartbeat is fresh.
///
/// # Errors
/// The database's.
pub async fn is_alive(app: &App, node_timeout: std::time::Duration) -> Result<bool> {
    let mut reader = app.store.read().await?;
    let now = app.now();
    let nodes = store::node::running(reader.conn()).await?;
    Ok(nodes.iter().any(|node| {
        (now - node.heartbeat_at).to_std().is_ok_and(|age| age < node_timeout)
            || node.heartbeat_at > now
    }))
}
