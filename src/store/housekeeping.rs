//! What is forgotten of hosts and near misses, found by index or on a reader.

use chrono::{DateTime, SecondsFormat, Utc};
use rusqlite::params;

use super::{Error, Reader, Writer, to_ms};

/// Near misses forgotten in one turn of the writer.
const STEP: usize = 2_000;

impl Reader<'_> {
    /// Hosts that were not asked since `since`.
    pub fn hosts_unasked_since(&self, since: DateTime<Utc>) -> Result<Vec<String>, Error> {
        let since = since.to_rfc3339_opts(SecondsFormat::Secs, true);
        Ok(self
            .connection
            .prepare_cached(
                "SELECT origin FROM host
                 WHERE coalesce(state ->> '$.robots_at', state ->> '$.free_at') < ?1
                   AND coalesce(state ->> '$.free_at', '') < ?1 AND coalesce(state ->> '$.rests_until', '') < ?1",
            )?
            .query_map([since], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Forgets hosts.
    pub fn forget_hosts(&self, origins: &[String]) -> Result<(), Error> {
        let mut forget = self
            .connection
            .prepare_cached("DELETE FROM host WHERE origin = ?1")?;
        for origin in origins {
            forget.execute([origin])?;
        }
        Ok(())
    }

    /// Forgets what kept entries apart before `before`, a bounded step of it.
    pub fn forget_vetoes(&self, before: DateTime<Utc>) -> Result<usize, Error> {
        Ok(self.connection.execute(
            "DELETE FROM veto WHERE (entry, other) IN (SELECT entry, other FROM veto WHERE at < ?1 LIMIT ?2)",
            params![to_ms(before), STEP],
        )?)
    }
}
