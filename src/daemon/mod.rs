//! What runs: ticks, refreshes, rounds of refreshes, housekeeping, and the stop.
//!
//! [`Daemon::tick`] does all that is due at a handed moment and knows no cron library; [`serve`] lets the cron library
//! call it. Which source is due is a column in the store: a restart loses nothing and starts no stampede.
//!
//! # Why
//!
//! A host is asked by one refresh at a time, and refreshes that wait for their host's turn hold no place among those
//! under way, so that neither a slow source nor a host with many sources keeps the others waiting.

mod errands;
mod housekeeping;
mod network;
mod queue;
mod serve;

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use tokio::sync::{Mutex, Notify, RwLock, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::error;

use crate::model::{Event, Failure, Outcome, Skip, Source, SourceId, SourceProfile};
use crate::refresh::{Bench, Configured, refresh};
use crate::schedule;
use crate::store::{Error, Writer};

pub use housekeeping::keep_house;
use queue::Queue;
pub use serve::{Serving, serve};

/// A round looks at least this often whose turn it is.
const LONGEST_STEP: std::time::Duration = std::time::Duration::from_millis(250);
/// And at most this often.
const SHORTEST_STEP: std::time::Duration = std::time::Duration::from_millis(5);
/// A round tells other processes of hosts, and hears of theirs, so often; the daemon at every tick.
const EXCHANGE_EVERY: Duration = Duration::seconds(1);
/// After the store refused a refresh, none is begun for so long: each would ask in vain, and ask a server for nothing.
const STORE_RESTS: Duration = Duration::seconds(30);

/// All that refreshes, with what is under way.
pub struct Daemon {
    bench: Arc<Bench>,
    sources: RwLock<HashMap<SourceId, Arc<Source>>>,
    queue: Mutex<Queue>,
    network: Mutex<network::Streak>,
    store_rests: Mutex<Option<DateTime<Utc>>>,
    /// Changes when another process has written.
    data_version: AtomicI64,
    events: mpsc::UnboundedSender<Event>,
    tasks: TaskTracker,
    stop: CancellationToken,
    /// Told when nothing waits and nothing is under way.
    idle: Notify,
}

impl Daemon {
    /// Makes the sources known to the store and recalls what is remembered of hosts.
    pub async fn start(
        bench: Arc<Bench>,
        sources: Vec<Source>,
        now: DateTime<Utc>,
        events: mpsc::UnboundedSender<Event>,
        stop: CancellationToken,
    ) -> Result<Arc<Self>, Error> {
        register(&bench, &sources, now).await?;
        for (origin, state) in bench.store.read(|reader| reader.hosts()).await? {
            bench.fetcher.restore(&origin, state);
        }
        let streak = bench.store.read(network::Streak::recall).await?;
        Ok(Arc::new(Self {
            bench,
            sources: RwLock::new(by_id(sources)),
            queue: Mutex::default(),
            network: Mutex::new(streak),
            store_rests: Mutex::default(),
            data_version: AtomicI64::default(),
            events,
            tasks: TaskTracker::new(),
            stop,
            idle: Notify::new(),
        }))
    }

    /// Begins what is due at `now`; returns without waiting for it.
    pub async fn tick(self: &Arc<Self>, now: DateTime<Utc>) -> Result<(), Error> {
        self.bench.fetcher.tick(now);
        self.exchange_hosts(now).await?;
        self.enqueue_due(now).await?;
        if !self.is_store_resting(now).await {
            self.begin_waiting(now).await;
        }
        Ok(())
    }

    /// Refreshes the given sources once, due or not, and tells how each ended, in no particular order.
    ///
    /// `clock` is asked for the moment at each step.
    pub async fn round(
        self: &Arc<Self>,
        sources: Vec<Arc<Source>>,
        clock: impl Fn() -> DateTime<Utc>,
    ) -> Result<(), Error> {
        self.enqueue(sources).await;
        let mut exchanged = None;
        while !self.is_idle().await && !self.stop.is_cancelled() {
            let idle = self.idle.notified();
            let now = clock();
            self.bench.fetcher.tick(now);
            if exchanged.is_none_or(|at| now - at >= EXCHANGE_EVERY) {
                self.exchange_hosts(now).await?;
                exchanged = Some(now);
            }
            self.begin_waiting(now).await;
            let pause = match self.bench.fetcher.next_turn() {
                Some(turn) => (turn - now).to_std().unwrap_or_default().max(SHORTEST_STEP),
                None => LONGEST_STEP,
            };
            tokio::select! {
                () = idle => {}
                () = self.bench.fetcher.stirred() => {}
                () = tokio::time::sleep(pause.min(LONGEST_STEP)) => {}
                () = self.stop.cancelled() => {}
            }
        }
        self.settle().await;
        self.exchange_hosts(clock()).await
    }

    /// Waits until no refresh is under way.
    pub async fn settle(&self) {
        self.tasks.close();
        self.tasks.wait().await;
        self.tasks.reopen();
    }

    /// Waits for what is under way, then gives back all that this process claimed.
    pub async fn stop(&self) -> Result<(), Error> {
        self.stop.cancel();
        self.settle().await;
        self.exchange_hosts(self.bench.fetcher.now()).await?;
        let owner = self.bench.owner.clone();
        self.bench
            .store
            .write(move |writer| writer.end_claims(&owner))
            .await
    }

    /// The configured sources.
    pub async fn sources(&self) -> Vec<Arc<Source>> {
        self.sources.read().await.values().cloned().collect()
    }

    /// What refreshes work with.
    pub fn bench(&self) -> &Bench {
        &self.bench
    }

    /// Takes other sources from here on. What is under way ends as it began; of a source that is gone nothing more is written,
    /// and its entries stay.
    pub async fn follow(&self, sources: Vec<Source>, now: DateTime<Utc>) -> Result<(), Error> {
        register(&self.bench, &sources, now).await?;
        let mut followed = self.sources.write().await;
        let before = std::mem::replace(&mut *followed, by_id(sources));
        let gone: Vec<SourceId> = before
            .into_keys()
            .filter(|id| !followed.contains_key(id))
            .collect();
        drop(followed);
        self.bench
            .store
            .write(move |writer| gone.iter().try_for_each(|id| writer.end_claim(id)))
            .await
    }

    /// Forgets what is of no use any more.
    pub async fn keep_house(&self, now: DateTime<Utc>) -> Result<(), Error> {
        self.bench.fetcher.forget_idle_hosts(now);
        keep_house(&self.bench.store, &self.bench.settings, now).await
    }

    async fn is_idle(&self) -> bool {
        self.queue.lock().await.is_empty()
    }

    /// Queues what is due. The queue is held while the store is asked: a refresh that ended in between would be begun twice.
    async fn enqueue_due(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let mut queue = self.queue.lock().await;
        let due = self.bench.store.read(move |reader| reader.due(now)).await?;
        let sources = self.sources.read().await;
        due.iter()
            .filter_map(|id| sources.get(id))
            .filter(|source| source.is_polled())
            .for_each(|source| queue.push(Arc::clone(source)));
        Ok(())
    }

    async fn enqueue(&self, sources: Vec<Arc<Source>>) {
        let mut queue = self.queue.lock().await;
        sources.into_iter().for_each(|source| queue.push(source));
    }

    /// Begins every waiting refresh whose host is free, as far as there are places. Each that ends looks for the next.
    async fn begin_waiting(self: &Arc<Self>, now: DateTime<Utc>) {
        let mut queue = self.queue.lock().await;
        let sources = self.sources.read().await;
        while queue.under_way < self.bench.settings.fetch.concurrency && !self.stop.is_cancelled() {
            let Some((queued, origin)) = queue.next() else {
                break;
            };
            // Another configuration may have come while it waited.
            match sources.get(&queued.id) {
                Some(source) if source.is_polled() || !queued.is_polled() => {
                    self.begin(Arc::clone(source), origin, now);
                }
                _ => queue.end(&queued.id, &origin),
            }
        }
    }

    fn begin(self: &Arc<Self>, source: Arc<Source>, origin: String, now: DateTime<Utc>) {
        let daemon = Arc::clone(self);
        self.tasks.spawn(async move {
            let started = Instant::now();
            let id = source.id.clone();
            let begun = daemon.network.lock().await.begin();
            let _ = daemon.events.send(Event::Started { source: id.clone() });
            let outcome = tokio::select! {
                biased;
                outcome = refresh(&daemon.bench, &source, now, started) => outcome,
                () = daemon.stop.cancelled() => Outcome::Skipped(Skip::Stopping),
            };
            daemon.heed_store(&outcome, now).await;
            let sign = daemon
                .network
                .lock()
                .await
                .observe(&id, &origin, begun, &outcome);
            daemon.end(&id, &origin, sign, now).await;
            let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
            let _ = daemon.events.send(Event::Ended {
                source: id,
                outcome,
                duration_ms,
            });
            daemon.go_on().await;
        });
    }

    /// Looks for the next refresh where one has ended. Boxed, since what it begins comes here in the end.
    fn go_on<'a>(self: &'a Arc<Self>) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            let now = self.bench.fetcher.now();
            if !self.is_store_resting(now).await {
                self.begin_waiting(now).await;
            }
            if self.is_idle().await {
                self.idle.notify_waiters();
            }
        })
    }

    async fn is_store_resting(&self, now: DateTime<Utc>) -> bool {
        let until = *self.store_rests.lock().await;
        until.is_some_and(|until| now < until && until <= now + STORE_RESTS)
    }

    /// Pauses where the store refused; told once a pause, however many were under way.
    async fn heed_store(&self, outcome: &Outcome, now: DateTime<Utc>) {
        let Outcome::Failed(Failure::Storage { reason }) = outcome else {
            return;
        };
        if !self.is_store_resting(now).await {
            *self.store_rests.lock().await = Some(now + STORE_RESTS);
            error!("the store refuses what refreshes want to keep, all of them wait: {reason}");
        }
    }

    async fn end(&self, source: &SourceId, origin: &str, sign: network::Sign, now: DateTime<Utc>) {
        if let Err(error) = network::keep(&self.bench.store, sign, now).await {
            error!(%error, "the state of our own network could not be kept");
        }
        self.queue.lock().await.end(source, origin);
    }

    /// Keeps what is remembered of hosts, and takes over what another process was asked for by them.
    async fn exchange_hosts(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let changed = self.bench.fetcher.take_changed();
        let kept = self.bench.store.write(move |writer| {
            for (origin, state) in &changed {
                writer.put_host(origin, state, now)?;
            }
            writer.data_version()
        });
        let version = kept.await?;
        if self.data_version.swap(version, Ordering::Relaxed) == version {
            return Ok(());
        }
        for (origin, state) in self.bench.store.read(|reader| reader.hosts()).await? {
            self.bench.fetcher.heed_other(&origin, &state);
        }
        Ok(())
    }
}

