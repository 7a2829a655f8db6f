//! Decides what is sent next: as much as pace and connections allow, campaign by campaign.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    sync::{Mutex, mpsc},
    task::JoinSet,
    time::{sleep_until, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{self, App, Result, campaign, sending},
    domain::{
        campaign::{Campaign, Deed, Phase},
        id::{CampaignId, DeliveryId, NodeId},
    },
    store,
};

use super::{
    EngineSettings, Error, Relays,
    letters::Letters,
    pacer::Pacer,
    recorder::Recorder,
    worker::{Job, Worker},
};

/// Jobs waiting for each connection: enough that it never waits, few enough that a claim is
/// worked off within about a second.
const JOBS_PER_CONNECTION: usize = 8;
/// Most deliveries in one claim.
const CLAIM_MAX: usize = 200;
/// How often the running campaigns are read afresh.
const REFRESH: Duration = Duration::from_millis(500);
/// A campaign without anything due is asked again after this.
const REST: Duration = Duration::from_millis(200);
/// The shortest pause: permits gather in it, so that they are claimed together.
const PAUSE_MIN: Duration = Duration::from_millis(20);

/// Feeds the workers.
pub(super) struct Driver {
    app: Arc<App>,
    settings: Arc<EngineSettings>,
    relays: Arc<Relays>,
    node: NodeId,
    recorder: Recorder,
    running: Vec<Running>,
    read_at: Option<Instant>,
    turn: usize,
    /// What a claim that failed may have taken.
    owed: Vec<DeliveryId>,
}

/// A campaign that is being sent.
struct Running {
    letters: Arc<Letters>,
    pacer: Option<Pacer>,
    rests_until: Instant,
}

/// A relay's queue of jobs, and its pace.
struct Lane {
    jobs: mpsc::Sender<Job>,
    pacer: Pacer,
}

impl Driver {
    pub fn new(
        app: Arc<App>,
        settings: Arc<EngineSettings>,
        relays: Arc<Relays>,
        node: NodeId,
        recorder: Recorder,
    ) -> Self {
        let (running, read_at, turn, owed) = (Vec::new(), None, 0, Vec::new());
        Self { app, settings, relays, node, recorder, running, read_at, turn, owed }
    }

