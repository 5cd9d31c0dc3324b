//! Incidents from their first sign to their end.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use super::{Error, Reader, Writer, from_ms, to_ms};
use crate::model::{Incident, IncidentKind, SourceId};

/// The outbox's name for incidents that a webhook is to be told.
pub const BY_WEBHOOK: &str = "incident";
/// The outbox's name for incidents that are to be told by mail. Apart, so that a mail that fails repeats no webhook.
pub const BY_MAIL: &str = "incident-mail";

impl Reader<'_> {
    /// The newest incidents, open ones first, then by beginning, newest first.
    pub fn incidents(&self, limit: usize) -> Result<Vec<Incident>, Error> {
        self.connection
            .prepare_cached(
                "SELECT id, source, kind, detail, began, ended FROM incident
                 ORDER BY ended IS NOT NULL, began DESC, id DESC LIMIT ?1",
            )?
            .query_map([limit], incident_row)?
            .map(|row| into_incident(row?))
            .collect()
    }

    /// The incidents of a source (or of the service itself) that have not ended.
    pub fn open_incidents(&self, source: Option<&SourceId>) -> Result<Vec<Incident>, Error> {
        self.connection
            .prepare_cached(
                "SELECT id, source, kind, detail, began, ended FROM incident WHERE ended IS NULL AND source IS ?1",
            )?
            .query_map([source.map(SourceId::as_str)], incident_row)?
            .map(|row| into_incident(row?))
            .collect()
    }
}

impl Writer<'_> {
    /// Forgets incidents that began before `before` and have ended.
    pub fn forget_incidents(&self, before: DateTime<Utc>) -> Result<usize, Error> {
        Ok(self.connection.execute(
            "DELETE FROM incident WHERE (ended IS NOT NULL) = 1 AND began < ?1",
            [to_ms(before)],
        )?)
    }

    /// Opens an incident unless the same one is open; the new one is returned.
    pub fn open_incident(
        &self,
        source: Option<&SourceId>,
        kind: IncidentKind,
        detail: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Incident>, Error> {
        let kind_name = serde_json::to_string(&kind)?;
        let open: Option<i64> = self
            .connection
            .prepare_cached(
                "SELECT id FROM incident WHERE ended IS NULL AND source IS ?1 AND kind = ?2",
            )?
            .query_row(params![source.map(SourceId::as_str), kind_name], |row| {
                row.get(0)
            })
            .optional()?;
        if let Some(id) = open {
            self.connection
                .prepare_cached("UPDATE incident SET detail = ?2 WHERE id = ?1")?
                .execute(params![id, detail])?;
            return Ok(None);
        }
        self.connection
            .prepare_cached(
                "INSERT INTO incident (source, kind, detail, began) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                source.map(SourceId::as_str),
                kind_name,
                detail,
                to_ms(now)
            ])?;
        Ok(Some(Incident {
            id: self.connection.last_insert_rowid(),
            source: source.cloned(),
            kind,
            detail: detail.to_owned(),
            began: now,
            ended: None,
        }))
    }

    /// Puts an incident's beginning or end into the outbox.
    pub fn tell_incident(&self, incident: &Incident, now: DateTime<Utc>) -> Result<(), Error> {
        let payload = serde_json::to_string(incident)?;
        for way in [BY_WEBHOOK, BY_MAIL] {
            self.connection
                .prepare_cached("INSERT INTO outbox (kind, payload, due) VALUES (?1, ?2, ?3)")?
                .execute(params![way, payload, to_ms(now)])?;
        }
        Ok(())
    }

    /// Ends an incident and tells so.
    pub fn conclude_incident(&self, incident: Incident, now: DateTime<Utc>) -> Result<(), Error> {
        self.end_incident(incident.id, now)?;
        let ended = Some(now);
        self.tell_incident(&Incident { ended, ..incident }, now)
    }

    /// Ends the incidents of sources that are not polled any more: no refresh would ever end them.
    pub fn conclude_unpolled(
        &self,
        is_polled: impl Fn(&SourceId) -> bool,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let open: Vec<Incident> = self
            .connection
            .prepare_cached(
                "SELECT id, source, kind, detail, began, ended FROM incident WHERE ended IS NULL AND source IS NOT NULL",
            )?
            .query_map([], incident_row)?
            .map(|row| into_incident(row?))
            .collect::<Result<_, Error>>()?;
        for mut incident in open {
            if incident.source.as_ref().is_some_and(&is_polled) {
                continue;
            }
            incident.detail.push_str("; it is not polled any more");
            self.connection
                .prepare_cached("UPDATE incident SET detail = ?2 WHERE id = ?1")?
                .execute(params![incident.id, incident.detail])?;
            self.conclude_incident(incident, now)?;
        }
        Ok(())
    }

    /// Ends an incident.
    fn end_incident(&self, id: i64, now: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE incident SET ended = ?2 WHERE id = ?1 AND ended IS NULL")?
            .execute([id, to_ms(now)])?;
        Ok(())
    }
}

type IncidentRow = (i64, Option<String>, String, String, i64, Option<i64>);

fn incident_row(row: &Row<'_>) -> rusqlite::Result<IncidentRow> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
    ))
}

fn into_incident((id, source, kind, detail, began, ended): IncidentRow) -> Result<Incident, Error> {
    Ok(Incident {
        id,
        source: source.map(SourceId::new),
        kind: serde_json::from_str(&kind)?,
        detail,
        began: from_ms(began),
        ended: ended.map(from_ms),
    })
}
