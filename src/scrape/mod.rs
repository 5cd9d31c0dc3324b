//! Pages without a feed: what they list, and what they look like when they list nothing.
//!
//! [`page`] chooses among the ways of reading: rules given by hand, structured data, automatic detection. What a page
//! offers beside itself (feeds, further pages) is in [`discover`]; rules for a page that was redesigned in [`relearn`].

mod dates;
mod detect;
pub mod discover;
mod entry_page;
mod hollow;
mod learn;
mod page;
mod paging;
mod pattern;
pub mod relearn;
mod select;
mod structured;
mod text;
mod tree;
mod words;

use page::Page;

pub use entry_page::entry_page;
pub use paging::next_page;
pub use select::{RuleError, check_rules};

use crate::date;
use crate::model::{Document, Language, Moment, ParsedEntry, ParsedFeed, Precision, Rules, Text};

/// How a page was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By rules that were given.
    Rules,
    /// By JSON-LD.
    JsonLd,
    /// By microdata.
    Microdata,
    /// By microformats (h-feed, h-entry).
    Microformats,
    /// By automatic detection of its list.
    Detected,
    /// As a list of leads with neither titles nor links.
    Leads,
    /// As the page of a single entry.
    EntryPage,
    /// As the list of posts that WordPress tells as JSON.
    RestList,
    /// As a sitemap of news.
    NewsSitemap,
}

/// What a page gave.
#[derive(Debug, Clone)]
pub struct Reading {
    /// Its entries, as a feed.
    pub feed: ParsedFeed,
    /// How they were found.
    pub way: Way,
    /// How sure that is, from 0 to 1.
    pub confidence: f32,
    /// Rules that would find the same.
    pub rules: Option<Rules>,
}

/// Why a page gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The page is not one that holds news: a bot wall, a login, a script shell.
    #[error("no news on the page: it is {what}")]
    NoContent {
        /// What it is instead.
        what: String,
    },
    /// No list of news can be told apart.
    #[error("no news list found: {detail}")]
    NoList {
        /// What there is instead.
        detail: String,
    },
    /// The rules find nothing, or hardly anything, on a page that once had more.
    #[error("layout changed: {detail}")]
    LayoutChanged {
        /// What is different.
        detail: String,
    },
}

/// A list that scores less is not taken for news.
const MIN_CONFIDENCE: f32 = 0.4;
/// A list that scores less is not even shown.
const MIN_SHOWN: f32 = 0.2;
/// Lists shown of one page.
const MAX_SHOWN: usize = 8;

/// Reads the entries a page lists, or the one entry it is.
pub fn page(
    document: &Document,
    rules: Option<&Rules>,
    context: &date::Context,
) -> Result<Reading, Error> {
    if let Some(reading) = machine_list(document, context) {
        return Ok(reading);
    }
    let page = Page::read(document, context);
    if let Some(what) = hollow::recognize(&page) {
        return Err(Error::NoContent { what: what.into() });
    }
    match rules {
        Some(rules) => by_rules(&page, rules),
        None => unaided(&page),
    }
}

/// What a page is that came in place of something else: a bot wall, a login, a soft 404; `None` for any other page.
pub fn wall(document: &Document, context: &date::Context) -> Option<&'static str> {
    hollow::recognize(&Page::read(document, context))
}

/// Reads a document that is no page but a list all the same: posts that WordPress tells as JSON, a sitemap of news.
pub fn machine_list(document: &Document, context: &date::Context) -> Option<Reading> {
    let (feed, way) = match document.bytes.trim_ascii_start().first()? {
        b'[' => (discover::wordpress::read(document, context)?, Way::RestList),
        _ => (
            discover::sitemap::read(document, context)?,
            Way::NewsSitemap,
        ),
    };
    Some(Reading {
        feed,
        way,
        confidence: 0.9,
        rules: None,
    })
}

fn by_rules(page: &Page, rules: &Rules) -> Result<Reading, Error> {
    let changed = |detail: String| Error::LayoutChanged { detail };
    let found = select::read(page, rules).map_err(|error| changed(error.to_string()))?;
    if found.is_empty() {
        if let Some(what) = hollow::explain(page).filter(|_| detect::lists(page).is_empty()) {
            return Err(Error::NoContent { what: what.into() });
        }
        return Err(changed(format!(
            "`entry = \"{}\"` finds nothing with a title",
            rules.entry
        )));
    }
    let linked = found.iter().filter(|fields| fields.link.is_some()).count();
    if rules.link.is_some() && linked == 0 {
        return Err(changed("`link` finds no address in any entry".into()));
    }
    if rules.date.is_some() && found.iter().all(|fields| fields.published.is_none()) {
        return Err(changed("`date` finds no date in any entry".into()));
    }
    Ok(Reading {
        feed: feed(
            page,
            found.iter().map(|fields| fields.entry(page)).collect(),
        ),
        way: Way::Rules,
        confidence: 1.0,
        rules: Some(rules.clone()),
    })
}

