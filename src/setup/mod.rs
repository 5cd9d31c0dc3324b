//! From an address to a source: tries what a page offers, believes only what it could read, and ranks it.
//!
//! At most [`MAX_REQUESTS`] requests for an address, robots.txt not counted. Nothing is written here: `write` makes the
//! text of `sources.toml`, a command saves it.

pub mod moves;
mod weigh;
pub mod write;

use chrono::{DateTime, Utc};
use url::Url;

use crate::date;
use crate::fetch::{Fetcher, Trouble};
use crate::model::{
    Answer, Document, Failure, FetchSettings, Kind, Language, ParsedEntry, ParsedFeed, Request,
    RequestKind, Validators,
};
use crate::scrape::discover::{self, Candidate, Found};
use crate::scrape::{self, Reading};
use crate::{html, link, parse};

/// Most requests for one address.
pub const MAX_REQUESTS: usize = 6;
/// Feeds after which no further candidate is tried.
const ENOUGH_FEEDS: usize = 2;

/// One way to follow an address.
#[derive(Debug, Clone)]
pub struct Way {
    /// What would be polled.
    pub address: Url,
    /// As a feed, or as a page with rules.
    pub kind: Kind,
    /// How it was found, for people.
    pub how: String,
    /// How sure it is, from 0 to 1.
    pub confidence: f32,
    /// What it gives now.
    pub entries: Vec<ParsedEntry>,
}

/// All ways found for an address, best first, never empty.
#[derive(Debug, Clone)]
pub struct Ways {
    /// The address that was given, after redirects.
    pub address: Url,
    /// What the place is called.
    pub title: Option<String>,
    /// Its language, where it says so.
    pub language: Option<Language>,
    /// The ways.
    pub ways: Vec<Way>,
    /// Addresses that were tried in vain, and what came back.
    pub in_vain: Vec<String>,
}

/// Why an address gives no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The address itself could not be read.
    #[error("cannot read {address}: {reason}")]
    Unreachable {
        /// The address.
        address: Box<Url>,
        /// What went wrong.
        reason: String,
        /// Whether no connection, or no safe one, came about at all.
        is_silent: bool,
    },
    /// There is nothing to follow.
    #[error("no feed and no news list found at {address}; the page looks like {looks_like}")]
    Nothing {
        /// The address.
        address: Box<Url>,
        /// What is there instead.
        looks_like: String,
        /// What came nearest, for people.
        nearest: Vec<String>,
    },
}

/// Tries an address: as a feed, by the feeds it points to, as a page that lists news.
pub async fn find_ways_in(
    fetcher: &Fetcher,
    settings: &FetchSettings,
    address: &Url,
    context: &date::Context,
) -> Result<Ways, Error> {
    let document = get(fetcher, settings, address, RequestKind::Page)
        .await
        .map_err(|unread| Error::Unreachable {
            address: Box::new(address.clone()),
            reason: unread.reason,
            is_silent: unread.is_silent,
        })?;
    if let Ok(feed) = parse::feed(&document, context) {
        return Ok(own_feed(&document, feed));
    }
    let mut in_vain = Vec::new();
    let mut ways: Vec<Way> = Vec::new();
    for candidate in discover::candidates(&document)
        .into_iter()
        .take(MAX_REQUESTS - 1)
    {
        match attempt(fetcher, settings, &candidate, context).await {
            Ok(way) => ways.push(way),
            Err(reason) => in_vain.push(format!("{}: {reason}", candidate.address)),
        }
        if ways.len() >= ENOUGH_FEEDS {
            break;
        }
    }
    ways.extend(of_page(&document, context));
    weigh::rank(&mut ways);
    finish(document, context, ways, in_vain)
}

/// What a page alone offers, with nothing asked for: its lists. For a file at hand.
pub fn ways_of_page(document: Document, context: &date::Context) -> Result<Ways, Error> {
    if let Ok(feed) = parse::feed(&document, context) {
        return Ok(own_feed(&document, feed));
    }
    let ways = of_page(&document, context);
    let untried = discover::candidates(&document)
        .into_iter()
        .map(|candidate| {
            format!(
                "{}: {}, not tried",
                candidate.address,
                candidate.found.said()
            )
        })
        .collect();
    finish(document, context, ways, untried)
}

fn finish(
    document: Document,
    context: &date::Context,
    ways: Vec<Way>,
    in_vain: Vec<String>,
) -> Result<Ways, Error> {
    if ways.is_empty() {
        return Err(Error::Nothing {
            looks_like: looks_like(&document, context),
            address: Box::new(document.address),
            nearest: in_vain,
        });
    }
    let about = scrape::about(&document);
    Ok(Ways {
        address: document.address,
        title: about.title,
        language: about.language,
        ways,
        in_vain,
    })
}

