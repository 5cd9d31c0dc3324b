//! A source's memory in two parts: what every refresh changes, in the queue, and the rest, which few do.
//!
//! # Why
//!
//! Most polls find nothing new. Then a row of some hundred octets is written instead of the whole memory, which takes pages of
//! its own.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::{Error, Reader, Writer, from_ms, to_ms};
use crate::model::{Failure, Move, Outcome, SourceId, SourceState, Validators};

/// What every refresh changes of a source's memory.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Latest {
    /// Kept in a column of its own.
    #[serde(skip)]
    pub(super) due: Option<DateTime<Utc>>,
    pub(super) due_reason: String,
    failures: u32,
    gone: bool,
    #[serde(skip_serializing_if = "Validators::is_empty")]
    validators: Validators,
    #[serde(skip_serializing_if = "Option::is_none")]
    validators_since: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_tried: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_good: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_failure: Option<Failure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_away_since: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<Move>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) told_until: Option<DateTime<Utc>>,
}

/// Takes the latest out of a memory.
fn parted(mut state: SourceState) -> (SourceState, Latest) {
    let latest = Latest {
        due: state.due.take(),
        due_reason: std::mem::take(&mut state.due_reason),
        failures: std::mem::take(&mut state.failures),
        gone: std::mem::take(&mut state.gone),
        validators: std::mem::take(&mut state.validators),
        validators_since: state.validators_since.take(),
        last_tried: state.last_tried.take(),
        last_good: state.last_good.take(),
        failing_since: state.failing_since.take(),
        last_failure: state.last_failure.take(),
        kept_away_since: state.kept_away_since.take(),
        last_outcome: state.last_outcome.take(),
        moved: state.moved.take(),
        told_until: state.told_until.take(),
    };
    (state, latest)
}

/// A memory as it is kept.
pub(super) fn joined(rest: &str, due: Option<i64>, latest: &str) -> Result<SourceState, Error> {
    let latest: Latest = serde_json::from_str(latest)?;
    Ok(SourceState {
        due: due.map(from_ms),
        due_reason: latest.due_reason,
        failures: latest.failures,
        gone: latest.gone,
        validators: latest.validators,
        validators_since: latest.validators_since,
        last_tried: latest.last_tried,
        last_good: latest.last_good,
        failing_since: latest.failing_since,
        last_failure: latest.last_failure,
        kept_away_since: latest.kept_away_since,
        last_outcome: latest.last_outcome,
        moved: latest.moved,
        told_until: latest.told_until,
        ..serde_json::from_str(rest)?
    })
}

impl Reader<'_> {
    /// A source's memory; `None` before it was first registered.
    pub fn memory(&self, id: &SourceId) -> Result<Option<SourceState>, Error> {
        let found: Option<(String, Option<i64>, String)> = self
            .connection
            .prepare_cached(
                "SELECT state, due, latest FROM source JOIN queue ON source = id WHERE id = ?1",
            )?
            .query_row([id.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        found
            .map(|(rest, due, latest)| joined(&rest, due, &latest))
            .transpose()
    }

    pub(super) fn latest(&self, id: &SourceId) -> Result<Option<Latest>, Error> {
        let found: Option<(Option<i64>, String)> = self
            .connection
            .prepare_cached("SELECT due, latest FROM queue WHERE source = ?1")?
            .query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((due, latest)) = found else {
            return Ok(None);
        };
        Ok(Some(Latest {
            due: due.map(from_ms),
            ..serde_json::from_str(&latest)?
        }))
    }
}

impl Writer<'_> {
    /// Stores a source's memory, whoever may be refreshing it.
    pub fn put_state(&self, id: &SourceId, state: &SourceState) -> Result<(), Error> {
        let (rest, latest) = parted(state.clone());
        self.put_latest(id, &latest)?;
        self.put_rest(id, &rest)
    }

    /// Stores what a refresh changed of a source's memory.
    pub(super) fn put_changed(
        &self,
        id: &SourceId,
        before: &SourceState,
        state: SourceState,
    ) -> Result<(), Error> {
        let (rest, latest) = parted(state);
        self.put_latest(id, &latest)?;
        if parted(before.clone()).0 == rest {
            return Ok(());
        }
        self.put_rest(id, &rest)
    }

    fn put_latest(&self, id: &SourceId, latest: &Latest) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE queue SET latest = ?2, due = ?3 WHERE source = ?1")?
            .execute(params![
                id.as_str(),
                serde_json::to_string(latest)?,
                latest.due.map(to_ms)
            ])?;
        Ok(())
    }

    fn put_rest(&self, id: &SourceId, rest: &SourceState) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE source SET state = ?2 WHERE id = ?1")?
            .execute([id.as_str(), &serde_json::to_string(rest)?])?;
        Ok(())
    }
}
