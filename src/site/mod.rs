//! The site: renders the standing documents, reads them back, and swaps them in; renders views when they are asked for.
//!
//! Holds ready bytes, no HTTP: `server` and `samflode export` put them out. A standing document is rendered once per
//! change of the store; a request for it costs neither rendering nor database. A document that cannot be read back
//! never replaces the last good one, and an incident opens (`check`).
//!
//! # Why
//!
//! Everything is made from the index of views, which follows the publications ([`Site::refresh`]); so a restart, a
//! second process that fetched, or a new definition need nothing of their own.

mod cache;
mod check;
mod document;
mod incidents;
mod opml;
mod press;
mod ready;
mod refresh;
mod scope;
mod seal;
mod standing;
mod takedown;
mod view;

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use chrono::{DateTime, Utc};

pub use cache::Format;
pub use check::{Fault, check};
pub use opml::subscriptions;
pub use ready::{Hubs, Ready, gzip};
pub use scope::Scope;
pub use seal::altered_documents;
pub use standing::Standing;
pub use takedown::TakedownError;

use crate::model::{Settings, Source};
use crate::store::{self, Store};

/// The published site. Cheap to clone.
#[derive(Clone)]
pub struct Site {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    scope: RwLock<Arc<Scope>>,
    standing: RwLock<Arc<Standing>>,
    cache: Mutex<cache::Cache>,
    /// When the next source is due, in milliseconds; 0 where nobody knows.
    next_due: AtomicI64,
    /// Whether there is more to do than what was published since: a start, another configuration.
    is_stale: AtomicBool,
    /// One refresh at a time: two would seal the same documents.
    refreshing: tokio::sync::Mutex<()>,
    press: press::Press,
}

/// The site cannot be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store refused.
    #[error("what is published cannot be read or kept")]
    Store(#[from] store::Error),
    /// A document could not be written.
    #[error("a document cannot be written")]
    Publish(#[from] crate::publish::Error),
    /// Bytes could not be compressed, or no thread begun.
    #[error("documents cannot be made ready")]
    Compress(#[from] std::io::Error),
    /// What makes documents broke down over one.
    #[error("a document cannot be made: that is a fault of samflode")]
    Press,
}

impl Site {
    /// Opens the site on what the store already holds: the first answer does not wait for the index.
    pub async fn open(
        settings: Settings,
        sources: Vec<Source>,
        store: Store,
        now: DateTime<Utc>,
    ) -> Result<Self, Error> {
        let scope = Arc::new(Scope::load(settings, sources, &store, now).await?);
        let press = press::Press::start()?;
        let standing = standing::make(&store, &press, scope.clone(), None, now).await?;
        Ok(Self {
            inner: Arc::new(Inner {
                store,
                scope: RwLock::new(scope),
                standing: RwLock::new(Arc::new(standing)),
                cache: Mutex::default(),
                next_due: AtomicI64::default(),
                is_stale: AtomicBool::new(true),
                refreshing: tokio::sync::Mutex::default(),
                press,
            }),
        })
    }

    /// Takes a new configuration; the next [`Self::refresh`] shows it.
    pub async fn configure(
        &self,
        settings: Settings,
        sources: Vec<Source>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let scope = Scope::load(settings, sources, &self.inner.store, now).await?;
        self.put_scope(scope);
        self.inner.is_stale.store(true, Ordering::Relaxed);
        Ok(())
    }

    /// When the next source is due: until then nothing is expected to change.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        let due = self.inner.next_due.load(Ordering::Relaxed);
        DateTime::from_timestamp_millis(due).filter(|_| due > 0)
    }

    /// The standing documents of this moment.
    pub fn standing(&self) -> Arc<Standing> {
        let guard = self.inner.standing.read();
        guard.unwrap_or_else(|e| e.into_inner()).clone()
    }

    /// What the site is made with: settings, sources, feed id.
    pub fn scope(&self) -> Arc<Scope> {
        let guard = self.inner.scope.read();
        guard.unwrap_or_else(|e| e.into_inner()).clone()
    }

    /// The store that the site shows.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    fn put_scope(&self, scope: Scope) {
        let mut guard = self.inner.scope.write().unwrap_or_else(|e| e.into_inner());
        *guard = Arc::new(scope);
    }

    fn put_standing(&self, standing: Standing) {
        let mut guard = self
            .inner
            .standing
            .write()
            .unwrap_or_else(|e| e.into_inner());
        *guard = Arc::new(standing);
    }
}
