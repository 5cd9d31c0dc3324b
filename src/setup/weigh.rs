//! Which way in is best: a feed before a page, unless it has fallen asleep or tells something else.

use chrono::TimeDelta;

use super::Way;
use crate::model::Kind;
use crate::scrape;
use crate::scrape::discover::Found;

/// A feed that is older than the page's own list by more than this has been forgotten.
const ASLEEP: TimeDelta = TimeDelta::days(120);

/// How sure a feed is that was fetched and read, by how it was found.
pub(super) fn of_found(found: Found) -> f32 {
    match found {
        Found::Declared => 0.97,
        Found::Convention(_) => 0.94,
        Found::Linked => 0.92,
        Found::RestList => 0.9,
        Found::NewsSitemap => 0.7,
    }
}

/// How a page was read, for people.
pub(super) fn said(way: scrape::Way) -> String {
    match way {
        scrape::Way::Rules => "read by rules",
        scrape::Way::JsonLd => "the page tells its list as JSON-LD",
        scrape::Way::Microdata => "the page marks its list with microdata",
        scrape::Way::Microformats => "the page marks its list with microformats",
        scrape::Way::Detected => "the list of the page",
        scrape::Way::Leads => "leads without titles",
        scrape::Way::EntryPage => "a single entry",
        scrape::Way::RestList => "posts told as JSON",
        scrape::Way::NewsSitemap => "a sitemap of news",
    }
    .to_owned()
}

/// Puts the best way first.
pub(super) fn rank(ways: &mut [Way]) {
    let page = ways
        .iter()
        .find(|way| matches!(way.kind, Kind::Page(_)))
        .cloned();
    if let Some(page) = page {
        for way in ways.iter_mut().filter(|way| way.kind == Kind::Feed) {
            let is_asleep = page
                .newest()
                .zip(way.newest())
                .is_some_and(|(page, feed)| page - feed > ASLEEP);
            if is_asleep {
                way.confidence *= 0.3;
                way.how
                    .push_str("; its newest entry is far older than the page's");
            } else if page.confidence > 0.6 && !way.overlaps(&page) {
                way.confidence *= 0.85;
                way.how.push_str("; it tells other news than the page");
            }
        }
    }
    ways.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
}
