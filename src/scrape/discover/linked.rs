//! Feeds a page links to, in its head and in its text.

use super::{Candidate, Found};
use crate::scrape::page::Page;
use crate::scrape::tree::Id;

const FEED_TYPES: [&str; 6] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/feed+json",
    "application/rdf+xml",
    "text/rss+xml",
    "application/x.atom+xml",
];

/// Feeds that the page declares, in the order in which it prefers them.
pub(super) fn declared(page: &Page) -> Vec<Candidate> {
    let tree = &page.tree;
    tree.all("link")
        .filter(|id| {
            tree.attribute(*id, "rel").is_some_and(|rel| {
                rel.split_ascii_whitespace().any(|word| {
                    word.eq_ignore_ascii_case("alternate") || word.eq_ignore_ascii_case("feed")
                })
            })
        })
        .filter(|id| is_feed_type(page, *id))
        .filter_map(|id| candidate(page, id, Found::Declared))
        .collect()
}

/// Types are compared without parameters and in any case; a type that is XML alone needs an address that says more.
fn is_feed_type(page: &Page, id: Id) -> bool {
    let kind = page
        .tree
        .attribute(id, "type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let is_vague = matches!(kind, "application/json" | "application/xml" | "text/xml");
    FEED_TYPES.contains(&kind)
        || is_vague
            && page
                .link(id)
                .is_some_and(|url| looks_like_feed(url.as_str()))
}

fn candidate(page: &Page, id: Id, found: Found) -> Option<Candidate> {
    let title = page
        .tree
        .attribute(id, "title")
        .map(str::to_owned)
        .or_else(|| Some(page.tree.text(id)))
        .filter(|title| !title.is_empty());
    Some(Candidate {
        address: page.link(id)?,
        found,
        title,
    })
}

/// Links in the text whose address or wording is that of a feed.
pub(super) fn anchors(page: &Page) -> Vec<Candidate> {
    let tree = &page.tree;
    tree.all("a")
        .filter(|id| {
            let href = tree.attribute(*id, "href").unwrap_or_default();
            let text = tree.text(*id).to_lowercase();
            looks_like_feed(href) || (names_feed(&text) && !has_page_ending(href))
        })
        .filter_map(|id| candidate(page, id, Found::Linked))
        .filter(|candidate| candidate.address != page.address && !is_reader(candidate))
        .take(10)
        .collect()
}

fn names_feed(text: &str) -> bool {
    text.len() <= 60
        && text
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| matches!(word, "rss" | "atom" | "feed" | "flödesposter"))
}

fn has_page_ending(href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    [".html", ".htm", ".pdf", ".aspx", ".php"]
        .iter()
        .any(|ending| path.ends_with(ending))
}

/// Whether an address has a feed's marks: `/feed/`, `/rss`, `.rss`, `format=feed`, SiteVision's `state=rss`.
fn looks_like_feed(href: &str) -> bool {
    let href = href.to_ascii_lowercase();
    let (path, query) = href.split_once('?').unwrap_or((&href, ""));
    let last_words = path.trim_end_matches('/').rsplit('/').take(2);
    let by_path = last_words.into_iter().any(|segment| {
        matches!(
            segment,
            "feed" | "rss" | "atom" | "feeds" | "rss2" | "rdf" | "rss.aspx" | "rss.ashx"
        )
    }) || [
        ".rss",
        ".atom",
        "rss.xml",
        "atom.xml",
        "feed.xml",
        "feed.json",
        "index.xml",
        "-feed.xml",
        "rss_en",
        "rss_sv",
    ]
    .iter()
    .any(|ending| path.ends_with(ending))
        || path.contains("/rss/");
    let by_query = query.split(['&', ';']).any(|pair| {
        matches!(
            pair,
            "format=feed"
                | "type=rss"
                | "type=atom"
                | "format=rss"
                | "state=rss"
                | "feed=rss2"
                | "feed=rss"
                | "feed=atom"
        )
    });
    by_path || by_query
}

/// Services that read feeds are linked with the feed's name.
fn is_reader(candidate: &Candidate) -> bool {
    candidate.address.host_str().is_some_and(|host| {
        [
            "feedly.com",
            "netvibes.com",
            "inoreader.com",
            "wikipedia.org",
            "feedburner.google.com",
            "google.com",
            "bloglovin.com",
        ]
        .iter()
        .any(|reader| host.ends_with(reader))
    })
}

/// Feeds of comments are no news.
pub(super) fn is_of_comments(candidate: &Candidate) -> bool {
    let title = candidate
        .title
        .as_deref()
        .unwrap_or_default()
        .to_lowercase();
    ["comment", "kommentar"]
        .iter()
        .any(|word| title.contains(word) || candidate.address.path().contains(word))
}
