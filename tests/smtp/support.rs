//! A relay on loopback that follows a script, and a client with time limits fit for tests.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use kelisim::{
    domain::{
        address::Address,
        reply::{Class, MARKETING_TTL, Reply, Stage, Tries, Verdict},
    },
    mail::{
        listener::{Action, Behaviour, Listener, Received, Settings, Step},
        transport::{Connector, Envelope, Failure, Relay, Session, Timeouts, WireBody},
    },
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Far more than a step takes on a busy machine.
pub(crate) const LONG: Duration = Duration::from_secs(20);
/// For the one step that is meant to time out.
pub(crate) const SHORT: Duration = Duration::from_millis(100);

pub(crate) const MESSAGE: &str = "Subject: test\r\n\r\nbody\r\n";

pub(crate) const FIRST_TRY: Tries =
    Tries { made: 1, age: Duration::ZERO, time_to_live: MARKETING_TTL, jitter: 0.0 };

type Script = Box<dyn Fn(u64, &Step<'_>) -> Action + Send + Sync>;

struct Scripted {
    script: Script,
    mails: Arc<Mutex<Vec<Received>>>,
    steps: Arc<Mutex<Vec<String>>>,
}

impl Behaviour for Scripted {
    fn at(&self, connection: u64, step: &Step<'_>) -> Action {
        let name = format!("{step:?}");
        let name = name.split(['(', ' ']).next().unwrap_or_default();
        self.steps.lock().unwrap().push(name.to_owned());
        (self.script)(connection, step)
    }

    fn received(&self, mail: Received) {
        self.mails.lock().unwrap().push(mail);
    }
}

/// A running relay; it stops when dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    mails: Arc<Mutex<Vec<Received>>>,
    steps: Arc<Mutex<Vec<String>>>,
    _stop: DropGuard,
}

impl Server {
    pub(crate) async fn start(
        settings: Settings,
        script: impl Fn(u64, &Step<'_>) -> Action + Send + Sync + 'static,
    ) -> Self {
        let listener = Listener::bind("127.0.0.1:0", settings).await.unwrap();
        let address = listener.address().unwrap();
        let (mails, steps) = (Arc::default(), Arc::default());
        let behaviour = Scripted {
            script: Box::new(script),
            mails: Arc::clone(&mails),
            steps: Arc::clone(&steps),
        };
        let stop = CancellationToken::new();
        tokio::spawn(listener.run(behaviour, stop.clone()));
        Self { address, mails, steps, _stop: stop.drop_guard() }
    }

    /// One that does `action` at `stage` and else everything right.
    pub(crate) async fn that_does(action: Action, stage: Stage, settings: Settings) -> Self {
        Self::start(
            settings,
            move |_, step| {
                if stage_of(step) == stage { action.clone() } else { Action::Accept }
            },
        )
        .await
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub(crate) fn relay(&self) -> Relay {
        relay(&self.url())
    }

    pub(crate) async fn session(&self) -> Session {
        open(self.relay()).await.unwrap()
    }

    /// Texts of the messages taken so far.
    pub(crate) fn mails(&self) -> Vec<Received> {
        self.mails.lock().unwrap().clone()
    }

    /// Names of the steps taken so far.
    pub(crate) fn steps(&self) -> Vec<String> {
        self.steps.lock().unwrap().clone()
    }
}

pub(crate) fn stage_of(step: &Step<'_>) -> Stage {
    match step {
        Step::Connect => Stage::Greeting,
        Step::Hello(_) => Stage::Hello,
        Step::StartTls => Stage::Tls,
        Step::Auth { .. } => Stage::Auth,
        Step::MailFrom(_) => Stage::MailFrom,
        Step::RcptTo(_) => Stage::RcptTo,
        Step::Data => Stage::Data,
        Step::Message(_) => Stage::Body,
    }
}

/// The usual settings, and the same without PIPELINING.
pub(crate) fn both_settings() -> [Settings; 2] {
    let mut slow = Settings::default();
    slow.keywords.retain(|keyword| keyword != "PIPELINING");
    [Settings::default(), slow]
}

pub(crate) fn relay(url: &str) -> Relay {
    let mut relay: Relay = url.parse().unwrap();
    relay.timeouts = Timeouts {
        connect: LONG,
        greeting: LONG,
        command: LONG,
        data: LONG,
        block: LONG,
        dot: LONG,
        quit: LONG,
    };
    relay
}

pub(crate) async fn open(relay: Relay) -> Result<Session, Failure> {
    Connector::new(relay).unwrap().open().await
}

pub(crate) fn address(text: &str) -> Address {
    text.parse().unwrap()
}

/// Sends one message from news@example.kz.
pub(crate) async fn send(session: &mut Session, to: &str, message: &str) -> Result<Reply, Failure> {
    let (from, to) = (address("news@example.kz"), address(to));
    let body = WireBody::new(message.as_bytes()).unwrap();
    let envelope = Envelope { from: Some(&from), to: &to, body: &body };
    session.write_envelope(envelope).await?.answer().await?.send(&body).await
}

/// Opens a session and sends one message to anna@example.kz.
pub(crate) async fn try_once(relay: Relay) -> Result<Reply, Failure> {
    let mut session = open(relay).await?;
    send(&mut session, "anna@example.kz", MESSAGE).await
}

pub(crate) fn is_retried(failure: &Failure) -> bool {
    matches!(failure.verdict(&FIRST_TRY), Verdict::Retry { .. })
}

pub(crate) fn class(failure: &Failure) -> Option<Class> {
    failure.verdict(&FIRST_TRY).class()
}