fn by_id(sources: Vec<Source>) -> HashMap<SourceId, Arc<Source>> {
    sources
        .into_iter()
        .map(|source| (source.id.clone(), Arc::new(source)))
        .collect()
}

/// Makes sources known to the store, those due sooner that are configured otherwise than when they were last refreshed, and ends
/// the incidents of those that are not polled any more. New ones are spread, so that a start is no burst; a recording needs no
/// such care.
async fn register(bench: &Bench, sources: &[Source], now: DateTime<Utc>) -> Result<(), Error> {
    let due = |source: &Source| match bench.fetcher.is_replay() {
        true => now,
        false => schedule::first_due(source, now).at,
    };
    let known: Vec<(Source, DateTime<Utc>)> = sources
        .iter()
        .map(|source| (source.clone(), due(source)))
        .collect();
    let demanded = bench.settings.dedupe;
    let polled: HashSet<SourceId> = sources
        .iter()
        .filter(|source| source.is_polled())
        .map(|source| source.id.clone())
        .collect();
    bench
        .store
        .write(move |writer| {
            writer.demand(demanded)?;
            writer.end_dead_claims()?;
            writer.conclude_unpolled(|id| polled.contains(id), now)?;
            known.iter().try_for_each(|(source, due)| {
                writer.register(&SourceProfile::from(source), *due)?;
                reconsider(writer, source, now)
            })
        })
        .await
}

fn reconsider(writer: &Writer<'_>, source: &Source, now: DateTime<Utc>) -> Result<(), Error> {
    let Configured { reading, timing } = source.into();
    let (read_before, timed_before) = writer.configured(&source.id)?;
    let due = if read_before.is_some_and(|before| before != reading) {
        schedule::reconfigured(source, now)
    } else if timed_before.is_some_and(|before| before != timing) {
        schedule::rescheduled(source, now)
    } else {
        return Ok(());
    };
    writer.make_due(&source.id, due.at, &due.reason)
}