fn own_feed(document: &Document, feed: ParsedFeed) -> Ways {
    Ways {
        address: document.address.clone(),
        title: feed.title.as_ref().map(html::title),
        language: feed.language.clone(),
        ways: vec![Way {
            address: document.address.clone(),
            kind: Kind::Feed,
            how: "the address is a feed".into(),
            confidence: 1.0,
            entries: feed.entries,
        }],
        in_vain: Vec::new(),
    }
}

/// Fetches and reads a candidate; one that cannot be read, or holds nothing, is not believed.
async fn attempt(
    fetcher: &Fetcher,
    settings: &FetchSettings,
    candidate: &Candidate,
    context: &date::Context,
) -> Result<Way, String> {
    let document = get(fetcher, settings, &candidate.address, RequestKind::Feed)
        .await
        .map_err(|unread| unread.reason)?;
    let (kind, feed) = match candidate.found {
        Found::RestList | Found::NewsSitemap => {
            let reading =
                scrape::page(&document, None, context).map_err(|error| error.to_string())?;
            (Kind::Page(None), reading.feed)
        }
        _ => (
            Kind::Feed,
            parse::feed(&document, context).map_err(|error| error.to_string())?,
        ),
    };
    if feed.entries.is_empty() {
        return Err("it holds no entries".into());
    }
    Ok(Way {
        address: candidate.address.clone(),
        kind,
        how: match &candidate.title {
            Some(title) => format!("{} ({title})", candidate.found.said()),
            None => candidate.found.said(),
        },
        confidence: weigh::of_found(candidate.found),
        entries: feed.entries,
    })
}

/// The lists of a page: what is told for machines, then what is seen.
fn of_page(document: &Document, context: &date::Context) -> Vec<Way> {
    let best = scrape::page(document, None, context).ok();
    let mut readings: Vec<Reading> = best
        .into_iter()
        .filter(|reading| !matches!(reading.way, scrape::Way::EntryPage | scrape::Way::Detected))
        .collect();
    if scrape::page(document, None, context)
        .is_ok_and(|reading| reading.way != scrape::Way::EntryPage)
    {
        readings.extend(scrape::lists(document, context));
    }
    readings
        .into_iter()
        .map(|reading| Way {
            address: document.address.clone(),
            how: weigh::said(reading.way),
            confidence: reading.confidence.min(0.9),
            kind: Kind::Page(reading.rules),
            entries: reading.feed.entries,
        })
        .collect()
}

fn looks_like(document: &Document, context: &date::Context) -> String {
    match scrape::page(document, None, context) {
        Err(scrape::Error::NoContent { what }) => format!("a {what}"),
        Ok(reading) if reading.way == scrape::Way::EntryPage => {
            "the page of a single piece of news".into()
        }
        _ => match parse::feed(document, context) {
            Err(parse::Error::NotAFeed { looks_like }) if !looks_like.contains("HTML") => {
                looks_like
            }
            _ => "an ordinary page without a list of news".into(),
        },
    }
}

/// Why an address was not read.
struct Unread {
    reason: String,
    is_silent: bool,
}

async fn get(
    fetcher: &Fetcher,
    settings: &FetchSettings,
    address: &Url,
    kind: RequestKind,
) -> Result<Document, Unread> {
    let request = Request {
        address: address.clone(),
        kind,
        validators: Validators::default(),
        max_body: settings.max_page.max(settings.max_body),
        timeout: settings.timeout,
        obey_robots: true,
    };
    let unread = |reason: String, is_silent: bool| Err(Unread { reason, is_silent });
    match fetcher.fetch(&request).await {
        Ok(Answer::Document(document)) => Ok(*document),
        Ok(Answer::NotModified { .. }) => {
            unread("not modified, though nothing was known".into(), false)
        }
        Err(Trouble::Failed(failure)) => {
            let is_silent = matches!(failure, Failure::NoConnection { .. } | Failure::Tls { .. });
            unread(failure.to_string(), is_silent)
        }
        Err(Trouble::Skipped(skip)) => unread(skip.to_string(), false),
    }
}

impl Way {
    /// The newest moment any of its entries tells.
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.entries
            .iter()
            .filter_map(|entry| entry.published.or(entry.updated))
            .map(|moment| moment.utc())
            .max()
    }

    /// Whether it gives an entry of the same address as another way: both tell the same news.
    fn overlaps(&self, other: &Self) -> bool {
        let keys: std::collections::HashSet<String> = self
            .entries
            .iter()
            .filter_map(|entry| entry.link.as_ref().map(link::key))
            .collect();
        other
            .entries
            .iter()
            .filter_map(|entry| entry.link.as_ref())
            .any(|url| keys.contains(&link::key(url)))
    }
}