/// Without rules: the best of what is said for machines and what is seen.
fn unaided(page: &Page) -> Result<Reading, Error> {
    let (_, best) = detect::lists_and_best(page);
    let best = best.as_ref();
    let told = structured::list(page);
    let likeness = entry_page::likeness(page, best);
    let entry_likelihood = likeness.weight;
    let confidence = best.map_or(0.0, detect::List::confidence);
    let may_be_entry = likeness.is_plain
        || entry_likelihood >= 0.5 && is_beside(page, best)
        || entry_likelihood >= 0.3 && confidence < MIN_CONFIDENCE;
    if may_be_entry
        && let Some(entry) = entry_page::read(page)
            .filter(|entry| entry.published.is_some() || entry_likelihood >= 0.5)
    {
        return Ok(Reading {
            feed: feed(page, vec![entry]),
            way: Way::EntryPage,
            confidence: entry_likelihood.min(1.0),
            rules: None,
        });
    }
    if let Some(mut told) = told.filter(|told| best.is_none_or(|list| is_better(told, list))) {
        if let Some(list) = best {
            structured::date(&mut told.entries, list);
        }
        return Ok(Reading {
            feed: feed(page, told.entries),
            way: told.way,
            confidence: 0.95,
            rules: None,
        });
    }
    match best.filter(|_| confidence >= MIN_CONFIDENCE) {
        Some(list) => Ok(Reading {
            feed: detected(page, list),
            way: Way::Detected,
            confidence,
            rules: None,
        }),
        None => leads(page).ok_or_else(|| nothing(page)),
    }
}

fn leads(page: &Page) -> Option<Reading> {
    let leads = detect::leads::leads(page);
    (!leads.is_empty()).then(|| Reading {
        feed: feed(
            page,
            leads.iter().map(|fields| fields.entry(page)).collect(),
        ),
        way: Way::Leads,
        confidence: 0.5,
        rules: None,
    })
}

/// What a page says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// The name of the site, else the page's title.
    pub title: Option<String>,
    /// The language it is in.
    pub language: Option<Language>,
}

/// Reads what a page says of itself.
pub fn about(document: &Document) -> About {
    let page = Page::read(document, &date::Context::default());
    About {
        title: page
            .meta("og:site_name")
            .map(str::to_owned)
            .or_else(|| page.title().map(|title| site_name(&title))),
        language: page.context.language,
    }
}

/// The body's name in a page's title: "Nyheter | Verket" is the news page of "Verket".
fn site_name(title: &str) -> String {
    let parts: Vec<&str> = [" | ", " - ", " – ", " — ", " :: ", " · "]
        .iter()
        .find(|joint| title.contains(**joint))
        .map_or_else(|| vec![title], |joint| title.split(*joint).collect());
    let is_name = |part: &&&str| words::heading_weight(part) <= 1.0 && !part.trim().is_empty();
    let name = parts
        .iter()
        .rev()
        .find(is_name)
        .or(parts.last())
        .copied()
        .unwrap_or(title);
    name.trim().to_owned()
}

/// All lists of a page, best first, with rules that find them again: what an editor chooses from.
pub fn lists(document: &Document, context: &date::Context) -> Vec<Reading> {
    let page = Page::read(document, context);
    let (mut lists, best) = detect::lists_and_best(&page);
    if let (Some(first), Some(best)) = (lists.first_mut(), best) {
        *first = best;
    }
    lists
        .into_iter()
        .filter(|list| list.entries.len() >= 2 && list.confidence() >= MIN_SHOWN)
        .take(MAX_SHOWN)
        .map(|list| Reading {
            feed: detected(&page, &list),
            way: Way::Detected,
            confidence: list.confidence(),
            rules: learn::rules(&page, &list),
        })
        .collect()
}

/// Reads a page of which something is known; a list that cannot be the known one is a change of layout.
pub fn page_expecting(
    document: &Document,
    rules: Option<&Rules>,
    context: &date::Context,
    expected: &relearn::Expectation,
) -> Result<Reading, Error> {
    let reading = page(document, rules, context)?;
    match relearn::suspect(&reading, expected, context.now.unwrap_or(document.received)) {
        Some(detail) => Err(Error::LayoutChanged { detail }),
        None => Ok(reading),
    }
}

fn nothing(page: &Page) -> Error {
    match hollow::explain(page) {
        Some(what) => Error::NoContent { what: what.into() },
        None => Error::NoList {
            detail: "nothing on the page repeats the way news does".into(),
        },
    }
}

/// Whether the best list only stands beside an article: under "Related", or after its text.
fn is_beside(page: &Page, best: Option<&detect::List>) -> bool {
    match best {
        None => true,
        Some(list) => list.score < 1.0 || list.entries.len() <= 4 || !list.is_main(page),
    }
}

fn is_better(told: &structured::Told, list: &detect::List) -> bool {
    let enough = told.entries.len() * 10 >= list.entries.len() * 8;
    let weak = list.confidence() < MIN_CONFIDENCE && told.entries.len() >= 3;
    weak || enough && structured::coverage(told, list) >= 0.8
}

fn detected(page: &Page, list: &detect::List) -> ParsedFeed {
    let mut entries: Vec<ParsedEntry> = list
        .entries
        .iter()
        .map(|fields| fields.entry(page))
        .collect();
    if let Some(told) = structured::list(page) {
        structured::complete(&mut entries, &told.entries);
    }
    feed(page, entries)
}

fn feed(page: &Page, mut entries: Vec<ParsedEntry>) -> ParsedFeed {
    for entry in &mut entries {
        for moment in [&mut entry.published, &mut entry.updated]
            .into_iter()
            .flatten()
        {
            localize(page, moment);
        }
    }
    ParsedFeed {
        title: page.title().map(Text::plain),
        link: Some(page.address.clone()),
        language: page.context.language.clone(),
        entries,
        ..ParsedFeed::default()
    }
}

/// Tells an instant given in UTC in the source's own zone, so that its day is the day people read on the page.
fn localize(page: &Page, moment: &mut Moment) {
    if moment.precision >= Precision::Minute {
        moment.at = moment
            .at
            .with_timezone(&page.context.time_zone)
            .fixed_offset();
    }
}
