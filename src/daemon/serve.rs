//! The service: the cron library's heartbeat and housekeeping, the site behind the server, and the stop.
//!
//! # Why
//!
//! tokio-cron-scheduler knows no summer time, runs jobs over each other and remembers nothing, so it only beats, in UTC;
//! each beat is refused while the last one runs, and everything that matters is decided by the store.

use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio_cron_scheduler::{Job, JobScheduler};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::Daemon;
use crate::model::Event;
use crate::server::{self, App, Metrics, Pulse};
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
    /// What the daemon tells of its refreshes.
    pub events: mpsc::UnboundedReceiver<Event>,
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
    /// The store refused.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
}

/// Runs until `serving.stop` is cancelled, then ends with nothing half done.
pub async fn serve(serving: Serving) -> Result<(), ServeError> {
    let Serving {
        daemon,
        site,
        events,
        listeners,
        stop,
    } = serving;
    let (pulse, metrics) = (Pulse::default(), Metrics::default());
    tokio::spawn(count(events, metrics.clone()));
    let beat = Beat {
        daemon: Arc::clone(&daemon),
        site: site.clone(),
        pulse: pulse.clone(),
        stop: stop.clone(),
    };
    let mut schedule = schedule(beat, &daemon)
        .await
        .map_err(ServeError::Schedule)?;
    schedule.start().await.map_err(ServeError::Schedule)?;
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    server::serve(listeners, App::new(site, pulse, metrics), stop.clone()).await;
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
    Ok(())
}

/// Keeps the metrics of refreshes.
async fn count(mut events: mpsc::UnboundedReceiver<Event>, metrics: Metrics) {
    while let Some(event) = events.recv().await {
        metrics.observe(&event);
    }
}

async fn schedule(
    beat: Beat,
    daemon: &Arc<Daemon>,
) -> Result<JobScheduler, tokio_cron_scheduler::JobSchedulerError> {
    let schedule = JobScheduler::new().await?;
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
    pulse: Pulse,
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
        self.pulse.beat(now);
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
    }
}
