//! Entries that their source takes back: gone from the document while older ones remain, and 404 or 410 at their own
//! address on two polls. Scrolling off the end of a list is not a withdrawal.

use std::collections::HashSet;

use super::Pass;
use super::ask::storage;
use crate::dedupe::identity::Recognized;
use crate::fetch::Trouble;
use crate::model::{EntryId, Failure, Outcome, RequestKind, StoredEntry};

/// Newest stored entries that are looked for in a document.
const LOOKED_FOR: usize = 50;
/// Addresses asked in one refresh.
const ASKED: usize = 3;
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
        for entry in self.absent(recognized).await? {
            let gone_before = self.gone_before(entry.id);
            if !self.is_gone(&entry).await {
                continue;
            }
            match gone_before + 1 >= POLLS {
                true => withdrawn.push(entry.id),
                false => doubtful.push((entry.id, gone_before + 1)),
            }
        }
        self.memory.missing = doubtful;
        Ok(withdrawn)
    }

    /// Stored entries inside the visible window that the document no longer has.
    async fn absent(&self, recognized: &[Recognized]) -> Result<Vec<StoredEntry>, Outcome> {
        let present: HashSet<EntryId> = recognized
            .iter()
            .filter_map(|one| one.known.map(|(id, _)| id))
            .collect();
        let Some(oldest) = recognized.iter().map(|one| one.entry.published.utc()).min() else {
            return Ok(Vec::new());
        };
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
                && stored.entry.published.utc() > oldest
        };
        let absent = stored.map_err(storage)?.into_iter().filter(is_absent);
        Ok(absent.take(ASKED).collect())
    }

    fn gone_before(&self, id: EntryId) -> u32 {
        let known = self
            .memory
            .missing
            .iter()
            .find(|(missing, _)| *missing == id);
        known.map_or(0, |(_, polls)| *polls)
    }

    async fn is_gone(&self, entry: &StoredEntry) -> bool {
        let request = self.plain_request(entry.entry.link.clone(), RequestKind::EntryPage);
        let answer = self.bench.fetcher.fetch(&request).await;
        matches!(
            answer,
            Err(Trouble::Failed(Failure::Status { code: 404 | 410 }))
        )
    }
}
