//! Clusters as they are published: read by view, in the order of publication or of the news itself.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use super::entry::{COLUMNS, stored_entry};
use super::{Error, Reader, from_ms, to_ms};
use crate::model::{ClusterId, EntryId, Revision};
use crate::publish::ClusterFacts;
use crate::publish::view::{ViewKey, ViewKind};

/// Publications looked at for one document, at most: a feed that republishes the same few clusters over and over.
const MAX_SCANNED: usize = 20_000;

/// A view as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its number.
    pub id: i64,
    /// What it selects.
    pub key: ViewKey,
    /// Its label for people.
    pub label: String,
    /// The position of its latest publication.
    pub newest: i64,
    /// How many clusters belong to it.
    pub members: i64,
}

/// A place in a list of pages: below it, going back in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Before {
    /// The date of the news, in milliseconds.
    pub published: i64,
    /// The cluster.
    pub cluster: i64,
}

impl Before {
    /// Below it is everything.
    pub fn all() -> Self {
        Self {
            published: i64::MAX,
            cluster: i64::MAX,
        }
    }

    /// Below it is what was published before a moment.
    pub fn moment(moment: DateTime<Utc>) -> Self {
        Self {
            published: to_ms(moment),
            cluster: i64::MIN,
        }
    }
}

pub(super) const VIEW_COLUMNS: &str = "id, kind, name, label, newest, members";

pub(super) fn view_row(row: &Row<'_>) -> rusqlite::Result<View> {
    Ok(View {
        id: row.get(0)?,
        key: ViewKey {
            kind: kind(row.get(1)?),
            name: row.get(2)?,
        },
        label: row.get(3)?,
        newest: row.get(4)?,
        members: row.get(5)?,
    })
}

fn kind(number: i64) -> ViewKind {
    match number {
        1 => ViewKind::Source,
        2 => ViewKind::Category,
        3 => ViewKind::Language,
        4 => ViewKind::Named,
        _ => ViewKind::Merged,
    }
}

