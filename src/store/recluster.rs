//! What the present rules and settings would merge or part among entries that are already published: proposed first, then applied.
//!
//! The operator's splits and joins stand. Entries are taken in order of arrival, each against those before it.

use chrono::{DateTime, Utc};
use rusqlite::params;
use serde::Serialize;

use super::candidates::Among;
use super::{Error, Reader, Writer, to_ms};
use crate::model::{DedupeSettings, Edge, EntryId, Rule, StoredEntry, Veto};

/// A difference between what is published and what the present rules say.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "would", rename_all = "kebab-case")]
pub enum Proposal {
    /// Two clusters would be one.
    Merge {
        /// The later entry.
        entry: EntryId,
        /// Why, and with which.
        #[serde(flatten)]
        edge: Edge,
    },
    /// An entry would leave its cluster.
    Part {
        /// The entry.
        entry: EntryId,
        /// What speaks against its merge; nothing where no rule holds any more.
        #[serde(flatten)]
        veto: Option<Veto>,
    },
}

impl Reader<'_> {
    /// Entries first seen since a moment, in order of arrival, a bounded step of them.
    pub fn arrived_since(
        &self,
        since: DateTime<Utc>,
        after: EntryId,
        limit: usize,
    ) -> Result<Vec<EntryId>, Error> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id FROM entry WHERE id > ?2 AND first_seen >= ?1 AND cluster IS NOT NULL ORDER BY id LIMIT ?3",
        )?;
        let rows = statement.query_map(params![to_ms(since), after.0, limit], |row| row.get(0))?;
        rows.map(|row| Ok(EntryId(row?))).collect()
    }

    /// What the present rules would do with an entry under these settings, if it is something else than what was done.
    pub fn proposal(
        &self,
        id: EntryId,
        settings: DedupeSettings,
    ) -> Result<Option<Proposal>, Error> {
        let Some(stored) = self.entry(id)? else {
            return Ok(None);
        };
        let joined = self.joined_by(&stored)?;
        if joined
            .as_ref()
            .is_some_and(|(_, rule)| *rule == Rule::Operator)
        {
            return Ok(None);
        }
        let (placement, _) = self.place(&stored, Among::Earlier, settings)?;
        let target = match &placement.edge {
            Some(edge) => self.entry(edge.with)?.and_then(|other| other.cluster),
            None => None,
        };
        Ok(match (placement.edge, joined) {
            (Some(edge), _) if target != stored.cluster => {
                Some(Proposal::Merge { entry: id, edge })
            }
            (None, Some((other, _))) => Some(Proposal::Part {
                entry: id,
                veto: placement.vetoes.into_iter().find(|veto| veto.from == other),
            }),
            _ => None,
        })
    }

    /// With which earlier entry of its cluster an entry was merged, and by which rule.
    fn joined_by(&self, stored: &StoredEntry) -> Result<Option<(EntryId, Rule)>, Error> {
        let why = self.why(stored.id)?;
        Ok(why
            .merges
            .into_iter()
            .find(|merge| merge.entry == stored.id && merge.undone.is_none())
            .map(|merge| (merge.edge.with, merge.edge.rule)))
    }
}

impl Writer<'_> {
    /// Carries a proposal out, if it still holds.
    pub fn apply(
        &self,
        proposal: &Proposal,
        tag_authority: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), Error> {
        match proposal {
            Proposal::Merge { entry, edge } => {
                let (Some(a), Some(b)) = (self.entry(edge.with)?, self.entry(*entry)?) else {
                    return Ok(());
                };
                if a.cluster.is_some() && b.cluster.is_some() && a.cluster != b.cluster {
                    self.merge_clusters(&a, &b, edge, now)?;
                }
            }
            Proposal::Part { entry, .. } => {
                if let Some(stored) = self.entry(*entry)?
                    && self.why(*entry)?.members.len() > 1
                {
                    self.part(&stored, tag_authority, "recluster", now)?;
                }
            }
        }
        Ok(())
    }
}
