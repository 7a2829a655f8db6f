//! A process that sends: this test's own executable, started again.

use std::{
    env,
    io::Read as _,
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use kelisim::{
    app::Clock,
    engine::{Engine, EngineLock, EngineSettings},
    store::Store,
};
use tokio_util::sync::CancellationToken;

use crate::{
    office::{app, settings},
    relay::{LONG, all, over},
};

/// Connections that each process opens at most.
pub(crate) const CONNECTIONS: usize = 4;

const DATABASE: &str = "KELISIM_KILL_DATABASE";
const RELAY: &str = "KELISIM_KILL_RELAY";

/// The process. It also ends when this one does: its standard input ends then.
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(database: &str, relay: SocketAddr) -> Self {
        let child = Command::new(env::current_exe().expect("this executable"))
            .args(["--ignored", "--exact", "process::sends_until_it_is_killed"])
            .env(DATABASE, database)
            .env(RELAY, relay.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        Self(child.expect("a process"))
    }

    /// SIGKILL; when this returns it is gone.
    pub(crate) fn kill(mut self) {
        self.0.kill().expect("it was still running");
        self.0.wait().expect("it ends");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the process that the kill loop starts and kills"]
async fn sends_until_it_is_killed() {
    end_with_the_parent();
    let database = env::var(DATABASE).expect("started by the kill loop");
    let _lock = database
        .strip_prefix("sqlite://")
        .map(|file| EngineLock::take(Path::new(file)).expect("no other engine"));
    let store = Store::connect(&database, 6).await.expect("the database");
    let relay = format!("smtp://{}?tls=none", env::var(RELAY).expect("a relay"));
    let settings = EngineSettings {
        node_timeout: Duration::from_secs(1),
        ..settings([over(&relay, CONNECTIONS, all(LONG))])
    };
    let engine = Engine::new(app(store, Clock::System), settings);
    engine.run(CancellationToken::new()).await.expect("it is killed first");
}

fn end_with_the_parent() {
    std::thread::spawn(|| {
        let mut nothing = Vec::new();
        let _ended = std::io::stdin().read_to_end(&mut nothing);
        std::process::exit(1);
    });
}