    /// Sends until stopped; then waits for what is being handed over, within the bound.
    ///
    /// # Errors
    /// That a connection's task ended before.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), Error> {
        let mut workers = JoinSet::new();
        let mut lanes: Vec<Lane> = (0..self.settings.relays.len())
            .map(|relay| self.lane(relay, &mut workers, &stop))
            .collect();
        while !stop.is_cancelled() {
            if workers.try_join_next().is_some() {
                return Err(Error::TaskEnded);
            }
            let wait = self.step(&mut lanes).await.unwrap_or_else(|error| {
                tracing::warn!(%error, "taking work failed");
                Some(Instant::now() + REFRESH)
            });
            if let Some(until) = wait {
                stop.run_until_cancelled(self.pause(until)).await;
            }
        }
        drop(lanes);
        let bound = self.settings.shutdown;
        drop(self);
        let all_done = async { while workers.join_next().await.is_some() {} };
        if timeout(bound, all_done).await.is_err() {
            tracing::warn!(
                "some messages were still being handed over at the stop: they are uncertain"
            );
        }
        Ok(())
    }

    async fn pause(&mut self, until: Instant) {
        let now = Instant::now();
        let until = until.clamp(now + PAUSE_MIN, now + REFRESH);
        tokio::select! {
            () = sleep_until(until.into()) => {}
            () = self.app.work.notified() => self.read_at = None,
        }
    }

    fn lane(&self, relay: usize, workers: &mut JoinSet<()>, stop: &CancellationToken) -> Lane {
        let settings = &self.settings.relays[relay];
        let connections = settings.connections.get();
        let (jobs, inbox) = mpsc::channel(connections * JOBS_PER_CONNECTION);
        let inbox = Arc::new(Mutex::new(inbox));
        for _ in 0..connections {
            let worker = Worker {
                app: Arc::clone(&self.app),
                settings: Arc::clone(&self.settings),
                relays: Arc::clone(&self.relays),
                relay,
                recorder: self.recorder.clone(),
                jobs: Arc::clone(&inbox),
                stop: stop.clone(),
            };
            workers.spawn(worker.run());
        }
        Lane { jobs, pacer: Pacer::new(settings.rate) }
    }

    /// Takes and hands out one batch. Gives back until when there is nothing to do, if so.
    async fn step(&mut self, lanes: &mut [Lane]) -> Result<Option<Instant>> {
        self.settle_debts().await?;
        if self.read_at.is_none_or(|at| at.elapsed() > REFRESH) {
            self.refresh().await?;
        }
        let now = Instant::now();
        let lane = match self.relays.active(now) {
            Ok(relay) => &mut lanes[relay],
            Err(until) => return Ok(Some(until)),
        };
        let room = CLAIM_MAX.min(lane.jobs.max_capacity() / 2).max(1);
        // Bounded: a relay that hangs must hold up neither a stop nor the turn to another one.
        let Ok(Ok(places)) = timeout(REST, lane.jobs.reserve_many(room)).await else {
            return Ok(None);
        };
        let most = match lane.pacer.take(room) {
            Ok(most) => most,
            Err(until) => return Ok(Some(until)),
        };
        let batch = self.take(most).await;
        let used = batch.as_ref().map_or(0, |batch| batch.jobs.len());
        lane.pacer.give_back(most - used);
        let batch = batch?;
        for (place, job) in places.zip(batch.jobs) {
            place.send(job);
        }
        if let Some(id) = batch.perhaps_done {
            self.finish_if_done(id).await?;
        }
        Ok(batch.nothing_until)
    }

    /// Claims up to `most` deliveries of the campaign whose turn it is.
    async fn take(&mut self, most: usize) -> Result<Taken> {
        let now = Instant::now();
        let Some(next) = self.next_campaign(now) else {
            let rested = self.running.iter().map(|one| one.rests_until).min();
            return Ok(Taken::nothing_until(rested.unwrap_or(now + REST)));
        };
        let one = &mut self.running[next];
        let allowed = match one.permits(most) {
            Ok(allowed) => allowed,
            Err(until) => {
                one.rests_until = until;
                return Ok(Taken::default());
            }
        };
        let letters = Arc::clone(&one.letters);
        let claim = sending::claim(&self.app, &letters.campaign, self.node, allowed).await;
        let claimed = claim.as_ref().map_or(0, |batch| batch.claimed.len());
        one.give_back(allowed - claimed);
        let batch = claim.map_err(|failed| {
            self.owed = failed.perhaps_taken;
            failed.error
        })?;
        if batch.is_last {
            one.rests_until = Instant::now() + REST;
        }
        let id = letters.campaign.id;
        let perhaps_done = (batch.is_last && batch.claimed.is_empty()).then_some(id);
        let job = |claimed| Job { claimed, letters: Arc::clone(&letters) };
        let jobs = batch.claimed.into_iter().map(job).collect();
        Ok(Taken { jobs, perhaps_done, nothing_until: None })
    }

    /// Gives back what a failed claim may have taken, before anything else is claimed.
    async fn settle_debts(&mut self) -> Result<()> {
        if !self.owed.is_empty() {
            sending::give_back(&self.app, self.node, &self.owed).await?;
            self.owed.clear();
        }
        Ok(())
    }

    /// The next campaign in turn that does not rest.
    fn next_campaign(&mut self, now: Instant) -> Option<usize> {
        let n = self.running.len();
        let mut turns = (0..n).map(|k| (self.turn + k) % n);
        let next = turns.find(|k| self.running[*k].may_send(now))?;
        self.turn = next + 1;
        Some(next)
    }

    /// Reads which campaigns run, and prepares those that are new or have changed. One whose
    /// messages may not leave is paused and says why.
    async fn refresh(&mut self) -> Result<()> {
        let campaigns = {
            let mut reader = self.app.store.read().await?;
            store::campaign::in_phase(reader.conn(), Phase::Running).await?
        };
        let mut known: HashMap<CampaignId, Running> =
            self.running.drain(..).map(|one| (one.letters.campaign.id, one)).collect();
        for campaign in campaigns {
            let running = match known.remove(&campaign.id) {
                Some(running) if running.letters.are_of(&campaign) => Some(running),
                before => self.prepare(&campaign, before).await,
            };
            self.running.extend(running);
        }
        self.read_at = Some(Instant::now());
        Ok(())
    }

    /// A campaign that was known before keeps its pacer: being read afresh is no reason to hurry.
    async fn prepare(&self, campaign: &Campaign, before: Option<Running>) -> Option<Running> {
        let before = before.filter(|one| one.letters.campaign.pace == campaign.pace);
        match Letters::prepare(&self.app, &self.settings, campaign).await {
            Ok(letters) => Some(Running {
                letters: Arc::new(letters),
                pacer: before.map_or_else(|| campaign.pace.map(Pacer::new), |one| one.pacer),
                rests_until: Instant::now(),
            }),
            Err(app::Error::Store(error)) => {
                tracing::warn!(campaign = %campaign.id, %error, "a campaign could not be read");
                None
            }
            Err(error) => {
                self.hold(campaign.id, Deed::Pause(error.to_string())).await;
                None
            }
        }
    }

    /// Changes a campaign's state; that somebody else has done so first is no failure.
    async fn hold(&self, id: CampaignId, deed: Deed) {
        match campaign::change(&self.app, id, &deed, "engine").await {
            Ok(_) | Err(app::Error::Conflict(_)) => {}
            Err(error) => {
                tracing::warn!(campaign = %id, deed = deed.as_str(), %error, "its state could not be changed");
            }
        }
    }

    async fn finish_if_done(&mut self, id: CampaignId) -> Result<()> {
        let done = {
            let mut reader = self.app.store.read().await?;
            let campaign = store::campaign::find(reader.conn(), id).await?;
            let running = campaign.is_some_and(|one| {
                one.expanded_at.is_some() && one.state.phase() == Phase::Running
            });
            running && !store::delivery::is_open(reader.conn(), id).await?
        };
        if done {
            self.hold(id, Deed::Finish).await;
            self.read_at = None;
        }
        Ok(())
    }
}

/// What one turn came to.
#[derive(Default)]
struct Taken {
    jobs: Vec<Job>,
    /// A campaign of which nothing is due.
    perhaps_done: Option<CampaignId>,
    /// All campaigns rest until then.
    nothing_until: Option<Instant>,
}

impl Taken {
    fn nothing_until(until: Instant) -> Self {
        Self { nothing_until: Some(until), ..Self::default() }
    }
}

impl Running {
    fn may_send(&self, now: Instant) -> bool {
        self.rests_until <= now && !self.letters.is_set_aside()
    }

    fn permits(&mut self, most: usize) -> Result<usize, Instant> {
        self.pacer.as_mut().map_or(Ok(most), |pacer| pacer.take(most))
    }

    fn give_back(&mut self, unused: usize) {
        if let Some(pacer) = &mut self.pacer {
            pacer.give_back(unused);
        }
    }
}
