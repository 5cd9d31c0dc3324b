//! Why entries are one or not, and the operator's word that they are.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Error, Reader, Writer, from_ms};
use crate::model::{ClusterId, Edge, EntryId, Evidence, Rule, StoredEntry, Veto};

/// A merge as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Merge {
    /// The entry that joined.
    pub entry: EntryId,
    /// The merge.
    #[serde(flatten)]
    pub edge: Edge,
    /// The version of the reading of words under which it was made.
    pub norm_version: u32,
    /// The version of the rules under which it was made.
    pub rules_version: u32,
    /// When.
    pub at: DateTime<Utc>,
    /// The entry that changed and so brought the two together; nothing where the later one came as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<EntryId>,
    /// When it was undone, and by whom.
    pub undone: Option<(DateTime<Utc>, String)>,
}

/// A near miss as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kept {
    /// The entry that came later.
    pub entry: EntryId,
    /// What kept it apart, and from which.
    #[serde(flatten)]
    pub veto: Veto,
    /// The entry that changed when the two were compared; nothing where the later one came as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<EntryId>,
}

/// All that is known of why an entry is where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Why {
    /// The entry.
    pub entry: StoredEntry,
    /// The id under which it is published, if it is.
    pub published_id: Option<String>,
    /// All members of its cluster, by arrival.
    pub members: Vec<StoredEntry>,
    /// Merges within the cluster, and undone ones of the entry.
    pub merges: Vec<Merge>,
    /// Near misses of the entry, either way.
    pub kept: Vec<Kept>,
    /// Whether the operator keeps it out, after the flood guard held it back.
    pub is_dropped: bool,
    /// Entries from which the operator has parted it.
    pub parted: Vec<EntryId>,
}

/// Most rows of each kind that are shown.
const MAX_SHOWN: usize = 200;

/// Which of two entries changed at the moment of a row `m` that holds both: its earlier state ends then.
const CHANGED: &str = "(SELECT r.entry FROM revision r WHERE r.entry IN (m.entry, m.other) AND r.until = m.at LIMIT 1) AS changed";

impl Reader<'_> {
    /// Finds an entry by its number, its published id, or its link.
    pub fn find_entry(&self, name: &str) -> Result<EntryId, Error> {
        let queries = [
            "SELECT id FROM entry WHERE CAST(id AS TEXT) = ?1 AND id = CAST(?1 AS INTEGER)",
            "SELECT representative FROM cluster WHERE published_id = ?1",
            // Source by source, as its keys are ordered.
            "SELECT a.entry FROM source s CROSS JOIN alias a ON a.source = s.id AND a.key IN ('guid:' || ?1, 'link:' || ?1) LIMIT 1",
            "SELECT id FROM entry WHERE link = ?1 ORDER BY id DESC LIMIT 1",
        ];
        for query in queries {
            let mut statement = self.connection.prepare_cached(query)?;
            if let Some(row) = statement.query([name])?.next()? {
                return Ok(EntryId(row.get(0)?));
            }
        }
        Err(Error::NotFound {
            what: "entry",
            id: name.to_owned(),
        })
    }

    /// Why an entry is where it is.
    pub fn why(&self, id: EntryId) -> Result<Why, Error> {
        let entry = self.known(id)?;
        let (published_id, members) = match entry.cluster {
            Some(cluster) => (self.carriers(cluster)?.0, self.members(cluster)?),
            None => (None, vec![entry.clone()]),
        };
        let mut merges = self.merges(
            &format!(
                "SELECT m.*, {CHANGED} FROM merge_edge m JOIN entry e ON e.id = m.entry
                 WHERE e.cluster = (SELECT cluster FROM entry WHERE id = ?1) ORDER BY m.at, m.entry LIMIT ?2"
            ),
            id,
        )?;
        let own = self.merges(
            &format!(
                "SELECT m.*, {CHANGED} FROM merge_edge m WHERE m.entry = ?1 OR m.other = ?1 ORDER BY m.at LIMIT ?2"
            ),
            id,
        )?;
        merges.extend(own.into_iter().filter(|own| own.undone.is_some()));
        merges.dedup();
        Ok(Why {
            kept: self.kept(id)?,
            is_dropped: self.is_dropped(id)?,
            parted: self.parted_entries(id)?,
            entry,
            published_id,
            members,
            merges,
        })
    }

    pub(super) fn known(&self, id: EntryId) -> Result<StoredEntry, Error> {
        self.entry(id)?.ok_or_else(|| Error::NotFound {
            what: "entry",
            id: id.0.to_string(),
        })
    }

    pub(super) fn members(&self, cluster: ClusterId) -> Result<Vec<StoredEntry>, Error> {
        let sql = format!(
            "SELECT {} FROM entry e WHERE e.cluster = ?1 ORDER BY e.id",
            super::entry::COLUMNS
        );
        self.collect_entries(&sql, [cluster.0])
    }

    fn merges(&self, sql: &str, id: EntryId) -> Result<Vec<Merge>, Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query(params![id.0, MAX_SHOWN])?;
        let mut merges = Vec::new();
        while let Some(row) = rows.next()? {
            merges.push(merge(row)?);
        }
        Ok(merges)
    }

    fn kept(&self, id: EntryId) -> Result<Vec<Kept>, Error> {
        let columns = format!("m.entry, m.other, m.kind, m.detail, {CHANGED}");
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {columns} FROM veto m WHERE m.entry = ?1
             UNION ALL SELECT {columns} FROM veto m WHERE m.other = ?1 ORDER BY 1 LIMIT ?2",
        ))?;
        let mut rows = statement.query(params![id.0, MAX_SHOWN])?;
        let mut kept = Vec::new();
        while let Some(row) = rows.next()? {
            kept.push(Kept {
                entry: EntryId(row.get(0)?),
                veto: Veto {
                    from: EntryId(row.get(1)?),
                    kind: read(row.get(2)?)?,
                    detail: row.get(3)?,
                },
                changed: row.get::<_, Option<i64>>(4)?.map(EntryId),
            });
        }
        Ok(kept)
    }

    fn parted_entries(&self, id: EntryId) -> Result<Vec<EntryId>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT b FROM cannot_link WHERE a = ?1 UNION SELECT a FROM cannot_link WHERE b = ?1 LIMIT ?2",
        )?;
        let rows = statement.query_map(params![id.0, MAX_SHOWN], |row| row.get(0))?;
        rows.map(|row| Ok(EntryId(row?))).collect()
    }
}

