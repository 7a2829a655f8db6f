//! Starts the engine with what the configuration says.

use std::sync::Arc;

use anyhow::bail;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    engine::{self, Engine, EngineLock},
    web::{EngineStatus, RestingRelay},
};

use super::context::Context;

/// An engine that is ready to run, with the lock that the embedded database wants.
pub(super) struct Ready {
    engine: Engine,
    lock: Option<EngineLock>,
}

impl Ready {
    /// Takes the lock and connects nothing yet.
    pub(super) fn new(context: Context) -> anyhow::Result<Self> {
        let app = Arc::clone(&context.app);
        let settings = context.into_engine_settings()?;
        if settings.relays.is_empty() {
            bail!("no relay is configured: set smtp.url (KELISIM_SMTP_URL)");
        }
        let lock = app.store.file().map(EngineLock::take).transpose()?;
        Ok(Self { engine: Engine::new(app, settings), lock })
    }

    /// Tells how it is doing, for as long as it runs.
    pub(super) fn status(&self) -> EngineStatus {
        let (pulse, relays) = (self.engine.pulse(), self.engine.relays());
        let resting = move || {
            let rests = |(name, for_another)| RestingRelay { name, for_another };
            relays.resting().into_iter().map(rests).collect()
        };
        EngineStatus::new(move || pulse.is_fresh()).with_relays(resting)
    }

    /// Runs until stopped.
    pub(super) async fn run(self, stop: CancellationToken) -> Result<(), engine::Error> {
        let Self { engine, lock } = self;
        let outcome = engine.run(stop).await;
        drop(lock);
        outcome
    }
}

/// Runs the engine beside a command.
pub(super) fn spawn(
    context: Context,
    stop: &CancellationToken,
) -> anyhow::Result<JoinHandle<Result<(), engine::Error>>> {
    Ok(tokio::spawn(Ready::new(context)?.run(stop.clone())))
}
