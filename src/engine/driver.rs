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
    app::{App, Result, campaign, sending},
    domain::{
        campaign::{Campaign, Deed, Phase},
        id::{CampaignId, NodeId},
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
        let (running, read_at, turn) = (Vec::new(), None, 0);
        Self { app, settings, relays, node, recorder, running, read_at, turn }
    }

    /// Sends until stopped; then waits for what is being handed over, within the bound.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), Error> {
        let mut workers = JoinSet::new();
        let lanes: Vec<Lane> = (0..self.settings.relays.len())
            .map(|relay| self.lane(relay, &mut workers, &stop))
            .collect();
        while !stop.is_cancelled() {
            let wait = match self.step(&lanes).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(%error, "taking work failed");
                    Some(Instant::now() + REFRESH)
                }
            };
            if let Some(until) = wait {
                let rung = async {
                    tokio::select! {
                        () = sleep_until(until.max(Instant::now() + PAUSE_MIN).into()) => {}
                        () = self.app.work.notified() => {}
                    }
                };
                stop.run_until_cancelled(rung).await;
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
    async fn step(&mut self, lanes: &[Lane]) -> Result<Option<Instant>> {
        if self.read_at.is_none_or(|at| at.elapsed() > REFRESH) {
            self.refresh().await?;
        }
        let now = Instant::now();
        let lane = match self.relays.active(now) {
            Ok(relay) => &lanes[relay],
            Err(until) => return Ok(Some(until.min(now + REFRESH))),
        };
        let Some(next) = self.next_campaign(now) else {
            let rested = self.running.iter().map(|one| one.rests_until).min();
            return Ok(Some(rested.unwrap_or(now + REST)));
        };
        let room = CLAIM_MAX.min(lane.jobs.max_capacity() / 2).max(1);
        let Ok(places) = lane.jobs.reserve_many(room).await else { return Ok(Some(now + REST)) };
        let allowed = match self.running[next].take(room).and_then(|most| lane.pacer.take(most)) {
            Ok(allowed) => allowed,
            Err(until) => return Ok(Some(until)),
        };
        let letters = Arc::clone(&self.running[next].letters);
        let claimed = sending::claim(&self.app, &letters.campaign, self.node, allowed).await?;
        if claimed.is_empty() {
            self.running[next].rests_until = Instant::now() + REST;
            self.finish_if_done(letters.campaign.id).await?;
        }
        for (place, claimed) in places.zip(claimed) {
            place.send(Job { claimed, letters: Arc::clone(&letters) });
        }
        Ok(None)
    }

    /// The next campaign in turn that does not rest.
    fn next_campaign(&mut self, now: Instant) -> Option<usize> {
        let n = self.running.len();
        let next =
            (0..n).map(|k| (self.turn + k) % n).find(|k| self.running[*k].rests_until <= now)?;
        self.turn = next + 1;
        Some(next)
    }

    /// Reads which campaigns run, and prepares those that are new. One whose messages may not
    /// leave is paused and says why.
    async fn refresh(&mut self) -> Result<()> {
        let campaigns = {
            let mut reader = self.app.store.read().await?;
            store::campaign::in_phase(reader.conn(), Phase::Running).await?
        };
        let mut known: HashMap<CampaignId, Running> =
            self.running.drain(..).map(|one| (one.letters.campaign.id, one)).collect();
        for campaign in campaigns {
            let running = match known.remove(&campaign.id) {
                Some(running) => Some(running),
                None => self.prepare(&campaign).await?,
            };
            self.running.extend(running);
        }
        self.read_at = Some(Instant::now());
        Ok(())
    }

    async fn prepare(&self, campaign: &Campaign) -> Result<Option<Running>> {
        match Letters::prepare(&self.app, &self.settings, campaign).await {
            Ok(letters) => Ok(Some(Running {
                letters: Arc::new(letters),
                pacer: campaign.pace.map(Pacer::new),
                rests_until: Instant::now(),
            })),
            Err(crate::app::Error::Store(error)) => Err(error.into()),
            Err(error) => {
                let deed = Deed::Pause(error.to_string());
                campaign::change(&self.app, campaign.id, &deed, "engine").await?;
                Ok(None)
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
            campaign::change(&self.app, id, &Deed::Finish, "engine").await?;
            self.read_at = None;
        }
        Ok(())
    }
}

impl Running {
    fn take(&self, most: usize) -> Result<usize, Instant> {
        self.pacer.as_ref().map_or(Ok(most), |pacer| pacer.take(most))
    }
}
