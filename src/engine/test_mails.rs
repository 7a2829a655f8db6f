//! Sends test mails, one after the other, over a connection of their own. They take the same way as
//! the real ones: rendered, composed, signed and checked alike.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        App, Result,
        test_mail::{self, Claimed},
    },
    domain::{contact::Profile, id::DeliveryId},
    mail::transport::{Envelope, Failure, Session, WireBody},
};

use super::{
    EngineSettings, Error, Relays,
    letters::{Letters, Recipient},
};

/// Looked for this often even if nobody rang: another process may have asked.
const PERIOD: Duration = Duration::from_secs(2);
/// Longest time that one test mail may take.
const ONE_MAX: Duration = Duration::from_mins(2);

/// Sends what is asked for, until stopped.
pub(super) async fn run(
    app: Arc<App>,
    settings: Arc<EngineSettings>,
    relays: Arc<Relays>,
    stop: CancellationToken,
) -> Result<(), Error> {
    while stop.run_until_cancelled(timeout(PERIOD, app.tests.notified())).await.is_some() {
        let sent = stop.run_until_cancelled(send_all(&app, &settings, &relays)).await;
        if let Some(Err(error)) = sent {
            tracing::warn!(%error, "looking for test mails failed");
        }
    }
    Ok(())
}

async fn send_all(app: &App, settings: &Arc<EngineSettings>, relays: &Relays) -> Result<()> {
    while let Some(claimed) = test_mail::claim(app).await? {
        let sent = timeout(ONE_MAX, send(app, settings, relays, &claimed)).await;
        let failure = match sent {
            Ok(Ok(())) => None,
            Ok(Err(reason)) => Some(reason),
            Err(_) => Some("the relay took too long".to_owned()),
        };
        let outcome = if failure.is_none() { "sent" } else { "failed" };
        tracing::info!(test_mail = %claimed.mail.id, outcome, "test mail settled");
        test_mail::settle(app, claimed.mail.id, failure.as_deref()).await?;
    }
    Ok(())
}

async fn send(
    app: &App,
    settings: &Arc<EngineSettings>,
    relays: &Relays,
    claimed: &Claimed,
) -> Result<(), String> {
    let mail = &claimed.mail;
    let letters = Letters::for_tests(app, settings, &claimed.made).await;
    let letters = letters.map_err(|error| error.to_string())?;
    let profile = Profile { language: Some(mail.language), ..Profile::default() };
    let recipient =
        Recipient { id: DeliveryId(mail.id.0), address: &mail.address, profile: &profile };
    let composed = letters.compose(app, recipient, app.now())?;
    let body = WireBody::new(&composed.bytes).map_err(|error| error.to_string())?;
    let from = composed.mail_from.parse().map_err(|_| "the return path is no address")?;
    let relay = relays.active(Instant::now()).map_err(|_| "no relay can be reached now")?;
    let mut session =
        settings.relays[relay].connector.open().await.map_err(|failure| failure.to_string())?;
    let envelope = Envelope { from: Some(&from), to: &mail.address, body: &body };
    let handed = hand_over(&mut session, envelope).await.map_err(|failure| failure.to_string());
    session.quit().await;
    handed
}

async fn hand_over(session: &mut Session, envelope: Envelope<'_>) -> Result<(), Failure> {
    let written = session.write_envelope(envelope).await?;
    let turn = written.answer().await?;
    turn.send(envelope.body).await.map(drop)
}
