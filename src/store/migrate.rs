//! Brings a database to the present schema: numbered steps, each a transaction, with a backup before the first.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use rusqlite_migration::{M, Migrations};

use super::Error;

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_core.sql")),
    M::up(include_str!("migrations/0002_dedupe.sql")),
    M::up(include_str!("migrations/0003_published.sql")),
    M::up(include_str!("migrations/0004_subscription.sql")),
    M::up(include_str!("migrations/0005_housekeeping.sql")),
    M::up(include_str!("migrations/0006_forgetting.sql")),
];

/// Refuses, without touching it, a database that a newer samflode has written.
pub(super) fn check_version(path: &Path) -> Result<(), Error> {
    let found = present_version(path)?;
    let known = STEPS.len();
    if found > known {
        return Err(Error::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    Ok(())
}

fn present_version(path: &Path) -> Result<usize, Error> {
    if !path.exists() {
        return Ok(0);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|source| Error::open(path, source))?;
    connection
        .query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
        .map(|version| usize::try_from(version).unwrap_or(usize::MAX))
        .map_err(|source| Error::open(path, source))
}

/// Runs the steps that are missing.
pub(super) fn to_latest(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let found = present_version(path)?;
    if found > 0 && found < STEPS.len() {
        back_up(connection, &backup_path(path, found))?;
    }
    Migrations::from_slice(STEPS)
        .to_latest(connection)
        .map_err(|error| Error::Migration {
            path: path.to_owned(),
            source: match error {
                // Without the statement, which says nothing to who must act.
                rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
                other => other.into(),
            },
        })
}

fn backup_path(path: &Path, version: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".before-version-{}", version + 1));
    name.into()
}

fn back_up(connection: &Connection, to: &Path) -> Result<(), Error> {
    if to.exists() {
        return Ok(()); // made by an earlier try at the same step
    }
    connection.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    Ok(())
}
