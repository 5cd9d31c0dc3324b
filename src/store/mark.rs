//! What came into the database after a moment: for showing what a refresh on a copy did.

use rusqlite::params;
use serde::Serialize;

use super::entry::COLUMNS;
use super::{Error, Reader};
use crate::model::{EntryId, StoredEntry};

/// A moment in the life of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    entry: EntryId,
    sequence: i64,
}

/// What is new about an entry since a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Novelty {
    /// It was not there.
    New,
    /// It was not there, and the flood guard holds it back.
    Held,
    /// It was there, and was published again because it changed materially.
    Changed,
}

impl Reader<'_> {
    /// The present moment.
    pub fn mark(&self) -> Result<Mark, Error> {
        let newest = "SELECT coalesce(max(id), 0) FROM entry";
        Ok(Mark {
            entry: EntryId(self.connection.query_row(newest, [], |row| row.get(0))?),
            sequence: self.newest_sequence()?,
        })
    }

    /// Entries that came or were published anew since a mark, by arrival.
    pub fn since(&self, mark: Mark) -> Result<Vec<(StoredEntry, Novelty)>, Error> {
        // A publication is dated as the change that it tells; one of a carrier that joined is not.
        let changed = format!(
            "SELECT DISTINCT {COLUMNS} FROM publication p JOIN entry e ON e.cluster = p.cluster
             WHERE p.sequence > ?1 AND e.id <= ?2 AND e.revisions > 0 AND e.changed = p.at ORDER BY e.id"
        );
        let new = format!("SELECT {COLUMNS} FROM entry e WHERE e.id > ?1 ORDER BY e.id");
        let changed = self.collect_entries(&changed, params![mark.sequence, mark.entry.0])?;
        let new = self.collect_entries(&new, [mark.entry.0])?;
        let changed = changed.into_iter().map(|entry| (entry, Novelty::Changed));
        let new = new.into_iter().map(|entry| match entry.cluster {
            Some(_) => (entry, Novelty::New),
            None => (entry, Novelty::Held),
        });
        Ok(changed.chain(new).collect())
    }
}
