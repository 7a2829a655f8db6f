//! A relay on loopback that follows a script and remembers what it was told.

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use kelisim::{
    domain::{delivery::read_message_id, id::DeliveryId},
    engine::RelaySettings,
    mail::{
        listener::{Action, Behaviour, Listener, Received, Settings, Step},
        transport::{Connector, Relay, Timeouts},
    },
};
use tokio::sync::watch;
use tokio_util::sync::{CancellationToken, DropGuard};

/// Far more than anything takes on a busy machine.
pub(crate) const LONG: Duration = Duration::from_mins(1);

/// Who does what at each step.
type Script = Box<dyn Fn(u64, &Step<'_>) -> Action + Send + Sync>;

/// What a relay has seen so far.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Connections.
    pub(crate) connections: usize,
    /// Logins that were tried.
    pub(crate) logins: usize,
    /// Messages that were begun: on which connection, and the return path.
    pub(crate) begun: Vec<(u64, String)>,
    /// Recipients that were named.
    pub(crate) named: Vec<String>,
    /// Final dots.
    pub(crate) dots: usize,
    /// Messages that it took.
    pub(crate) mails: Vec<DeliveryId>,
}

/// The relay; it stops when dropped.
pub(crate) struct TestRelay {
    pub(crate) address: SocketAddr,
    seen: watch::Receiver<Seen>,
    _stop: DropGuard,
}

struct Scripted {
    script: Script,
    seen: watch::Sender<Seen>,
}

impl Behaviour for Scripted {
    fn at(&self, connection: u64, step: &Step<'_>) -> Action {
        self.seen.send_modify(|seen| match step {
            Step::Connect => seen.connections += 1,
            Step::Auth { .. } => seen.logins += 1,
            Step::MailFrom(from) => seen.begun.push((connection, (*from).to_owned())),
            Step::RcptTo(to) => seen.named.push((*to).to_owned()),
            Step::Message(_) => seen.dots += 1,
            _ => {}
        });
        (self.script)(connection, step)
    }

    fn received(&self, mail: Received) {
        self.seen.send_modify(|seen| seen.mails.push(delivery_of(&mail)));
    }
}

/// The delivery that a message's Message-ID names.
pub(crate) fn delivery_of(mail: &Received) -> DeliveryId {
    let text = String::from_utf8_lossy(&mail.message);
    let line = text.lines().find_map(|line| line.strip_prefix("Message-ID: "));
    line.and_then(read_message_id).expect("a message of ours")
}

impl TestRelay {
    /// Where nobody listens.
    pub(crate) async fn nowhere() -> SocketAddr {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        socket.local_addr().expect("its address")
    }

    /// One that takes everything.
    pub(crate) async fn good() -> Self {
        Self::that(|_, _| Action::Accept).await
    }

    pub(crate) async fn that(
        script: impl Fn(u64, &Step<'_>) -> Action + Send + Sync + 'static,
    ) -> Self {
        Self::start("127.0.0.1:0", Settings::default(), script).await
    }

    pub(crate) async fn start(
        address: &str,
        settings: Settings,
        script: impl Fn(u64, &Step<'_>) -> Action + Send + Sync + 'static,
    ) -> Self {
        let listener = Listener::bind(address, settings).await.expect("a socket");
        let address = listener.address().expect("its address");
        let (sender, seen) = watch::channel(Seen::default());
        let stop = CancellationToken::new();
        let behaviour = Scripted { script: Box::new(script), seen: sender };
        tokio::spawn(listener.run(behaviour, stop.clone()));
        Self { address, seen, _stop: stop.drop_guard() }
    }

    /// Waits until `what` has been seen.
    pub(crate) async fn until(&self, what: impl FnMut(&Seen) -> bool) {
        let mut seen = self.seen.clone();
        let heard = tokio::time::timeout(LONG, seen.wait_for(what)).await;
        assert!(heard.is_ok(), "it did not come to that: {}", self.summary());
    }

    pub(crate) fn see<T>(&self, what: impl FnOnce(&Seen) -> T) -> T {
        what(&self.seen.borrow())
    }

    fn summary(&self) -> String {
        self.see(|seen| {
            let (begun, mails) = (seen.begun.len(), seen.mails.len());
            format!("{} connections, {begun} begun, {mails} messages", seen.connections)
        })
    }

    /// Deliveries that arrived, in order of their ids, each as often as it came.
    pub(crate) fn arrived(&self) -> Vec<DeliveryId> {
        let mut ids = self.see(|seen| seen.mails.clone());
        ids.sort();
        ids
    }

    /// How often a recipient was named.
    pub(crate) fn times_named(&self, address: &str) -> usize {
        self.see(|seen| seen.named.iter().filter(|named| *named == address).count())
    }

    /// With these settings the engine uses it over so many connections.
    pub(crate) fn over(&self, connections: usize) -> RelaySettings {
        over(&format!("smtp://{}?tls=none", self.address), connections, all(LONG))
    }
}

/// Settings for a relay that is used as fast as can be.
pub(crate) fn over(url: &str, connections: usize, timeouts: Timeouts) -> RelaySettings {
    let mut relay: Relay = url.parse().expect("a relay's URL");
    relay.timeouts = timeouts;
    RelaySettings {
        name: format!("port {}", relay.port),
        connector: Connector::new(relay).expect("a relay"),
        rate: "100000/1s".parse().expect("a rate"),
        connections: NonZeroUsize::new(connections).expect("not zero"),
        messages_per_connection: 100,
    }
}

/// The same limit for every step but the goodbye.
pub(crate) const fn all(limit: Duration) -> Timeouts {
    Timeouts {
        connect: limit,
        greeting: limit,
        command: limit,
        data: limit,
        block: limit,
        dot: limit,
        quit: Duration::from_secs(1),
    }
}
