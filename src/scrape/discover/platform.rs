//! The platforms that bodies use, how they are recognized, and where each serves its feed.
//!
//! SiteVision and Optimizely are missing on purpose: neither serves a feed unless an editor places one, at an address
//! with ids that nobody guesses. Those are found by their links only.

use std::fmt;

use url::Url;

use super::{Candidate, Found};
use crate::scrape::page::Page;

/// A platform with a feed at a known place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    WordPress,
    Joomla,
    Drupal,
    Mynewsdesk,
    Cision,
    ViaTt,
    Wix,
    Ghost,
    Squarespace,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WordPress => "WordPress",
            Self::Joomla => "Joomla",
            Self::Drupal => "Drupal",
            Self::Mynewsdesk => "Mynewsdesk",
            Self::Cision => "Cision",
            Self::ViaTt => "Via TT",
            Self::Wix => "Wix",
            Self::Ghost => "Ghost",
            Self::Squarespace => "Squarespace",
        })
    }
}

/// The wire services of one platform: TT, its sisters in Norway, Denmark and Finland.
const VIA_HOSTS: [&str; 4] = [
    "via.tt.se",
    "kommunikasjon.ntb.no",
    "via.ritzau.dk",
    "www.sttinfo.fi",
];

/// What the page is built with.
pub(super) fn recognize(page: &Page) -> Option<Platform> {
    by_host(page)
        .or_else(|| by_generator(page))
        .or_else(|| by_addresses(page))
}

fn by_host(page: &Page) -> Option<Platform> {
    let host = page.address.host_str()?;
    match host {
        _ if host == "mynewsdesk.com" || host.ends_with(".mynewsdesk.com") => {
            Some(Platform::Mynewsdesk)
        }
        "news.cision.com" => Some(Platform::Cision),
        _ if VIA_HOSTS.contains(&host) => Some(Platform::ViaTt),
        _ => None,
    }
}

fn by_generator(page: &Page) -> Option<Platform> {
    let generator = page.meta("generator")?.to_ascii_lowercase();
    [
        ("wordpress", Platform::WordPress),
        ("joomla", Platform::Joomla),
        ("drupal", Platform::Drupal),
        ("wix.com", Platform::Wix),
        ("ghost", Platform::Ghost),
        ("squarespace", Platform::Squarespace),
    ]
    .into_iter()
    .find(|(name, _)| generator.contains(name))
    .map(|(_, platform)| platform)
}

/// By the addresses of scripts, pictures and styles, which templates rarely hide.
fn by_addresses(page: &Page) -> Option<Platform> {
    let tree = &page.tree;
    (0..tree.len())
        .filter(|id| matches!(tree.name(*id), "script" | "link" | "img" | "a" | "iframe"))
        .filter_map(|id| {
            tree.attribute(id, "src")
                .or_else(|| tree.attribute(id, "href"))
        })
        .find_map(|address| {
            [
                ("/wp-content/", Platform::WordPress),
                ("/wp-includes/", Platform::WordPress),
                ("/media/jui/", Platform::Joomla),
                ("option=com_content", Platform::Joomla),
                ("/media/system/js/", Platform::Joomla),
                ("format=feed&type=", Platform::Joomla),
                ("/sites/default/files/", Platform::Drupal),
                ("/core/misc/drupal", Platform::Drupal),
                ("static.parastorage.com", Platform::Wix),
                ("static1.squarespace.com", Platform::Squarespace),
            ]
            .into_iter()
            .find(|(mark, _)| address.contains(mark))
            .map(|(_, platform)| platform)
        })
}

/// Where the page's platform serves feeds, the section's own before the whole site's.
pub(super) fn guesses(page: &Page) -> Vec<Candidate> {
    let mut out = Vec::new();
    if let Some(platform) = recognize(page) {
        out.extend(
            addresses(page, platform)
                .into_iter()
                .map(|address| guess(address, Found::Convention(platform))),
        );
        if platform == Platform::WordPress {
            out.extend(
                join(page, "/wp-json/wp/v2/posts?per_page=20").map(|a| guess(a, Found::RestList)),
            );
            out.extend(join(page, "/news-sitemap.xml").map(|a| guess(a, Found::NewsSitemap)));
        }
    }
    out.extend(embedded_rooms(page));
    out
}

fn guess(address: Url, found: Found) -> Candidate {
    Candidate {
        address,
        found,
        title: None,
    }
}

fn join(page: &Page, path: &str) -> Option<Url> {
    page.address.join(path).ok()
}

