//! One SMTP session to one relay: own time limits, pipelining, no cancelled half-used connection.
//!
//! The dialogue is our own, over tokio, because the sender must stand between its steps: it holds
//! the gate's permit while `MAIL FROM` is written, commits a mark between the 354 and the message,
//! and must know whether the final dot can have arrived. Each step hands back the right to the next:
//!
//! ```no_run
//! # use kelisim::{domain::address::Address, mail::transport::*};
//! # async fn send(connector: &Connector, from: &Address, to: &Address, mail: &[u8])
//! # -> Result<(), Box<dyn std::error::Error>> {
//! let body = WireBody::new(mail)?;
//! let mut session = connector.open().await?;
//! let asked = session.write_envelope(Envelope { from: Some(from), to, body: &body }).await?;
//! // the permit ends here: MAIL FROM is with the network
//! let turn = asked.answer().await?;
//! // here goes the mark "being handed over"
//! let reply = turn.send(&body).await?;
//! session.quit().await;
//! # Ok(()) }
//! ```
//!
//! A future of a session that is dropped half-way (a timeout around it, a shutdown) leaves the session
//! unusable, and [`Session::is_usable`] says so. Pools and rates are the engine's.

mod body;
mod connect;
mod failure;
mod offers;
mod relay;
mod session;
mod tls;
mod wire;

pub use body::{BadBody, WireBody};
pub use connect::Connector;
pub use failure::Failure;
pub use relay::{BadRelay, HelloName, Login, Relay, Timeouts, TlsUse};
pub use session::{BodyTurn, Envelope, EnvelopeWritten, Session};
pub use tls::BadTrust;
