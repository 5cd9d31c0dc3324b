//! Sealed documents: kept as compressed bytes with the digest of what they hold.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use super::{Error, Reader, Writer, from_ms, to_ms};
use crate::publish::archive::Run;

/// A sealed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which publications it holds.
    pub run: Run,
    /// When it was sealed.
    pub at: DateTime<Utc>,
    /// blake3 of the document before compression.
    pub digest: [u8; 32],
    /// The document, gzip.
    pub body: Vec<u8>,
}

fn run_row(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        number: row.get(0)?,
        first: row.get(1)?,
        last: row.get(2)?,
    })
}

impl Reader<'_> {
    /// The run of the newest sealed document of a view.
    pub fn last_sealed(&self, view: i64) -> Result<Option<Run>, Error> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT number, first, last FROM archive WHERE view = ?1 ORDER BY number DESC LIMIT 1",
            )?
            .query_row([view], run_row)
            .optional()?)
    }

    /// A sealed document of a view.
    pub fn sealed(&self, view: i64, number: i64) -> Result<Option<Sealed>, Error> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT number, first, last, at, digest, body FROM archive WHERE view = ?1 AND number = ?2",
            )?
            .query_row([view, number], |row| {
                Ok(Sealed {
                    run: run_row(row)?,
                    at: from_ms(row.get(3)?),
                    digest: row.get(4)?,
                    body: row.get(5)?,
                })
            })
            .optional()?)
    }

    /// The numbers of a view's sealed documents, and when each was sealed, oldest first.
    pub fn sealed_moments(&self, view: i64) -> Result<Vec<(i64, DateTime<Utc>)>, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT number, at FROM archive WHERE view = ?1 ORDER BY number")?
            .query_map([view], |row| Ok((row.get(0)?, from_ms(row.get(1)?))))?
            .collect::<Result<_, _>>()?)
    }

    /// The runs of a view that hold a cluster.
    pub fn runs_with(&self, cluster: i64) -> Result<Vec<(i64, Run)>, Error> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT DISTINCT a.number, a.first, a.last, a.view FROM view_publication p
                 JOIN archive a ON a.view = p.view AND p.position BETWEEN a.first AND a.last
                 WHERE p.cluster = ?1",
            )?
            .query_map([cluster], |row| Ok((row.get(3)?, run_row(row)?)))?
            .collect::<Result<_, _>>()?)
    }

    /// Views with enough publications for a further sealed document.
    pub fn views_to_seal(&self, size: usize, limit: usize) -> Result<Vec<i64>, Error> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT id FROM view WHERE newest - sealed >= ?1 ORDER BY kind, id LIMIT ?2",
            )?
            .query_map(params![size, limit], |row| row.get(0))?
            .collect::<Result<_, _>>()?)
    }

    /// Every sealed document from a place on, for checks: view and number.
    pub fn sealed_after(
        &self,
        after: (i64, i64),
        limit: usize,
    ) -> Result<Vec<(i64, Sealed)>, Error> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT number, first, last, at, digest, body, view FROM archive
                 WHERE (view, number) > (?1, ?2) ORDER BY view, number LIMIT ?3",
            )?
            .query_map(params![after.0, after.1, limit], |row| {
                let sealed = Sealed {
                    run: run_row(row)?,
                    at: from_ms(row.get(3)?),
                    digest: row.get(4)?,
                    body: row.get(5)?,
                };
                Ok((row.get(6)?, sealed))
            })?
            .collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Seals a document; only a takedown seals the same one again.
    pub fn seal(&self, view: i64, sealed: &Sealed) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO archive (view, number, first, last, at, digest, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (view, number) DO UPDATE SET digest = excluded.digest, body = excluded.body, at = excluded.at",
            )?
            .execute(params![
                view,
                sealed.run.number,
                sealed.run.first,
                sealed.run.last,
                to_ms(sealed.at),
                sealed.digest,
                sealed.body
            ])?;
        self.connection
            .prepare_cached("UPDATE view SET sealed = max(sealed, ?2) WHERE id = ?1")?
            .execute([view, sealed.run.last])?;
        Ok(())
    }
}
