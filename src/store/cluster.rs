//! New entries on the writer's turn: placed, attached or published alone, explained, indexed. One transaction.

use std::cell::Cell;

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::candidates::Among;
use super::dedup::Told;
use super::fingerprint::role_named;
use super::{Error, Reader, Writer, to_ms};
use crate::dedupe::cluster::{place, representative};
use crate::dedupe::keys::{Key, keys};
use crate::dedupe::rules::RULES_VERSION;
use crate::dedupe::words::NORM_VERSION;
use crate::model::{
    ClusterId, DedupeSettings, Edge, EntryId, Placement, Role, Rule, StoredEntry, Veto,
};

/// Members looked at when a cluster's representative is chosen.
const MAX_MEMBERS: usize = 500;

impl Reader<'_> {
    /// Decides where a stored entry goes among those before it, and by which keys later ones find it.
    pub fn placement(&self, stored: &StoredEntry) -> Result<(Placement, Vec<Key>), Error> {
        self.place(stored, Among::Earlier, self.demanded()?)
    }

    pub(super) fn place(
        &self,
        stored: &StoredEntry,
        among: Among,
        settings: DedupeSettings,
    ) -> Result<(Placement, Vec<Key>), Error> {
        let item = self.item(stored)?;
        self.with_statistics(settings, |statistics| {
            let keys = keys(&item, statistics);
            let failed = Cell::new(None);
            let candidates = self.candidates(&item, &keys, among)?;
            // A failed look-up ends the candidates; its error is what comes of it all.
            let candidates =
                candidates.map_while(|found| found.map_err(|e| failed.set(Some(e))).ok());
            let mates = |of: EntryId| {
                let mates = self.mates(&item, stored.source.as_str(), of);
                mates.unwrap_or_else(|error| {
                    failed.set(Some(error));
                    Vec::new()
                })
            };
            let placement = place(&item, candidates, mates, statistics);
            match failed.take() {
                Some(error) => Err(error),
                None => Ok((placement, keys)),
            }
        })
    }
}

impl Writer<'_> {
    /// Publishes a new entry: as one more carrier of a cluster that tells the same, or as a cluster of its own.
    pub fn publish(
        &self,
        id: EntryId,
        tag_authority: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let Some(stored) = self.entry(id)? else {
            return Ok(());
        };
        let (placement, keys) = self.placement(&stored)?;
        self.put_vetoes(id, &placement.vetoes, now)?;
        let told = told(&placement);
        match &placement.edge {
            Some(edge) => self.attach(&stored, edge, now)?,
            None => {
                self.publish_alone(&stored, tag_authority, now)?;
            }
        }
        self.index_fingerprint(&stored, &keys, told)
    }

    /// Publishes an entry again after a material change, its withdrawal included.
    ///
    /// One that stood alone may tell now what others tell, under the older id of the two. What was published as one stays
    /// one, or a corrected figure would tell the same news under a second id: `recluster` shows what no longer agrees.
    pub fn publish_changed(&self, id: EntryId, now: DateTime<Utc>) -> Result<(), Error> {
        let Some(stored) = self.entry(id)? else {
            return Ok(());
        };
        let Some(cluster) = stored.cluster else {
            return Ok(()); // held back: it is placed when it is let go
        };
        if stored.withdrawn.is_none() {
            let (placement, keys) = self.place(&stored, Among::All, self.demanded()?)?;
            self.index_again(&stored, &keys, told(&placement), now)?;
            if self.members(cluster)?.len() == 1 {
                self.put_vetoes(id, &placement.vetoes, now)?;
                if let Some(edge) = placement.edge {
                    return self.gather(&stored, edge, now);
                }
            }
        }
        self.publish_again(cluster, now)
    }

    /// Makes one of an entry's cluster and that of the entry it is merged with, the later of the two as the one that joins.
    fn gather(&self, stored: &StoredEntry, edge: Edge, now: DateTime<Utc>) -> Result<(), Error> {
        let Some(other) = self.entry(edge.with)? else {
            return Ok(());
        };
        let with = stored.id.min(other.id);
        self.merge_clusters(stored, &other, &Edge { with, ..edge }, now)?;
        Ok(())
    }

    /// Adds an entry to the cluster of the one it was merged with.
    pub(super) fn attach(
        &self,
        stored: &StoredEntry,
        edge: &Edge,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        let cluster = self.entry(edge.with)?.and_then(|other| other.cluster);
        let Some(cluster) = cluster else {
            return Err(Error::NotFound {
                what: "cluster of entry",
                id: edge.with.0.to_string(),
            });
        };
        self.put_cluster(stored.id, cluster)?;
        self.put_edge(stored.id, edge, now)?;
        let moved = self.choose_representative(cluster)?;
        // A repost by the same source tells subscribers nothing; a further carrier does.
        if moved || edge.rule != Rule::SameSource {
            self.publish_again(cluster, now)?;
        }
        Ok(())
    }

    pub(super) fn put_edge(
        &self,
        id: EntryId,
        edge: &Edge,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO merge_edge
                    (entry, other, rule, score, evidence, norm_version, rules_version, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                id.0,
                edge.with.0,
                name(&edge.rule)?,
                edge.score,
                serde_json::to_string(&edge.evidence)?,
                NORM_VERSION,
                RULES_VERSION,
                to_ms(now),
            ])?;
        Ok(())
    }

    fn put_vetoes(&self, id: EntryId, vetoes: &[Veto], now: DateTime<Utc>) -> Result<(), Error> {
        let mut put = self.connection.prepare_cached(
            "INSERT OR REPLACE INTO veto (entry, other, kind, detail, at) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?;
        for veto in vetoes {
            put.execute(params![
                id.0,
                veto.from.0,
                name(&veto.kind)?,
                veto.detail,
                to_ms(now)
            ])?;
        }
        Ok(())
    }

    /// Lets the issuing body speak over the wire over the press, else the earliest; whether that changed anything.
    pub(super) fn choose_representative(&self, cluster: ClusterId) -> Result<bool, Error> {
        let members: Vec<(EntryId, Role, i64)> = self
            .connection
            .prepare_cached(
                "SELECT e.id, json_extract(s.profile, '$.role'), min(e.published, e.first_seen)
                 FROM entry e JOIN source s ON s.id = e.source WHERE e.cluster = ?1 ORDER BY e.id LIMIT ?2",
            )?
            .query_map(params![cluster.0, MAX_MEMBERS], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Option<String>>(1)?, row.get(2)?))
            })?
            .map(|row| {
                row.map(|(id, role, at)| (EntryId(id), role_named(role), at))
            })
            .collect::<Result<_, _>>()?;
        let Some(best) = representative(members.iter()) else {
            return Ok(false);
        };
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE cluster SET representative = ?2 WHERE id = ?1 AND representative <> ?2",
            )?
            .execute([cluster.0, best.0])?;
        Ok(changed > 0)
    }
}

fn told(placement: &Placement) -> Told {
    match placement.edge {
        Some(_) => Told::Again,
        None => Told::First,
    }
}

/// A rule or veto as the database writes it.
pub(super) fn name(value: &impl serde::Serialize) -> Result<String, Error> {
    Ok(serde_json::to_value(value)?
        .as_str()
        .unwrap_or_default()
        .to_owned())
}
