//! From a document to entries: the parser or the page reader, contained, off the async threads.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;

use super::Pass;
use super::relearn::{Seen, read_page};
use crate::date;
use crate::model::{Document, Entry, Failure, Kind, Outcome, ParsedFeed, Rules, Source};
use crate::scrape::relearn::Expectation;
use crate::{normalize, parse, scrape};

/// Bodies below this size are read where they arrived: handing them to another thread costs more than reading them.
const SMALL: usize = 64 * 1024;

/// Bodies from this size on are read one after the other: reading takes several times their size.
const LARGE: usize = 512 * 1024;
static ONE_AT_A_TIME: Semaphore = Semaphore::const_new(1);

/// How a document is to be read.
#[derive(Clone)]
pub(super) enum Manner {
    Feed,
    Page(Option<Rules>, Expectation),
}

impl Pass<'_> {
    /// Reads the document as its source's kind asks.
    pub(super) async fn read(&mut self, document: &Document) -> Result<ParsedFeed, Outcome> {
        let manner = match &self.source.kind {
            Kind::Feed => Manner::Feed,
            Kind::Page(rules) => {
                let rules = self.memory.learned_rules.clone().or_else(|| rules.clone());
                Manner::Page(rules, self.expected().await?)
            }
        };
        let seen = read(document, manner, context(self.source, document)).await;
        let feed = self.take(seen)?;
        self.heard.hints = feed.hints.clone();
        Ok(feed)
    }

    /// Takes the doubt out of what was read, and leaves out what the source's patterns do not admit.
    pub(super) fn normalize(&self, feed: &ParsedFeed, document: &Document) -> Vec<Entry> {
        aside(document, || {
            let mut entries =
                normalize::normalize(feed, &document.address, self.source, document.received);
            entries.retain(|entry| normalize::admits(self.source, entry));
            entries
        })
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

/// Reads a document; a panic is a failure like others.
pub(super) async fn read(document: &Document, manner: Manner, context: date::Context) -> Seen {
    if document.bytes.len() < SMALL {
        return contained(document, &manner, &context);
    }
    // Never closed; without a place it is read all the same.
    let _place = match document.bytes.len() >= LARGE {
        true => ONE_AT_A_TIME.acquire().await.ok(),
        false => None,
    };
    let document = document.clone();
    tokio::task::spawn_blocking(move || contained(&document, &manner, &context))
        .await
        .unwrap_or_else(|_| panicked())
}

/// Does what costs in proportion to a document: in place of the other tasks of its thread where the document is large.
pub(super) fn aside<T>(document: &Document, work: impl FnOnce() -> T) -> T {
    let has_others = Handle::try_current()
        .is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    match has_others && document.bytes.len() >= SMALL {
        true => tokio::task::block_in_place(work),
        false => work(),
    }
}

fn contained(document: &Document, manner: &Manner, context: &date::Context) -> Seen {
    catch_unwind(AssertUnwindSafe(|| match manner {
        Manner::Feed => Seen::plain(
            parse::feed(document, context).map_err(|error| not_a_feed(error, document, context)),
        ),
        Manner::Page(rules, expected) => read_page(document, rules.as_ref(), expected, context),
    }))
    .unwrap_or_else(|_| panicked())
}

/// What came in place of a feed. A page is looked at: a bot wall is another trouble than a feed that has moved.
fn not_a_feed(error: parse::Error, document: &Document, context: &date::Context) -> Failure {
    let looks_like = match error {
        parse::Error::Empty => return Failure::EmptyBody,
        parse::Error::NotAFeed { looks_like } => looks_like,
    };
    let wall = looks_like
        .contains("HTML")
        .then(|| scrape::wall(document, context))
        .flatten();
    match wall {
        Some(what) => Failure::NoContent { what: what.into() },
        None => Failure::NotAFeed { looks_like },
    }
}

fn panicked() -> Seen {
    Seen::plain(Err(Failure::Panicked {
        stage: "reading the document".into(),
    }))
}
