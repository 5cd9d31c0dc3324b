//! What the daemon does beside refreshing: telling hubs, webhooks and the operator, looking after its own subscriptions at
//! hubs, and mending what a jump of the clock left behind.
//!
//! Why apart from the heartbeat: all of it may wait for a stranger's server, and a heartbeat waits for nobody.

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};

use super::Daemon;
use crate::model::SourceId;
use crate::notify;
use crate::schedule::{self, Due};
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
        notify::deliver(
            &bench.store,
            &bench.fetcher,
            &bench.settings,
            now,
            &self.stop,
        )
        .await
    }

    /// Looks after subscriptions, and brings sources back that are due further ahead than any schedule allows.
    pub async fn run_errands(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let bench = &self.bench;
        let asked = subscriber::tend(&bench.store, &bench.fetcher, &bench.settings, now).await;
        let mended = self.mend_clock(now).await;
        asked.and(mended)
    }

    async fn mend_clock(&self, now: DateTime<Utc>) -> Result<(), Error> {
        let far = self
            .bench
            .store
            .read(move |reader| reader.due_after(now + schedule::MAX_PUSH))
            .await?;
        let sources = self.sources.read().await;
        let stray: Vec<(SourceId, Due)> = far
            .into_iter()
            .filter_map(|row| {
                let source = sources.get(&row.profile.id)?;
                Some((row.profile.id, schedule::mend(source, &row.state, now)?))
            })
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
            .write(move |writer| {
                stray
                    .iter()
                    .try_for_each(|(id, due)| writer.make_due(id, due.at, &due.reason))
            })
            .await
    }
}
