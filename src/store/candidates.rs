//! Which stored entries a new one is compared with: looked up by index, ranked by shared keys, bounded.

use std::collections::{HashMap, HashSet};

use rusqlite::params;

use super::{Error, Reader};
use crate::dedupe::cluster::Candidate;
use crate::dedupe::fingerprint::Fingerprint;
use crate::dedupe::keys::{Key, Kind};
use crate::model::{ClusterId, EntryId, StoredEntry};

/// Newest postings taken of a key; a hotter key says little about any one entry.
const MAX_POSTINGS: usize = 60;
/// Most entries compared.
const MAX_COMPARED: usize = 20;
/// Least worth of the keys shared: one rare word or one triple of words alone is chance.
const LEAST_WEIGHT: u32 = 4;
/// Revisions that are compared beside the present state.
pub(super) const COMPARED_REVISIONS: usize = 2;
/// Days after which only the address rule looks at an entry: the longest window of the others, and a day of slack.
const NEAR_DAYS: i64 = 7;
/// Days after which an entry is no candidate any more, by any rule.
const MAX_DAYS: i64 = 31;

/// Among which entries an entry's place is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// Those that came before it.
    Earlier,
    /// All others: for one that changed after they came.
    All,
}

impl Reader<'_> {
    /// The entries that share most keys with `item`, best first, each read as it is asked for.
    pub(super) fn candidates<'s>(
        &'s self,
        item: &'s Fingerprint,
        keys: &[Key],
        among: Among,
    ) -> Result<impl Iterator<Item = Result<Candidate, Error>> + use<'s>, Error> {
        let parted = self.parted(item.id)?;
        let ranked = self.ranked(item.id, keys, among)?;
        let found = ranked.into_iter().map(move |id| {
            let Some(stored) = self.entry(id)? else {
                return Ok(None);
            };
            let Some(cluster) = stored.cluster.filter(|_| is_compared(item, &stored)) else {
                return Ok(None);
            };
            Ok(Some(Candidate {
                is_parted: parted.contains(&cluster),
                ..self.candidate(&stored)?
            }))
        });
        Ok(found.filter_map(Result::transpose))
    }

    /// An entry as others are compared with it.
    fn candidate(&self, stored: &StoredEntry) -> Result<Candidate, Error> {
        let earlier = self.before(stored, 0, COMPARED_REVISIONS)?;
        Ok(Candidate {
            fingerprint: self.fingerprint(stored)?,
            revisions: earlier
                .iter()
                .map(|before| self.fingerprint(before))
                .collect::<Result<_, _>>()?,
            cluster: stored.cluster,
            is_parted: false,
        })
    }

    fn ranked(&self, of: EntryId, keys: &[Key], among: Among) -> Result<Vec<EntryId>, Error> {
        let mut weights: HashMap<i64, u32> = HashMap::new();
        let before = match among {
            Among::Earlier => of.0,
            Among::All => i64::MAX,
        };
        for key in keys {
            let table = if key.kind == Kind::Address {
                "dedup_address"
            } else {
                "dedup_key"
            };
            let sql = format!(
                "SELECT entry FROM {table} WHERE hash = ?1 AND entry < ?2 ORDER BY entry DESC LIMIT ?3"
            );
            let mut statement = self.connection.prepare_cached(&sql)?;
            let mut rows = statement.query(params![key.hash, before, MAX_POSTINGS])?;
            while let Some(row) = rows.next()? {
                *weights.entry(row.get(0)?).or_default() += key.weight();
            }
        }
        let mut ranked: Vec<(u32, i64)> = weights
            .into_iter()
            .filter(|(entry, weight)| *weight >= LEAST_WEIGHT && *entry != of.0)
            .map(|(entry, weight)| (weight, entry))
            .collect();
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        ranked.truncate(MAX_COMPARED);
        Ok(ranked
            .into_iter()
            .map(|(_, entry)| EntryId(entry))
            .collect())
    }

    /// The members of a candidate's cluster that must agree too: the first, and those of the new entry's own source.
    pub(super) fn mates(
        &self,
        item: &Fingerprint,
        source: &str,
        of: EntryId,
    ) -> Result<Vec<Candidate>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM (SELECT id FROM entry WHERE cluster = (SELECT cluster FROM entry WHERE id = ?1) AND id <> ?3
                             ORDER BY id LIMIT 1)
             UNION
             SELECT id FROM (SELECT id FROM entry WHERE cluster = (SELECT cluster FROM entry WHERE id = ?1)
                               AND source = ?2 AND id < ?3 ORDER BY id DESC LIMIT 2)",
        )?;
        let ids: Vec<i64> = statement
            .query_map(params![of.0, source, item.id.0], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mates = ids
            .into_iter()
            .filter(|id| *id != of.0)
            .map(|id| self.entry(EntryId(id)));
        let mates: Vec<Option<StoredEntry>> = mates.collect::<Result<_, Error>>()?;
        mates
            .iter()
            .flatten()
            .map(|stored| self.candidate(stored))
            .collect()
    }

    /// The clusters from which the operator has parted an entry for good.
    pub(super) fn parted(&self, id: EntryId) -> Result<HashSet<ClusterId>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT e.cluster FROM cannot_link l JOIN entry e ON e.id = l.b WHERE l.a = ?1
             UNION SELECT e.cluster FROM cannot_link l JOIN entry e ON e.id = l.a WHERE l.b = ?1",
        )?;
        let clusters = statement.query_map([id.0], |row| row.get::<_, Option<i64>>(0))?;
        let clusters: Vec<Option<i64>> = clusters.collect::<Result<_, _>>()?;
        Ok(clusters.into_iter().flatten().map(ClusterId).collect())
    }
}

/// Whether a stored entry is near enough in time, and still told.
fn is_compared(item: &Fingerprint, stored: &StoredEntry) -> bool {
    let days = (item.at - Fingerprint::time(&stored.entry, stored.first_seen))
        .num_days()
        .abs();
    let farthest = if item.address.is_some() {
        MAX_DAYS
    } else {
        NEAR_DAYS
    };
    stored.withdrawn.is_none() && days <= farthest
}
