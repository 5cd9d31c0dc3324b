//! Entries, the keys they are recognized by, their revisions, and the clusters they are published as.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use url::Url;

use super::takedown::disguised;
use super::{Error, Reader, Writer, from_ms, to_ms};
use crate::model::{
    Category, ClusterId, DateOrigin, Enclosure, Entry, EntryChange, EntryId, Language, Moment,
    Person, Plan, SourceId, SourceRef, StoredEntry,
};

/// What storing one change did.
#[derive(Debug, Clone, PartialEq)]
pub enum Saved {
    /// A new entry, not yet in any cluster.
    New {
        /// Its number.
        id: EntryId,
        /// Whether the flood guard holds it back.
        held: bool,
    },
    /// An entry that changed materially.
    Changed(EntryId),
    /// An entry that its source took back.
    Withdrawn(EntryId),
    /// Nothing that a subscriber would see.
    Quiet(EntryId),
}

/// The parts of an entry that nothing is searched by.
#[derive(Serialize, Deserialize)]
struct Details {
    guid: Option<String>,
    guid_is_iri: bool,
    link_is_own: bool,
    published: Moment,
    updated: Option<Moment>,
    date_origin: DateOrigin,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    authors: Vec<Person>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    categories: Vec<Category>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    enclosures: Vec<Enclosure>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rights: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    first_source: Option<SourceRef>,
}

impl From<&Entry> for Details {
    fn from(entry: &Entry) -> Self {
        Self {
            guid: entry.guid.clone(),
            guid_is_iri: entry.guid_is_iri,
            link_is_own: entry.link_is_own,
            published: entry.published,
            updated: entry.updated,
            date_origin: entry.date_origin,
            authors: entry.authors.clone(),
            categories: entry.categories.clone(),
            enclosures: entry.enclosures.clone(),
            image: entry.image.clone(),
            rights: entry.rights.clone(),
            first_source: entry.first_source.clone(),
        }
    }
}

/// The columns of [`stored_entry`], for use in every query that reads entries (table alias `e`).
pub(super) const COLUMNS: &str = "e.id, e.source, e.cluster, e.title, e.link, e.summary, e.content, \
     e.language, e.details, e.first_seen, e.changed, e.withdrawn, e.revisions";

/// Reads a row of [`COLUMNS`].
pub(super) fn stored_entry(row: &Row<'_>) -> Result<StoredEntry, Error> {
    let details: Details =
        serde_json::from_str(row.get_ref(8)?.as_str().map_err(rusqlite::Error::from)?)?;
    let link: String = row.get(4)?;
    Ok(StoredEntry {
        id: EntryId(row.get(0)?),
        source: SourceId::new(row.get::<_, String>(1)?),
        cluster: row.get::<_, Option<i64>>(2)?.map(ClusterId),
        first_seen: from_ms(row.get(9)?),
        changed: from_ms(row.get(10)?),
        withdrawn: row.get::<_, Option<i64>>(11)?.map(from_ms),
        revisions: row.get(12)?,
        entry: Entry {
            guid: details.guid,
            guid_is_iri: details.guid_is_iri,
            link: Url::parse(&link).map_err(|_| Error::Invalid {
                what: "link",
                value: link,
            })?,
            link_is_own: details.link_is_own,
            title: row.get(3)?,
            summary: row.get(5)?,
            content: row.get(6)?,
            published: details.published,
            updated: details.updated,
            date_origin: details.date_origin,
            authors: details.authors,
            categories: details.categories,
            enclosures: details.enclosures,
            image: details.image,
            language: row
                .get::<_, Option<String>>(7)?
                .and_then(|tag| Language::new(&tag)),
            rights: details.rights,
            first_source: details.first_source,
        },
    })
}

