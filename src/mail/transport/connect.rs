//! From a relay's settings to a session that is ready for the first message.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use lettre::transport::smtp::{
    authentication::Credentials, authentication::Mechanism, commands::Auth, response::Response,
};
use rustls::{ClientConfig, pki_types::ServerName};
use secrecy::ExposeSecret;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use super::{
    BadTrust, Failure, Login, Relay, Session, TlsUse,
    offers::Offers,
    tls,
    wire::{Socket, Wire},
};
use crate::domain::reply::{Reply, Stage};

/// How many answers a login may take: LOGIN needs three.
const AUTH_STEPS_MAX: usize = 4;

/// Opens sessions to one relay. Made once: reading the system's certificates takes milliseconds.
pub struct Connector {
    relay: Relay,
    tls: Option<Arc<ClientConfig>>,
}

impl Connector {
    /// Reads the trusted certificates, unless TLS is switched off.
    ///
    /// # Errors
    /// When there are none, or `ca_file` cannot be read.
    pub fn new(relay: Relay) -> Result<Self, BadTrust> {
        let tls = match relay.tls {
            TlsUse::None => None,
            _ => Some(tls::client_config(relay.ca_file.as_deref())?),
        };
        Ok(Self { relay, tls })
    }

    /// The settings.
    #[must_use]
    pub fn relay(&self) -> &Relay {
        &self.relay
    }

    /// Connects, greets, encrypts and logs in.
    ///
    /// # Errors
    /// At any of these steps; see [`Failure::stage`]. Every step has its own time limit.
    pub async fn open(&self) -> Result<Session, Failure> {
        let tcp = self.dial().await?;
        let hello = self.hello_name(&tcp);
        let mut socket: Box<dyn Socket> = Box::new(tcp);
        let mut is_encrypted = self.relay.tls == TlsUse::Implicit;
        if is_encrypted {
            socket = self.encrypt(socket).await?;
        }
        let mut wire = Wire::new(socket);
        let greeting = wire.reply(Stage::Greeting, self.relay.timeouts.greeting).await?;
        completed(Stage::Greeting, greeting)?;
        let mut offers = self.greet(&mut wire, &hello).await?;
        if !is_encrypted && self.wants_tls(&offers)? {
            wire = self.start_tls(wire).await?;
            is_encrypted = true;
            offers = self.greet(&mut wire, &hello).await?;
        }
        if let Some(login) = &self.relay.login {
            self.log_in(&mut wire, &offers, login).await?;
        }
        Ok(Session::new(wire, offers, self.relay.timeouts, is_encrypted))
    }

    /// Nagle off: two small writes would else wait for the server's delayed ACK, 40 ms per message.
    async fn dial(&self) -> Result<TcpStream, Failure> {
        let stage = Stage::Connect;
        let limit = self.relay.timeouts.connect;
        let target = (self.relay.host.as_str(), self.relay.port);
        let connected = match timeout(limit, TcpStream::connect(target)).await {
            Ok(connected) => connected.and_then(|tcp| tcp.set_nodelay(true).map(|()| tcp)),
            Err(_) => return Err(Failure::TimedOut { stage, limit }),
        };
        connected.map_err(|cause| Failure::Lost { stage, cause })
    }

    /// Without a name the literal of our address is the honest one (RFC 5321 §4.1.4).
    fn hello_name(&self, tcp: &TcpStream) -> String {
        match (&self.relay.hello_name, tcp.local_addr()) {
            (Some(name), _) => name.as_str().to_owned(),
            (None, Ok(SocketAddr::V4(address))) => format!("[{}]", address.ip()),
            (None, Ok(SocketAddr::V6(address))) => format!("[IPv6:{}]", address.ip()),
            (None, Err(_)) => "[127.0.0.1]".to_owned(),
        }
    }

