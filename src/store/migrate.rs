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
    M::up(include_str!("migrations/0007_queue.sql")),
    M::up(include_str!("migrations/0008_news.sql")),
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
    // Written beside and renamed: what bears the name is whole, also where an earlier try was cut short.
    let mut beside = to.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let failed = |source| Error::Folder {
        path: beside.clone(),
        source,
    };
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    connection.execute("VACUUM INTO ?1", [beside.to_string_lossy()])?;
    std::fs::File::open(&beside)
        .and_then(|file| file.sync_all())
        .and_then(|()| std::fs::rename(&beside, to))
        .map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backup_that_was_cut_short_is_made_again_and_a_whole_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("news.db");
        let mut old = Connection::open(&path).unwrap();
        Migrations::from_slice(STEPS)
            .to_version(&mut old, 1)
            .unwrap();
        old.execute("INSERT INTO meta (key, value) VALUES ('a', 'kept')", [])
            .unwrap();
        let backup = backup_path(&path, 1);
        let part = PathBuf::from(format!("{}.part", backup.display()));
        std::fs::write(&part, "half of it").unwrap();
        to_latest(&mut old, &path).unwrap();
        assert!(!part.exists());
        let copy = Connection::open(&backup).unwrap();
        let value = |connection: &Connection| {
            let sql = "SELECT value FROM meta WHERE key = 'a'";
            connection.query_row(sql, [], |row| row.get::<_, String>(0))
        };
        assert_eq!(value(&copy).unwrap(), "kept");
        assert_eq!(value(&old).unwrap(), "kept");
        drop(copy);
        let before = std::fs::read(&backup).unwrap();
        back_up(&old, &backup).unwrap();
        assert_eq!(std::fs::read(&backup).unwrap(), before);
    }
}