impl Reader<'_> {
    /// One entry.
    pub fn entry(&self, id: EntryId) -> Result<Option<StoredEntry>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM entry e WHERE e.id = ?1");
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut rows = statement.query([id.0])?;
        rows.next()?.map(stored_entry).transpose()
    }

    /// The entries of `source` that `keys` stand for.
    pub fn recognized(
        &self,
        source: &SourceId,
        keys: &[String],
    ) -> Result<HashMap<String, EntryId>, Error> {
        let mut find = self
            .connection
            .prepare_cached("SELECT entry FROM alias WHERE source = ?1 AND key = ?2")?;
        let mut by_key = HashMap::new();
        for key in keys {
            let mut look_up = |key: &str| {
                find.query_row([source.as_str(), key], |row| row.get(0))
                    .optional()
            };
            let found = match look_up(key)? {
                None => look_up(&disguised(key))?, // what was taken down is recognized by digests alone
                found => found,
            };
            if let Some(id) = found {
                by_key.insert(key.clone(), EntryId(id));
            }
        }
        Ok(by_key)
    }

    /// The newest entries of a source, newest first.
    pub fn entries_of(&self, source: &SourceId, limit: usize) -> Result<Vec<StoredEntry>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM entry e WHERE e.source = ?1 ORDER BY e.id DESC LIMIT ?2"
        );
        self.collect_entries(&sql, params![source.as_str(), limit])
    }

    /// The newest entries of all sources, newest first.
    pub fn newest_entries(&self, limit: usize) -> Result<Vec<StoredEntry>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM entry e ORDER BY e.id DESC LIMIT ?1");
        self.collect_entries(&sql, params![limit])
    }

    /// Entries before `before`, newest first: for walking the whole store in bounded steps.
    pub fn entries_before(&self, before: EntryId, limit: usize) -> Result<Vec<StoredEntry>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM entry e WHERE e.id < ?1 ORDER BY e.id DESC LIMIT ?2");
        self.collect_entries(&sql, params![before.0, limit])
    }

    /// How many entries a source has.
    pub fn count_entries(&self, source: &SourceId) -> Result<usize, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT count(*) FROM entry WHERE source = ?1")?
            .query_row([source.as_str()], |row| row.get(0))?)
    }

    pub(super) fn collect_entries(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
    ) -> Result<Vec<StoredEntry>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(parameters)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(stored_entry(row)?);
        }
        Ok(entries)
    }
}

