//! Where an entry leads, and what its id is worth.

use url::Url;

use super::Frame;
use crate::link;
use crate::model::ParsedEntry;

/// A longer link is no page's.
const LONGEST_LINK: usize = 8 * 1024;

/// The entry's link, and whether it is its own: the one it gives, else its id where that is an address, else the page
/// that the feed belongs to.
pub(super) fn link(parsed: &ParsedEntry, frame: &Frame<'_>) -> (Url, bool) {
    let given = parsed
        .link
        .clone()
        .or_else(|| alternate(parsed))
        .or_else(|| address_in_id(parsed));
    if let Some(given) = given.filter(|given| is_web(given) && given.as_str().len() <= LONGEST_LINK)
    {
        let canonical = page_of(link::canonicalize(&given));
        let is_own = !is_listing(&canonical, frame);
        return (canonical, is_own);
    }
    let page = frame
        .feed
        .link
        .clone()
        .filter(is_web)
        .unwrap_or_else(|| frame.source.alternate());
    (link::canonicalize(&page), false)
}

fn alternate(parsed: &ParsedEntry) -> Option<Url> {
    let alternate = parsed.links.iter().find(|link| link.rel == "alternate")?;
    Url::parse(&alternate.href).ok()
}

fn address_in_id(parsed: &ParsedEntry) -> Option<Url> {
    Url::parse(parsed.id.as_deref()?.trim()).ok().filter(is_web)
}

/// Whether an address can be opened in a browser.
pub(super) fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
}

/// Joomla has written the feed's own parameters into the links of its entries, which then lead nowhere.
fn page_of(mut url: Url) -> Url {
    let Some(query) = url.query().filter(|query| query.contains("format=feed")) else {
        return url;
    };
    let kept: Vec<&str> = query
        .split('&')
        .filter(|parameter| !matches!(*parameter, "format=feed" | "type=rss" | "type=atom"))
        .collect();
    let kept = kept.join("&");
    url.set_query(
        Some(&kept)
            .filter(|query| !query.is_empty())
            .map(String::as_str),
    );
    url
}

/// Whether an address is the list that the entry stands in rather than the entry's own page.
fn is_listing(canonical: &Url, frame: &Frame<'_>) -> bool {
    let key = link::key(canonical);
    let lists = [
        frame.feed.link.as_ref(),
        Some(frame.address),
        Some(&frame.source.address),
        frame.source.home.as_ref(),
    ];
    lists
        .into_iter()
        .flatten()
        .any(|list| link::key(list) == key)
}

/// Whether an id may be published as it stands: an absolute IRI (RFC 4287 section 4.2.6). What was not declared to be
/// one must be of a scheme that ids are made of: `nyhet:3` is somebody's own numbering.
pub(super) fn is_iri(id: &str, is_declared: bool) -> bool {
    let scheme = id
        .split(':')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_usual = matches!(
        scheme.as_str(),
        "http" | "https" | "urn" | "tag" | "info" | "doi" | "ni"
    );
    (is_usual || is_declared) && link::is_id(id)
}