fn addresses(page: &Page, platform: Platform) -> Vec<Url> {
    let section = |end: &str| {
        let mut url = page.address.clone();
        url.set_query(None);
        url.set_fragment(None);
        url.set_path(&format!("{}/{end}", url.path().trim_end_matches('/')));
        Some(url)
    };
    let with_query = |query: &str| {
        let mut url = page.address.clone();
        url.set_fragment(None);
        url.set_query(Some(query));
        Some(url)
    };
    let found = match platform {
        Platform::WordPress => vec![section("feed/"), join(page, "/feed/")],
        Platform::Joomla => vec![
            with_query("format=feed&type=rss"),
            with_query("format=feed&type=atom"),
        ],
        Platform::Drupal => vec![join(page, "/rss.xml")],
        Platform::Wix => vec![join(page, "/blog-feed.xml")],
        Platform::Ghost => vec![join(page, "/rss/")],
        Platform::Squarespace => vec![with_query("format=rss")],
        Platform::Mynewsdesk => vec![mynewsdesk(page)],
        Platform::Cision => vec![cision(&page.address)],
        Platform::ViaTt => vec![via_tt(page, &page.address)],
    };
    found.into_iter().flatten().collect()
}

/// The room's number is in its page, never in its name.
fn mynewsdesk(page: &Page) -> Option<Url> {
    let tree = &page.tree;
    let number = (0..tree.len()).find_map(|id| {
        [
            "data-pressroom-id",
            "data-newsroom-id",
            "data-source-id",
            "data-room-id",
        ]
        .iter()
        .find_map(|name| tree.attribute(id, name))
        .filter(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
    });
    let number = number.or_else(|| {
        in_scripts(
            page,
            &[
                "current_news/",
                "pressroom_id\":",
                "pressroomId\":",
                "newsroom_id\":",
            ],
        )
    })?;
    let country = page
        .address
        .path_segments()?
        .next()
        .filter(|segment| segment.len() == 2);
    let country = country.map_or(String::new(), |country| format!("/{country}"));
    Url::parse(&format!(
        "https://www.mynewsdesk.com{country}/rss/current_news/{number}"
    ))
    .ok()
}

fn in_scripts(page: &Page, keys: &[&str]) -> Option<String> {
    page.tree.all("script").find_map(|id| {
        let text = page.tree.raw_text(id);
        keys.iter().find_map(|key| {
            let at = text.find(key)? + key.len();
            let digits: String = text[at..]
                .trim_start_matches([' ', '"', '\''])
                .chars()
                .take_while(char::is_ascii_digit)
                .take(12)
                .collect();
            (digits.len() >= 3).then_some(digits)
        })
    })
}

fn cision(room: &Url) -> Option<Url> {
    let mut segments = room.path_segments()?;
    let (country, name) = (
        segments.next()?,
        segments.next().filter(|name| !name.is_empty())?,
    );
    Url::parse(&format!(
        "https://news.cision.com/{country}/{name}/ListItems?format=rss"
    ))
    .ok()
}

/// The publisher's number is in the query, in the path (`/pressrum/3235474/verket`), or in a script.
fn via_tt(page: &Page, room: &Url) -> Option<Url> {
    let host = room.host_str()?;
    let is_number = |text: &str| text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit());
    let by_query = room
        .query_pairs()
        .find(|(name, _)| name == "publisherId")
        .map(|(_, value)| value.into_owned());
    let by_path = || {
        let mut segments = room.path_segments()?.skip(1);
        segments
            .next()
            .filter(|segment| is_number(segment))
            .map(str::to_owned)
    };
    let number = by_query
        .or_else(by_path)
        .or_else(|| in_scripts(page, &["publisherId\":", "publisherId="]))?;
    Url::parse(&format!(
        "https://{host}/rss/releases/latest?publisherId={number}"
    ))
    .ok()
}

/// Whether an address at a wire service is a room's, not a single release's.
fn tells_publisher(room: &Url) -> bool {
    let mut segments = room.path_segments().into_iter().flatten();
    room.query()
        .is_some_and(|query| query.contains("publisherId="))
        || matches!(
            segments.next(),
            Some("pressrum" | "presserom" | "newsroom" | "uutishuone")
        )
}

/// Rooms at a wire service that the page links to: many bodies publish there only.
fn embedded_rooms(page: &Page) -> Vec<Candidate> {
    let tree = &page.tree;
    (0..tree.len())
        .filter(|id| matches!(tree.name(*id), "a" | "iframe" | "script"))
        .filter_map(|id| {
            tree.attribute(id, "href")
                .or_else(|| tree.attribute(id, "src"))
        })
        .filter_map(|address| page.resolve(address))
        .filter_map(|room| match room.host_str()? {
            "news.cision.com" => Some(guess(cision(&room)?, Found::Convention(Platform::Cision))),
            host if VIA_HOSTS.contains(&host) && tells_publisher(&room) => Some(guess(
                via_tt(page, &room)?,
                Found::Convention(Platform::ViaTt),
            )),
            _ => None,
        })
        .take(2)
        .collect()
}