fn merge(row: &Row<'_>) -> Result<Merge, Error> {
    let undone: Option<i64> = row.get("undone_at")?;
    let by: Option<String> = row.get("undone_by")?;
    Ok(Merge {
        entry: EntryId(row.get("entry")?),
        edge: Edge {
            with: EntryId(row.get("other")?),
            rule: read(row.get("rule")?)?,
            score: row.get("score")?,
            evidence: serde_json::from_str(&row.get::<_, String>("evidence")?)?,
        },
        norm_version: row.get("norm_version")?,
        rules_version: row.get("rules_version")?,
        at: from_ms(row.get("at")?),
        changed: row.get::<_, Option<i64>>("changed")?.map(EntryId),
        undone: undone.map(|at| (from_ms(at), by.unwrap_or_default())),
    })
}

fn read<T: DeserializeOwned>(name: String) -> Result<T, Error> {
    Ok(serde_json::from_value(name.into())?)
}

impl Writer<'_> {
    /// Joins two entries with all that tell the same as either: the operator's word outranks every veto.
    ///
    /// The older cluster keeps its published id; the other's is published no more.
    pub fn join(&self, a: EntryId, b: EntryId, now: DateTime<Utc>) -> Result<ClusterId, Error> {
        let (a, b) = (self.known(a)?, self.known(b)?);
        let edge = Edge {
            with: a.id.min(b.id),
            rule: Rule::Operator,
            score: 1.0,
            evidence: Evidence {
                titles: "operator".to_owned(),
                ..Evidence::default()
            },
        };
        self.merge_clusters(&a, &b, &edge, now)
    }

    /// Moves the members of the younger cluster into the older one.
    pub(super) fn merge_clusters(
        &self,
        a: &StoredEntry,
        b: &StoredEntry,
        edge: &Edge,
        now: DateTime<Utc>,
    ) -> Result<ClusterId, Error> {
        let (first, second) = (
            a.cluster.ok_or(Error::Held(a.id))?,
            b.cluster.ok_or(Error::Held(b.id))?,
        );
        if first == second {
            return Err(Error::OneAlready(a.id, b.id));
        }
        let (kept, gone) = (first.min(second), first.max(second));
        if edge.rule == Rule::Operator {
            self.allow(kept, gone)?;
        }
        self.connection
            .prepare_cached("UPDATE entry SET cluster = ?1 WHERE cluster = ?2")?
            .execute([kept.0, gone.0])?;
        self.put_edge(a.id.max(b.id), edge, now)?;
        self.choose_representative(kept)?;
        self.publish_again(gone, now)?;
        self.publish_again(kept, now)?;
        Ok(kept)
    }

    /// Lifts what parted two clusters.
    fn allow(&self, kept: ClusterId, gone: ClusterId) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "DELETE FROM cannot_link WHERE (a, b) IN (
                    SELECT l.a, l.b FROM cannot_link l JOIN entry x ON x.id = l.a JOIN entry y ON y.id = l.b
                    WHERE (x.cluster = ?1 AND y.cluster = ?2) OR (x.cluster = ?2 AND y.cluster = ?1))",
            )?
            .execute([kept.0, gone.0])?;
        Ok(())
    }
}
