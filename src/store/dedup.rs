//! Housekeeping of the de-duplication index: bounded steps, nothing rebuilt.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::params;

use super::{Error, Reader, Writer, to_ms};

/// After this no rule but the address rule looks at an entry again.
const KEPT: TimeDelta = TimeDelta::days(14);
/// Days after which a sentence or word that was seen once or twice is forgotten.
const RARE_KEPT_DAYS: i64 = 60;
/// Slices of the index, of which each call cleans one: the writer is never held for long.
const SLICES: i64 = 24;
const NEXT_SLICE: &str = "dedupe-next-slice";

impl Reader<'_> {
    /// Octets that the index of de-duplication takes on disk.
    pub fn index_size(&self) -> Result<u64, Error> {
        let sql = "SELECT coalesce(sum(pgsize), 0) FROM dbstat WHERE name GLOB 'dedup_*' AND aggregate = TRUE";
        Ok(self.connection.query_row(sql, [], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Forgets old keys in one slice of the index; call it every hour. How many rows went.
    pub fn forget_old_keys(&self, now: DateTime<Utc>) -> Result<usize, Error> {
        let slice = self
            .meta(NEXT_SLICE)?
            .and_then(|text| text.parse::<i64>().ok())
            .unwrap_or(0)
            % SLICES;
        self.put_meta(NEXT_SLICE, &((slice + 1) % SLICES).to_string())?;
        let width = i64::MAX / (SLICES / 2);
        let from = i64::MIN + slice * width;
        let to = if slice == SLICES - 1 {
            i64::MAX
        } else {
            from + width - 1
        };
        let day = now.timestamp() / 86_400;
        // Entries are numbered by arrival, so the newest one that is too old bounds all that are.
        let bound = "SELECT id FROM entry WHERE first_seen < ?3 ORDER BY id DESC LIMIT 1";
        let keys = self.connection.prepare_cached(&format!(
            "DELETE FROM dedup_key WHERE hash BETWEEN ?1 AND ?2 AND entry <= coalesce(({bound}), 0)"
        ))?
        .execute(params![from, to, to_ms(now - KEPT)])?;
        let sentences = self
            .connection
            .prepare_cached("DELETE FROM dedup_furniture WHERE sentence BETWEEN ?1 AND ?2 AND day < ?3 - iif(titles < 3, 14, ?4)")?
            .execute(params![from, to, day, RARE_KEPT_DAYS * 6])?;
        let words = self
            .connection
            .prepare_cached("DELETE FROM dedup_df WHERE word BETWEEN ?1 AND ?2 AND texts < 3 AND day < ?3 AND word <> 0")?
            .execute(params![from, to, day - RARE_KEPT_DAYS])?;
        Ok(keys + sentences + words)
    }
}
