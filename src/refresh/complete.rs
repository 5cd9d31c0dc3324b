//! Asks the page of a new entry for what the list does not say. At most `entry_pages` requests a refresh, each page
//! once: what is beyond the limit waits for the next refreshes, scrolled off its list or not.

use super::Pass;
use super::read::context;
use crate::dedupe::identity::{Change, Recognized};
use crate::model::{
    Answer, DateOrigin, Document, Entry, EntryChange, Kind, Moment, ParsedEntry, Precision,
    RequestKind, StoredEntry,
};
use crate::{html, scrape};

/// Entries that wait for their pages to be asked; a longer list is asked for its newest.
const MAX_WAITING: usize = 500;

impl Pass<'_> {
    /// Completes entries of pages, new ones first; what became of stored ones that the document does not have comes
    /// back beside them. What cannot be had stays as it is: an entry is news without a date, too.
    pub(super) async fn complete(
        &mut self,
        mut recognized: Vec<Recognized>,
    ) -> (Vec<Recognized>, Vec<EntryChange>) {
        let mut left = self.source.limits.entry_pages;
        if !matches!(self.source.kind, Kind::Page(_)) || left == 0 {
            return (recognized, Vec::new());
        }
        let mut waiting = std::mem::take(&mut self.memory.unasked);
        let is_new = |one: &&mut Recognized| one.known.is_none() && is_lacking(&one.entry);
        for one in recognized.iter_mut().filter(is_new) {
            if left > 0 {
                left -= 1;
                self.ask_page(&mut one.entry).await;
            } else {
                waiting.extend(one.aliases.first().cloned());
            }
        }
        let now = waiting.drain(..left.min(waiting.len())).collect();
        waiting.truncate(MAX_WAITING);
        self.memory.unasked = waiting;
        let late = self.late(now, &mut recognized).await;
        (recognized, late)
    }

    /// Asks for stored entries that waited.
    async fn late(&self, keys: Vec<String>, recognized: &mut [Recognized]) -> Vec<EntryChange> {
        let mut late = Vec::new();
        for stored in self.waiting(keys).await {
            let listed = recognized
                .iter_mut()
                .find(|one| one.known.is_some_and(|(id, _)| id == stored.id));
            let mut entry = stored.entry.clone();
            if !is_lacking(&entry) || !self.ask_page(&mut entry).await {
                continue;
            }
            match listed {
                Some(one) => {
                    take_over(&mut one.entry, entry);
                    if let Some((id, Change::None)) = one.known {
                        one.known = Some((id, Change::Touched));
                    }
                }
                None => late.push(EntryChange::Touched {
                    id: stored.id,
                    entry: Box::new(entry),
                    aliases: Vec::new(),
                }),
            }
        }
        late
    }

    async fn waiting(&self, keys: Vec<String>) -> Vec<StoredEntry> {
        if keys.is_empty() {
            return Vec::new();
        }
        let id = self.source.id.clone();
        let found = self.bench.store.read(move |reader| {
            let ids = reader.recognized(&id, &keys)?;
            let ids = keys.iter().filter_map(|key| ids.get(key));
            let mut found = Vec::new();
            for id in ids {
                found.extend(reader.entry(*id)?);
            }
            Ok(found)
        });
        // A store that does not answer will say so when the plan is saved.
        found.await.unwrap_or_default()
    }

    /// Asks the page of an entry; whether it said anything.
    async fn ask_page(&self, entry: &mut Entry) -> bool {
        match self.entry_page(entry).await {
            Some((document, page)) => {
                fill(entry, page, &document);
                true
            }
            None => false,
        }
    }

    async fn entry_page(&self, entry: &Entry) -> Option<(Document, ParsedEntry)> {
        let request = self.plain_request(entry.link.clone(), RequestKind::EntryPage);
        let Ok(Answer::Document(document)) = self.bench.fetcher.fetch(&request).await else {
            return None;
        };
        let context = context(self.source, &document);
        let (document, page) = tokio::task::spawn_blocking(move || {
            let page = scrape::entry_page(&document, &context);
            (document, page)
        })
        .await
        .ok()?;
        Some((*document, page?))
    }
}

/// Gives an entry what its page said.
fn take_over(entry: &mut Entry, told: Entry) {
    entry.published = told.published;
    entry.date_origin = told.date_origin;
    if entry.summary.is_none() && entry.content.is_none() {
        entry.summary = told.summary;
    }
    entry.image = entry.image.take().or(told.image);
}

fn is_lacking(entry: &Entry) -> bool {
    let is_dated =
        entry.date_origin != DateOrigin::FirstSeen && entry.published.precision >= Precision::Day;
    entry.link_is_own && !is_dated
}

fn fill(entry: &mut Entry, page: ParsedEntry, document: &Document) {
    let is_past = |moment: &Moment| moment.utc() <= document.received;
    if let Some(published) = page.published.or(page.updated).filter(is_past) {
        entry.published = published;
        entry.date_origin = match page.date_origin {
            Some(DateOrigin::Address) => DateOrigin::Address,
            _ => DateOrigin::EntryPage,
        };
    }
    if entry.summary.is_none() && entry.content.is_none() {
        entry.summary = page
            .summary
            .as_ref()
            .map(|summary| html::clean(summary, Some(&document.address)))
            .filter(|summary| !summary.is_empty());
    }
    if entry.image.is_none() {
        entry.image = page.image.map(String::from);
    }
}
