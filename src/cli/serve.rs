//! `samflode serve`: the service.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tracing::info;

use super::global::Access;
use super::report::{Exit, Report};
use super::{Global, Opened, reload, terminal};
use crate::daemon::{self, Daemon, Serving};
use crate::site::Site;
use crate::store::{self, Store};

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Where to listen, instead of what the configuration says
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Vec<SocketAddr>,
    /// Play a recording in place of the network, on a temporary database unless --database is given
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,
}

pub(super) async fn run(args: Args, global: &Global) -> Result<Exit, Report> {
    let access = Access {
        replay: args.replay,
        ..Access::default()
    };
    let opened = global.open(&access).await?;
    let settings = &opened.bench.settings;
    let _lock = opened.bench.store.lock_daemon()?;
    let addresses = match args.listen.is_empty() {
        true => settings.serve.listen.clone(),
        false => args.listen,
    };
    let listeners = bind(&addresses).await?;
    let owner = opened.bench.owner.clone();
    let store = &opened.bench.store;
    store.write(move |writer| writer.succeed(&owner)).await?;
    let Signals { stop, at_once } = listen_for_signals()?;
    let hangup = reload::hangup()?;
    greet(&opened, &listeners);
    let (sender, events) = mpsc::unbounded_channel();
    let bench = Arc::clone(&opened.bench);
    let site = Site::open(
        settings.clone(),
        opened.config.sources.clone(),
        bench.store.clone(),
        (global.clock)(),
    )
    .await
    .map_err(|error| Report::caused("cannot render the site", &error))?;
    let daemon = Daemon::start(
        bench,
        opened.config.sources.clone(),
        (global.clock)(),
        sender,
        stop.clone(),
    )
    .await?;
    let service = daemon::serve(Serving {
        daemon: Arc::clone(&daemon),
        site: site.clone(),
        events,
        listeners,
        stop,
    });
    tokio::select! {
        damage = damage(&opened.bench.store) => return Err(damage.into()),
        () = reload::at_hangup(hangup, global, &daemon, &site) => {}
        ended = service => ended.map_err(|error| Report::caused("the service came to a bad end", &error))?,
        () = at_once.cancelled() => return Err(Report::new("stopped before all that was under way had ended")),
    }
    Ok(Exit::Well)
}

/// Looks for damage beside the first answers, since a large database takes its time; never ends where there is none.
async fn damage(store: &Store) -> store::Error {
    match store.quick_check().await {
        Err(damage) => damage,
        Ok(()) => std::future::pending().await,
    }
}

/// Takes the ports before anything is fetched: a port in use is told at once.
async fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, Report> {
    let mut listeners = Vec::with_capacity(addresses.len());
    for address in addresses {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            Report::caused(format!("cannot listen on {address}"), &error).hint(
                "another program may have the port; name a free one with `--listen ADDRESS:PORT`",
            )
        })?;
        listeners.push(listener);
    }
    Ok(listeners)
}

fn greet(opened: &Opened, listeners: &[TcpListener]) {
    let polled = opened
        .config
        .sources
        .iter()
        .filter(|source| source.is_polled())
        .count();
    let database = opened.bench.store.path().display();
    info!(
        sources = polled,
        "following {}, keeping them in {database}",
        terminal::counted(polled, "source", "sources")
    );
    for address in listeners
        .iter()
        .filter_map(|listener| listener.local_addr().ok())
    {
        info!(%address, "merged feed at http://{address}/feed.atom, first page at http://{address}/");
    }
}

/// What signals ask for.
pub(super) struct Signals {
    /// The first: end with nothing half done.
    pub(super) stop: CancellationToken,
    /// The second: end at once.
    pub(super) at_once: CancellationToken,
}

/// Listens for SIGTERM and Ctrl-C.
pub(super) fn listen_for_signals() -> Result<Signals, Report> {
    let listen =
        |kind| signal(kind).map_err(|error| Report::caused("cannot listen for signals", &error));
    let (mut terminate, mut interrupt) = (
        listen(SignalKind::terminate())?,
        listen(SignalKind::interrupt())?,
    );
    let signals = Signals {
        stop: CancellationToken::new(),
        at_once: CancellationToken::new(),
    };
    let asked = [signals.stop.clone(), signals.at_once.clone()];
    tokio::spawn(async move {
        for token in asked {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            info!("stopping");
            token.cancel();
        }
    });
    Ok(signals)
}
