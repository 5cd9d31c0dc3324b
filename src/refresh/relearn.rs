//! Pages whose layout changed: the failure is told at once, new rules are proposed, and nothing is published by them
//! until they are accepted, unless the source says `relearn = "auto"`.

use super::Pass;
use super::ask::storage;
use crate::date;
use crate::html;
use crate::model::{
    DateOrigin, Document, Failure, Outcome, ParsedFeed, Precision, Relearn, Rules, StoredEntry,
};
use crate::scrape::relearn::{Expectation, Known, propose};
use crate::scrape::{self, Error};

/// Stored entries that a page is compared with.
const KNOWN: usize = 24;
/// Entries told of a proposal, and the characters of their titles.
const TOLD: usize = 3;
const MAX_TOLD: usize = 80;

/// What reading gave.
pub(super) struct Seen {
    feed: Result<ParsedFeed, Failure>,
    proposal: Option<(Rules, ParsedFeed)>,
}

impl Seen {
    /// A reading with nothing to propose.
    pub(super) fn plain(feed: Result<ParsedFeed, Failure>) -> Self {
        Self {
            feed,
            proposal: None,
        }
    }

    /// The entries that were read, with nothing learned.
    pub(super) fn feed(self) -> Option<ParsedFeed> {
        self.feed.ok()
    }
}

impl Pass<'_> {
    /// What the source's list usually looks like; nothing before its first good refresh as it is configured.
    pub(super) async fn expected(&self) -> Result<Expectation, Outcome> {
        if self.memory.rhythm.usual_yield.is_none() {
            return Ok(Expectation::default());
        }
        let id = self.source.id.clone();
        let stored = self
            .bench
            .store
            .read(move |reader| reader.entries_of(&id, KNOWN))
            .await;
        Ok(Expectation {
            known: stored.map_err(storage)?.iter().map(known).collect(),
            usual: self.memory.rhythm.usual_yield,
        })
    }

    /// Takes a reading; keeps the rules that are proposed, or lets them hold at once.
    pub(super) fn take(&mut self, seen: Seen) -> Result<ParsedFeed, Outcome> {
        let failure = match seen.feed {
            Ok(feed) => {
                self.memory.proposed_rules = None;
                self.memory.proposed_titles.clear();
                return Ok(feed);
            }
            Err(failure) => failure,
        };
        match seen.proposal {
            Some((rules, feed)) if self.source.relearn == Relearn::Auto => {
                self.memory.learned_rules = Some(rules);
                Ok(feed)
            }
            Some((rules, feed)) => {
                self.memory.proposed_rules = Some(rules);
                self.memory.proposed_titles = titles(&feed);
                Err(Outcome::Failed(failure))
            }
            None => Err(Outcome::Failed(failure)),
        }
    }
}

/// Reads a page as it is expected to be; after a redesign, looks for rules that find the known entries again.
pub(super) fn read_page(
    document: &Document,
    rules: Option<&Rules>,
    expected: &Expectation,
    context: &date::Context,
) -> Seen {
    let detail = match scrape::page_expecting(document, rules, context, expected) {
        Ok(reading) => return Seen::plain(Ok(reading.feed)),
        Err(Error::LayoutChanged { detail }) => detail,
        Err(error) => return Seen::plain(Err(no_list(error))),
    };
    let proposal = propose(document, rules, &expected.known, context).and_then(|proposal| {
        let relearned = scrape::page(document, Some(&proposal.rules), context).ok()?;
        Some((proposal.rules, relearned.feed))
    });
    let detail = match &proposal {
        Some((_, feed)) => format!(
            "{detail}; rules that give {} entries are proposed",
            feed.entries.len()
        ),
        None => detail,
    };
    Seen {
        feed: Err(changed(detail)),
        proposal,
    }
}

/// The first entries of a feed as people recognize them.
fn titles(feed: &ParsedFeed) -> Vec<String> {
    let told = feed.entries.iter().take(TOLD).map(|entry| {
        let title = entry.title.as_ref().map(html::title).unwrap_or_default();
        let day = entry.published.map(|moment| moment.at.date_naive());
        let day = day.map(|day| format!("{day} ")).unwrap_or_default();
        format!("{day}{}", html::excerpt(&title, MAX_TOLD))
    });
    told.collect()
}

fn known(stored: &StoredEntry) -> Known {
    let entry = &stored.entry;
    // A day that only the entry's own page told is not to be looked for in the list.
    let is_listed = !matches!(
        entry.date_origin,
        DateOrigin::FirstSeen | DateOrigin::EntryPage
    );
    let is_told = is_listed && entry.published.precision >= Precision::Day;
    Known {
        title: entry.title.clone(),
        link: entry.link.clone(),
        day: is_told.then(|| entry.published.at.date_naive()),
    }
}

fn changed(detail: String) -> Failure {
    Failure::LayoutChanged { detail }
}

fn no_list(error: Error) -> Failure {
    match error {
        Error::NoContent { what } => Failure::NoContent { what },
        Error::NoList { detail } => Failure::NoEntries { detail },
        Error::LayoutChanged { detail } => changed(detail),
    }
}
