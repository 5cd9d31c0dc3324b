//! The service on a temporary store, with a clock moved by hand and a site on localhost as the web.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use samflode::config;
use samflode::daemon::Daemon;
use samflode::fetch::Fetcher;
use samflode::model::{Event, Outcome, SourceId, SourceState, StoredEntry};
use samflode::refresh::Bench;
use samflode::site::Site as Published;
use samflode::store::{SourceRow, Store, owner};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Settings under which localhost may be asked without pauses.
const SETTINGS: &str = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";

/// The small world.
pub struct World {
    pub bench: Arc<Bench>,
    pub daemon: Arc<Daemon>,
    pub now: DateTime<Utc>,
    events: mpsc::UnboundedReceiver<Event>,
    sources: Vec<samflode::model::Source>,
    _folder: tempfile::TempDir,
}

impl World {
    /// A world that follows the sources of this configuration.
    pub async fn following(sources: &str) -> Self {
        Self::with("", sources).await
    }

    /// The same with further settings.
    pub async fn with(settings: &str, sources: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = config::parse(&format!("{SETTINGS}{settings}"), sources).unwrap();
        let bench = Arc::new(Bench {
            store: Store::open(&folder.path().join("world.db")).unwrap(),
            fetcher: Fetcher::live(&config.settings.fetch).unwrap(),
            settings: config.settings,
            owner: owner(),
        });
        let now = "2026-11-17T09:00:00Z".parse().unwrap();
        let (sender, events) = mpsc::unbounded_channel();
        let daemon = Daemon::start(
            Arc::clone(&bench),
            config.sources.clone(),
            now,
            sender,
            CancellationToken::new(),
        );
        let daemon = daemon.await.unwrap();
        Self {
            bench,
            daemon,
            now,
            events,
            sources: config.sources,
            _folder: folder,
        }
    }

    /// Follows the sources of this configuration from here on, as after a reload.
    pub async fn reconfigure(&mut self, sources: &str) {
        self.sources = config::parse(SETTINGS, sources).unwrap().sources;
        let follow = self.daemon.follow(self.sources.clone(), self.now);
        follow.await.unwrap();
    }

    /// Begins what is due, waits for it, and tells how each ended.
    pub async fn tick(&mut self) -> Vec<Outcome> {
        self.daemon.tick(self.now).await.unwrap();
        self.daemon.settle().await;
        self.ended()
    }

    /// Changes what is remembered of a source.
    pub async fn remember(&self, id: &str, change: impl FnOnce(&mut SourceState)) {
        let mut state = self.source(id).await.state;
        change(&mut state);
        let id = SourceId::new(id);
        let store = &self.bench.store;
        let put = store.write(move |writer| writer.put_state(&id, &state));
        put.await.unwrap();
    }

    /// Refreshes all sources once and tells how each ended, in the order of the configuration.
    pub async fn refresh(&mut self) -> Vec<Outcome> {
        let now = self.now;
        let all = self
            .sources
            .iter()
            .filter(|source| source.is_polled())
            .cloned()
            .map(Arc::new)
            .collect();
        self.daemon.round(all, move || now).await.unwrap();
        self.ended()
    }

    /// How refreshes ended since this was last asked, in the order of the configuration.
    fn ended(&mut self) -> Vec<Outcome> {
        let mut ended = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            if let Event::Ended {
                source, outcome, ..
            } = event
            {
                ended.push((source, outcome));
            }
        }
        let place = |id: &SourceId| self.sources.iter().position(|source| &source.id == id);
        ended.sort_by_key(|(id, _)| place(id));
        ended.into_iter().map(|(_, outcome)| outcome).collect()
    }

    /// Follows other sources from now on, as after an edit of `sources.toml`.
    pub async fn follow(&mut self, sources: &str) {
        let config = config::parse(SETTINGS, sources).unwrap();
        self.sources.clone_from(&config.sources);
        self.daemon.follow(config.sources, self.now).await.unwrap();
    }

    /// Moves the clock.
    pub fn later(&mut self, by: Duration) {
        self.now += by;
    }

    /// All stored entries, oldest first.
    pub async fn entries(&self) -> Vec<StoredEntry> {
        let mut entries = self
            .bench
            .store
            .read(|reader| reader.newest_entries(100_000))
            .await
            .unwrap();
        entries.reverse();
        entries
    }

    /// The titles of all stored entries, oldest first.
    pub async fn titles(&self) -> Vec<String> {
        self.entries()
            .await
            .into_iter()
            .map(|stored| stored.entry.title)
            .collect()
    }

    /// What the store remembers of a source.
    pub async fn source(&self, id: &str) -> SourceRow {
        let id = SourceId::new(id);
        self.bench
            .store
            .read(move |reader| reader.source(&id))
            .await
            .unwrap()
            .unwrap()
    }

    /// The site as it stands now.
    pub async fn site(&self) -> Published {
        let (settings, sources) = (self.bench.settings.clone(), self.sources.clone());
        let site = Published::open(settings, sources, self.bench.store.clone(), self.now);
        let site = site.await.unwrap();
        site.refresh(self.now).await.unwrap();
        site
    }
}

/// How many entries were new.
pub fn new(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Updated { new, .. } => *new,
        _ => 0,
    }
}
