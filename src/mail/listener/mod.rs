//! A small SMTP server: the demo's mail catcher, and in tests a relay that misbehaves on demand.
//!
//! It takes mail for anybody and sends it nowhere: bind it to loopback. What it answers is decided
//! step by step by a [`Behaviour`].
//!
//! ```no_run
//! # use kelisim::mail::listener::*;
//! # async fn catch(stop: tokio_util::sync::CancellationToken) -> std::io::Result<()> {
//! struct Catcher;
//! impl Behaviour for Catcher {
//!     fn received(&self, mail: Received) {
//!         println!("{} octets", mail.message.len());
//!     }
//! }
//! let listener = Listener::bind("127.0.0.1:2525", Settings::default()).await?;
//! listener.run(Catcher, stop).await;
//! # Ok(()) }
//! ```

mod behaviour;
mod dialogue;
mod intake;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream, ToSocketAddrs},
    sync::Semaphore,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub use behaviour::{Action, Behaviour, Received, Step};
use dialogue::{Dialogue, Ended};

/// How many connections are served at once; the next one hears 421.
pub const CONNECTIONS_MAX: usize = 256;
/// The largest message, in octets.
pub const MESSAGE_BYTES_MAX: usize = 25 * 1024 * 1024;
/// How many recipients one message may have (RFC 5321 §4.5.3.1.8).
pub const RECIPIENTS_MAX: usize = 100;

/// How long to wait when the system has no socket left for the next connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What the server offers.
#[derive(Clone)]
pub struct Settings {
    /// What EHLO says besides STARTTLS, such as `PIPELINING` or `AUTH PLAIN LOGIN`. The server can do
    /// it all whether it says so or not.
    pub keywords: Vec<String>,
    /// Whether and how TLS is spoken.
    pub tls: Tls,
    /// How long a client may be silent.
    pub idle: Duration,
}

/// Whether and how the server speaks TLS.
#[derive(Clone)]
pub enum Tls {
    /// Not at all.
    None,
    /// When the client says STARTTLS.
    OnRequest(Arc<ServerConfig>),
    /// From the first byte.
    Always(Arc<ServerConfig>),
}

impl Default for Settings {
    fn default() -> Self {
        let keywords = ["PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES"];
        let mut keywords: Vec<String> = keywords.map(str::to_owned).into();
        keywords.push(format!("SIZE {MESSAGE_BYTES_MAX}"));
        Self { keywords, tls: Tls::None, idle: Duration::from_mins(5) }
    }
}

/// A bound socket that nobody is served on yet.
pub struct Listener {
    socket: TcpListener,
    settings: Settings,
}

impl Listener {
    /// Takes the address; port 0 means any free one.
    ///
    /// # Errors
    /// When the address is not ours or is in use.
    pub async fn bind(address: impl ToSocketAddrs, settings: Settings) -> io::Result<Self> {
        Ok(Self { socket: TcpListener::bind(address).await?, settings })
    }

    /// The address that it listens on.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `stop`, and then breaks off what is under way.
    pub async fn run(self, behaviour: impl Behaviour, stop: CancellationToken) {
        let server = Arc::new(Server {
            settings: self.settings,
            behaviour: Box::new(behaviour),
            places: Semaphore::new(CONNECTIONS_MAX),
        });
        let connections = TaskTracker::new();
        let serve = async {
            for number in 0.. {
                let tcp = accept(&self.socket).await;
                let (server, stop) = (Arc::clone(&server), stop.clone());
                connections.spawn(async move {
                    let serve = Box::pin(server.serve(tcp, number));
                    stop.run_until_cancelled(serve).await;
                });
            }
        };
        stop.run_until_cancelled(serve).await;
        connections.close();
        connections.wait().await;
    }
}

async fn accept(socket: &TcpListener) -> TcpStream {
    loop {
        match socket.accept().await {
            Ok((tcp, _)) => return tcp,
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
    }
}

struct Server {
    settings: Settings,
    behaviour: Box<dyn Behaviour>,
    places: Semaphore,
}

impl Server {
    /// A client that breaks off, or a handshake that fails, concerns nobody else.
    async fn serve(&self, mut tcp: TcpStream, number: u64) {
        let Ok(_place) = self.places.try_acquire() else {
            drop(tcp.write_all(b"421 4.3.2 too many connections\r\n").await);
            return;
        };
        drop(tcp.set_nodelay(true));
        match &self.settings.tls {
            Tls::None => drop(self.talk(tcp, number, false).await),
            Tls::Always(config) => {
                if let Ok(stream) = TlsAcceptor::from(Arc::clone(config)).accept(tcp).await {
                    drop(self.talk(stream, number, true).await);
                }
            }
            Tls::OnRequest(config) => {
                let Ok(Ended::StartTls(tcp)) = self.talk(tcp, number, false).await else { return };
                if let Ok(stream) = TlsAcceptor::from(Arc::clone(config)).accept(tcp).await {
                    drop(self.dialogue(stream, number, true).talk().await);
                }
            }
        }
    }

    async fn talk<S>(&self, stream: S, number: u64, is_encrypted: bool) -> io::Result<Ended<S>>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let mut dialogue = self.dialogue(stream, number, is_encrypted);
        if dialogue.welcome().await? { dialogue.talk().await } else { Ok(Ended::Closed) }
    }

    fn dialogue<S>(&self, stream: S, number: u64, is_encrypted: bool) -> Dialogue<'_, S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        Dialogue::new(stream, &self.settings, &*self.behaviour, number, is_encrypted)
    }
}
