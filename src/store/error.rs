//! What can go wrong with the database, in the words of the person who must act.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::model::EntryId;

/// What the store cannot do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file or its folder cannot be opened or made.
    #[error("cannot open the database `{}`", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The folder cannot be made.
    #[error("cannot make the folder `{}`", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A newer samflode wrote it.
    #[error("the database `{}` has version {found}, this samflode knows up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: usize,
        /// Ours.
        known: usize,
    },
    /// Another daemon has it.
    #[error("another samflode daemon is running on `{}`", path.display())]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// It is damaged.
    #[error("the database `{}` is damaged: {detail}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the check said.
        detail: String,
    },
    /// A step to the present schema failed.
    #[error("cannot bring the database `{}` to the present version", path.display())]
    Migration {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// SQLite refused.
    #[error("the database refused")]
    Sqlite(#[from] rusqlite::Error),
    /// The commit that several pieces of work shared was refused; nothing of them is stored.
    #[error("the database refused to commit")]
    Commit(#[source] std::sync::Arc<rusqlite::Error>),
    /// A stored structure cannot be read or written.
    #[error("a stored structure is unreadable")]
    Json(#[from] serde_json::Error),
    /// What was stored does not make sense.
    #[error("stored {what} is not valid: `{value}`")]
    Invalid {
        /// What it should be.
        what: &'static str,
        /// What it is.
        value: String,
    },
    /// The work on the connection panicked; it was rolled back.
    #[error("the work on the database panicked and was rolled back")]
    Panicked,
    /// No such thing.
    #[error("there is no {what} `{id}`")]
    NotFound {
        /// What was looked for.
        what: &'static str,
        /// Under which name.
        id: String,
    },
    /// Nobody else tells it.
    #[error("entry {} is told by nobody else", .0.0)]
    Alone(EntryId),
    /// They are one already.
    #[error("entries {} and {} are one already", .0.0, .1.0)]
    OneAlready(EntryId, EntryId),
    /// It is not published.
    #[error("entry {} is held back", .0.0)]
    Held(EntryId),
    /// The writer is gone: the process is stopping.
    #[error("the database is closed")]
    Closed,
}

impl Error {
    pub(super) fn open(path: &Path, source: rusqlite::Error) -> Self {
        Self::Open {
            path: path.to_owned(),
            source,
        }
    }

    /// What can be done about it, where there is something.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Open { source, .. } | Self::Sqlite(source) if advice(source).is_some() => {
                return advice(source);
            }
            Self::Commit(source) => return advice(source),
            Self::Migration { source, .. } => return source.downcast_ref().and_then(advice),
            Self::Open { .. } | Self::Folder { .. } => {
                "name a writable place with `--database FILE` or `$STATE_DIRECTORY`"
            }
            Self::Newer { .. } => {
                "run the newer samflode, or restore the backup that it made beside the database"
            }
            Self::Locked { .. } => {
                "stop the other one first, or name another place with `--database FILE`"
            }
            Self::Damaged { .. } => "stop samflode and restore a copy made with `samflode backup`",
            Self::NotFound { what: "entry", .. } => {
                "`samflode entries` lists them; an address or a published id will do as well as a number"
            }
            Self::Alone(_) | Self::OneAlready(..) => {
                "`samflode why ID` tells what it is merged with and kept apart from"
            }
            Self::Held(_) => "`samflode release SOURCE ID` publishes it",
            _ => return None,
        })
    }
}

/// What can be done where SQLite tells what is wrong.
fn advice(error: &rusqlite::Error) -> Option<&'static str> {
    Some(match error.sqlite_error_code()? {
        ErrorCode::DiskFull => "make room on its disk; nothing that was stored before is lost",
        ErrorCode::SystemIoFailure => {
            "its disk may be full, read-only or failing; make room, or name another place with `--database FILE`"
        }
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
            "make the file and its folder writable for samflode, or name another place with `--database FILE`"
        }
        ErrorCode::NotADatabase => {
            "it is no database; move it away, or name another place with `--database FILE`"
        }
        ErrorCode::DatabaseCorrupt => {
            "stop samflode and restore a copy made with `samflode backup`"
        }
        _ => return None,
    })
}
