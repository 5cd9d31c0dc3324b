//! The memory: one SQLite file, one writer, a few readers, none of them on the async threads.
//!
//! Holds every line of SQL in the crate. What is decided is decided elsewhere; the store carries it out. `migrations/`
//! holds the schema, the other files one group of tables each.
//!
//! # Why
//!
//! Commits are what storing costs, so the writer is a thread of our own that takes all waiting work into one
//! transaction, each piece in a savepoint: a piece is kept whole or not at all, and several share a commit. The price
//! is that a caller learns of success only when the shared commit is done.

mod archive;
mod candidates;
mod claim;
mod cluster;
mod dedup;
mod entry;
mod error;
mod fingerprint;
mod held;
mod housekeeping;
mod hub;
mod incident;
mod index;
mod latest;
mod mark;
mod merge;
mod migrate;
mod outbox;
mod part;
mod publication;
mod published;
mod recluster;
mod search;
mod source;
mod subscription;
mod takedown;
mod writer;

use std::fs::{File, TryLockError};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use deadpool_sqlite::{Hook, Pool, Runtime};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

pub use archive::Sealed;
pub use claim::owner;
pub use entry::Saved;
pub use error::Error;
pub use hub::HubSubscription;
pub use incident::{BY_MAIL, BY_WEBHOOK};
pub use index::Definition;
pub use mark::{Mark, Novelty};
pub use merge::{Kept, Merge, Why};
pub use outbox::Message;

pub use published::{Before, View};
pub use recluster::Proposal;
pub use source::SourceRow;
pub use subscription::Subscription;

const READERS: usize = 4;
/// Memory for pages of the database, in KiB: what a connection has no room for, the system's own cache has.
const WRITER_CACHE: i64 = 4096;
const READER_CACHE: i64 = 1024;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The open database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    readers: Pool,
    writer: writer::Queue,
}

/// A reading connection, inside [`Store::read`].
pub struct Reader<'a> {
    connection: &'a Connection,
}

/// The writing connection inside a savepoint, inside [`Store::write`]. Reads, too.
pub struct Writer<'a> {
    reader: Reader<'a>,
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl Writer<'_> {
    /// A number that changes when another process has written: all of ours is written on this one connection.
    pub fn data_version(&self) -> Result<i64, Error> {
        Ok(self
            .connection
            .query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }
}

/// Held by the one daemon of a database; given back when dropped.
pub struct DaemonLock {
    _file: File,
}

impl Store {
    /// Opens the database at `path`, makes it if there is none, and brings it to the present schema.
    ///
    /// A database from a newer version is refused untouched.
    pub fn open(path: &Path) -> Result<Self, Error> {
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(|source| Error::Folder {
                path: folder.to_owned(),
                source,
            })?;
        }
        migrate::check_version(path)?;
        let mut connection = Connection::open(path).map_err(|source| Error::open(path, source))?;
        prepare(&connection, WRITER_CACHE).map_err(|source| Error::open(path, source))?;
        migrate::to_latest(&mut connection, path)?;
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                readers: readers(path)?,
                writer: writer::Queue::start(connection),
            }),
        })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Reads on one of the readers, all of it from one state of the database.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Reader<'_>) -> Result<T, Error> + Send + 'static,
    {
        let reader = self.inner.readers.get().await.map_err(|_| Error::Closed)?;
        reader
            .interact(move |connection| {
                // Each statement on its own would take and give back the file's locks: half of what a short look-up costs.
                let _whole = connection.unchecked_transaction()?;
                work(&Reader { connection })
            })
            .await
            .map_err(|_| Error::Panicked)?
    }

    /// Writes on the writer's turn, whole or not at all; returns when it is committed.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&Writer<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.inner.writer.run(work).await
    }

    /// Takes the place of the one daemon on this database.
    pub fn lock_daemon(&self) -> Result<DaemonLock, Error> {
        let mut path = self.inner.path.as_os_str().to_owned();
        path.push(".lock");
        let folder = |source| Error::Folder {
            path: self.inner.path.clone(),
            source,
        };
        let file = File::create(PathBuf::from(path)).map_err(folder)?;
        match file.try_lock() {
            Ok(()) => Ok(DaemonLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Error::Locked {
                path: self.inner.path.clone(),
            }),
            Err(TryLockError::Error(source)) => Err(folder(source)),
        }
    }

    /// Looks for damage; quick enough for every start.
    pub async fn quick_check(&self) -> Result<(), Error> {
        let path = self.inner.path.clone();
        self.read(move |reader| {
            let detail: String =
                reader
                    .connection
                    .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            match detail.as_str() {
                "ok" => Ok(()),
                _ => Err(Error::Damaged { path, detail }),
            }
        })
        .await
    }

    /// Writes a consistent copy to `to`, while running.
    pub async fn back_up(&self, to: PathBuf) -> Result<(), Error> {
        let path = self.inner.path.clone();
        // The readers may not write, not even elsewhere: a connection of its own.
        let copied = tokio::task::spawn_blocking(move || {
            let connection = Connection::open(&path)?;
            connection.busy_timeout(BUSY_TIMEOUT)?;
            connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
            Ok(())
        });
        copied.await.map_err(|_| Error::Panicked)?
    }
}

fn prepare(connection: &Connection, cache: i64) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    connection.pragma_update(None, "cache_size", -cache)?;
    connection.set_prepared_statement_cache_capacity(128);
    // Without it SQLite plans a statement anew whenever a bound value that a partial index might depend on changes: most
    // of what the short look-ups of de-duplication cost.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn readers(path: &Path) -> Result<Pool, Error> {
    deadpool_sqlite::Config::new(path)
        .builder(Runtime::Tokio1)
        .map_err(|_| Error::Closed)?
        .max_size(READERS)
        .post_create(Hook::async_fn(|connection, _| {
            Box::pin(async move {
                connection
                    .interact(|connection| {
                        prepare(connection, READER_CACHE)?;
                        connection.pragma_update(None, "query_only", true)
                    })
                    .await
                    .map_err(|e| deadpool_sqlite::HookError::message(e.to_string()))?
                    .map_err(|e| deadpool_sqlite::HookError::message(e.to_string()))
            })
        }))
        .build()
        .map_err(|_| Error::Closed)
}

fn to_ms(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

fn from_ms(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or(DateTime::UNIX_EPOCH)
}
