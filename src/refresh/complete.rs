//! Asks the page of a new entry for what the list does not say. At most `entry_pages` requests a refresh, each once.

use super::Pass;
use super::read::context;
use crate::dedupe::identity::Recognized;
use crate::model::{
    Answer, DateOrigin, Document, Entry, Kind, Moment, ParsedEntry, Precision, RequestKind,
};
use crate::{html, scrape};

impl Pass<'_> {
    /// Completes new entries of pages. What cannot be had stays as it is: an entry is news without a date, too.
    pub(super) async fn complete(&self, mut recognized: Vec<Recognized>) -> Vec<Recognized> {
        if !matches!(self.source.kind, Kind::Page(_)) {
            return recognized;
        }
        let lacking = recognized
            .iter_mut()
            .filter(|one| one.known.is_none() && is_lacking(&one.entry))
            .take(self.source.limits.entry_pages);
        for one in lacking {
            if let Some((document, page)) = self.entry_page(&one.entry).await {
                fill(&mut one.entry, page, &document);
            }
        }
        recognized
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
