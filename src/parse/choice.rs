//! Choices that are made alike whichever reader read: the page among the links, the address in an id, relations.

use url::Url;

use crate::link;
use crate::model::{Link, ParsedFeed};

/// More categories, links or people than this are not kept of one entry or feed.
pub(super) const MOST_OF_A_KIND: usize = 500;

/// The page for people among links: an alternate one, HTML before anything else.
pub(super) fn page(links: &[Link]) -> Option<Url> {
    let alternates = || links.iter().filter(|link| link.rel == "alternate");
    let is_page = |link: &&Link| {
        let media_type = link.media_type.as_deref().unwrap_or("html");
        media_type.is_empty() || media_type.contains("html")
    };
    let best = alternates().find(is_page).or_else(|| alternates().next())?;
    Url::parse(&best.href).ok()
}

/// The address that a guid is, where it is one.
pub(super) fn permalink(base: &Url, guid: &str) -> Option<Url> {
    let is_address = guid.starts_with("http")
        || guid.starts_with('/')
        || guid.starts_with('?')
        || guid.contains(".htm");
    link::resolve(base, guid).filter(|_| is_address)
}

/// The address that an id is as it stands, where it is one of the web.
pub(super) fn address(id: &str) -> Option<Url> {
    Url::parse(id)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// An id that is a path on the site says so of the site: as written it would be the same on any other.
pub(super) fn absolute_id(id: String, base: &Url) -> String {
    if !id.starts_with('/') {
        return id;
    }
    link::resolve(base, &id).map_or(id, String::from)
}

/// A relation without the prefix that RFC 4287 section 4.2.7.2 allows before it.
pub(super) fn relation(rel: String) -> String {
    let lower = rel.trim().to_ascii_lowercase();
    let short = lower
        .strip_prefix("http://www.iana.org/assignments/relation/")
        .map(str::to_owned);
    short.unwrap_or(lower)
}

/// Gives the feed's language to the entries that have none.
pub(super) fn inherit_language(feed: &mut ParsedFeed) {
    let Some(language) = &feed.language else {
        return;
    };
    for entry in &mut feed.entries {
        entry.language.get_or_insert_with(|| language.clone());
    }
}
