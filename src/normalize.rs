//! What a document says, made into entries that nobody need doubt.

use chrono::{DateTime, Utc};
use url::Url;

use crate::model::{DateOrigin, Entry, Moment, ParsedEntry, ParsedFeed, Source};
use crate::{html, link};

/// Makes entries of what a document says.
pub fn normalize(
    feed: &ParsedFeed,
    address: &Url,
    source: &Source,
    now: DateTime<Utc>,
) -> Vec<Entry> {
    feed.entries
        .iter()
        .map(|entry| one(feed, entry, address, source, now))
        .collect()
}

fn one(
    feed: &ParsedFeed,
    parsed: &ParsedEntry,
    address: &Url,
    source: &Source,
    now: DateTime<Utc>,
) -> Entry {
    let own = parsed.link.clone();
    let link = own
        .clone()
        .or_else(|| feed.link.clone())
        .unwrap_or_else(|| address.clone());
    let base = Some(&link);
    let said = parsed.published.or(parsed.updated);
    Entry {
        guid: parsed.id.clone(),
        guid_is_iri: parsed.id_is_iri,
        link_is_own: own.is_some(),
        title: parsed
            .title
            .as_ref()
            .map(html::title)
            .filter(|title| !title.is_empty())
            .unwrap_or_else(|| link.to_string()),
        summary: parsed.summary.as_ref().map(|text| html::clean(text, base)),
        content: parsed.content.as_ref().map(|text| html::clean(text, base)),
        published: said.unwrap_or_else(|| Moment::exact(now)),
        updated: parsed.updated,
        date_origin: parsed.date_origin.unwrap_or(if said.is_some() {
            DateOrigin::Feed
        } else {
            DateOrigin::FirstSeen
        }),
        authors: parsed.authors.clone(),
        categories: parsed.categories.clone(),
        enclosures: parsed.enclosures.clone(),
        image: parsed.image.as_ref().map(Url::to_string),
        language: parsed
            .language
            .clone()
            .or_else(|| feed.language.clone())
            .or_else(|| source.language.clone()),
        rights: parsed.rights.as_ref().map(html::title),
        first_source: parsed.source.clone(),
        link: link::canonicalize(&link),
    }
}

/// Whether a source's own patterns let an entry through.
pub fn admits(source: &Source, entry: &Entry) -> bool {
    let text = entry.title.to_lowercase();
    let matches = |patterns: &[String]| {
        patterns
            .iter()
            .any(|pattern| text.contains(&pattern.to_lowercase()))
    };
    (source.only.is_empty() || matches(&source.only)) && !matches(&source.not)
}
