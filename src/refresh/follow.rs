//! Lists that go on over several pages: on the first refresh as many as the source asks for, later only until a known
//! entry is met. Never by a remembered page number: lists drift under their numbers.

use std::collections::HashSet;

use super::Pass;
use super::read::{Manner, context, read};
use crate::dedupe::identity::aliases;
use crate::model::{Answer, Document, Kind, ParsedEntry, ParsedFeed, RequestKind};
use crate::scrape;
use crate::scrape::relearn::Expectation;

/// Pages read where all entries of the first one are new: a source can have been silent, or we.
const LATER_PAGES: usize = 4;

impl Pass<'_> {
    /// Adds the entries of further pages. What cannot be had of them is left for another time.
    pub(super) async fn follow(&mut self, mut feed: ParsedFeed, first: &Document) -> ParsedFeed {
        let Kind::Page(rules) = &self.source.kind else {
            return feed;
        };
        let rules = self.memory.learned_rules.clone().or_else(|| rules.clone());
        let is_first = self.memory.last_good.is_none();
        let pages = if is_first {
            self.source.limits.history
        } else {
            LATER_PAGES
        };
        let mut document = first.clone();
        let mut newest = feed.entries.clone();
        for _ in 1..pages {
            if !is_first && self.meets_known(&newest, &document).await {
                break;
            }
            let Some(next) = self.next_page(&document).await else {
                break;
            };
            let manner = Manner::Page(rules.clone(), Expectation::default());
            let seen = read(&next, manner, context(self.source, &next)).await;
            // A last page without any row is no redesign: nothing is learned of it.
            let Some(more) = seen.feed() else { break };
            newest = unseen(&feed, more);
            if newest.is_empty() {
                break;
            }
            feed.entries.extend(newest.iter().cloned());
            document = next;
        }
        feed
    }

    async fn next_page(&self, document: &Document) -> Option<Document> {
        let request = self.plain_request(scrape::next_page(document)?, RequestKind::Page);
        match self.bench.fetcher.fetch(&request).await {
            Ok(Answer::Document(next)) => Some(*next),
            _ => None,
        }
    }

    async fn meets_known(&self, entries: &[ParsedEntry], document: &Document) -> bool {
        let page = ParsedFeed {
            entries: entries.to_vec(),
            ..ParsedFeed::default()
        };
        let keys: Vec<String> = self
            .normalize(&page, document)
            .iter()
            .flat_map(|entry| aliases(entry, self.source))
            .collect();
        let id = self.source.id.clone();
        let recognized = self
            .bench
            .store
            .read(move |reader| reader.recognized(&id, &keys))
            .await;
        // A store that does not answer ends the walk; so does a page on which nothing is wanted.
        recognized.map_or(true, |recognized| !recognized.is_empty())
    }
}

/// The entries that are not in the feed yet, told by their links.
fn unseen(feed: &ParsedFeed, more: ParsedFeed) -> Vec<ParsedEntry> {
    let seen: HashSet<_> = feed
        .entries
        .iter()
        .filter_map(|entry| entry.link.as_ref())
        .collect();
    let is_new = |entry: &ParsedEntry| entry.link.as_ref().is_none_or(|link| !seen.contains(link));
    more.entries.into_iter().filter(is_new).collect()
}
