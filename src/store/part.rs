//! Entries that leave their cluster: by the operator's word, for good, or because no rule holds any more.
//!
//! Invariant: a cluster hangs together by merges that are not undone. Whoever hung on one that left is held by another
//! reason where there is one, else leaves too.

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{Error, Reader, Writer, to_ms};
use crate::dedupe::fingerprint::Fingerprint;
use crate::dedupe::pair::Pair;
use crate::dedupe::rules::{Verdict, decide};
use crate::model::{ClusterId, Edge, EntryId, StoredEntry};

/// Members of each part that are compared for a reason to stay together.
const MAX_COMPARED: usize = 12;

impl Reader<'_> {
    fn others(&self, entry: &StoredEntry) -> Result<Vec<EntryId>, Error> {
        let members = match entry.cluster {
            Some(cluster) => self.members(cluster)?,
            None => Vec::new(),
        };
        let others: Vec<EntryId> = members
            .iter()
            .map(|member| member.id)
            .filter(|id| *id != entry.id)
            .collect();
        if others.is_empty() {
            return Err(Error::Alone(entry.id));
        }
        Ok(others)
    }

    /// The members of a cluster in parts that hang together, the greatest and then the earliest part first.
    fn parts(&self, cluster: ClusterId) -> Result<Vec<Vec<StoredEntry>>, Error> {
        let mut edges = self.connection.prepare_cached(
            "SELECT other FROM merge_edge WHERE entry = ?1 AND undone_at IS NULL",
        )?;
        let mut parts: Vec<Vec<StoredEntry>> = Vec::new();
        for member in self.members(cluster)? {
            let held_by: Vec<i64> = edges
                .query_map([member.id.0], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
            let holds =
                |part: &Vec<StoredEntry>| part.iter().any(|one| held_by.contains(&one.id.0));
            let (mut whole, apart): (Vec<_>, Vec<_>) = parts.into_iter().partition(holds);
            whole.push(vec![member]);
            parts = apart;
            parts.push(whole.concat());
        }
        parts.sort_by_key(|part| (std::cmp::Reverse(part.len()), part[0].id));
        Ok(parts)
    }

    /// A reason by which two parts of a cluster are one: the entry that joined, and its merge.
    fn reason(
        &self,
        left: &[StoredEntry],
        right: &[StoredEntry],
    ) -> Result<Option<(EntryId, Edge)>, Error> {
        let read = |part: &[StoredEntry]| -> Result<Vec<Fingerprint>, Error> {
            let compared = part.iter().take(MAX_COMPARED);
            compared.map(|stored| self.fingerprint(stored)).collect()
        };
        let (left, right) = (read(left)?, read(right)?);
        self.with_statistics(self.demanded()?, |statistics| {
            let pairs = left.iter().flat_map(|a| right.iter().map(move |b| (a, b)));
            for (a, b) in pairs {
                let (earlier, later) = if a.id < b.id { (a, b) } else { (b, a) };
                if let Verdict::Same {
                    rule,
                    score,
                    evidence,
                } = decide(&Pair::of(later, earlier), statistics)
                {
                    let with = earlier.id;
                    let edge = Edge {
                        with,
                        rule,
                        score,
                        evidence,
                    };
                    return Ok(Some((later.id, edge)));
                }
            }
            Ok(None)
        })
    }
}

impl Writer<'_> {
    /// Takes an entry out of its cluster, for good: no rule ever merges it with the others again.
    ///
    /// The cluster keeps its published id; the entry gets one of its own. What it is now published as.
    pub fn split(
        &self,
        id: EntryId,
        tag_authority: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<ClusterId, Error> {
        let entry = self.known(id)?;
        for other in self.others(&entry)? {
            self.connection
                .prepare_cached("INSERT OR IGNORE INTO cannot_link (a, b, at) VALUES (min(?1, ?2), max(?1, ?2), ?3)")?
                .execute([id.0, other.0, to_ms(now)])?;
        }
        self.part(&entry, tag_authority, "operator", now)
    }

    /// Gives an entry a cluster of its own and publishes both anew.
    pub(super) fn part(
        &self,
        entry: &StoredEntry,
        tag_authority: Option<&str>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<ClusterId, Error> {
        self.connection
            .prepare_cached(
                "UPDATE merge_edge SET undone_at = ?2, undone_by = ?3
                 WHERE (entry = ?1 OR other = ?1) AND undone_at IS NULL",
            )?
            .execute(params![entry.id.0, to_ms(now), by])?;
        let alone = self.publish_alone(entry, tag_authority, now)?;
        if let Some(left) = entry.cluster {
            self.hold_together(left, tag_authority, now)?;
            self.choose_representative(left)?;
            self.publish_again(left, now)?;
        }
        Ok(alone)
    }

    /// Finds a reason for each part of a cluster that hangs on nothing any more, or publishes it on its own.
    fn hold_together(
        &self,
        cluster: ClusterId,
        tag_authority: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let mut parts = self.parts(cluster)?.into_iter();
        let Some(mut whole) = parts.next() else {
            return Ok(());
        };
        for part in parts {
            if let Some((later, edge)) = self.reason(&whole, &part)? {
                self.put_edge(later, &edge, now)?;
                whole.extend(part);
                continue;
            }
            let own = self.publish_alone(&part[0], tag_authority, now)?;
            for member in &part[1..] {
                self.put_cluster(member.id, own)?;
            }
            self.choose_representative(own)?;
        }
        Ok(())
    }
}
