//! Which entries are known, and what became of them.

use std::collections::{HashMap, HashSet};

use super::Pass;
use super::ask::storage;
use super::plan;
use crate::dedupe::identity::{Known, Recognized, aliases, recognize};
use crate::dedupe::restless;
use crate::model::{Entry, EntryId, Failure, Outcome};
use crate::watch;

impl Pass<'_> {
    /// Looks the entries up by every key they have and tells new from known.
    pub(super) async fn identify(
        &mut self,
        entries: Vec<Entry>,
    ) -> Result<Vec<Recognized>, Outcome> {
        let keys: Vec<String> = entries
            .iter()
            .flat_map(|entry| aliases(entry, self.source))
            .collect();
        let source = self.source.id.clone();
        let (known, waiting) = self
            .bench
            .store
            .read(move |reader| {
                let by_alias = reader.recognized(&source, &keys)?;
                let ids: HashSet<EntryId> = by_alias.values().copied().collect();
                let mut entries = HashMap::with_capacity(ids.len());
                for id in ids {
                    if let Some(entry) = reader.entry(id)? {
                        entries.insert(id, entry);
                    }
                }
                Ok((Known { by_alias, entries }, reader.has_held(&source)?))
            })
            .await
            .map_err(storage)?;
        self.waiting = waiting;
        let recognized = recognize(entries, self.source, &known, &self.memory);
        restless::observe(&recognized, &known, &mut self.memory);
        self.refuse_foreign(&recognized)?;
        Ok(recognized)
    }

    /// A document in which everything is somebody else's ends the pass: the domain may have been taken over.
    fn refuse_foreign(&self, recognized: &[Recognized]) -> Result<(), Outcome> {
        let language = self.source.language.as_ref();
        match watch::taken_over(&self.memory, language, &plan::glance(recognized.iter())) {
            Some(detail) => Err(Outcome::Failed(Failure::TakenOver { detail })),
            None => Ok(()),
        }
    }
}
