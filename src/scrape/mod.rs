//! Pages without a feed: what they list, and what they look like when they list nothing.
//!
//! [`page`] chooses among the ways of reading: rules given by hand, structured data, automatic detection. What a page
//! offers beside itself (feeds, further pages) is in [`discover`]; rules for a page that was redesigned in [`relearn`].

mod dates;
mod detect;
mod entry_page;
mod hollow;
mod page;
mod select;
mod structured;
mod text;
mod tree;
mod words;

use page::Page;

pub use entry_page::entry_page;
pub use select::{RuleError, check_rules};

use crate::date;
use crate::model::{Document, ParsedEntry, ParsedFeed, Rules, Text};

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

/// Reads the entries a page lists, or the one entry it is.
pub fn page(
    document: &Document,
    rules: Option<&Rules>,
    context: &date::Context,
) -> Result<Reading, Error> {
    let page = Page::read(document, context);
    if let Some(what) = hollow::recognize(&page) {
        return Err(Error::NoContent { what: what.into() });
    }
    match rules {
        Some(rules) => by_rules(&page, rules),
        None => unaided(&page),
    }
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
    let lists = detect::lists(page);
    let told = structured::list(page);
    let best = lists.iter().max_by(|a, b| a.score.total_cmp(&b.score));
    let entry_likelihood = entry_page::is_likely(page);
    let confidence = best.map_or(0.0, detect::List::confidence);
    if entry_likelihood >= 0.5 && is_beside(page, best)
        || entry_likelihood >= 0.3 && confidence < MIN_CONFIDENCE
    {
        if let Some(entry) = entry_page::read(page)
            .filter(|entry| entry.published.is_some() || entry_likelihood >= 0.5)
        {
            return Ok(Reading {
                feed: feed(page, vec![entry]),
                way: Way::EntryPage,
                confidence: entry_likelihood.min(1.0),
                rules: None,
            });
        }
    }
    if let Some(told) = told.filter(|told| best.is_none_or(|list| is_better(told, list))) {
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

fn feed(page: &Page, entries: Vec<ParsedEntry>) -> ParsedFeed {
    ParsedFeed {
        title: page.title().map(Text::plain),
        link: Some(page.address.clone()),
        language: page.context.language.clone(),
        entries,
        ..ParsedFeed::default()
    }
}
