//! The service: the cron library's heartbeat and housekeeping, the site behind the server, and the stop.
//!
//! # Why
//!
//! tokio-cron-scheduler knows no summer time, runs jobs over each other and remembers nothing, so it only beats, in UTC;
//! each beat is refused while the last one runs, and everything that matters is decided by the store.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use chrono::Utc;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, mpsc};
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use super::Daemon;
use super::errands::News;
use crate::model::Event;
use crate::server::{self, App, Metrics, Pulse};
use crate::site::Site;

/// Every second.
const HEARTBEAT: &str = "* * * * * *";
/// Every minute.
const ERRANDS: &str = "30 * * * * *";
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
    Schedule(#[source] JobSchedulerError),
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
    let heart = Arc::new(Heart {
        daemon: Arc::clone(&daemon),
        site: site.clone(),
        pulse: pulse.clone(),
        stop: stop.clone(),
        news: News::default(),
        telling: Mutex::default(),
    });
    let jobs = jobs(&heart);
    let mut schedule = schedule(&jobs).await.map_err(ServeError::Schedule)?;
    schedule.start().await.map_err(ServeError::Schedule)?;
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    server::serve(listeners, App::new(site, pulse, metrics), stop.clone()).await;
    stop.cancel();
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    if let Err(error) = schedule.shutdown().await {
        warn!(%error, "the schedule did not stop");
    }
    // What has been told to somebody is to be kept as told, so what tells is waited for, too.
    let jobs_end = futures_util::future::join_all(jobs.iter().map(Recurring::end));
    let (told, stopped) = tokio::join!(
        tokio::time::timeout(STOP_WITHIN, jobs_end),
        tokio::time::timeout(STOP_WITHIN, daemon.stop()),
    );
    match (told, stopped) {
        (Ok(_), Ok(stopped)) => stopped?,
        _ => warn!("not all that was under way ended in time"),
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

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What is done again and again; left out while its last run goes on.
struct Recurring {
    when: &'static str,
    work: Arc<dyn Fn() -> Work + Send + Sync>,
    running: Arc<Mutex<()>>,
}

impl Recurring {
    fn new<W>(when: &'static str, heart: &Arc<Heart>, work: fn(Arc<Heart>) -> W) -> Self
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let heart = Arc::clone(heart);
        Self {
            when,
            work: Arc::new(move || Box::pin(work(Arc::clone(&heart)))),
            running: Arc::default(),
        }
    }

    fn job(&self) -> Result<Job, JobSchedulerError> {
        let (running, work) = (Arc::clone(&self.running), Arc::clone(&self.work));
        Job::new_async(self.when, move |_, _| {
            let (running, work) = (Arc::clone(&running), Arc::clone(&work));
            Box::pin(async move {
                if let Ok(_running) = running.try_lock() {
                    work().await;
                }
            })
        })
    }

    /// Waits for a run that is under way.
    async fn end(&self) {
        let _ended = self.running.lock().await;
    }
}

fn jobs(heart: &Arc<Heart>) -> [Recurring; 5] {
    [
        Recurring::new(HEARTBEAT, heart, Heart::beat),
        Recurring::new(HEARTBEAT, heart, Heart::tell_hubs),
        Recurring::new(HEARTBEAT, heart, Heart::tell_operator),
        Recurring::new(ERRANDS, heart, Heart::run_errands),
        Recurring::new(HOUSEKEEPING, heart, Heart::keep_house),
    ]
}

async fn schedule(jobs: &[Recurring]) -> Result<JobScheduler, JobSchedulerError> {
    let schedule = JobScheduler::new().await?;
    for job in jobs {
        schedule.add(job.job()?).await?;
    }
    Ok(schedule)
}

/// What happens at a beat.
struct Heart {
    daemon: Arc<Daemon>,
    site: Site,
    pulse: Pulse,
    stop: CancellationToken,
    news: News,
    /// One at a time: two would tell the same.
    telling: Mutex<()>,
}

impl Heart {
    /// Begins what is due and brings the site up to date.
    async fn beat(self: Arc<Self>) {
        if self.stop.is_cancelled() {
            return;
        }
        let now = Utc::now();
        if let Err(error) = self.daemon.tick(now).await {
            error!(%error, "the store refused to say what is due");
        }
        match self.site.refresh(now).await {
            Ok(true) => {
                self.news.note();
                tokio::spawn(Arc::clone(&self).tell_hubs());
            }
            Ok(false) => {}
            Err(error) => error!(%error, "the site could not be rendered"),
        }
        self.pulse.beat(now);
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
    }

    async fn tell_hubs(self: Arc<Self>) {
        let Ok(_turn) = self.telling.try_lock() else {
            return;
        };
        if self.stop.is_cancelled() {
            return;
        }
        let told = self.daemon.tell_hubs(&self.site, &self.news, Utc::now());
        if let Err(error) = told.await {
            error!(%error, "the store refused to say what hubs are to be told");
        }
    }

    async fn tell_operator(self: Arc<Self>) {
        if self.stop.is_cancelled() {
            return;
        }
        if let Err(error) = self.daemon.tell_operator(Utc::now()).await {
            error!(%error, "the store refused to say what the operator is to be told");
        }
    }

    async fn run_errands(self: Arc<Self>) {
        if self.stop.is_cancelled() {
            return;
        }
        if let Err(error) = self.daemon.run_errands(Utc::now()).await {
            error!(%error, "the store refused an errand");
        }
    }

    async fn keep_house(self: Arc<Self>) {
        if self.stop.is_cancelled() {
            return;
        }
        if let Err(error) = self.daemon.keep_house(Utc::now()).await {
            error!(%error, "housekeeping failed");
        }
    }
}
