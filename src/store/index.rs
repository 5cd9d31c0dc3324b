//! The index of views and words: follows the publications, in bounded steps, and fills feeds of a new definition.
//!
//! Why: the index is made from publications, not by those who save entries, so that a definition can be filled from
//! the archive at any time and nothing that saves needs to know of views.

use rusqlite::params;

use super::published::{VIEW_COLUMNS, View, view_row};
use super::{Error, Reader, Writer, to_ms};
use crate::model::{ClusterId, SourceId};
use crate::publish::ClusterFacts;
use crate::publish::view::{Membership, ViewKey, ViewKind};

const INDEXED: &str = "indexed-sequence";

/// A feed that the configuration defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Its label for people.
    pub label: String,
    /// What it selects, in words that change when that does.
    pub text: String,
}

impl Reader<'_> {
    /// The sources that told something which is not indexed yet.
    pub fn waiting_sources(&self) -> Result<Vec<SourceId>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT DISTINCT e.source FROM publication p JOIN entry e ON e.cluster = p.cluster WHERE p.sequence > ?1",
        )?;
        let rows =
            statement.query_map([self.indexed_sequence()?], |row| row.get::<_, String>(0))?;
        Ok(rows
            .map(|id| id.map(SourceId::new))
            .collect::<Result<_, _>>()?)
    }

    /// Up to which publication the index reaches.
    pub fn indexed_sequence(&self) -> Result<i64, Error> {
        let text = self.meta(INDEXED)?;
        Ok(text.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// Whether a named feed holds all that is indexed, under this very definition.
    fn is_filled(&self, feed: &Definition) -> Result<bool, Error> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT 1 FROM view WHERE kind = ?1 AND name = ?2 AND definition = ?3 AND filled = ?4",
            )?
            .exists(params![
                ViewKind::Named as i64,
                feed.name,
                feed.text,
                self.indexed_sequence()?
            ])?)
    }
}

