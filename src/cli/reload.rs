//! `samflode serve` takes another configuration over at SIGHUP, without stopping. One with problems is refused, and the one in
//! force stays.

use std::sync::Arc;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing::{error, info, warn};

use super::report::Report;
use super::{Global, terminal};
use crate::config::{self, Config, Problem};
use crate::daemon::Daemon;
use crate::model::Settings;
use crate::site::Site;

/// Hears hangups from here on; none ends the service any more.
pub(super) fn hangup() -> Result<Signal, Report> {
    signal(SignalKind::hangup())
        .map_err(|error| Report::caused("cannot listen for signals", &error))
}

/// Takes the configuration over at each hangup; never ends.
pub(super) async fn at_hangup(
    mut hangup: Signal,
    global: &Global,
    daemon: &Arc<Daemon>,
    site: &Site,
) {
    while hangup.recv().await.is_some() {
        if let Some(config) = read(global).await {
            take_over(config, global, daemon, site).await;
        }
    }
    std::future::pending().await
}

/// The configuration as it is written now; `None`, and told, where it cannot be used.
async fn read(global: &Global) -> Option<Config> {
    let folder = match global.config_dir() {
        Ok(folder) => folder,
        Err(report) => {
            error!("the configuration in force stays: {}", report.error);
            return None;
        }
    };
    let loaded = tokio::task::spawn_blocking(move || config::load(&folder)).await;
    match loaded.ok()? {
        Ok(config) => {
            for warning in &config.warnings {
                warn!("look at {}", told(warning));
            }
            Some(config)
        }
        Err(found) => {
            for problem in &found.problems {
                error!("the configuration in force stays: {}", told(problem));
            }
            None
        }
    }
}

/// A problem in one line of the log.
fn told(problem: &Problem) -> String {
    let hint = problem.hint.as_ref();
    let hint = hint.map_or(String::new(), |hint| format!("; {hint}"));
    format!("{}: {problem}{hint}", problem.file)
}

async fn take_over(config: Config, global: &Global, daemon: &Arc<Daemon>, site: &Site) {
    let Config {
        settings, sources, ..
    } = config;
    let polled = sources.iter().filter(|source| source.is_polled()).count();
    let waiting = waiting(&daemon.bench().settings, &settings);
    let now = (global.clock)();
    if let Err(error) = daemon.follow(sources.clone(), now).await {
        error!(%error, "the configuration in force stays: the store refused");
        return;
    }
    if let Err(error) = site.configure(settings, sources, now).await {
        error!(%error, "the pages and feeds stay as they were configured: the store refused");
    }
    info!(
        sources = polled,
        "took the configuration over: following {}",
        terminal::counted(polled, "source", "sources")
    );
    if !waiting.is_empty() {
        warn!(
            "changed, but in force only after a restart: {}",
            waiting.join(", ")
        );
    }
}

/// The settings that differ from those that the service was started with and that it cannot change while it runs.
fn waiting(started_with: &Settings, settings: &Settings) -> Vec<&'static str> {
    let (old, new) = (started_with, settings);
    let mut fetch = new.fetch.clone();
    fetch.interval = old.fetch.interval; // the sources carry it
    let compared = [
        ("[fetch]", old.fetch != fetch),
        ("[serve] listen", old.serve.listen != new.serve.listen),
        (
            "[serve] searches_per_minute",
            old.serve.searches_per_minute != new.serve.searches_per_minute,
        ),
        (
            "[serve] max_connections",
            old.serve.max_connections != new.serve.max_connections,
        ),
        ("[dedupe]", old.dedupe != new.dedupe),
        ("[store]", old.store != new.store),
        (
            "[websub] subscribe",
            old.websub.subscribe != new.websub.subscribe,
        ),
        ("[notify]", old.notify != new.notify),
        (
            "[site] tag_authority",
            old.site.tag_authority != new.site.tag_authority,
        ),
    ];
    let differs = compared.into_iter().filter(|(_, differs)| *differs);
    differs.map(|(name, _)| name).collect()
}
