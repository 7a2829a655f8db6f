//! One look at the database for everybody who watches.
//!
//! While somebody watches, a task looks at all campaigns on which something happens, at most once a
//! second, and hands the same board to every stream. When nobody watches, nothing looks.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        App,
        figures::{self, Board},
    },
    domain::id::UserId,
};

/// Time between two looks.
const PERIOD: Duration = Duration::from_secs(1);
/// Looking takes no more than this part of the time, however long a look takes.
const SHARE: u32 = 10;
/// Pause after a look that failed.
const AGAIN: Duration = Duration::from_secs(5);
/// Streams that one person may have open: browsers keep six connections at most.
const STREAMS_PER_USER: usize = 5;
/// Streams of all together.
const STREAMS_MAX: usize = 200;

/// The latest board, once there is one.
pub(super) type Latest = Option<Arc<Board>>;

/// What everybody who watches shares.
#[derive(Debug, Default)]
pub(in crate::web) struct Hub {
    inner: Mutex<Inner>,
    ended: CancellationToken,
}

#[derive(Debug, Default)]
struct Inner {
    board: Option<watch::Sender<Latest>>,
    streams: HashMap<UserId, usize>,
}

/// A place at the hub, for as long as it lives.
#[derive(Debug)]
pub(super) struct Seat {
    hub: Arc<Hub>,
    user: UserId,
    /// The latest board.
    pub(super) board: watch::Receiver<Latest>,
    /// Rings when the process is to stop.
    pub(super) ended: CancellationToken,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut inner = self.hub.lock();
        if let Some(streams) = inner.streams.get_mut(&self.user) {
            *streams -= 1;
        }
        inner.streams.retain(|_, streams| *streams > 0);
    }
}

impl Hub {
    /// Ends all streams, and lets none begin.
    pub(in crate::web) fn end(&self) {
        self.ended.cancel();
    }

    /// A place for a stream of `user`; `None` when there are too many, or the process is to stop.
    pub(super) fn seat(self: &Arc<Self>, app: &Arc<App>, user: UserId) -> Option<Seat> {
        let mut inner = self.lock();
        let all: usize = inner.streams.values().sum();
        let own = inner.streams.get(&user).copied().unwrap_or_default();
        if all >= STREAMS_MAX || own >= STREAMS_PER_USER || self.ended.is_cancelled() {
            return None;
        }
        *inner.streams.entry(user).or_default() += 1;
        let board = if let Some(sender) = &inner.board {
            sender.subscribe()
        } else {
            let (sender, receiver) = watch::channel(None);
            inner.board = Some(sender);
            tokio::spawn(look(Arc::clone(self), Arc::clone(app)));
            receiver
        };
        drop(inner);
        Some(Seat { hub: Arc::clone(self), user, board, ended: self.ended.clone() })
    }

    /// Hands a board out. `false` when nobody is there to see it.
    fn show(&self, board: Option<Board>) -> bool {
        let mut inner = self.lock();
        let Some(sender) = &inner.board else { return false };
        if sender.receiver_count() == 0 {
            inner.board = None;
            return false;
        }
        if let Some(board) = board {
            sender.send_if_modified(|latest| {
                let is_new = latest.as_deref() != Some(&board);
                if is_new {
                    *latest = Some(Arc::new(board));
                }
                is_new
            });
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn look(hub: Arc<Hub>, app: Arc<App>) {
    loop {
        let began = Instant::now();
        let (board, pause) = match figures::board(&app).await {
            Ok(board) => (Some(board), PERIOD.max(began.elapsed() * SHARE)),
            Err(error) => {
                tracing::warn!(%error, "looking at running campaigns failed");
                (None, AGAIN)
            }
        };
        if !hub.show(board) {
            return;
        }
        if hub.ended.run_until_cancelled(tokio::time::sleep(pause)).await.is_none() {
            return;
        }
    }
}
