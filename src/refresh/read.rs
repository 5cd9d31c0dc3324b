//! From a document to entries: the parser or the page reader, contained, off the async threads.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Pass;
use crate::date;
use crate::model::{Document, Entry, Failure, Kind, Outcome, ParsedFeed, Rules, Source};
use crate::{normalize, parse, scrape};

/// Bodies below this size are read where they arrived: handing them to another thread costs more than reading them.
const SMALL: usize = 64 * 1024;

impl Pass<'_> {
    /// Reads the document as its source's kind asks.
    pub(super) async fn read(&mut self, document: &Document) -> Result<ParsedFeed, Outcome> {
        let context = context(self.source, document);
        let kind = match &self.source.kind {
            Kind::Page(_) if self.memory.learned_rules.is_some() => {
                Kind::Page(self.memory.learned_rules.clone())
            }
            kind => kind.clone(),
        };
        let read = if document.bytes.len() < SMALL {
            contained(document, &kind, &context)
        } else {
            let document = document.clone();
            tokio::task::spawn_blocking(move || contained(&document, &kind, &context))
                .await
                .unwrap_or_else(|_| Err(panicked()))
        };
        let feed = read.map_err(Outcome::Failed)?;
        self.heard.hints = feed.hints.clone();
        Ok(feed)
    }

    /// Takes the doubt out of what was read, and leaves out what the source's patterns do not admit.
    pub(super) fn normalize(&self, feed: &ParsedFeed, document: &Document) -> Vec<Entry> {
        let mut entries =
            normalize::normalize(feed, &document.address, self.source, document.received);
        entries.retain(|entry| normalize::admits(self.source, entry));
        entries
    }
}

/// How dates in this document are to be understood.
pub(super) fn context(source: &Source, document: &Document) -> date::Context {
    date::Context {
        time_zone: source.time_zone,
        language: source.language.clone(),
        now: Some(document.received),
    }
}

fn contained(
    document: &Document,
    kind: &Kind,
    context: &date::Context,
) -> Result<ParsedFeed, Failure> {
    catch_unwind(AssertUnwindSafe(|| match kind {
        Kind::Feed => parse::feed(document, context).map_err(not_a_feed),
        Kind::Page(rules) => read_page(document, rules.as_ref(), context),
    }))
    .unwrap_or_else(|_| Err(panicked()))
}

fn read_page(
    document: &Document,
    rules: Option<&Rules>,
    context: &date::Context,
) -> Result<ParsedFeed, Failure> {
    scrape::page(document, rules, context)
        .map(|reading| reading.feed)
        .map_err(no_list)
}

fn no_list(error: scrape::Error) -> Failure {
    match error {
        scrape::Error::NoContent { what } => Failure::NoContent { what },
        scrape::Error::NoList { detail } => Failure::NoEntries { detail },
        scrape::Error::LayoutChanged { detail } => Failure::LayoutChanged { detail },
    }
}

fn not_a_feed(error: parse::Error) -> Failure {
    match error {
        parse::Error::NotAFeed { looks_like } => Failure::NotAFeed { looks_like },
        parse::Error::Empty => Failure::EmptyBody,
    }
}

fn panicked() -> Failure {
    Failure::Panicked {
        stage: "reading the document".into(),
    }
}