impl Writer<'_> {
    /// Takes up to `limit` publications into the index, in order; how many there were.
    ///
    /// Of the feeds named in the configuration only those are followed that are filled up to here: one that is being
    /// filled, that another process defines otherwise, or that was not followed for a while, is filled by
    /// [`Self::fill_named`], so that none has a gap and none tells the same twice.
    pub fn index_publications(
        &self,
        limit: usize,
        named: &[Definition],
        membership: impl Fn(&ClusterFacts) -> Membership,
    ) -> Result<usize, Error> {
        let from = self.indexed_sequence()?;
        let waiting = self
            .connection
            .prepare_cached(
                "SELECT sequence, cluster FROM publication WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
            )?
            .query_map(params![from, limit], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<Vec<(i64, i64)>, _>>()?;
        let Some((last, _)) = waiting.last() else {
            return Ok(0);
        };
        let mut followed = Vec::new();
        for feed in named {
            if self.is_filled(feed)? {
                followed.push(feed.name.as_str());
            }
        }
        for (_, cluster) in &waiting {
            let cluster = ClusterId(*cluster);
            match self.cluster_facts(cluster)? {
                Some(facts) => self.index(&facts, &membership(&facts), &followed)?,
                None => self.forget(cluster)?,
            }
        }
        self.put_meta(INDEXED, &last.to_string())?;
        followed
            .iter()
            .try_for_each(|name| self.put_filled(name, *last))?;
        Ok(waiting.len())
    }

    fn put_filled(&self, name: &str, sequence: i64) -> Result<(), Error> {
        self.connection
            .prepare_cached("UPDATE view SET filled = ?3 WHERE kind = ?1 AND name = ?2")?
            .execute(params![ViewKind::Named as i64, name, sequence])?;
        Ok(())
    }

    /// Takes a cluster out whose members all joined another one.
    fn forget(&self, cluster: ClusterId) -> Result<(), Error> {
        self.forget_members(cluster)?;
        self.forget_words(cluster)
    }

    fn index(
        &self,
        facts: &ClusterFacts,
        membership: &Membership,
        followed: &[&str],
    ) -> Result<(), Error> {
        self.forget_members(facts.id)?;
        let mut words = String::new();
        let is_followed =
            |key: &ViewKey| key.kind != ViewKind::Named || followed.contains(&key.name.as_str());
        for (key, label) in membership.views.iter().filter(|(key, _)| is_followed(key)) {
            let view = self.view_or_new(key, label)?;
            self.append(view.id, facts.id, to_ms(membership.published))?;
            words.push_str(&format!("v{} ", view.id));
        }
        self.put_words(facts.id, membership, &words)
    }

    fn view_or_new(&self, key: &ViewKey, label: &str) -> Result<View, Error> {
        if let Some(view) = self.view(key)? {
            if view.label != label && key.kind == ViewKind::Source {
                self.connection
                    .prepare_cached("UPDATE view SET label = ?2 WHERE id = ?1")?
                    .execute(params![view.id, label])?;
            }
            return Ok(view);
        }
        let sql = format!(
            "INSERT INTO view (kind, name, label) VALUES (?1, ?2, ?3) RETURNING {VIEW_COLUMNS}"
        );
        Ok(self
            .connection
            .prepare_cached(&sql)?
            .query_row(params![key.kind as i64, key.name, label], view_row)?)
    }

    /// Puts a publication at the end of a view, and its cluster among the members.
    fn append(&self, view: i64, cluster: ClusterId, published: i64) -> Result<(), Error> {
        let joined = self
            .connection
            .prepare_cached(
                "INSERT OR IGNORE INTO view_member (view, published, cluster) VALUES (?1, ?2, ?3)",
            )?
            .execute([view, published, cluster.0])?;
        self.connection
            .prepare_cached(
                "UPDATE view SET newest = newest + 1, members = members + ?2 WHERE id = ?1",
            )?
            .execute(params![view, joined])?;
        self.connection
            .prepare_cached(
                "INSERT INTO view_publication (view, position, cluster)
                 SELECT id, newest, ?2 FROM view WHERE id = ?1",
            )?
            .execute([view, cluster.0])?;
        Ok(())
    }

    fn forget_members(&self, cluster: ClusterId) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "UPDATE view SET members = members - 1
                 WHERE id IN (SELECT view FROM view_member WHERE cluster = ?1)",
            )?
            .execute([cluster.0])?;
        self.connection
            .prepare_cached("DELETE FROM view_member WHERE cluster = ?1")?
            .execute([cluster.0])?;
        Ok(())
    }

    fn put_words(
        &self,
        cluster: ClusterId,
        membership: &Membership,
        views: &str,
    ) -> Result<(), Error> {
        self.forget_words(cluster)?;
        self.connection
            .prepare_cached(
                "INSERT INTO search (rowid, title, body, views) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                cluster.0,
                membership.titles,
                membership.texts,
                views
            ])?;
        Ok(())
    }

    pub(super) fn forget_words(&self, cluster: ClusterId) -> Result<(), Error> {
        self.connection
            .prepare_cached("DELETE FROM search WHERE rowid = ?1")?
            .execute([cluster.0])?;
        Ok(())
    }

    /// Makes a named feed known. `false` where it holds all that is indexed under that definition already; otherwise it
    /// is empty now, and to be filled with [`Self::fill_named`].
    pub fn define_named(&self, feed: &Definition) -> Result<bool, Error> {
        if self.is_filled(feed)? {
            return Ok(false);
        }
        let view = self.view_or_new(&ViewKey::new(ViewKind::Named, &feed.name), &feed.label)?;
        for table in ["view_publication", "view_member", "archive"] {
            self.connection
                .execute(&format!("DELETE FROM {table} WHERE view = ?1"), [view.id])?;
        }
        self.connection.execute(
            "UPDATE view SET newest = 0, sealed = 0, members = 0, label = ?2, definition = ?3, filled = NULL WHERE id = ?1",
            params![view.id, feed.label, feed.text],
        )?;
        self.put_meta(&fill_key(&feed.name), "0")?;
        Ok(true)
    }

    /// Takes up to `limit` clusters that are already indexed into a named feed, oldest publication first; how many
    /// were looked at, so that 0 says that it is filled.
    pub fn fill_named(
        &self,
        name: &str,
        limit: usize,
        selects: impl Fn(&ClusterFacts) -> Option<i64>,
    ) -> Result<usize, Error> {
        let key = fill_key(name);
        let Some(from) = self.meta(&key)?.and_then(|text| text.parse::<i64>().ok()) else {
            return Ok(0); // filled already, by whoever filled it at the same time
        };
        let view = self.view_or_new(&ViewKey::new(ViewKind::Named, name), name)?;
        let clusters = self
            .connection
            .prepare_cached(
                "SELECT sequence, id FROM cluster WHERE sequence > ?1 AND sequence <= ?2 ORDER BY sequence LIMIT ?3",
            )?
            .query_map(params![from, self.indexed_sequence()?, limit], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<Result<Vec<(i64, i64)>, _>>()?;
        for (_, cluster) in &clusters {
            if let Some(facts) = self.cluster_facts(ClusterId(*cluster))?
                && let Some(published) = selects(&facts)
            {
                self.append(view.id, facts.id, published)?;
            }
        }
        match clusters.last() {
            Some((last, _)) => self.put_meta(&key, &last.to_string())?,
            None => {
                self.connection
                    .execute("DELETE FROM meta WHERE key = ?1", [&key])?;
                self.put_filled(name, self.indexed_sequence()?)?;
            }
        }
        Ok(clusters.len())
    }
}

fn fill_key(name: &str) -> String {
    format!("filling-{name}")
}
