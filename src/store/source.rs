//! What is remembered of sources and hosts: profile, state, due, claims.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use super::{Error, Reader, Writer, latest, to_ms};
use crate::model::{HostState, SourceId, SourceProfile, SourceState};

/// A source as the store knows it, configured or not.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceRow {
    /// What is published of it.
    pub profile: SourceProfile,
    /// Its memory.
    pub state: SourceState,
}

type SourceColumns = (String, String, Option<i64>, String);

fn source_row(row: &Row<'_>) -> rusqlite::Result<SourceColumns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn into_source((profile, state, due, latest): SourceColumns) -> Result<SourceRow, Error> {
    Ok(SourceRow {
        profile: serde_json::from_str(&profile)?,
        state: latest::joined(&state, due, &latest)?,
    })
}

impl Reader<'_> {
    /// What is remembered of a source; `None` before it was first registered.
    pub fn source(&self, id: &SourceId) -> Result<Option<SourceRow>, Error> {
        self.connection
            .prepare_cached("SELECT profile, state, due, latest FROM source JOIN queue ON source = id WHERE id = ?1")?
            .query_row([id.as_str()], source_row)
            .optional()?
            .map(into_source)
            .transpose()
    }

    /// All sources that were ever registered, by id.
    pub fn sources(&self) -> Result<Vec<SourceRow>, Error> {
        self.connection
            .prepare_cached("SELECT profile, state, due, latest FROM source JOIN queue ON source = id ORDER BY id")?
            .query_map([], source_row)?
            .map(|row| into_source(row?))
            .collect()
    }

    /// Sources that are due only after a moment, by id.
    pub fn due_after(&self, at: DateTime<Utc>) -> Result<Vec<SourceRow>, Error> {
        self.connection
            .prepare_cached("SELECT profile, state, due, latest FROM queue INDEXED BY queue_due CROSS JOIN source ON id = source
                 WHERE due > ?1 ORDER BY source")?
            .query_map([to_ms(at)], source_row)?
            .map(|row| into_source(row?))
            .collect()
    }

    /// How a source was configured to be read and to be asked for when it was last refreshed.
    pub fn configured(&self, id: &SourceId) -> Result<(Option<String>, Option<String>), Error> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT state ->> '$.reading', state ->> '$.timing' FROM source WHERE id = ?1",
            )?
            .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?
            .unwrap_or_default())
    }

    /// Sources that were read at least once, each with whether its last refresh went well.
    pub fn read_before(&self) -> Result<Vec<(SourceId, bool)>, Error> {
        self.connection
            .prepare_cached(
                "SELECT source, latest ->> 'failures' = 0 FROM queue WHERE latest ->> 'last_good' IS NOT NULL",
            )?
            .query_map([], |row| Ok((SourceId::new(row.get::<_, String>(0)?), row.get(1)?)))?
            .map(|row| Ok(row?))
            .collect()
    }

    /// How many sources were ever registered.
    pub fn count_sources(&self) -> Result<usize, Error> {
        Ok(self
            .connection
            .query_row("SELECT count(*) FROM source", [], |row| row.get(0))?)
    }

    /// Sources whose moment has come, longest waiting first.
    pub fn due(&self, now: DateTime<Utc>) -> Result<Vec<SourceId>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT source FROM (
               SELECT source, due FROM queue WHERE due IS NULL
               UNION ALL SELECT source, due FROM queue WHERE due <= ?1
             ) AS queued
             WHERE NOT EXISTS (SELECT 1 FROM claim WHERE claim.source = queued.source AND until > ?1)
             ORDER BY due, source",
        )?;
        let ids = statement.query_map([to_ms(now)], |row| row.get::<_, String>(0))?;
        Ok(ids
            .map(|id| id.map(SourceId::new))
            .collect::<Result<_, _>>()?)
    }

    fn host(&self, origin: &str) -> Result<Option<HostState>, Error> {
        let state: Option<String> = self
            .connection
            .prepare_cached("SELECT state FROM host WHERE origin = ?1")?
            .query_row([origin], |row| row.get(0))
            .optional()?;
        Ok(state
            .map(|state| serde_json::from_str(&state))
            .transpose()?)
    }

    /// What is remembered of all hosts.
    pub fn hosts(&self) -> Result<Vec<(String, HostState)>, Error> {
        self.connection
            .prepare_cached("SELECT origin, state FROM host")?
            .query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?
            .map(|row| {
                let (origin, state) = row?;
                Ok((origin, serde_json::from_str(&state)?))
            })
            .collect()
    }
}

impl Writer<'_> {
    /// Makes a source known, or renews what is published of it. `due` holds for a new one.
    pub fn register(&self, profile: &SourceProfile, due: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO source (id, profile) VALUES (?1, ?2)
                 ON CONFLICT (id) DO UPDATE SET profile = excluded.profile WHERE profile <> excluded.profile",
            )?
            .execute([profile.id.as_str(), &serde_json::to_string(profile)?])?;
        self.connection
            .prepare_cached(
                "INSERT INTO queue (source, due, latest) VALUES (?1, ?2, '{}') ON CONFLICT DO NOTHING",
            )?
            .execute(params![profile.id.as_str(), to_ms(due)])?;
        Ok(())
    }

    /// Makes a source due at a moment, unless it is due before. For one that is being refreshed it holds afterwards, since what
    /// is being read may be older.
    pub fn make_due(&self, id: &SourceId, at: DateTime<Utc>, reason: &str) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "UPDATE queue SET due = ?2, latest = json_set(latest, '$.due_reason', ?3)
                 WHERE source = ?1 AND (due > ?2 OR EXISTS (SELECT 1 FROM claim WHERE source = ?1))",
            )?
            .execute(params![id.as_str(), to_ms(at), reason])?;
        Ok(())
    }

    /// Lets a source be asked again that said it was gone for good.
    pub fn revive(&self, id: &SourceId) -> Result<(), Error> {
        match self.source(id)? {
            Some(mut row) if row.state.gone => {
                row.state.gone = false;
                self.put_state(id, &row.state)
            }
            _ => Ok(()),
        }
    }

    /// Stores what is remembered of a host; a longer rest that another process was asked for stays.
    pub fn put_host(
        &self,
        origin: &str,
        state: &HostState,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let mut state = state.clone();
        if let Some(stored) = self.host(origin)? {
            state.heed(&stored, now);
        }
        self.connection
            .prepare_cached(
                "INSERT INTO host (origin, state) VALUES (?1, ?2)
                 ON CONFLICT (origin) DO UPDATE SET state = excluded.state",
            )?
            .execute([origin, &serde_json::to_string(&state)?])?;
        Ok(())
    }
}