    /// EHLO; HELO to servers of before 1995, which then have nothing to offer.
    async fn greet(&self, wire: &mut Wire, name: &str) -> Result<Offers, Failure> {
        let (code, lines) = self.ask(wire, Stage::Hello, &format!("EHLO {name}\r\n")).await?;
        if (200..300).contains(&code) {
            return Ok(Offers::read(lines.lines()));
        }
        if !matches!(code, 500..=502 | 504) {
            return Err(Failure::Refused { stage: Stage::Hello, reply: Reply::new(code, &lines) });
        }
        let (code, lines) = self.ask(wire, Stage::Hello, &format!("HELO {name}\r\n")).await?;
        completed(Stage::Hello, Reply::new(code, &lines))?;
        Ok(Offers::default())
    }

    async fn ask(
        &self,
        wire: &mut Wire,
        stage: Stage,
        command: &str,
    ) -> Result<(u16, String), Failure> {
        wire.say(stage, self.limit(), command).await?;
        wire.lines(stage, self.limit()).await
    }

    fn limit(&self) -> Duration {
        self.relay.timeouts.command
    }

    fn wants_tls(&self, offers: &Offers) -> Result<bool, Failure> {
        match self.relay.tls {
            TlsUse::None | TlsUse::Implicit => Ok(false),
            _ if offers.starttls => Ok(true),
            TlsUse::Opportunistic if self.relay.login.is_none() => Ok(false),
            TlsUse::Opportunistic | TlsUse::Required => Err(Failure::TlsNotOffered),
        }
    }

    async fn start_tls(&self, mut wire: Wire) -> Result<Wire, Failure> {
        let (code, lines) = self.ask(&mut wire, Stage::Tls, "STARTTLS\r\n").await?;
        completed(Stage::Tls, Reply::new(code, &lines))?;
        let socket = self.encrypt(wire.into_socket()?).await?;
        Ok(Wire::new(socket))
    }

    async fn encrypt(&self, socket: Box<dyn Socket>) -> Result<Box<dyn Socket>, Failure> {
        let config = self.tls.clone().ok_or(Failure::TlsNotOffered)?;
        let name = ServerName::try_from(self.relay.host.clone()).map_err(|error| {
            Failure::TlsFailed(io::Error::new(io::ErrorKind::InvalidInput, error))
        })?;
        let handshake = TlsConnector::from(config).connect(name, socket);
        match timeout(self.limit(), handshake).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(error)) => Err(Failure::TlsFailed(error)),
            Err(_) => Err(Failure::TimedOut { stage: Stage::Tls, limit: self.limit() }),
        }
    }

    async fn log_in(&self, wire: &mut Wire, offers: &Offers, login: &Login) -> Result<(), Failure> {
        let mechanism = offers.mechanism.ok_or(Failure::LoginNotOffered)?;
        let credentials =
            Credentials::new(login.user.clone(), login.password.expose_secret().to_owned());
        let mut command = Auth::new(mechanism, credentials.clone(), None).map_err(|_| BAD_AUTH)?;
        for _ in 0..AUTH_STEPS_MAX {
            let (code, lines) = self.ask(wire, Stage::Auth, &command.to_string()).await?;
            if code != 334 {
                return completed(Stage::Auth, Reply::new(code, &lines));
            }
            command = answer(mechanism, &credentials, &lines)?;
        }
        Err(BAD_AUTH)
    }
}

const BAD_AUTH: Failure = Failure::Garbled {
    stage: Stage::Auth,
    why: "it asks for something else than user and password",
};

fn answer(
    mechanism: Mechanism,
    credentials: &Credentials,
    challenge: &str,
) -> Result<Auth, Failure> {
    let challenge: Response = format!("334 {challenge}\r\n").parse().map_err(|_| BAD_AUTH)?;
    Auth::new_from_response(mechanism, credentials.clone(), &challenge).map_err(|_| BAD_AUTH)
}

fn completed(stage: Stage, reply: Reply) -> Result<(), Failure> {
    if reply.is_completion() { Ok(()) } else { Err(Failure::Refused { stage, reply }) }
}