impl Writer<'_> {
    /// Carries out the entries of a plan, in its order.
    pub fn save_entries(&self, plan: &Plan) -> Result<Vec<Saved>, Error> {
        plan.entries
            .iter()
            .map(|change| self.save_entry(&plan.source, change, plan.now))
            .collect()
    }

    fn save_entry(
        &self,
        source: &SourceId,
        change: &EntryChange,
        now: DateTime<Utc>,
    ) -> Result<Saved, Error> {
        match change {
            EntryChange::New {
                entry,
                aliases,
                held,
            } => {
                let id = self.insert_entry(source, entry, now)?;
                self.put_aliases(source, id, aliases)?;
                Ok(Saved::New { id, held: *held })
            }
            EntryChange::Changed { id, .. }
            | EntryChange::Touched { id, .. }
            | EntryChange::Seen { id, .. }
                if self.is_taken_down(*id)? =>
            {
                Ok(Saved::Quiet(*id)) // the operator's word stands, whatever the source says
            }
            EntryChange::Changed { id, entry, aliases } => {
                self.keep_revision(*id, now)?;
                self.update_entry(*id, entry, Some(now))?;
                self.put_aliases(source, *id, aliases)?;
                Ok(Saved::Changed(*id))
            }
            EntryChange::Touched { id, entry, aliases } => {
                self.update_entry(*id, entry, None)?;
                self.put_aliases(source, *id, aliases)?;
                Ok(Saved::Quiet(*id))
            }
            EntryChange::Seen { id, aliases } => {
                self.put_aliases(source, *id, aliases)?;
                match self.stands_again(*id, now)? {
                    true => Ok(Saved::Changed(*id)),
                    false => Ok(Saved::Quiet(*id)),
                }
            }
            EntryChange::Withdrawn { id } => {
                self.connection
                    .prepare_cached("UPDATE entry SET withdrawn = ?2 WHERE id = ?1")?
                    .execute([id.0, to_ms(now)])?;
                Ok(Saved::Withdrawn(*id))
            }
        }
    }

    fn insert_entry(
        &self,
        source: &SourceId,
        entry: &Entry,
        now: DateTime<Utc>,
    ) -> Result<EntryId, Error> {
        self.connection
            .prepare_cached(
                "INSERT INTO entry (source, title, link, summary, content, published, language, details, first_seen, changed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9)",
            )?
            .execute(params![
                source.as_str(),
                entry.title,
                entry.link.as_str(),
                entry.summary,
                entry.content,
                to_ms(entry.published.utc()),
                entry.language.as_ref().map(Language::as_str),
                serde_json::to_string(&Details::from(entry))?,
                to_ms(now),
            ])?;
        Ok(EntryId(self.connection.last_insert_rowid()))
    }

    /// Writes an entry's new state; `changed` where the change is material.
    fn update_entry(
        &self,
        id: EntryId,
        entry: &Entry,
        changed: Option<DateTime<Utc>>,
    ) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "UPDATE entry SET title = ?2, link = ?3, summary = ?4, content = ?5, published = ?6, language = ?7,
                        details = ?8, changed = coalesce(?9, changed), withdrawn = NULL
                 WHERE id = ?1",
            )?
            .execute(params![
                id.0,
                entry.title,
                entry.link.as_str(),
                entry.summary,
                entry.content,
                to_ms(entry.published.utc()),
                entry.language.as_ref().map(Language::as_str),
                serde_json::to_string(&Details::from(entry))?,
                changed.map(to_ms),
            ])?;
        Ok(())
    }

    /// An entry that was withdrawn and is there again; whether it was.
    fn stands_again(&self, id: EntryId, now: DateTime<Utc>) -> Result<bool, Error> {
        let again = self
            .connection
            .prepare_cached("UPDATE entry SET withdrawn = NULL, changed = ?2 WHERE id = ?1 AND withdrawn IS NOT NULL")?
            .execute([id.0, to_ms(now)])?;
        Ok(again > 0)
    }

    /// Drops the texts of up to `limit` entries first seen before `before`; how many there were. Title, link and keys stay,
    /// so that nothing is told again.
    pub fn forget_texts(&self, before: DateTime<Utc>, limit: usize) -> Result<usize, Error> {
        let ids = self
            .connection
            .prepare_cached(
                "SELECT id FROM entry
                 WHERE first_seen < ?1 AND (summary IS NOT NULL OR content IS NOT NULL OR revisions > 0)
                 ORDER BY first_seen LIMIT ?2",
            )?
            .query_map(params![to_ms(before), limit], |row| row.get(0))?
            .collect::<Result<Vec<i64>, _>>()?;
        let mut forgotten = 0;
        for id in ids {
            self.connection
                .prepare_cached("DELETE FROM revision WHERE entry = ?1")?
                .execute([id])?;
            forgotten += self
                .connection
                .prepare_cached(
                    "UPDATE entry SET summary = NULL, content = NULL, revisions = 0 WHERE id = ?1",
                )?
                .execute([id])?;
        }
        Ok(forgotten)
    }

    fn is_taken_down(&self, id: EntryId) -> Result<bool, Error> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM takedown WHERE entry = ?1")?
            .exists([id.0])?)
    }

    fn keep_revision(&self, id: EntryId, now: DateTime<Utc>) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO revision (entry, until, title, body)
                 SELECT id, ?2, title, coalesce(content, summary) FROM entry WHERE id = ?1",
            )?
            .execute([id.0, to_ms(now)])?;
        self.connection
            .prepare_cached("UPDATE entry SET revisions = revisions + 1 WHERE id = ?1")?
            .execute([id.0])?;
        Ok(())
    }

    fn put_aliases(&self, source: &SourceId, id: EntryId, keys: &[String]) -> Result<(), Error> {
        let mut put = self.connection.prepare_cached(
            "INSERT INTO alias (source, key, entry) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?;
        for key in keys {
            put.execute(params![source.as_str(), key, id.0])?;
        }
        Ok(())
    }
}
