//! One pass over one source, from due to stored: [`refresh`] reads in the order of the flow and fits one screen.
//!
//! Holds neither SQL nor header names, selectors or time arithmetic: each step is a module of its own, here or below.
//! A step that ends the pass early says so with an [`Outcome`]; whatever way it ended, [`settle`] stores it.

mod ask;
mod complete;
mod configured;
mod follow;
mod identify;
mod missing;
mod plan;
mod read;
mod relearn;
mod save;
mod settle;
mod verdict;

pub use configured::Configured;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use futures_util::FutureExt;
use tracing::{Instrument, info_span};

use crate::fetch::Fetcher;
use crate::model::{Failure, Freshness, Hints, Outcome, Settings, Source, SourceState};
use crate::store::Store;

/// What every refresh works with.
pub struct Bench {
    /// The memory.
    pub store: Store,
    /// The way to the network, or to a recording.
    pub fetcher: Fetcher,
    /// All settings.
    pub settings: Settings,
    /// The name under which this process claims sources.
    pub owner: String,
}

/// One refresh under way.
pub(crate) struct Pass<'a> {
    bench: &'a Bench,
    source: &'a Source,
    /// Its memory as it was claimed: what the store says otherwise in the end was changed meanwhile.
    before: SourceState,
    memory: SourceState,
    now: DateTime<Utc>,
    started: Instant,
    /// Whether earlier entries wait for the operator.
    waiting: bool,
    /// What the answer said of when to come again, as far as it was heard.
    heard: Heard,
}

/// What a refresh hears on its way that matters however it ends.
#[derive(Debug, Default, Clone)]
pub(crate) struct Heard {
    freshness: Freshness,
    hints: Hints,
}

/// Refreshes one source and stores how it ended.
///
/// `now` is the moment at which it begins; `started` the same on the monotonic clock, for how long it took.
pub async fn refresh(
    bench: &Arc<Bench>,
    source: &Source,
    now: DateTime<Utc>,
    started: Instant,
) -> Outcome {
    let span = info_span!("refresh", source.id = %source.id);
    async {
        let mut pass = match Pass::begin(bench, source, now, started).await {
            Ok(pass) => pass,
            Err(outcome) => return outcome,
        };
        match AssertUnwindSafe(pass.run()).catch_unwind().await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(outcome)) => pass.settle(outcome).await,
            Err(_) => {
                pass.settle(Outcome::Failed(Failure::Panicked {
                    stage: "the refresh".into(),
                }))
                .await
            }
        }
    }
    .instrument(span)
    .await
}

impl Pass<'_> {
    /// The flow. An `Err` is how the pass ended before anything was to be stored but the ending itself.
    async fn run(&mut self) -> Result<Outcome, Outcome> {
        let document = self.ask().await?;
        let feed = self.read(&document).await?;
        let mut feed = self.follow(feed, &document).await;
        let entries = self.normalize(&feed, &document);
        feed.entries = Vec::new(); // of fifty thousand, one copy is enough
        let recognized = self.identify(entries).await?;
        let withdrawn = self.missing(&recognized).await?;
        let (completed, late) = self.complete(recognized).await;
        let plan = self.plan(&feed, &document, completed, (withdrawn, late));
        self.save(plan).await
    }
}
