//! `kelisim serve`: the HTTP server and the engine in one process, until told to stop.

use std::{net::SocketAddr, sync::Arc};

use anyhow::Context as _;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::App,
    engine,
    web::{EngineStatus, Outgoing, WebState, router},
};

use super::{context::Context, sending::Ready};

/// Serves and sends until SIGTERM or Ctrl-C; then lets requests and open SMTP transactions end.
///
/// # Errors
/// That the address is taken, another engine has the database, or a part failed for good.
pub async fn run(context: Context) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    stop_on_signal(stop.clone())?;
    let (app, listen) = (Arc::clone(&context.app), context.listen);
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen} (listen, KELISIM_LISTEN)"))?;
    let outgoing = context.outgoing()?;
    let ready = if context.sends() { Some(Ready::new(context)?) } else { None };
    let status = ready.as_ref().map(Ready::status);
    let engine = ready.map(|ready| tokio::spawn(ready.run(stop.clone())));
    tracing::info!(%listen, engine = engine.is_some(), "serving");
    let served = serve(Arc::clone(&app), listener, status, outgoing, stop.clone()).await;
    stop.cancel();
    let sent = ended(engine).await;
    app.store.close().await;
    served.and(sent)
}

/// Answers HTTP until stopped.
///
/// # Errors
/// That a page does not compile, or the listener failed.
pub(super) async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    status: Option<EngineStatus>,
    outgoing: Outgoing,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let state = WebState::new(app, status, outgoing)?;
    let service = router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let stopped = async move {
        stop.cancelled_owned().await;
        state.end_streams();
    };
    axum::serve(listener, service).with_graceful_shutdown(stopped).await?;
    Ok(())
}

async fn ended(engine: Option<JoinHandle<Result<(), engine::Error>>>) -> anyhow::Result<()> {
    match engine {
        Some(engine) => engine.await?.context("the engine stopped"),
        None => Ok(()),
    }
}

/// Cancels `stop` at SIGTERM or SIGINT.
pub(super) fn stop_on_signal(stop: CancellationToken) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        stop.cancel();
    });
    Ok(())
}
