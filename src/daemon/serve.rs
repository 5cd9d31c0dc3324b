//! The service: the cron library's heartbeat and housekeeping, the site behind the server, and the stop.
//!
//! # Why
//!
//! tokio-cron-scheduler knows no summer time, runs jobs over each other and remembers nothing, so it only beats, in UTC;
//! each beat is refused while the last one runs, and everything that matters is decided by the store.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::sync::Mutex;
use tokio_cron_scheduler::{Job, JobScheduler};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::Daemon;
use crate::server;
use crate::site::Site;

/// Every second.
const HEARTBEAT: &str = "* * * * * *";
/// Every hour, at a minute when few other programs start.
const HOUSEKEEPING: &str = "0 17 * * * *";
/// What is under way may take this long to end when stopping.
const STOP_WITHIN: Duration = Duration::from_secs(8);

/// All that a service consists of.
pub struct Serving {
    /// What refreshes.
    pub daemon: Arc<Daemon>,
    /// What is published.
    pub site: Site,
    /// Bound sockets.
    pub listeners: Vec<TcpListener>,
    /// Ends it.
    pub stop: CancellationToken,
}

/// The service could not be started or came to a bad end.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The heart does not beat.
    #[error("cannot start the schedule")]
    Schedule(#[source] tokio_cron_scheduler::JobSchedulerError),
    /// The server ended.
    #[error("cannot serve")]
    Server(#[source] std::io::Error),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}

/// Runs until `serving.stop` is cancelled, then ends with nothing half done.
pub async fn serve(serving: Serving) -> Result<(), ServeError> {
    let Serving {
        daemon,
        site,
        listeners,
        stop,
    } = serving;
    let mut schedule = schedule(&daemon, &site, &stop)
        .await
        .map_err(ServeError::Schedule)?;
    schedule.start().await.map_err(ServeError::Schedule)?;
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    let served = server::serve(listeners, site, stop.clone()).await;
    stop.cancel();
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    if let Err(error) = schedule.shutdown().await {
        warn!(%error, "the schedule did not stop");
    }
    match tokio::time::timeout(STOP_WITHIN, daemon.stop()).await {
        Ok(stopped) => stopped?,
        Err(_) => warn!("not all that was under way ended in time"),
    }
    info!("stopped");
    served.map_err(ServeError::Server)
}

async fn schedule(
    daemon: &Arc<Daemon>,
    site: &Site,
    stop: &CancellationToken,
) -> Result<JobScheduler, tokio_cron_scheduler::JobSchedulerError> {
    let schedule = JobScheduler::new().await?;
    let beat = Beat {
        daemon: Arc::clone(daemon),
        site: site.clone(),
        stop: stop.clone(),
    };
    let (beat, house) = (
        Arc::new(Mutex::new(beat)),
        Arc::new(Mutex::new(Arc::clone(daemon))),
    );
    schedule
        .add(Job::new_async(HEARTBEAT, move |_, _| {
            let beat = Arc::clone(&beat);
            Box::pin(async move {
                if let Ok(beat) = beat.try_lock() {
                    beat.beat().await;
                }
            })
        })?)
        .await?;
    schedule
        .add(Job::new_async(HOUSEKEEPING, move |_, _| {
            let house = Arc::clone(&house);
            Box::pin(async move {
                let Ok(daemon) = house.try_lock() else { return };
                if let Err(error) = daemon.keep_house(Utc::now()).await {
                    error!(%error, "housekeeping failed");
                }
            })
        })?)
        .await?;
    Ok(schedule)
}

/// What one heartbeat does.
struct Beat {
    daemon: Arc<Daemon>,
    site: Site,
    stop: CancellationToken,
}

impl Beat {
    async fn beat(&self) {
        if self.stop.is_cancelled() {
            return;
        }
        let now = Utc::now();
        if let Err(error) = self.daemon.tick(now).await {
            error!(%error, "the store refused to say what is due");
        }
        if let Err(error) = self.site.refresh(now).await {
            error!(%error, "the site could not be rendered");
        }
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
    }
}
