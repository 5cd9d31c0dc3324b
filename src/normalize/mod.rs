//! What a document says, made into entries that nobody need doubt: the border between `ParsedEntry` and `Entry`.
//!
//! Behind it every link is absolute, every title plain and there, every date sane, all markup clean, and nothing longer
//! than a stated limit. Whether an entry is known already is `dedupe`'s question.

mod admit;
mod body;
mod date;
mod furniture;
mod language;
mod link;
mod people;
mod title;

pub use admit::admits;

use chrono::{DateTime, Utc};
use url::Url;

use crate::model::{Entry, ParsedEntry, ParsedFeed, Source};

/// A guid longer than this is an accident, and would be one in every table it is kept in.
const LONGEST_GUID: usize = 2 * 1024;

/// What all entries of a document share.
struct Frame<'a> {
    feed: &'a ParsedFeed,
    address: &'a Url,
    source: &'a Source,
    now: DateTime<Utc>,
}

/// Makes entries of what a document at an address says. An entry without any text and without a link of its own says
/// nothing and is left out.
pub fn normalize(
    feed: &ParsedFeed,
    address: &Url,
    source: &Source,
    now: DateTime<Utc>,
) -> Vec<Entry> {
    let frame = Frame {
        feed,
        address,
        source,
        // Nothing is known finer than a second, and what is stored should be what was meant.
        now: DateTime::from_timestamp(now.timestamp(), 0).unwrap_or(now),
    };
    feed.entries
        .iter()
        .filter_map(|parsed| entry(parsed, &frame))
        .collect()
}

fn entry(parsed: &ParsedEntry, frame: &Frame<'_>) -> Option<Entry> {
    let (link, link_is_own) = link::link(parsed, frame);
    let base = if link_is_own { &link } else { frame.address };
    let summary = parsed
        .summary
        .as_ref()
        .and_then(|text| body::body(text, base));
    let content = parsed
        .content
        .as_ref()
        .and_then(|text| body::body(text, base));
    let own_title = title::own(parsed);
    if own_title.is_none() && summary.is_none() && content.is_none() && !link_is_own {
        return None;
    }
    let title =
        own_title.unwrap_or_else(|| title::derived(summary.as_deref(), content.as_deref(), &link));
    let dates = date::dates(parsed, &link, frame);
    let guid = guid(parsed);
    Some(Entry {
        guid_is_iri: guid
            .as_deref()
            .is_some_and(|guid| link::is_iri(guid, parsed.id_is_iri)),
        guid,
        language: language::language(parsed, frame, &title, summary.as_deref()),
        link,
        link_is_own,
        title,
        summary,
        content,
        published: dates.published,
        updated: dates.updated,
        date_origin: dates.origin,
        authors: people::authors(&parsed.authors),
        categories: people::categories(&parsed.categories),
        enclosures: people::enclosures(&parsed.enclosures, frame.address),
        image: parsed
            .image
            .as_ref()
            .filter(|image| link::is_web(image) && !is_decoration(image))
            .map(Url::to_string),
        rights: title::rights(parsed),
        first_source: people::first_source(parsed.source.as_ref(), frame.address),
    })
}

/// Icons and logos stand beside every entry of a page and show nothing of it.
fn is_decoration(image: &Url) -> bool {
    let name = image
        .path()
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    name.ends_with(".svg")
        || ["icon", "logo", "spacer", "pixel"]
            .iter()
            .any(|word| name.contains(word))
}

fn guid(parsed: &ParsedEntry) -> Option<String> {
    let guid = parsed.id.as_deref()?.trim();
    let fits = !guid.is_empty() && guid.len() <= LONGEST_GUID && !guid.contains(char::is_control);
    fits.then(|| guid.to_owned())
}