impl Reader<'_> {
    /// A view; `None` where nothing was ever published in it.
    pub fn view(&self, key: &ViewKey) -> Result<Option<View>, Error> {
        let sql = format!("SELECT {VIEW_COLUMNS} FROM view WHERE kind = ?1 AND name = ?2");
        Ok(self
            .connection
            .prepare_cached(&sql)?
            .query_row(params![key.kind as i64, key.name], view_row)
            .optional()?)
    }

    /// A view by its number.
    pub fn view_by_id(&self, id: i64) -> Result<Option<View>, Error> {
        let sql = format!("SELECT {VIEW_COLUMNS} FROM view WHERE id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        Ok(statement.query_row([id], view_row).optional()?)
    }

    /// The views of one kind, those with most members first.
    pub fn views(&self, kind: ViewKind, limit: usize) -> Result<Vec<View>, Error> {
        let sql = format!(
            "SELECT {VIEW_COLUMNS} FROM view WHERE kind = ?1 ORDER BY members DESC, name LIMIT ?2"
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params![kind as i64, limit], view_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The newest clusters of a view by publication: at least `wanted`, and all published after position `sealed`.
    pub fn live(
        &self,
        view: &View,
        wanted: usize,
        sealed: i64,
    ) -> Result<Vec<ClusterFacts>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT position, cluster FROM view_publication WHERE view = ?1 ORDER BY position DESC LIMIT ?2",
        )?;
        let mut rows = statement.query(params![view.id, MAX_SCANNED])?;
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let (position, cluster): (i64, i64) = (row.get(0)?, row.get(1)?);
            if position <= sealed && found.len() >= wanted {
                break;
            }
            if seen.insert(cluster) {
                found.extend(self.cluster_facts(ClusterId(cluster))?);
            }
        }
        Ok(found)
    }

    /// The clusters of a run of positions, newest first, each once.
    pub fn run(&self, view: i64, first: i64, last: i64) -> Result<Vec<ClusterFacts>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT cluster FROM view_publication WHERE view = ?1 AND position BETWEEN ?2 AND ?3
             ORDER BY position DESC",
        )?;
        let clusters = statement.query_map([view, first, last], |row| row.get::<_, i64>(0))?;
        let (mut seen, mut found) = (HashSet::new(), Vec::new());
        for cluster in clusters {
            let cluster = cluster?;
            if seen.insert(cluster) {
                found.extend(self.cluster_facts(ClusterId(cluster))?);
            }
        }
        Ok(found)
    }

    /// The clusters of a view by the date of the news, newest first, from a place on: `limit` of them, unless it holds no
    /// more.
    pub fn page(
        &self,
        view: i64,
        before: Option<Before>,
        limit: usize,
    ) -> Result<Vec<(Before, ClusterFacts)>, Error> {
        self.page_since(view, DateTime::<Utc>::MIN_UTC, before, limit)
    }

    /// The same, but for news from before a moment.
    pub fn page_since(
        &self,
        view: i64,
        since: DateTime<Utc>,
        before: Option<Before>,
        limit: usize,
    ) -> Result<Vec<(Before, ClusterFacts)>, Error> {
        let before = before.unwrap_or(Before::all());
        let mut statement = self.connection.prepare_cached(
            "SELECT published, cluster FROM view_member
             WHERE view = ?1 AND published >= ?4 AND (published, cluster) < (?2, ?3)
             ORDER BY published DESC, cluster DESC",
        )?;
        let mut rows = statement.query(params![
            view,
            before.published,
            before.cluster,
            to_ms(since)
        ])?;
        let mut found = Vec::new();
        while found.len() < limit
            && let Some(row) = rows.next()?
        {
            let place = Before {
                published: row.get(0)?,
                cluster: row.get(1)?,
            };
            // A cluster that joined another one stands here until the index has followed.
            if let Some(facts) = self.cluster_facts(ClusterId(place.cluster))? {
                found.push((place, facts));
            }
        }
        Ok(found)
    }

    /// How much news of a view is of a span of time, counted up to a limit.
    pub fn count_between(
        &self,
        view: i64,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        limit: usize,
    ) -> Result<usize, Error> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM view_member
                 WHERE view = ?1 AND published >= ?2 AND published < ?3 LIMIT ?4)",
            )?
            .query_row(params![view, to_ms(from), to_ms(to), limit], |row| {
                row.get(0)
            })?)
    }

    /// When the latest news of a view before a moment was published.
    pub fn latest_before(
        &self,
        view: i64,
        moment: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, Error> {
        let sql = "SELECT max(published) FROM view_member WHERE view = ?1 AND published < ?2";
        self.one_moment(sql, view, moment)
    }

    /// When the earliest news of a view from a moment on was published.
    pub fn earliest_from(
        &self,
        view: i64,
        moment: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, Error> {
        let sql = "SELECT min(published) FROM view_member WHERE view = ?1 AND published >= ?2";
        self.one_moment(sql, view, moment)
    }

    fn one_moment(
        &self,
        sql: &str,
        view: i64,
        moment: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let found = statement.query_row(params![view, to_ms(moment)], |row| {
            row.get::<_, Option<i64>>(0)
        })?;
        Ok(found.map(from_ms))
    }

    /// A cluster with its members; `None` where there is none, or it has no members any more.
    pub fn cluster_facts(&self, id: ClusterId) -> Result<Option<ClusterFacts>, Error> {
        let row = self
            .connection
            .prepare_cached(
                "SELECT published_id, sequence, updated, representative,
                        coalesce(coalesce((SELECT at FROM publication p WHERE p.sequence = c.sequence), c.updated), c.updated),
                        (SELECT max(t.at) FROM takedown t JOIN entry e ON e.id = t.entry WHERE e.cluster = c.id)
                 FROM cluster c WHERE id = ?1",
            )?
            .query_row([id.0], |row| {
                Ok(ClusterFacts {
                    id,
                    published_id: row.get(0)?,
                    sequence: row.get(1)?,
                    updated: from_ms(row.get(2)?),
                    representative: EntryId(row.get(3)?),
                    members: Vec::new(),
                    changed: from_ms(row.get(4)?),
                    taken_down: row.get::<_, Option<i64>>(5)?.map(from_ms),
                })
            })
            .optional()?;
        let Some(mut facts) = row else {
            return Ok(None);
        };
        let sql = format!("SELECT {COLUMNS} FROM entry e WHERE e.cluster = ?1 ORDER BY e.id");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        while let Some(row) = rows.next()? {
            facts.members.push(stored_entry(row)?);
        }
        Ok((!facts.members.is_empty()).then_some(facts))
    }

    /// The cluster that is published under an id.
    pub fn cluster_of(&self, published_id: &str) -> Result<Option<ClusterId>, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT id FROM cluster WHERE published_id = ?1")?
            .query_row([published_id], |row| row.get(0))
            .optional()?
            .map(ClusterId))
    }

    /// The newest publication of all: what a rendering is a rendering of.
    pub fn newest_sequence(&self) -> Result<i64, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT coalesce(max(sequence), 0) FROM publication")?
            .query_row([], |row| row.get(0))?)
    }

    /// When the newest publication was.
    pub fn newest_publication(&self) -> Result<Option<DateTime<Utc>>, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT at FROM publication ORDER BY sequence DESC LIMIT 1")?
            .query_row([], |row| row.get(0))
            .optional()?
            .map(from_ms))
    }

    /// Clusters published after a place in the sequence, oldest first.
    pub fn published_after(
        &self,
        sequence: i64,
        limit: usize,
    ) -> Result<Vec<(i64, ClusterId)>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT sequence, id FROM cluster WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
        )?;
        let rows = statement.query_map(params![sequence, limit], |row| {
            Ok((row.get(0)?, ClusterId(row.get(1)?)))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many clusters were published after a place in the sequence.
    pub fn count_published_after(&self, sequence: i64) -> Result<usize, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM cluster WHERE sequence > ?1")?
            .query_row([sequence], |row| row.get(0))?)
    }

    /// When the next source is due.
    pub fn next_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT min(due) FROM queue WHERE due > ?1")?
            .query_row([to_ms(now)], |row| row.get::<_, Option<i64>>(0))?
            .map(from_ms))
    }

    /// Earlier states of an entry, newest first.
    pub fn revisions(&self, entry: EntryId, limit: usize) -> Result<Vec<Revision>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT until, title, body FROM revision WHERE entry = ?1 ORDER BY until DESC LIMIT ?2",
        )?;
        let rows = statement.query_map(params![entry.0, limit], |row| {
            Ok(Revision {
                until: from_ms(row.get(0)?),
                title: row.get(1)?,
                body: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
