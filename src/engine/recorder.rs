//! Brings marks and outcomes to the database, many in one transaction.
//!
//! A message's body may only be written once its mark is durable. With one commit for each, the
//! disk would set the pace; so whatever has arrived by the time a commit ends shares the next one.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, sleep, timeout_at},
};

use crate::{
    app::{App, Result},
    domain::{
        id::{ContactId, DeliveryId, NodeId},
        suppression::{Reason, Suppression},
    },
    store::{self, Tx, delivery::Outcome},
};

/// Notes that may wait: beyond this the senders wait.
pub(super) const NOTES_MAX: usize = 1_024;
/// Notes in one transaction.
const NOTES_PER_COMMIT: usize = 256;
/// Longest wait for notes that share a commit.
const GATHER: Duration = Duration::from_millis(1);
/// Pause before a failed transaction is tried again.
const AGAIN: Duration = Duration::from_millis(500);

/// What a sender has to say.
#[derive(Debug)]
pub(super) enum Note {
    /// The body is about to be written. Answered once that is durable: `true` if it may be.
    Mark(DeliveryId, oneshot::Sender<bool>),
    /// What became of it.
    Done(Box<Done>),
}

/// An outcome, and the address that it proves dead.
#[derive(Debug)]
pub(super) struct Done {
    pub outcome: Outcome,
    pub dead: Option<(ContactId, [u8; 32])>,
}

/// The senders' end.
#[derive(Debug, Clone)]
pub(super) struct Recorder(mpsc::Sender<Note>);

impl Recorder {
    pub(super) fn new(notes: mpsc::Sender<Note>) -> Self {
        Self(notes)
    }

    /// Makes durable that a delivery's body is about to be written. `false`: it must not be; the
    /// delivery is no longer ours, its campaign no longer runs, or the database is out of reach.
    pub(super) async fn mark(&self, id: DeliveryId) -> bool {
        let (answer, marked) = oneshot::channel();
        self.0.send(Note::Mark(id, answer)).await.is_ok() && marked.await.unwrap_or(false)
    }

    /// Hands in what became of a delivery.
    pub(super) async fn done(&self, done: Done) {
        if self.0.send(Note::Done(Box::new(done))).await.is_err() {
            tracing::error!("an outcome came after the recorder had ended");
        }
    }
}

/// Records until the last sender is gone.
///
/// `connections`: how many senders there are.
pub(super) async fn run(
    app: Arc<App>,
    node: NodeId,
    mut inbox: mpsc::Receiver<Note>,
    connections: usize,
) {
    let enough = connections.min(NOTES_PER_COMMIT);
    let mut notes = Vec::with_capacity(NOTES_PER_COMMIT);
    while inbox.recv_many(&mut notes, NOTES_PER_COMMIT).await > 0 {
        gather(&mut inbox, &mut notes, enough).await;
        let (marks, outcomes) = sort(&mut notes);
        record(&app, node, marks, &outcomes).await;
    }
}

/// Waits a moment for as many notes as there are connections: a commit costs much the same for one
/// note as for twenty.
async fn gather(inbox: &mut mpsc::Receiver<Note>, notes: &mut Vec<Note>, enough: usize) {
    let until = Instant::now() + GATHER;
    while notes.len() < enough {
        let room = NOTES_PER_COMMIT - notes.len();
        match timeout_at(until, inbox.recv_many(notes, room)).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
    }
}

type Marks = Vec<(DeliveryId, oneshot::Sender<bool>)>;

fn sort(notes: &mut Vec<Note>) -> (Marks, Vec<Done>) {
    let (mut marks, mut outcomes) = (Vec::new(), Vec::new());
    for note in notes.drain(..) {
        match note {
            Note::Mark(id, answer) => marks.push((id, answer)),
            Note::Done(done) => outcomes.push(*done),
        }
    }
    (marks, outcomes)
}

/// A mark that cannot be made is refused; an outcome is tried until it is recorded, because only
/// this process knows it.
async fn record(app: &App, node: NodeId, mut marks: Marks, outcomes: &[Done]) {
    loop {
        let ids: Vec<DeliveryId> = marks.iter().map(|(id, _)| *id).collect();
        match commit(app, node, &ids, outcomes).await {
            Ok(marked) => {
                for (id, answer) in marks {
                    let _gone = answer.send(marked.contains(&id));
                }
                return;
            }
            Err(error) => {
                tracing::error!(%error, outcomes = outcomes.len(), "recording failed; trying again");
                for (_, answer) in marks.drain(..) {
                    let _gone = answer.send(false);
                }
                if outcomes.is_empty() {
                    return;
                }
                sleep(AGAIN).await;
            }
        }
    }
}

async fn commit(
    app: &App,
    node: NodeId,
    marks: &[DeliveryId],
    done: &[Done],
) -> Result<HashSet<DeliveryId>> {
    let now = app.now();
    let mut tx = app.store.begin().await?;
    if !done.is_empty() {
        let outcomes: Vec<&Outcome> = done.iter().map(|one| &one.outcome).collect();
        store::delivery::record(tx.conn(), &outcomes, node, now).await?;
        suppress(app, &mut tx, done).await?;
    }
    let marked = if marks.is_empty() {
        HashSet::new()
    } else {
        store::delivery::mark_handing(tx.conn(), marks, node, now).await?.into_iter().collect()
    };
    tx.commit().await?;
    Ok(marked)
}

/// An address that a provider calls dead is not mailed again, by this or any other campaign.
async fn suppress(app: &App, tx: &mut Tx, done: &[Done]) -> Result<()> {
    let now = app.now();
    let dead: Vec<(ContactId, [u8; 32])> = done.iter().filter_map(|one| one.dead).collect();
    if dead.is_empty() {
        return Ok(());
    }
    for (_, address_hash) in &dead {
        let entry =
            Suppression { address_hash: *address_hash, reason: Reason::HardBounce, ends_at: None };
        store::suppression::insert(tx.conn(), app.entropy.uuid(now), &entry, now).await?;
    }
    let contacts: Vec<ContactId> = dead.iter().map(|(contact, _)| *contact).collect();
    store::contact::mark_bad(tx.conn(), &contacts, now).await?;
    let notices: Vec<_> = contacts.iter().map(|id| (app.entropy.uuid(now), *id)).collect();
    store::suppression::note_change(tx.conn(), &notices, now).await?;
    Ok(())
}
