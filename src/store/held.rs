//! Entries that the flood guard holds back: shown, let go, or dropped.

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::entry::COLUMNS;
use super::{Error, Reader, Writer, to_ms};
use crate::model::{EntryId, SourceId, StoredEntry};

/// Held means published nowhere and not dropped.
const HELD: &str = "cluster IS NULL AND id NOT IN (SELECT entry FROM dropped)";

impl Reader<'_> {
    /// The entries of a source that are held back, oldest first.
    pub fn held(&self, source: &SourceId) -> Result<Vec<StoredEntry>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM entry e WHERE e.source = ?1 AND {HELD} ORDER BY e.published, e.id"
        );
        self.collect_entries(&sql, [source.as_str()])
    }

    /// Those of the named entries of a source that the operator dropped.
    pub fn dropped(&self, source: &SourceId, ids: &[i64]) -> Result<Vec<StoredEntry>, Error> {
        let mut dropped = Vec::new();
        for id in ids.iter().copied().map(EntryId) {
            if self.is_dropped(id)? {
                dropped.extend(self.entry(id)?.filter(|entry| &entry.source == source));
            }
        }
        Ok(dropped)
    }

    /// Whether entries of a source wait for the operator.
    pub fn has_held(&self, source: &SourceId) -> Result<bool, Error> {
        let sql = format!("SELECT 1 FROM entry WHERE source = ?1 AND {HELD}");
        Ok(self
            .connection
            .prepare_cached(&sql)?
            .exists([source.as_str()])?)
    }

    /// Whether the operator keeps an entry out for good.
    pub fn is_dropped(&self, id: EntryId) -> Result<bool, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM dropped WHERE entry = ?1")?
            .exists([id.0])?)
    }
}

impl Writer<'_> {
    /// Publishes an entry that was held back, or dropped.
    pub fn release(
        &self,
        id: EntryId,
        tag_authority: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        match self.entry(id)? {
            Some(entry) if entry.cluster.is_none() => {
                self.connection
                    .prepare_cached("DELETE FROM dropped WHERE entry = ?1")?
                    .execute([id.0])?;
                self.publish(id, tag_authority, now)
            }
            _ => Ok(()),
        }
    }

    /// Keeps an entry that was held back out for good; it stays known, so it never comes back as new.
    pub fn drop_held(&self, id: EntryId, now: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached("INSERT OR IGNORE INTO dropped (entry, at) VALUES (?1, ?2)")?
            .execute(params![id.0, to_ms(now)])?;
        Ok(())
    }
}
