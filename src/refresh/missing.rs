//! Entries that their source takes back: gone from the document while older ones remain, and 404 or 410 at their own
//! address on two polls. Scrolling off the end of a list is not a withdrawal.
//!
//! # Why
//!
//! A pinned old entry makes a document seem to reach far back. So an entry is looked for only where few beside it are gone
//! too: what has scrolled off is a long run. And one that was found alive is not asked again: the webmaster
//! would see us ask for it at every change of the list.

use std::cmp::Reverse;
use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::Pass;
use super::ask::storage;
use crate::dedupe::identity::Recognized;
use crate::fetch::Trouble;
use crate::model::{DateOrigin, EntryId, Failure, Outcome, RequestKind, StoredEntry};

/// Newest stored entries that are looked for in a document.
const LOOKED_FOR: usize = 50;
/// Addresses asked in one refresh.
const ASKED: usize = 3;
/// Neighbours that are gone from a document together and may still have been taken back.
const TOGETHER: usize = 3;
/// Polls at which an address must say that it is gone.
const POLLS: u32 = 2;

impl Pass<'_> {
    /// Finds what the source has taken back for good; remembers what may become so at the next poll.
    pub(super) async fn missing(
        &mut self,
        recognized: &[Recognized],
    ) -> Result<Vec<EntryId>, Outcome> {
        let mut withdrawn = Vec::new();
        let mut doubtful = Vec::new();
        let absent = self.absent(recognized).await?;
        let is_absent = |id: &EntryId| absent.iter().any(|entry| entry.id == *id);
        self.memory.alive.retain(is_absent);
        for entry in self.to_ask(absent) {
            let gone_before = self.gone_before(entry.id);
            match self.is_gone(&entry).await {
                Some(true) if gone_before + 1 >= POLLS => withdrawn.push(entry.id),
                Some(true) => doubtful.push((entry.id, gone_before + 1)),
                Some(false) => self.memory.alive.push(entry.id),
                None => {}
            }
        }
        self.memory.missing = doubtful;
        Ok(withdrawn)
    }

    /// Those to be asked now: first who was gone before, and nobody who was found alive since it is absent.
    fn to_ask(&self, mut absent: Vec<StoredEntry>) -> Vec<StoredEntry> {
        absent.retain(|entry| !self.memory.alive.contains(&entry.id));
        absent.sort_by_key(|entry| Reverse(self.gone_before(entry.id)));
        absent.truncate(ASKED);
        absent
    }

    /// Stored entries that the document no longer has although it has their neighbours.
    async fn absent(&self, recognized: &[Recognized]) -> Result<Vec<StoredEntry>, Outcome> {
        let present: HashSet<EntryId> = recognized
            .iter()
            .filter_map(|one| one.known.map(|(id, _)| id))
            .collect();
        let id = self.source.id.clone();
        let stored = self
            .bench
            .store
            .read(move |reader| reader.entries_of(&id, LOOKED_FOR))
            .await;
        let is_absent = |stored: &StoredEntry| {
            !present.contains(&stored.id)
                && stored.withdrawn.is_none()
                && stored.cluster.is_some()
                && stored.entry.link_is_own
                // Nobody said when it was published: it may have scrolled off like older ones.
                && stored.entry.date_origin != DateOrigin::FirstSeen
        };
        let absent = stored.map_err(storage)?.into_iter().filter(is_absent);
        let seen = recognized.iter().map(|one| one.entry.published.utc());
        Ok(between(seen, absent))
    }

    fn gone_before(&self, id: EntryId) -> u32 {
        let known = self
            .memory
            .missing
            .iter()
            .find(|(missing, _)| *missing == id);
        known.map_or(0, |(_, polls)| *polls)
    }

    /// Whether an entry's own address says that it is gone; `None` where it says neither.
    async fn is_gone(&self, entry: &StoredEntry) -> Option<bool> {
        let request = self.plain_request(entry.entry.link.clone(), RequestKind::EntryPage);
        match self.bench.fetcher.fetch(&request).await {
            Ok(_) => Some(false),
            Err(Trouble::Failed(Failure::Status { code: 404 | 410 })) => Some(true),
            Err(_) => None,
        }
    }
}

/// The absent ones of which few stand together before an older one that is there. Those after the oldest have scrolled off.
fn between(
    seen: impl Iterator<Item = DateTime<Utc>>,
    absent: impl Iterator<Item = StoredEntry>,
) -> Vec<StoredEntry> {
    let seen = seen.map(|at| (Reverse(at), None));
    let mut all: Vec<(Reverse<DateTime<Utc>>, Option<StoredEntry>)> = seen
        .chain(absent.map(|entry| (Reverse(entry.entry.published.utc()), Some(entry))))
        .collect();
    // What is there comes first among those of one moment: the others may be older.
    all.sort_by_key(|(at, entry)| (*at, entry.is_some()));
    let (mut between, mut run) = (Vec::new(), Vec::new());
    for (_, entry) in all {
        match entry {
            Some(entry) => run.push(entry),
            None if run.len() <= TOGETHER => between.append(&mut run),
            None => run.clear(),
        }
    }
    between
}
