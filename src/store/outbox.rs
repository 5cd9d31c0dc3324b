//! What is to be told to others, kept until they have heard it.

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Error, Reader, Writer, to_ms};

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its number.
    pub id: i64,
    /// What kind: whose affair it is.
    pub kind: String,
    /// What there is to tell, as its owner wrote it.
    pub payload: String,
    /// How often it was tried before.
    pub tries: u32,
}

impl Reader<'_> {
    /// Messages of a kind whose moment has come, longest waiting first.
    pub fn messages_due(
        &self,
        kind: &str,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Message>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, kind, payload, tries FROM outbox WHERE due <= ?1 AND kind = ?2 ORDER BY due LIMIT ?3",
        )?;
        let rows = statement.query_map(params![to_ms(now), kind, limit], |row| {
            Ok(Message {
                id: row.get(0)?,
                kind: row.get(1)?,
                payload: row.get(2)?,
                tries: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many messages of a kind wait.
    pub fn count_messages(&self, kind: &str) -> Result<usize, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM outbox WHERE kind = ?1")?
            .query_row([kind], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Keeps a message until it is told; the same one that already waits is due at once instead.
    pub fn post(&self, kind: &str, payload: &str, due: DateTime<Utc>) -> Result<(), Error> {
        let waiting = self
            .connection
            .prepare_cached(
                "UPDATE outbox SET due = min(due, ?3) WHERE kind = ?1 AND payload = ?2",
            )?
            .execute(params![kind, payload, to_ms(due)])?;
        if waiting == 0 {
            self.connection
                .prepare_cached("INSERT INTO outbox (kind, payload, due) VALUES (?1, ?2, ?3)")?
                .execute(params![kind, payload, to_ms(due)])?;
        }
        Ok(())
    }

    /// Forgets messages that were due before `before` and nobody told.
    pub fn forget_messages(&self, before: DateTime<Utc>) -> Result<usize, Error> {
        Ok(self
            .connection
            .execute("DELETE FROM outbox WHERE due < ?1", [to_ms(before)])?)
    }

    /// Forgets a message that was told, or is given up.
    pub fn end_message(&self, id: i64) -> Result<(), Error> {
        self.connection
            .prepare_cached("DELETE FROM outbox WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }

    /// Tries a message again later.
    pub fn postpone_message(&self, id: i64, due: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE outbox SET due = ?2, tries = tries + 1 WHERE id = ?1")?
            .execute([id, to_ms(due)])?;
        Ok(())
    }
}
