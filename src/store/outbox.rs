//! What is to be told to others: hubs, webhooks. Kept until it was told, or tried often enough.

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Error, Reader, Writer, to_ms};

/// Something to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its number.
    pub id: i64,
    /// What is to be told; its form is agreed between who writes and who sends.
    pub payload: String,
    /// How often it was tried in vain.
    pub tries: u32,
}

impl Reader<'_> {
    /// The letters of a kind that are due, oldest first.
    pub fn letters(
        &self,
        kind: &str,
        now: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<Letter>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, payload, tries FROM outbox WHERE due <= ?2 AND kind = ?1 ORDER BY due, id LIMIT ?3",
        )?;
        let letters = statement.query_map(params![kind, to_ms(now), limit], |row| {
            Ok(Letter {
                id: row.get(0)?,
                payload: row.get(1)?,
                tries: row.get(2)?,
            })
        })?;
        Ok(letters.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Puts a letter into the outbox.
    pub fn put_letter(&self, kind: &str, payload: &str, due: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached("INSERT INTO outbox (kind, payload, due) VALUES (?1, ?2, ?3)")?
            .execute(params![kind, payload, to_ms(due)])?;
        Ok(())
    }

    /// Takes a letter out: it was told, or is given up.
    pub fn drop_letter(&self, id: i64) -> Result<(), Error> {
        self.connection
            .prepare_cached("DELETE FROM outbox WHERE id = ?1")?
            .execute([id])?;
        Ok(())
    }

    /// Keeps a letter for another try.
    pub fn postpone_letter(&self, id: i64, due: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE outbox SET due = ?2, tries = tries + 1 WHERE id = ?1")?
            .execute(params![id, to_ms(due)])?;
        Ok(())
    }
}
