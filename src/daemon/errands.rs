//! What the daemon does beside refreshing: telling hubs, webhooks and the operator, looking after its own subscriptions at
//! hubs, and mending what a jump of the clock left behind.
//!
//! Why apart from the heartbeat: all of it may wait for a stranger's server, and a heartbeat waits for nobody.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

use super::Daemon;
use crate::notify;
use crate::schedule;
use crate::site::Site;
use crate::store::Error;
use crate::websub::{self, subscriber};

/// Whether something was published that hubs do not know of yet.
#[derive(Default)]
pub(super) struct News(AtomicBool);

impl News {
    pub(super) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

impl Daemon {
    /// Tells hubs and subscribers what was published.
    pub(super) async fn tell_hubs(
        &self,
        site: &Site,
        news: &News,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        websub::tell(site, &self.bench.fetcher, news.take(), now).await
    }

    /// Tells the operator of incidents.
    pub(super) async fn tell_operator(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let bench = &self.bench;
        notify::deliver(&bench.store, &bench.fetcher, &bench.settings, now).await
    }

    /// Looks after subscriptions, and brings sources back that are due further ahead than any schedule allows.
    pub async fn run_errands(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let bench = &self.bench;
        let asked = subscriber::tend(&bench.store, &bench.fetcher, &bench.settings, now).await;
        let mended = self.mend_clock(now).await;
        asked.and(mended)
    }

    async fn mend_clock(&self, now: DateTime<Utc>) -> Result<(), Error> {
        // Nearer ones no schedule minds.
        let far = now + TimeDelta::days(1);
        let rows = self
            .bench
            .store
            .read(move |reader| reader.due_after(far))
            .await?;
        let sources = self.sources.read().await;
        let is_stray = |row: &crate::store::SourceRow| {
            let source = sources.get(&row.profile.id);
            source.is_some_and(|source| schedule::mend(source, &row.state, now).is_some())
        };
        let stray: Vec<_> = rows
            .into_iter()
            .filter(is_stray)
            .map(|row| row.profile.id)
            .collect();
        if stray.is_empty() {
            return Ok(());
        }
        tracing::warn!(
            sources = stray.len(),
            "the clock had jumped: brought back sources that were due far ahead"
        );
        self.bench
            .store
            .write(move |writer| stray.iter().try_for_each(|id| writer.make_due(id, now)))
            .await
    }
}
