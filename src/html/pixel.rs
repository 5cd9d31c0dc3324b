//! Images that are there to count readers, not to be seen.

use super::entity;
use super::token::Tag;

/// Parts of the addresses of counters.
const COUNTERS: [&str; 34] = [
    "feeds.feedburner.com/~",
    "feedburner.com/~r/",
    "feedburner.com/~ff/",
    "feedburner.com/~4/",
    "feedsportal.com",
    "feeds.wordpress.com/1.0/",
    "pixel.wp.com",
    "stats.wordpress.com",
    "stats.wp.com",
    "google-analytics.com",
    "googleads.",
    "doubleclick.net",
    "googletagmanager.com",
    "statcounter.com",
    "/piwik.php",
    "/matomo.php",
    "quantserve.com",
    "scorecardresearch.com",
    "facebook.com/tr",
    "ct.pinterest.com",
    "px.ads.linkedin.com",
    "bat.bing.com",
    "adsrvr.org",
    "track.adform.net",
    "/__utm.gif",
    "/pixel.gif",
    "/pixel.png",
    "/1x1.gif",
    "/1x1.png",
    "/spacer.gif",
    "rss-pixel",
    "tracking-pixel",
    "phpmyvisites",
    "mailchimp.com/track",
];

/// Whether a tag is such an image: one pixel large, hidden, or of a known counter.
pub(super) fn is_pixel(name: &str, tag: &Tag<'_>) -> bool {
    if name != "img" {
        return false;
    }
    let is_tiny = |attribute: &str| {
        tag.attribute(attribute)
            .map(|value| {
                entity::decode(value)
                    .trim()
                    .trim_end_matches("px")
                    .trim()
                    .to_owned()
            })
            .is_some_and(|value| matches!(value.as_str(), "0" | "1"))
    };
    if is_tiny("width") && is_tiny("height") {
        return true;
    }
    if tag.attribute("style").is_some_and(is_hidden_by) {
        return true;
    }
    let source = tag.attribute("src").unwrap_or("");
    let source = entity::decode(&source[..source.floor_char_boundary(2_000)]).to_ascii_lowercase();
    COUNTERS.iter().any(|counter| source.contains(counter))
}

fn is_hidden_by(style: &str) -> bool {
    let style: String = entity::decode(&style[..style.floor_char_boundary(1_000)])
        .chars()
        .filter(|character| !character.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    let has = |declaration: &str| style.split(';').any(|own| own == declaration);
    let is_tiny = |side: &str| {
        ["0", "0px", "1px"]
            .iter()
            .any(|size| has(&format!("{side}:{size}")))
    };
    has("display:none") || has("visibility:hidden") || is_tiny("width") && is_tiny("height")
}
