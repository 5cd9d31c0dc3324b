//! Any feed document to a [`ParsedFeed`]: RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF, JSON Feed, well-formed or not.
//!
//! feed-rs reads first what is well-formed, of today's dialects and holds nothing that feed-rs would lose; a survey of
//! the tags tells. All else, and whatever feed-rs refuses, panics over or returns too little of, is read by the tolerant
//! reader in `reader/`; where the syntax breaks, named repairs go before a second reading.
//! Listing pages are not read here but in `scrape`. Dates, links and texts are read, not judged: that is `normalize`.

mod attribute;
mod choice;
mod convert;
mod hint;
mod json;
mod looks;
pub mod opml;
mod person;
mod reader;
mod reference;
mod repair;
mod survey;

use std::borrow::Cow;

use thiserror::Error;

use crate::date::Context;
use crate::encoding;
use crate::model::{Document, ParsedFeed, Repair};

/// Why there is no feed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Error {
    /// The document is something else.
    #[error("not a feed: it looks like {looks_like}")]
    NotAFeed {
        /// What it looks like, in words.
        looks_like: String,
    },
    /// There is nothing in it.
    #[error("not a feed: the document is empty")]
    Empty,
}

/// Reads a document as a feed; the repairs it needed are in the result.
pub fn feed(document: &Document, context: &Context) -> Result<ParsedFeed, Error> {
    let characters = encoding::xml_characters(&document.bytes, document.charset.as_deref());
    let text = characters.text.as_ref();
    if text
        .trim_matches(['\u{feff}', '\0', ' ', '\n', '\r', '\t'])
        .is_empty()
    {
        return Err(Error::Empty);
    }
    let start = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    let base = &document.base();
    let read = match start.chars().next() {
        Some('{' | '[') => json::read(start, base, context).ok_or(None),
        _ => xml(text, base, context),
    };
    let mut feed = read.map_err(|root| Error::NotAFeed {
        looks_like: looks::like(&document.bytes, text, root.as_deref()),
    })?;
    feed.hints.hub = feed.hints.hub.take().or_else(|| document.hub.clone());
    let decoding = characters.repairs;
    feed.repairs.splice(0..0, decoding);
    Ok(feed)
}

/// Reads XML; the name of the outermost element where it is no feed.
fn xml(text: &str, base: &url::Url, context: &Context) -> Result<ParsedFeed, Option<String>> {
    let (text, mut repairs) = repair::characters(text);
    let survey = survey::survey(&text);
    let kept = survey.and_then(|survey| convert::read(&text, survey, base, context));
    let mut feed = match kept {
        Some(feed) => feed,
        None => tolerantly(text, base, context, &mut repairs)?,
    };
    feed.repairs = repairs
        .into_iter()
        .map(|name| Repair(name.to_owned()))
        .collect();
    Ok(feed)
}

/// Reads XML by the tolerant reader, a second time where the syntax broke.
fn tolerantly(
    text: Cow<'_, str>,
    base: &url::Url,
    context: &Context,
    repairs: &mut repair::Names,
) -> Result<ParsedFeed, Option<String>> {
    let (text, more) = repair::markup(text);
    repairs.extend(more);
    let mut reading = reader::read(&text, base, context);
    if reading.is_broken {
        // Freed first: a document is not to be in memory more often than it must.
        drop(reading);
        let (text, more) = repair::broken(text);
        reading = reader::read(&text, base, context);
        repairs.extend(more);
    }
    if !reading.is_feed {
        return Err(reading.root);
    }
    repairs.extend(reading.repairs);
    Ok(reading.feed)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::{convert, reader, survey};
    use crate::date::Context;
    use crate::model::ParsedFeed;

    const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/feeds");

    /// Links to comments come in another order and are dropped where they repeat another: no loss.
    fn without_replies(mut feed: ParsedFeed) -> ParsedFeed {
        for entry in &mut feed.entries {
            entry.links.retain(|link| link.rel != "replies");
        }
        feed
    }

    #[test]
    fn what_the_survey_lets_through_both_readers_read_alike() {
        let base = Url::parse("https://www.example.org/feeds/news.xml").expect("an address");
        let context = Context::default();
        let mut compared = 0;
        let mut different = Vec::new();
        for file in std::fs::read_dir(FIXTURES).expect("the fixtures") {
            let path = file.expect("a file").path();
            let text = std::fs::read(&path)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            let Some((text, survey)) = text.and_then(|text| {
                let survey = survey::survey(&text)?;
                Some((text, survey))
            }) else {
                continue;
            };
            // Where feed-rs refuses or returns too little, nothing of it is taken.
            let Some(theirs) = convert::read(&text, survey, &base, &context) else {
                continue;
            };
            let ours = reader::read(&text, &base, &context).feed;
            let is_alike = without_replies(theirs) == without_replies(ours);
            different.extend((!is_alike).then(|| path.display().to_string()));
            compared += 1;
        }
        assert!(different.is_empty(), "{different:#?}");
        assert!(compared > 50, "only {compared} documents are for feed-rs");
    }
}
