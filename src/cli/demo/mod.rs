//! `kelisim demo`: everything at once, on sample people, without anything leaving the machine.
//!
//! One process holds what a real installation has (the database, the engine, the service) and
//! what stands in for the rest of the world: a mail catcher with an inbox, people with a history,
//! campaigns. All of it comes about by the same deeds as anywhere else.

mod fates;
mod folder;
mod guide;
mod inbox;
mod people;
mod programme;
mod progress;
mod story;

use std::{io, net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::Context as _;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{
        App, Clock,
        staff::users::{self, By, NewUser},
    },
    config::Settings,
    domain::{pace::SendRate, staff::Role},
    engine,
    mail::listener::{self, Listener},
    telemetry,
};

use super::{context::Context, sending::Ready, serve};
use folder::{Addresses, Folder};
use inbox::{Catcher, Inbox, Mailbox};

/// How to show it.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Keep everything in this folder, which must be new or empty; else it vanishes at the end
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Where the service listens; if the port is taken, on a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = loopback)]
    listen: SocketAddr,
    /// Where the inbox listens; if the port is taken, on a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8025", value_parser = loopback)]
    inbox: SocketAddr,
    /// End as soon as no campaign runs or waits for its time
    #[arg(long)]
    exit_when_done: bool,
    /// The pace of each campaign
    #[arg(long, value_name = "RATE", default_value = "20/1s", hide = true)]
    pace: SendRate,
    /// Seconds until the second campaign starts
    #[arg(long, value_name = "SECONDS", default_value_t = 60, hide = true)]
    event_after_s: u32,
}

/// Nothing of the demo may be reached from elsewhere: it has no login.
fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address: SocketAddr =
        text.parse().map_err(|_| "must be an address and a port such as 127.0.0.1:8025")?;
    if address.ip().is_loopback() {
        Ok(address)
    } else {
        Err("the demo listens on this machine only: begin it with 127.0.0.1".to_owned())
    }
}

/// Sets the scene, starts everything, says where to look, and shows the campaigns until it is told
/// to stop.
///
/// # Errors
/// What went wrong, in words for whoever typed the command.
pub async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let stop = CancellationToken::new();
    serve::stop_on_signal(stop.clone())?;
    let folder = Folder::new(arguments.keep.as_deref())?;
    let sockets = Sockets::bind(&arguments).await?;
    let at = sockets.addresses()?;
    folder.furnish(at, arguments.pace)?;
    // The environment is left out: what is set there is for a real installation.
    let settings = Settings::load(Some(&folder.config()), [])?;
    telemetry::init(&settings.log)?;
    let mut context = Box::pin(Context::open(settings)).await?;
    println!("Kelisim demo: bringing in {} sample people.\n", people::PEOPLE);
    let app = Arc::get_mut(&mut context.app).context("the App is in use already")?;
    let Some(told) = stop.run_until_cancelled(story::tell(app, &folder)).await else {
        return Ok(());
    };
    told?;
    let app = Arc::clone(&context.app);
    let programme = programme::begin(&app, &folder, arguments.event_after_s).await?;
    let running = Running::start(context, sockets, &folder, &stop)?;
    let welcome = welcome(&app).await?;
    println!("{}", guide::text(&folder, at, &programme, &welcome)?);
    running.follow(&app, arguments.exit_when_done, stop).await?;
    app.store.close().await;
    Ok(())
}

/// The link with which the demo's first admin sets a password. One person may do everything here,
/// so that it can all be seen.
async fn welcome(app: &App) -> anyhow::Result<String> {
    let new = NewUser {
        address: "admin@example.kz".parse()?,
        name: "Demo".to_owned(),
        language: app.institution.default_language(),
        roles: Role::ALL.iter().copied().collect(),
    };
    let user = users::create(app, new, By::Operator).await?;
    super::user::welcome_url(app, &user).await
}

/// Bound, and nobody served yet.
struct Sockets {
    web: TcpListener,
    inbox: TcpListener,
    smtp: Listener,
}

impl Sockets {
    async fn bind(arguments: &Arguments) -> anyhow::Result<Self> {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        Ok(Self {
            web: bind(arguments.listen).await?,
            inbox: bind(arguments.inbox).await?,
            smtp: Listener::bind(any, listener::Settings::default()).await?,
        })
    }

    fn addresses(&self) -> io::Result<Addresses> {
        Ok(Addresses {
            web: self.web.local_addr()?,
            inbox: self.inbox.local_addr()?,
            smtp: self.smtp.address()?,
        })
    }
}

async fn bind(wanted: SocketAddr) -> anyhow::Result<TcpListener> {
    let bound = match TcpListener::bind(wanted).await {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            TcpListener::bind((wanted.ip(), 0)).await
        }
        other => other,
    };
    bound.with_context(|| format!("cannot listen on {wanted}"))
}

/// The parts, each a task.
struct Running {
    engine: JoinHandle<Result<(), engine::Error>>,
    web: JoinHandle<anyhow::Result<()>>,
    inbox: JoinHandle<io::Result<()>>,
    catcher: JoinHandle<()>,
    /// Stops the catcher: last, so that what the engine hands over at the end arrives.
    catcher_stop: CancellationToken,
}

impl Running {
    fn start(
        context: Context,
        sockets: Sockets,
        folder: &Folder,
        stop: &CancellationToken,
    ) -> anyhow::Result<Self> {
        let app = Arc::clone(&context.app);
        let catcher_stop = CancellationToken::new();
        let mailbox = Arc::new(Mailbox::new(Clock::System));
        let catcher = Catcher(Arc::clone(&mailbox));
        let catcher = tokio::spawn(sockets.smtp.run(catcher, catcher_stop.clone()));
        let command = guide::command(folder);
        let pages = Inbox::new(mailbox, Arc::clone(&app), command, stop.clone())?.router();
        let inbox = axum::serve(sockets.inbox, pages)
            .with_graceful_shutdown(stop.clone().cancelled_owned());
        let inbox = tokio::spawn(inbox.into_future());
        let outgoing = context.outgoing()?;
        let ready = Ready::new(context)?;
        let status = ready.status();
        let web =
            tokio::spawn(serve::serve(app, sockets.web, Some(status), outgoing, stop.clone()));
        let engine = tokio::spawn(ready.run(stop.clone()));
        Ok(Self { engine, web, inbox, catcher, catcher_stop })
    }

    /// Shows the campaigns until stopped, or done if that is the end; then lets every part end.
    async fn follow(
        mut self,
        app: &App,
        until_done: bool,
        stop: CancellationToken,
    ) -> anyhow::Result<()> {
        let outcome = tokio::select! {
            biased;
            () = stop.cancelled() => Ok(()),
            shown = progress::follow(app, until_done) => shown.map_err(anyhow::Error::from),
            ended = &mut self.engine => {
                stop.cancel();
                self.catcher_stop.cancel();
                return ended?.context("the engine stopped");
            }
        };
        println!("\nStopping.");
        stop.cancel();
        self.engine.await?.context("the engine stopped")?;
        self.catcher_stop.cancel();
        self.catcher.await?;
        self.web.await??;
        self.inbox.await??;
        outcome
    }
}
